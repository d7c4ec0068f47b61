import asyncio
from collections.abc import Iterator

import pytest

from eval.load import Load, ask
from rag.assistant import Assistant
from tests.serving import served
from ui.server.app import create_app
from ui.settings import ServerSettings


@pytest.fixture
def url(assistant: Assistant) -> Iterator[str]:
    settings = ServerSettings(requests_per_minute=100_000, questions_at_once=1, questions_waiting=0)
    with served(lambda: create_app(assistant, settings), settings) as url:
        yield url


def test_what_clients_get_is_counted_and_timed(url: str) -> None:
    load: Load = asyncio.run(ask(url, clients=8, seconds=2))
    assert set(load.statuses) <= {"200", "503"}
    assert load.statuses["200"] == len(load.seconds) > 0
    assert all(seconds > 0 for seconds in load.seconds)
