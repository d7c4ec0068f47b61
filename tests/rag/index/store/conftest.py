"""Every engine, running."""

import pytest

from tests.stores import EMBEDDED, SERVERS


@pytest.fixture(scope="module", params=(EMBEDDED, *SERVERS))
def store_url(request: pytest.FixtureRequest) -> str | None:
    """Where each engine in turn answers; None in the process."""
    if request.param == EMBEDDED:
        return None
    url: str = request.getfixturevalue(f"{request.param}_server")
    return url
