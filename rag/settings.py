"""Settings: one strict object, passed in.

Nothing is read from outside here: ``ui.settings`` reads variables and ``steward.toml``, and adds
what only the server needs.
"""

import ipaddress
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rag.index.store import engines

SEEDS = Path("seeds")
"""The documents that come with Steward, where nothing else was ever ingested."""


def _model_url(value: object) -> object:
    """The base address of an OpenAI-compatible server on this machine, ending in ``/v1``."""
    if not isinstance(value, str):
        return value  # pydantic says what it should be
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ValueError(f"should be an address as http://localhost:8080/v1; {value!r} is none")
    if "@" in parts.netloc:
        raise ValueError("should hold no user name and no password")
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise ValueError(
            f"should be on this machine, localhost or 127.0.0.1, since questions and quotes never "
            f"leave it; {host!r} is elsewhere"
        )
    path = parts.path.rstrip("/")
    path = path if path.endswith("/v1") else f"{path}/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _store_url(value: str | None) -> str | None:
    engines.told(value)
    return value


class Settings(BaseModel):
    """What finding, quoting and refusing depend on. The descriptions are the README's table.

    Raises:
        pydantic.ValidationError: For an unknown name, or a value it cannot have.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    index: Path = Field(default=Path("index"), description="Folder that the index is kept in.")
    passage_tokens: int = Field(
        default=200, ge=32, le=220, description="Most tokens (cl100k) in a passage."
    )
    hits: int = Field(default=8, ge=1, le=50, description="Passages read for an answer at most.")
    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Confidence from which on Steward answers; else as calibrated.",
    )
    perhaps_threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Confidence from which on it quotes what may answer; else as calibrated.",
    )
    question_characters: int = Field(
        default=1000, ge=100, le=1000, description="Longest question, in characters."
    )
    store_url: Annotated[str | None, AfterValidator(_store_url)] = Field(
        default=None,
        description="Server to keep passages on, as `chroma+http://localhost:8000` or "
        "`milvus+http://localhost:19530`, instead of the index folder.",
    )

    model_url: Annotated[str | None, BeforeValidator(_model_url)] = Field(
        default=None,
        description="OpenAI-compatible server on this machine that writes prose, if any.",
    )
    model_path: Path | None = Field(
        default=None,
        description="GGUF file of a model that writes prose, instead; needs `make local-model`.",
    )
    model_name: str | None = Field(
        default=None,
        min_length=1,
        description="What that server calls the model; Ollama and others need it.",
    )
    model_seconds: float = Field(
        default=20, gt=0, le=3600, description="Longest time for prose, waiting included."
    )
    # Here and not with the server's, since the line is the model's: whoever shares an assistant
    # between threads stands in it.
    model_waiting: int = Field(
        default=4, ge=0, le=1000, description="Answers that may wait for the model."
    )

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if self.model_url and self.model_path:
            raise ValueError("and model_url cannot both be set; there is one model")
        return self

    def without_model(self) -> Self:
        """The same, for where no prose is wanted: a model takes time to load and memory."""
        return self.model_copy(update={"model_url": None, "model_path": None})
