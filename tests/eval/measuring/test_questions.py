"""The question set's format, its two halves, and when an answer is right."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.errors import QuestionSetFault
from eval.measuring.questions import (
    OWN,
    Folded,
    Question,
    fold,
    half_of,
    holds,
    read_questions,
    shown,
)
from rag.documents.files import read_folder
from rag.records import Quote
from tests.conftest import SEEDS

LINE: dict[str, Any] = {
    "id": "a",
    "question": "How long is the Lena?",
    "quotes": ["4,294 kilometres"],
    "answerable": True,
}


def question(**changes: Any) -> Question:
    return Question.model_validate_json(json.dumps(LINE | changes))


def quote(text: str, *also_in: Quote) -> Quote:
    return Quote(1, "d", "Title", 0, len(text), text, "0" * 64, also_in=also_in)


def written(path: Path, *lines: object) -> Path:
    path.write_text(
        "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    )
    return path


def test_a_line_is_read_with_all_its_keys(tmp_path: Path) -> None:
    optional = {
        "history": [["Which river?", "The Lena."]],
        "documents": ["rivers"],
        "category": "fact",
        "note": "n",
    }
    (read,) = read_questions(written(tmp_path / "q.jsonl", LINE | optional))
    assert read.history == (("Which river?", "The Lena."),)
    assert (read.documents, read.category, read.note) == (("rivers",), "fact", "n")


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f"\n{json.dumps(LINE)}\n\n", encoding="utf-8-sig")
    assert len(read_questions(path)) == 1


def test_a_line_separator_inside_a_quote_does_not_end_the_line(tmp_path: Path) -> None:
    line = json.dumps(LINE | {"quotes": ["one\u2028two"]}, ensure_ascii=False)
    path = tmp_path / "q.jsonl"
    path.write_text(line, encoding="utf-8")
    assert read_questions(path)[0].quotes == ("one\u2028two",)


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ("{", "Invalid JSON"),
        ("[]", "should be an object"),
        (LINE, "taken"),
        (LINE | {"id": "b", "anserable": True}, "anserable: Extra"),
        (LINE | {"id": ""}, "id: String should have at least 1"),
        (LINE | {"id": "b", "answerable": "yes"}, "answerable: .*boolean"),
        (LINE | {"id": "b", "quotes": "4,294"}, "quotes: .*array"),
        (LINE | {"id": "b", "quotes": []}, "needs at least one of quotes"),
        (LINE | {"id": "b", "quotes": ["\u00a0 "]}, "a quote is empty"),
        (LINE | {"id": "b", "answerable": False}, "cannot have quotes"),
        (LINE | {"id": "b", "history": [["only a question"]]}, "history.0.1: Field required"),
        ({"id": "b", "question": "?"}, "answerable: Field required"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, second: object, problem: str) -> None:
    with pytest.raises(QuestionSetFault, match=problem) as caught:
        read_questions(written(tmp_path / "q.jsonl", LINE, second))
    assert caught.value.line == 2
    assert "line 2" in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetFault, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes("Ä".encode("latin-1"))
    with pytest.raises(QuestionSetFault, match="not UTF-8"):
        read_questions(tmp_path / "latin.jsonl")
    with pytest.raises(QuestionSetFault, match="holds no question"):
        read_questions(written(tmp_path / "empty.jsonl", ""))


def test_the_half_of_a_question_depends_on_its_id_alone() -> None:
    # The last hexadecimal digit of `printf a | sha256sum`, and of b, is b and d: both odd.
    assert (half_of("a"), half_of("b"), half_of("c")) == ("reporting", "reporting", "tuning")


def test_matching_folds_case_white_space_and_quote_marks() -> None:
    asked = question(quotes=["“Workers’ voices” count"])
    assert holds(["They say: 'WORKERS' VOICES\"\u00a0\n count, too"], asked)
    assert holds(["nothing", "“workers’ voices” count"], asked)
    assert not holds(["workers voices count"], asked)
    assert not holds([], asked)


def test_a_reader_sees_the_quotes_of_other_documents_too() -> None:
    under, other = quote("It is 4,294 kilometres long."), quote("The Lena flows north.")
    first = quote("Long is the Lena.", under)
    assert shown([first, other]) == (first, under, other)


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    # Except where folding makes what can be folded again, as the casefold of a few letters does.
    assert fold(fold(fold(text))) == fold(fold(text))


@given(st.text(), st.text(), st.text())
def test_a_quote_is_placed_wherever_it_is_held(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    spans = Folded(text).places([middle] if fold(middle) else [])
    assert all(fold(middle) in fold(text[start:end]) for start, end in spans)
    if fold(middle) and fold(middle) in fold(text):
        assert spans


def test_places_count_in_the_original_text() -> None:
    text = "A  straße,\u00a0\u00a0and “A\nSTRASSE”"
    places = Folded(text).places(["a strasse"])
    assert [text[start:end] for start, end in places] == ["A  straße", "A\nSTRASSE"]


def test_every_accepted_quote_of_our_own_set_stands_in_its_documents() -> None:
    documents, _ = read_folder(SEEDS)
    texts = {Path(each.source).stem: Folded(each.text) for each in documents}
    for each in read_questions(OWN):
        assert set(each.documents) <= set(texts), each.id
        for wanted in each.quotes:
            holding = {name for name, text in texts.items() if text.places([wanted])}
            assert holding, f"{each.id}: no document holds {wanted!r}"
            assert holding & set(each.documents), f"{each.id}: {wanted!r} is in {holding}"


def test_our_own_set_is_large_and_both_halves_hold_questions_of_either_kind() -> None:
    questions = read_questions(OWN)
    assert len(questions) >= 120
    for name in ("tuning", "reporting"):
        part = [each for each in questions if half_of(each.id) == name]
        assert len(part) >= 60
        assert sum(not each.answerable for each in part) >= 20
