import io
import re
import unicodedata
from collections.abc import Callable
from contextlib import redirect_stdout

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.cli.terminal import progress, say, visible


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


def printed(call: Callable[[], None], terminal: bool) -> str:
    """What a call prints, on a terminal of 24 columns or into a file."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as output:
        for name in ("TERM", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
            patch.delenv(name, raising=False)
        if terminal:
            patch.setenv("FORCE_COLOR", "1")  # rich takes any output for a terminal then
        patch.setenv("COLUMNS", "24")
        call()
    return output.getvalue()


def test_pieces_keep_their_styles_when_a_terminal_wraps_them() -> None:
    pieces = [("Bees collect ", ""), ("nectar from flowers", "bold"), (" and dry it.", "")]
    assert printed(lambda: say(pieces, indent="    "), terminal=True) == (
        "    Bees collect \x1b[1mnectar\x1b[0m\n    \x1b[1mfrom flowers\x1b[0m and dry\n    it.\n"
    )


def test_pieces_have_no_style_where_there_is_no_terminal() -> None:
    pieces = [("Bees collect ", ""), ("nectar", "bold"), (".", "")]
    assert printed(lambda: say(pieces), terminal=False) == "Bees collect nectar.\n"


def test_control_characters_are_written_out_in_every_piece() -> None:
    pieces = [("\x1b[31mA\x1b[1", ""), ("mB\x07 [red]\u202e", "bold"), ("\x9bC", "")]
    assert printed(lambda: say(pieces), terminal=False) == (
        "\\x1b[31mA\\x1b[1mB\\x07 [red]\\u202e\\x9bC\n"
    )
    shown = printed(lambda: say(pieces), terminal=True)
    assert set(re.findall("\x1b.{3}", shown)) == {"\x1b[1m", "\x1b[0m"}
    assert not set("\x07\x9b\u202e") & set(shown)


@given(st.lists(st.text(st.characters()), min_size=3, max_size=3), st.booleans())
@example(["\n\tA\x1b[", "1mB\n", "\n\r C\t\n"], True)
def test_pieces_are_printed_as_one_text(texts: list[str], terminal: bool) -> None:
    texts = [visible(text, keep="\n\t") for text in texts]
    pieces = list(zip(texts, ("", "bold", "dim"), strict=True))
    whole = printed(lambda: say("".join(texts), indent="> "), terminal)
    assert re.sub(r"\x1b\[\d*m", "", printed(lambda: say(pieces, indent="> "), terminal)) == whole
    if not terminal:
        assert whole == "".join(f"> {line}".rstrip() + "\n" for line in "".join(texts).split("\n"))


def test_progress_is_quiet_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as show:
        show("reading", 0, 2)
        show("reading", 2, 2)
    assert capsys.readouterr() == ("", "")


def test_who_waits_long_is_told_each_tenth_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress(lines=True) as show:
        for done in range(1, 26):
            show("asking", done, 25)
        show("embedding", 32, 1920)
        show("embedding", 1920, 1920)
    out, err = capsys.readouterr()
    assert out == ""
    # The first whole number of each tenth of 25 is 3, 5, 8, 10 and so on.
    asked = [f"asking: {done} of 25" for done in (3, 5, 8, 10, 13, 15, 18, 20, 23, 25)]
    assert err.splitlines() == [*asked, "embedding: 1,920 of 1,920"]
