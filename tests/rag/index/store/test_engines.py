"""Addresses of servers."""

import pytest
from pydantic import ValidationError

from rag.index.store import engines
from rag.settings import Settings


@pytest.mark.parametrize(
    ("url", "engine", "address"),
    [
        (None, None, None),
        ("chroma+http://localhost:8000", "chroma", "http://localhost:8000"),
        ("milvus+https://a:b@milvus.example", "milvus", "https://a:b@milvus.example"),
    ],
)
def test_an_address_names_its_engine(
    url: str | None, engine: str | None, address: str | None
) -> None:
    assert engines.told(url) == (engine, address)
    assert Settings(store_url=url).store_url == url


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8000", "redis+http://a", "chroma+ftp://a", "milvus+http://", "milvus", "+"],
)
def test_any_other_address_is_refused_with_the_form_it_should_have(url: str) -> None:
    with pytest.raises(ValidationError, match="chroma[+]http://localhost:8000"):
        Settings(store_url=url)
