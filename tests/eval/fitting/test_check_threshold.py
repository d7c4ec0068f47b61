"""The pairs that the check's threshold is chosen on, and the table of them."""

import io
from typing import Literal

from rich.console import Console

from eval.fitting.check_threshold import _checked, report
from eval.fitting.sentence_pairs import HELD, NOT_HELD, Pair, pairs
from rag.training.rows import Row, reserved_paragraph

TOLD = (
    "In {year}, the mayor of Rome, who was ill, could not sign the treaty with Bern ({n}), which "
    "had often failed. The people of Oslo were glad of it, or so they said in May. Afterwards "
    "Ann Lee of Turin sold about {n} boats to the harbour of Genoa, and the harbour paid for them."
)


def rows() -> list[Row]:
    """Two paragraphs of each of many articles, all kept from training."""
    found: dict[str, list[str]] = {}
    for number in range(4000):
        text = TOLD.format(year=1000 + number % 900, n=number)
        title = f"Article {number % 40}"
        if reserved_paragraph(text, "SQuAD1.1-train") and len(found.setdefault(title, [])) < 2:
            found[title].append(text)
    return [
        Row(
            question="?",
            context=text,
            answers=(),
            answerable=False,
            source="SQuAD1.1-train",
            title=title,
        )
        for title, texts in found.items()
        for text in texts
    ]


def test_pairs_are_the_same_every_time_and_of_both_kinds() -> None:
    found = list(pairs(rows(), 60))
    assert found == list(pairs(rows(), 60))
    assert {pair.kind for pair in found} <= {*HELD, *NOT_HELD}
    assert {pair.held for pair in found} == {True, False}
    assert all(pair.held == (pair.kind in HELD) for pair in found)


def test_a_changed_sentence_is_not_in_its_quote() -> None:
    for pair in pairs(rows(), 60):
        if not pair.held:
            assert pair.sentence not in pair.quote


def test_the_tables_count_what_is_shown() -> None:
    quote = "The river Lena flows north to the Arctic Ocean."
    halves: tuple[Literal["tuning", "reporting"], ...] = ("tuning", "reporting")
    other = quote.replace("north", "south")
    made = [Pair("as it is", True, half, quote, quote) for half in halves]
    made += [Pair("another word", False, half, quote, other) for half in halves]
    console = Console(width=120, file=io.StringIO())
    for table in report([_checked(pair) for pair in made]):
        console.print(table)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "AUROC, in order" in text
    assert "100.0%" in text
    assert "not_covered 1" in text
