"""Every engine, running."""

import pytest

from tests.stores import CHROMA, ENGINES, Engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    url = request.getfixturevalue("chroma_server") if request.param == CHROMA else None
    return Engine(request.param, url)
