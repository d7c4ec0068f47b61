"""Lines to paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from rag.documents.formats.lines import Line, flow


def lines(*texts: str, page: int = 1, top: float = 700, left: float = 50) -> list[Line]:
    """Lines of one width below one another; an empty text leaves a gap."""
    return [
        Line(page, text, left, left + 400, top - 12 * number, 10)
        for number, text in enumerate(texts)
        if text
    ]


def test_a_gap_a_size_and_a_heavy_line_set_paragraphs_apart() -> None:
    body = lines("One goes on", "to here.", "", "Two.")
    heading = Line(1, "Heading", 50, 120, 560, 14)
    heavy = Line(1, "Heavy", 50, 450, 540, 10, bold=True)
    after = lines("Three.", top=528)
    assert flow([*body, heading, heavy, *after]).text == (
        "One goes on to here.\n\nTwo.\n\nHeading\n\nHeavy\n\nThree."
    )


def test_items_of_a_list_are_lines_and_go_on() -> None:
    found = lines(
        "These are due:", "• the fee of the guild and all", "that comes with it", "• more"
    )
    assert flow(found).text == (
        "These are due:\n• the fee of the guild and all that comes with it\n• more"
    )


def test_a_line_that_ends_early_ends_a_paragraph() -> None:
    short = Line(1, "It ends here.", 50, 120, 688, 10)
    found = [*lines("The first goes on for long and"), short, *lines("The next.", top=676)]
    assert flow(found).text == "The first goes on for long and It ends here.\n\nThe next."


def test_a_heading_at_the_end_of_a_page_does_not_run_into_the_next() -> None:
    heading = Line(1, "What is due", 50, 120, 500, 14)
    found = [*lines("Text of the first."), heading, *lines("The fee is due.", page=2)]
    assert flow(found).text == "Text of the first.\n\nWhat is due\n\nThe fee is due."


def test_a_line_that_stands_on_three_pages_at_one_height_is_a_running_one() -> None:
    pages = [
        [*lines(f"Page {n}", page=n, top=780), *lines(f"Text {word}.", f"End {word}.", page=n)]
        for n, word in enumerate(("one", "two", "three"), 1)
    ]
    found = flow([line for page in pages for line in page])
    assert found.text[: found.end].startswith("Text one. End one.")
    assert "Page" not in found.text[: found.end]
    assert found.text[found.end :].strip() == "Page 1"


@given(st.lists(st.text("ab -.", min_size=1).filter(str.strip), max_size=8), st.integers(1, 3))
def test_places_ascend_and_lie_in_the_text(texts: list[str], pages: int) -> None:
    found = flow([line for n in range(1, pages + 1) for line in lines(*texts, page=n)])
    starts = [start for start, _ in found.pages]
    assert starts == sorted(starts)
    assert all(0 <= start <= len(found.text) for start in starts)
    assert 0 <= found.end <= len(found.text)
    assert sorted("".join(found.text.split())) or not texts
