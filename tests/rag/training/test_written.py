"""The further questions: of made-up data and, where it is, of the real one."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import zstandard

from rag.errors import TrainingDataMissing
from rag.training.rows import (
    Marked,
    OwnWords,
    own_words_trained_on,
    read_rows,
)
from rag.training.written import Written, paragraph_name, written
from tests.rag.training.test_rows import (
    HUMAN,
    REAL,
    SQUAD,
    own_words,
    real,
    row,
    write_own_words,
)

BEES = "Bees make honey. Ants make hills."


def bees(paragraph: str) -> Written:
    """A question about a paragraph; the answer is its second word."""
    start = paragraph.index(" ") + 1
    return Written(
        question="what do the striped ones give us",
        kind="paraphrase",
        document="Bees",
        passage=paragraph_name(paragraph),
        answer=(start, paragraph.index(" ", start)),
    )


def write_questions(path: Path, questions: Iterable[Written]) -> None:
    """Write the file that ``written`` reads."""
    content = "\n".join(each.model_dump_json() for each in questions)
    path.write_bytes(zstandard.compress(content.encode()))


def test_a_question_about_a_paragraph_gets_its_text_and_title(tmp_path: Path) -> None:
    rows = [row(SQUAD, "?", BEES, "Bees", "honey"), row(HUMAN, "?", BEES, "Other")]
    write_own_words(tmp_path, [])
    write_questions(tmp_path / "q", [bees(BEES)])
    assert list(written(tmp_path, rows, tmp_path / "q")) == [
        OwnWords(
            question="what do the striped ones give us",
            context=BEES,
            answers=(Marked(text="make", start=5),),
            answerable=True,
            source=f"written: {SQUAD}",
            title="Bees",
            kind="paraphrase",
            document="Bees",
        )
    ]


def test_a_question_about_a_part_of_a_whole_document_gets_that_part(tmp_path: Path) -> None:
    asked = own_words(3)
    write_own_words(tmp_path, [asked])
    question = Written(
        question="who is it that runs the place",
        kind="none",
        document=asked.document,
        passage=(0, len(asked.context)),
        answer=None,
    )
    write_questions(tmp_path / "q", [question])
    (got,) = written(tmp_path, [], tmp_path / "q")
    assert (got.context, got.title, got.source) == (asked.context, asked.title, "written: harbours")
    assert not got.answerable
    assert got.answers == ()


def test_a_question_about_a_passage_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    write_own_words(tmp_path, [])
    write_questions(tmp_path / "q", [bees(BEES)])
    with pytest.raises(KeyError, match=paragraph_name(BEES)):
        list(written(tmp_path, [], tmp_path / "q"))


def test_without_the_questions_it_says_which_file_is_missing(tmp_path: Path) -> None:
    write_own_words(tmp_path, [])
    with pytest.raises(TrainingDataMissing) as caught:
        list(written(tmp_path, [], tmp_path / "q"))
    assert caught.value.path == tmp_path / "q"


@real
def test_the_real_questions_are_answered_at_one_place_of_a_passage_that_is_trained_on() -> None:
    rows = list(read_rows(REAL))
    questions = list(written(REAL, rows))
    for each in questions:
        for answer in each.answers:
            assert answer.text
            assert each.context[answer.start : answer.start + len(answer.text)] == answer.text
            assert each.context.count(answer.text) == 1
        assert each.answerable == (each.kind != "none") == bool(each.answers)
    asked = Counter((each.question, each.context) for each in questions)
    assert max(asked.values()) == 1
    assert len(own_words_trained_on(questions, rows)) == len(questions)
