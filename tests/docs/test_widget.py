"""The page on the widget names the settings that the widget has."""

import re

from tests.conftest import ROOT
from tests.pages import PAGES, rows
from ui.chat import snippets
from ui.chat.snippets import Look

PAGE = PAGES["docs/widget.md"]
SCRIPT = (ROOT / "ui" / "widget" / "widget.js").read_text(encoding="utf-8")


def test_the_attributes_are_those_that_there_are() -> None:
    (listed,) = re.findall(r"^  const BY_ADDRESS = \[(.+)\];$", SCRIPT, re.MULTILINE)
    by_address = re.findall(r'"(\w+)"', listed)
    first = [cells[0] for cells in rows(PAGE, "attribute")]
    alone = ["`data-token`", "`data-open`"]
    assert sorted(first) == sorted([*(f"`data-{each}` *" for each in by_address), *alone])
    top = SCRIPT.partition("(() => {")[0]
    assert all(f"data-{each}" in top for each in (*by_address, "token", "open"))


def test_what_is_said_where_nothing_is_set_is_the_widgets() -> None:
    defaults = {cells[0]: cells[2] for cells in rows(PAGE, "attribute")}
    for name in ("title", "greeting"):
        (words,) = re.findall(rf'^      {name}: "(.+)",$', SCRIPT.partition("es: {")[0], re.M)
        assert defaults[f"`data-{name}` *"] == f'"{words}"'
    assert defaults["`data-accent` *"] == f"`{snippets.ACCENT}`"


def test_other_words_can_be_set_under_the_names_that_are_given() -> None:
    (listed,) = re.findall(r"Every other word .+?: (`data-.+), and so on", PAGE)
    for name in re.findall(r"`data-([\w-]+)`", listed):
        camel = re.sub("-([a-z])", lambda found: found[1].upper(), name)
        assert f"\n      {camel}: " in SCRIPT


def test_the_line_to_copy_is_as_the_chat_makes_it_but_for_its_breaks() -> None:
    (shown,) = re.findall(r"```html\n(.+)\n```", PAGE)
    made = snippets.script("https://steward.example.org/", Look("Ask the contract", "#0b6b3a"))
    assert shown == " ".join(made.split()).replace(" >", ">")
    (framed,) = re.findall(r"`(<iframe .+?</iframe>)`", PAGE)
    source = re.findall(r' src="(.+?)"', framed)
    made = snippets.frame("https://steward.example.org/", Look("Ask the contract"))
    assert source == re.findall(r'\ssrc="(.+?)"', made)
