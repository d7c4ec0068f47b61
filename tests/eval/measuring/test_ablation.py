"""The ablation, on the small folder and on made-up results."""

from collections.abc import Sequence

import numpy as np

from eval.measuring.ablation import FIGURES, SIMILARITY, VARIANTS, WORDS, ask, figures
from eval.measuring.metrics import METRICS
from eval.measuring.questions import Question, half_of
from eval.measuring.results import QuestionResult, QuotedSpan
from rag.index.reading import Index
from rag.quoting.calibration import Calibration
from rag.quoting.confidence import SHIPPED
from rag.quoting.reader import Reader, Reading
from rag.text.encoder import Encoder

SIMILARITY_ONLY, WITH_WORDS, WITH_READER = VARIANTS
QUESTIONS = (
    Question(id="lena", question="How long is the Lena?", quotes=("4,294",), answerable=True),
    Question(id="chess", question="Who won the game of chess?", answerable=False),
)


class Blind(Reader):
    """A reader that has no opinion: every word may begin or end the answer, and none may."""

    def __init__(self) -> None:
        pass

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        return [
            Reading(np.array([[0, len(text)]]), np.zeros(1, np.float32), np.zeros(1, np.float32))
            for _, text in passages
        ]


def test_each_line_of_the_table_sees_more_than_the_one_before() -> None:
    assert SIMILARITY.similarity > 0
    assert SIMILARITY.coverage == SIMILARITY.context == SIMILARITY.reading == 0
    assert WORDS.coverage > 0
    assert WORDS.reading == 0
    assert SHIPPED.reading > 0
    assert [each.weights for each in VARIANTS] == [SIMILARITY, WORDS, SHIPPED]


def test_what_is_without_the_reader_does_not_hear_it(
    index: Index, encoder: Encoder, reader: Reader
) -> None:
    for variant in (SIMILARITY_ONLY, WITH_WORDS):
        seeing = list(ask(variant, QUESTIONS, index, encoder, reader))
        assert seeing == list(ask(variant, QUESTIONS, index, encoder, Blind()))
    seeing = list(ask(WITH_READER, QUESTIONS, index, encoder, reader))
    assert seeing != list(ask(WITH_READER, QUESTIONS, index, encoder, Blind()))


def test_every_variant_quotes_what_stands_in_the_document(
    index: Index, encoder: Encoder, reader: Reader
) -> None:
    for variant in VARIANTS:
        results = list(ask(variant, QUESTIONS, index, encoder, reader))
        assert [result.id for result in results] == ["lena", "chess"]
        assert results[0].confidence > results[1].confidence
        for quote in results[0].quotes:
            assert index.document(quote.document_id).text[quote.start : quote.end] == quote.text


def test_the_figures_are_of_the_reporting_half_at_the_calibrated_threshold() -> None:
    asked = [
        Question(id=str(number), question="Q?", quotes=("word",), answerable=number % 2 == 0)
        if number % 2 == 0
        else Question(id=str(number), question="Q?", answerable=False)
        for number in range(40)
    ]
    results = [
        QuestionResult(
            id=each.id,
            answered=True,
            confidence=0.9 if each.answerable else 0.5,
            quotes=(QuotedSpan(document_id="d", start=0, end=4, text="word"),),
            milliseconds=0.0,
        )
        for each in asked
    ]
    reported = sum(half_of(each.id) == "reporting" for each in asked)
    assert 0 < reported < len(asked)
    shown = dict(zip(FIGURES, figures(asked, results, Calibration(threshold=0.6)), strict=True))
    assert shown["right"] == shown["refused_unanswerable"] == shown["precision"] == "100.0%"
    assert shown["auroc"] == "1.000"
    lax = dict(zip(FIGURES, figures(asked, results, Calibration(threshold=0.4)), strict=True))
    assert lax["refused_unanswerable"] == "0.0%"
    assert set(FIGURES) <= set(METRICS)
