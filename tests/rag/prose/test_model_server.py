"""A model behind a server: what is asked, what is taken, and that nothing it does harms."""

import gzip
import threading
import time
from collections.abc import Mapping

import pytest

from rag.errors import WriterFault, WriterGarbled, WriterSlow, WriterUnreachable
from rag.prose.line import Line
from rag.prose.model_server import ModelServer, content
from rag.prose.prompt import Prompt, prompt
from tests.answers import LENA, answer
from tests.misbehaving import (
    DONE,
    OK,
    Behaviour,
    always,
    endless,
    endless_line,
    endless_silence,
    event,
    hangs_before_headers,
    hangs_mid_header,
    hangs_mid_stream,
    keeps_waiting,
    misbehaving,
    status,
    written,
)

GENEROUS = 60
"""Seconds that anything may take on a busy machine."""


def asked() -> Prompt:
    made = prompt(answer(LENA))
    assert made
    return made


def read(url: str, seconds: float = GENEROUS, name: str | None = None) -> str:
    model = ModelServer(url, name)
    return "".join(Line(model, 0).pieces(asked(), threading.Event(), time.monotonic() + seconds))


def test_the_pieces_are_what_the_server_streams() -> None:
    with misbehaving(always(written("The river flows. [1]"))) as server:
        assert read(server.url) == "The river flows. [1] "


def test_the_request_holds_question_and_quotes_and_asks_for_a_stream() -> None:
    with misbehaving(always(written("Yes. [1]"))) as server:
        read(server.url, name="smollm")
    (body,) = server.bodies
    assert body["messages"] == asked().body["messages"]
    assert (body["model"], body["stream"], body["temperature"]) == ("smollm", True, 0)
    assert body["grammar"] == asked().body["grammar"]


def test_without_a_name_the_server_chooses_the_model() -> None:
    with misbehaving(always(written("Yes. [1]"))) as server:
        read(server.url)
    assert "model" not in server.bodies[0]


@pytest.mark.parametrize("refusal", ["400 Bad Request", "422 Unprocessable Content"])
def test_a_server_that_refuses_the_grammar_is_asked_once_more_without(refusal: str) -> None:
    with misbehaving(always(status(refusal)), always(written("Yes. [1]"))) as server:
        model = ModelServer(server.url)
        for _ in range(2):
            until = time.monotonic() + GENEROUS
            assert "".join(Line(model, 0).pieces(asked(), threading.Event(), until)) == "Yes. [1] "
    assert ["grammar" in body for body in server.bodies] == [True, False, False]


def test_a_server_that_refuses_everything_is_asked_no_third_time() -> None:
    with misbehaving(always(status("400 Bad Request"))) as server:
        with pytest.raises(WriterGarbled, match="400"):
            read(server.url)
    assert len(server.bodies) == 2


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with misbehaving() as server:
        pass
    with pytest.raises(WriterUnreachable):
        read(server.url)


@pytest.mark.parametrize(
    "behaviour",
    [
        always(status("500 Internal Server Error")),
        always(status("302 Found", "Location: http://127.0.0.1:9/elsewhere\r\n")),
        always(OK.replace(b"text/event-stream", b"text/html") + event("Yes.") + DONE),
        always(OK + event("Half a sentence")),
        always(OK + b"data: {not json\n\n" + DONE),
        always(OK + b'data: {"choices": "none"}\n\n' + DONE),
        always(OK + b"data: " + b"9" * 5_000 + b"\n\n" + DONE),
        always(OK + b"data: " + b"[" * 50_000 + b"\n\n"),
        always(OK + b'data: {"error": {"message": "out of memory"}}\n\n'),
        always(OK + b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n' + DONE),
        always(OK + event("x" * 100_000) * 20 + DONE),
        always(OK),
        always(b""),
        always(b"\x00\x01\x02 what is HTTP?\r\n\r\n"),
        endless,
        endless_line,
        endless_silence,
    ],
)
def test_what_is_no_stream_of_chat_completions_is_garbled(behaviour: Behaviour) -> None:
    with misbehaving(behaviour) as server, pytest.raises(WriterGarbled):
        read(server.url)


@pytest.mark.parametrize(
    "behaviour", [hangs_before_headers, hangs_mid_header, hangs_mid_stream, keeps_waiting]
)
def test_a_server_that_hangs_is_left_when_the_time_is_over(behaviour: Behaviour) -> None:
    with misbehaving(behaviour) as server, pytest.raises(WriterSlow):
        read(server.url, seconds=0.5)


def test_a_redirect_is_not_followed() -> None:
    with misbehaving(always(written("Elsewhere. [1]"))) as other:
        moved = status("307 Temporary Redirect", f"Location: {other.url}/chat/completions\r\n")
        with misbehaving(always(moved)) as server, pytest.raises(WriterGarbled):
            read(server.url)
        assert other.bodies == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with misbehaving(always(written("Proxied. [1]"))) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        with misbehaving(always(written("Yes. [1]"))) as server:
            assert read(server.url) == "Yes. [1] "
        assert proxy.bodies == []


@pytest.mark.parametrize("behaviour", [hangs_mid_stream, keeps_waiting])
def test_the_stop_button_ends_the_pieces_and_the_connection(behaviour: Behaviour) -> None:
    stopped = threading.Event()
    with misbehaving(behaviour) as server:
        threading.Timer(0.2, stopped.set).start()
        list(Line(ModelServer(server.url), 0).pieces(asked(), stopped, time.monotonic() + GENEROUS))
    assert "model" not in [thread.name for thread in threading.enumerate()]


def test_a_packed_answer_is_garbled_and_never_unpacked() -> None:
    packed = gzip.compress(event("x") * 100_000 + DONE)
    head = OK.replace(b"Connection", b"Content-Encoding: gzip\r\nConnection")
    with misbehaving(always(head + packed)) as server, pytest.raises(WriterGarbled):
        read(server.url)


def test_leaving_in_the_middle_closes_the_connection() -> None:
    with misbehaving(hangs_mid_stream) as server:
        until = time.monotonic() + GENEROUS
        reading = Line(ModelServer(server.url), 0).pieces(asked(), threading.Event(), until)
        assert next(reading) == "The river Lena flows"
        reading.close()
        assert "model" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"choices": [{"delta": {"content": "x"}}]}, "x"),
        ({"choices": [{"delta": {"role": "assistant", "content": None}}]}, ""),
        ({"choices": [{"delta": {"reasoning_content": "hm"}}]}, ""),
        ({"choices": []}, ""),
    ],
)
def test_the_text_of_an_event(given: Mapping[str, object], expected: str) -> None:
    assert content(given) == expected


@pytest.mark.parametrize("given", [{}, [], None, 1, "x", {"choices": [{}]}, {"error": 1}])
def test_what_is_no_event_is_garbled(given: object) -> None:
    with pytest.raises(WriterFault):
        content(given)
