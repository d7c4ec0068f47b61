"""Further questions in people's own words, about passages of the training data.

``questions.jsonl.zst`` beside this module holds the questions and where their passages and answers
stand, and none of the passages' texts: those are in the training data. Written for Steward by a
language model that read each passage, for training alone. Each answer stands once in its passage.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.training.rows import (
    Kind,
    Marked,
    OwnWords,
    Record,
    Row,
    digest,
    read_documents,
    read_lines,
)

QUESTIONS = Path(__file__).parent / "questions.jsonl.zst"

_NAME = 16  # hexadecimal digits


class Written(Record):
    """A question and where its passage is.

    Attributes:
        document: The name of a whole document, or the title of an article.
        passage: Span of the passage in the whole document's text, or, of a paragraph of the
            public sets, its ``paragraph_name``.
        answer: Span of the answer in the passage; None where there is none.
    """

    question: str
    kind: Kind
    document: str
    passage: tuple[int, int] | str
    answer: tuple[int, int] | None


def paragraph_name(context: str) -> str:
    """Names a paragraph: the beginning of its SHA-256, in hexadecimal."""
    return digest(context).hex()[:_NAME]


def written(data: Path, rows: Sequence[Row], questions: Path = QUESTIONS) -> Iterator[OwnWords]:
    """The questions with their passages.

    Args:
        data: The folder of the training data.
        rows: The public rows in it.
        questions: The file of the questions.

    Raises:
        TrainingDataMissing: Where there are no whole documents in the folder, or no questions.
        KeyError: Where a passage is not in the data that these questions were written for.
    """
    documents = {each.document: each for each in read_documents(data)}
    # Of the sources that have a paragraph, it counts as of the first.
    paragraphs = {paragraph_name(row.context): row for row in reversed(rows)}
    for each in read_lines(questions, Written):
        if isinstance(each.passage, str):
            row = paragraphs[each.passage]
            context, title, source = row.context, row.title, row.source
        else:
            whole = documents[each.document]
            context, title, source = whole.text[slice(*each.passage)], whole.title, whole.source
        yield OwnWords(
            question=each.question,
            context=context,
            answers=_marked(context, each.answer),
            answerable=each.answer is not None,
            source=f"written: {source.removeprefix('own words: ')}",
            title=title,
            kind=each.kind,
            document=each.document,
        )


def _marked(context: str, answer: tuple[int, int] | None) -> tuple[Marked, ...]:
    return () if answer is None else (Marked(text=context[slice(*answer)], start=answer[0]),)
