import gradio as gr
import pytest
from starlette.requests import Request

from tests.fakes import FailingAssistant, in_a_loop
from ui.chat import blocks as chat
from ui.chat import embedding
from ui.chat.markup import html
from ui.server.metrics import Metrics
from ui.server.questions import Questions
from ui.settings import ServerSettings
from ui.wording import chat as words

SERVER = "https://steward.example.org/ask/"
FRIEND = "https://www.example.org"


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"referer": "https://x.example/ask/?__theme=dark"}, "https://x.example/ask/"),
        ({"referer": "https://x.example/"}, "https://x.example/"),
        ({"host": "localhost:7860"}, "http://localhost:7860/"),
    ],
)
def test_the_address_is_the_one_in_the_browser(headers: dict[str, str], address: str) -> None:
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/gradio_api/queue/join",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    assert embedding.address(gr.Request(Request(scope))) == address


def test_the_page_is_part_of_the_chat() -> None:
    questions = Questions(FailingAssistant(KeyError()), ServerSettings(), Metrics())
    blocks = in_a_loop(lambda: chat.build(questions, ServerSettings(), ()))
    names = {getattr(block, "elem_id", None) for block in blocks.blocks.values()}
    assert {"embedding", "snippets", "preview"} <= names
    assert 'aria-controls="embedding"' in html("masthead")


@pytest.mark.parametrize(
    ("server", "warned"),
    [
        ("http://localhost:7860/", True),
        ("http://127.0.0.1:7860/", True),
        ("http://[::1]:7860/", True),
        ("http://192.0.2.7:7860/", False),
        (SERVER, False),
    ],
)
def test_an_address_that_nobody_else_reaches_is_warned_of(server: str, warned: bool) -> None:
    assert bool(embedding.warning(server)) == warned


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("www.example.org", words.may_ask(FRIEND)),
        (" HTTPS://www.Example.org:443/news?x#y ", words.may_ask(FRIEND)),
        ("steward.example.org", words.may_ask("https://steward.example.org")),
        ("example.org", words.may_not_ask("https://example.org")),
        ("http://www.example.org", words.may_not_ask("http://www.example.org")),
        ("www.example.org:8443", words.may_not_ask("https://www.example.org:8443")),
        ("localhost:8080", words.may_not_ask("http://localhost:8080")),
        ("ftp://www.example.org", words.NO_SITE),
        ("<b>", words.NO_SITE),
        ("http://[", words.NO_SITE),
        ("  ", ""),
    ],
)
def test_a_site_is_told_whether_it_may(site: str, said: str) -> None:
    assert embedding.verdict(site, [FRIEND], SERVER) == said


def test_what_is_said_of_a_site_is_text() -> None:
    assert "<b>" not in html("note", line=words.may_ask("`<b>`"), kind="verdict")
