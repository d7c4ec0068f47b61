from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.chat import snippets
from ui.chat.snippets import Look

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
    assert snippets.script(SERVER, Look("Ask the contract", "#0B6B3A")) == (
        '<script\n  src="https://steward.example.org/ask/widget.js"\n'
        '  data-title="Ask the contract"\n  data-accent="#0b6b3a"\n  async\n></script>'
    )


def test_what_the_widget_does_anyway_is_left_out() -> None:
    line = snippets.script(SERVER, Look())
    assert "data-" not in line
    assert (
        snippets.preview(Look("", ""))
        == '<iframe title="Preview" loading="lazy" src="embed"></iframe>'
    )


def test_all_that_is_chosen_is_in_the_lines_and_in_the_frames_address() -> None:
    look = Look(
        language="es",
        greeting="Ask away.",
        questions="Who pays?\n\n When? ",
        theme="dark",
        inline=True,
    )
    assert snippets.script(SERVER, look) == (
        '<script\n  src="https://steward.example.org/ask/widget.js"\n  data-lang="es"\n'
        '  data-greeting="Ask away."\n  data-questions="Who pays? | When?"\n'
        '  data-theme="dark"\n  async\n></script>\n<steward-chat inline></steward-chat>'
    )
    ((_, attributes),) = Elements(snippets.frame(SERVER, look)).found
    assert parse_qs(urlsplit(attributes["src"] or "").query) == {
        "lang": ["es"],
        "greeting": ["Ask away."],
        "questions": ["Who pays? | When?"],
        "theme": ["dark"],
    }


def test_of_many_questions_those_are_kept_that_fit_an_address() -> None:
    look = Look(questions="\n".join(("a" * 200, "b" * 200, "c" * 90)))
    assert f'data-questions="{"a" * 200} | {"c" * 90}"' in snippets.script(SERVER, look)


LOOKS = st.builds(Look, *[st.text()] * 6, st.booleans())


@given(LOOKS)
def test_nothing_that_is_typed_becomes_markup(look: Look) -> None:
    kept = " ".join(look.title.split())[:120]
    for made in (
        snippets.script(SERVER, look),
        snippets.frame(SERVER, look),
        snippets.preview(look),
    ):
        (tag, attributes), *more = Elements(made).found
        assert tag in ("script", "iframe")
        inline = look.inline and tag == "script"
        assert more == ([("steward-chat", {"inline": None})] if inline else [])
        assert set(attributes) <= {
            *("src", "title", "width", "height", "allow", "loading", "async"),
            *(f"data-{name}" for name in ("title", "accent", "lang", "greeting", "questions")),
        }
        query = parse_qs(urlsplit(attributes["src"] or "").query, errors="surrogatepass")
        if tag == "iframe" and kept and kept != snippets.TITLE and kept.isprintable():
            assert query["title"] == [kept]


def test_a_hostile_title_stays_a_title() -> None:
    line = snippets.script(SERVER, Look(HOSTILE, HOSTILE))
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;x&#x27; {{7*7}}" in line
    ((_, attributes),) = Elements(line).found
    assert attributes["data-title"] == HOSTILE
    assert "data-accent" not in attributes
    ((_, attributes),) = Elements(snippets.frame(SERVER, Look(HOSTILE, HOSTILE))).found
    assert attributes["title"] == HOSTILE
    assert HOSTILE not in unescape(snippets.preview(Look(HOSTILE)))


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
    line = snippets.script(SERVER, Look("", given))
    assert (f'data-accent="{kept}"' in line) == ("data-accent" in line) == bool(kept)
