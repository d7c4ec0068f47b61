"""Words found on a page by its characters."""

import pytest

from rag.documents.formats.marking import places


def found(page: str, words: str, before: str = "") -> list[str]:
    codes = list(memoryview(page.encode("utf-16-le")).cast("H"))
    return ["".join(map(chr, codes[start:end])) for start, end in places(codes, before, words)]


def test_words_are_found_whatever_spaces_breaks_and_hyphens_the_page_has() -> None:
    page = "Dues of mem\ufffebers\r\nare ten-\r\nfold, al ways. More."
    assert found(page, "members are tenfold, always.") == [page[8:-6]]


def test_of_two_places_alike_the_one_with_as_many_before_it_is_taken() -> None:
    page = "Dues rise. Then: Dues rise. At last: Dues rise!"
    codes = list(map(ord, page))
    for number, at in enumerate((0, 17, 37)):
        assert places(codes, page[:at], "Dues rise")[0][0] == at, number
    assert places(codes, page * 3, "Dues rise")[0][0] == 37  # the text has more of them: the last


def test_words_that_a_note_breaks_are_found_in_pieces_and_the_note_is_not() -> None:
    page = "The dues rise every\r\n1 A note of the editor.\r\nyear in spring."
    assert found(page, "The dues rise every year in spring.") == [
        "The dues rise every",
        "year in spring.",
    ]


def test_of_words_that_are_not_there_nothing_is_marked() -> None:
    assert found("The dues rise.", "Quite other words stand here.") == []
    assert found("The dues rise.", "—") == []
    assert found("", "The dues rise.") == []


def test_letters_beyond_sixteen_bits_are_passed_over_on_both_sides() -> None:
    assert found("so \U00020000 it is.", "so \U00020000 it is.") == ["so \ud840\udc00 it is."]


@pytest.mark.parametrize("end", [")", "!”", "…"])
def test_the_marks_after_the_last_word_belong_to_it(end: str) -> None:
    assert found(f"(Dues rise{end} Then", "Dues rise") == [f"Dues rise{end}"]
