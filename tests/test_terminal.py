import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.terminal import progress, say, visible


@given(st.text(st.characters()))
@example("\x1b]0;title\x07 \x9b31m \x7f \u202ereversed\u2066 \ud800 \r\n\t")
def test_visible_text_can_be_printed_and_steers_nothing(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(st.characters(exclude_categories=["C"])))
def test_ordinary_text_of_any_script_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_control_characters_are_written_out() -> None:
    assert visible("\x1b[31m\n\u202e", keep="\n") == "\\x1b[31m\n\\u202e"


@given(st.text(st.characters()))
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


def test_the_markup_of_rich_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    say("[bold]1[/bold] :tada: [link=https://example.org]here[/link]\n\tnext", indent="> ")
    assert capsys.readouterr().out == (
        "> [bold]1[/bold] :tada: [link=https://example.org]here[/link]\n> \tnext\n"
    )


def test_lines_are_not_wrapped_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("word " * 100 + "end", stderr=True)
    assert capsys.readouterr().err == "word " * 100 + "end\n"


def test_on_a_terminal_lines_are_wrapped_to_its_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes any output for a terminal then
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.delenv("TERM", raising=False)
    say("Bees collect nectar from flowers. 蜜蜂从花中采集花蜜。他们制蜜。", indent="    ")
    assert capsys.readouterr().out == (
        "    Bees collect nectar\n    from flowers.\n    蜜蜂从花中采集花蜜。\n    他们制蜜。\n"
    )


def test_progress_is_quiet_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as show:
        show("reading", 0, 2)
        show("reading", 2, 2)
    assert capsys.readouterr() == ("", "")
