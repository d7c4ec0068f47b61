"""The engines, by the address of the server that keeps the passages."""

from urllib.parse import urlsplit

CHROMA, MILVUS = "chroma", "milvus"


def told(url: str | None) -> tuple[str | None, str | None]:
    """Take ``milvus+http://localhost:19530`` apart: the engine, and the address it answers at.

    Returns:
        Twice None where there is no server.

    Raises:
        ValueError: When it is no such address.
    """
    if not url:
        return None, None
    engine, _, address = url.partition("+")
    parts = urlsplit(address)
    known = engine in (CHROMA, MILVUS) and parts.scheme in ("http", "https")
    if not known or not parts.hostname or parts.port == 0:
        raise ValueError(
            "should be an address as chroma+http://localhost:8000 or milvus+http://localhost:19530"
        )
    return engine, address
