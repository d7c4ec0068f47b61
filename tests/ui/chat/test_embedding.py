from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from tests.fakes import FailingAssistant, in_a_loop
from ui.chat import blocks as chat
from ui.chat import embedding as snippets
from ui.chat.markup import html
from ui.server.metrics import Metrics
from ui.server.questions import Questions
from ui.settings import ServerSettings

SERVER = "https://steward.example.org/ask/"
HOSTILE = "\"><script>alert(1)</script> & 'x' {{7*7}}"


class Elements(HTMLParser):
    """The elements of a piece of HTML, with their attributes."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_line_to_copy_names_the_server_and_what_was_chosen() -> None:
    assert snippets.script(SERVER, "Ask the contract", "#0B6B3A") == (
        '<script\n  src="https://steward.example.org/ask/widget.js"\n'
        '  data-title="Ask the contract"\n  data-accent="#0b6b3a"\n  async\n></script>'
    )


def test_what_the_widget_does_anyway_is_left_out() -> None:
    line = snippets.script(SERVER, snippets.TITLE, snippets.ACCENT)
    assert "data-" not in line
    assert (
        snippets.preview("", "") == '<iframe title="Preview" loading="lazy" src="embed"></iframe>'
    )


@given(st.text(), st.text())
def test_nothing_that_is_typed_becomes_markup(title: str, accent: str) -> None:
    kept = " ".join(title.split())[:120]
    for made in (
        snippets.script(SERVER, title, accent),
        snippets.frame(SERVER, title, accent),
        snippets.preview(title, accent),
    ):
        ((tag, attributes),) = Elements(made).found
        assert tag in ("script", "iframe")
        assert set(attributes) <= {
            *("src", "title", "width", "height", "allow", "loading"),
            *("data-title", "data-accent", "async"),
        }
        query = parse_qs(urlsplit(attributes["src"] or "").query, errors="surrogatepass")
        if tag == "iframe" and kept and kept != snippets.TITLE and kept.isprintable():
            assert query["title"] == [kept]


def test_a_hostile_title_stays_a_title() -> None:
    line = snippets.script(SERVER, HOSTILE, HOSTILE)
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;x&#x27; {{7*7}}" in line
    ((_, attributes),) = Elements(line).found
    assert attributes["data-title"] == HOSTILE
    assert "data-accent" not in attributes
    ((_, attributes),) = Elements(snippets.frame(SERVER, HOSTILE, HOSTILE)).found
    assert attributes["title"] == HOSTILE
    assert HOSTILE not in unescape(snippets.preview(HOSTILE, ""))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("#0b6b3a", "#0b6b3a"),
        ("rgb(11, 107, 58)", "#0b6b3a"),
        ("rgba(11.4, 107, 58, 1)", "#0b6b3a"),
        ("rgba(900, 0, 0, 1)", "#ff0000"),
        ("#0b6", ""),
        ("red", ""),
        ("rgb(1.2.3, 0, 0)", ""),
        ("rgb(1, 2, 3); x", ""),
    ],
)
def test_a_colour_is_one_or_is_left_out(given: str, kept: str) -> None:
    assert (f'data-accent="{kept}"' in snippets.script(SERVER, "", given)) == bool(kept)
    assert ("data-accent" in snippets.script(SERVER, "", given)) == bool(kept)


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
    assert snippets.address(gr.Request(Request(scope))) == address


def test_the_page_is_part_of_the_chat() -> None:
    questions = Questions(FailingAssistant(KeyError()), ServerSettings(), Metrics())
    blocks = in_a_loop(lambda: chat.build(questions, ServerSettings(), ()))
    names = {getattr(block, "elem_id", None) for block in blocks.blocks.values()}
    assert {"embedding", "snippets", "preview"} <= names
    assert 'aria-controls="embedding"' in html("masthead")
