"""The API under inputs nobody thought of: generated from its description, and malformed ones."""

import random
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as HypothesisPhase
from schemathesis.checks import CHECKS, load_all_checks

from rag.assistant import Assistant
from tests.serving import served
from ui.server.app import create_app
from ui.settings import ServerSettings

CASES = 2_000
MALFORMED = 1_000
QUESTION = {"question": "what is the neutrality framework?"}

# A question without a letter, and a document of an unknown id, fit the description and are refused
# with 400 and 404.
load_all_checks()
CHECKED: list[Any] = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "unsupported_method",
    )
]


@pytest.fixture(scope="module")
def url(assistant: Assistant) -> Iterator[str]:
    chosen = ServerSettings(requests_per_minute=1_000_000)
    with served(lambda: create_app(assistant, chosen), chosen) as url:
        yield url


@pytest.mark.timeout(1200)  # a thousand questions, on a machine that may be slow
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_whatever_is_asked_no_answer_breaks_the_description(
    url: str, mode: schemathesis.GenerationMode
) -> None:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    tried = 0

    with requests.Session() as session:

        @given(case=schema.as_strategy(generation_mode=mode))
        @settings(
            max_examples=CASES // len(schemathesis.GenerationMode),
            deadline=None,
            database=None,
            phases=[HypothesisPhase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case[Any]) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(session=session, checks=CHECKED)

        ask()
    assert tried >= CASES // len(schemathesis.GenerationMode)


def _malformed(chance: random.Random) -> bytes:
    """A request that is broken somewhere, or is not one at all."""
    body = bytes(chance.randbytes(chance.randrange(200)))
    whole = b'{"question": "what is the neutrality framework?"}'
    choices = [
        body,
        b"POST /api/ask HTTP/1.1\r\n\r\n" + body,
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + body,
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % (len(whole) + 10) + whole,
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body) + body,
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(whole) + whole,  # and the client does not listen
        b"GET /api/documents/%%%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % body.hex().encode(),
        b"GET /api/search?q=" + b"%ff" * 300 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /gradio_api/queue/data?session_hash=\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /api/documents HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ]
    return chance.choice(choices)


def test_malformed_requests_lose_nothing(url: str) -> None:
    """After each hundred of them, and after all,, Steward answers as before."""
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    chance = random.Random(5)
    with httpx.Client(base_url=url, timeout=60) as client:
        expected = client.post("/api/ask", json=QUESTION).json()["quotes"]
        documents = client.get("/api/documents").json()
        for number in range(MALFORMED):
            with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
                connection.sendall(_malformed(chance))
            if number % 100 == 99:
                assert client.post("/api/ask", json=QUESTION).json()["quotes"] == expected
        assert client.get("/api/documents").json() == documents
        assert client.get("/readyz").text == "ok"
