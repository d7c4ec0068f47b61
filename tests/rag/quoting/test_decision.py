"""What is found to an answer, what may be one, or a refusal."""

import pytest

from rag.quoting.calibration import Calibration
from rag.quoting.decision import decide, help_with
from rag.quoting.extraction import Extraction
from rag.records import Hit, Passage, Retrieved
from tests.answers import quote

CALIBRATION = Calibration(threshold=0.6, perhaps_threshold=0.3)
SPANISH = "Los trabajadores tienen derecho a una hora de descanso, y la empresa lo paga todo."


def found(confidence: float, *unknown: str, quotes: int = 1) -> Extraction:
    return Extraction(tuple(quote(n, "Words.") for n in range(1, quotes + 1)), confidence, unknown)


def retrieved(text: str = "The workers have the right to an hour of rest.") -> Retrieved:
    hit = Hit(Passage("a", 0, 0, len(text), text), 1.0, 1.0, 1, 1)
    return Retrieved("what is the right of the workers?", (hit,), {})


@pytest.mark.parametrize(
    ("confidence", "kind", "reason", "shown"),
    [
        (0.6, "answer", None, 2),
        (0.59, "perhaps", "low_confidence", 2),
        (0.3, "perhaps", "low_confidence", 2),
        (0.29, "none", "low_confidence", 0),
    ],
)
def test_quotes_are_an_answer_or_may_be_one_or_are_kept_back(
    confidence: float, kind: str, reason: str | None, shown: int
) -> None:
    made = decide(retrieved(), "searched", found(confidence, quotes=2), {"x": 1.0}, CALIBRATION)
    assert (made.kind, made.reason, len(made.quotes)) == (kind, reason, shown)
    assert made.confidence == pytest.approx(confidence)
    assert (made.threshold, made.perhaps_threshold) == (0.6, 0.3)
    assert (made.question, made.searched) == ("what is the right of the workers?", "searched")
    assert (made.hits, made.timings) == (retrieved().hits, {"x": 1.0})
    assert made.documents_language is None


@pytest.mark.parametrize(
    ("extraction", "reason"),
    [
        (found(0.9, quotes=0), "nothing_similar"),
        (found(0.1), "low_confidence"),
        (found(0.1, "wuzzle"), "unknown_words"),
        (found(0.9, "wuzzle", quotes=0), "unknown_words"),
    ],
)
def test_a_refusal_says_why(extraction: Extraction, reason: str) -> None:
    made = decide(retrieved(), "", extraction, {}, CALIBRATION)
    assert (made.kind, made.reason, made.unknown) == ("none", reason, extraction.unknown)
    assert made.confidence == (pytest.approx(0.1) if extraction.quotes else 0.0)


def test_of_documents_in_another_language_that_is_why_and_no_word_is_unknown() -> None:
    made = decide(retrieved(SPANISH), "", found(0.1, "workers"), {}, CALIBRATION)
    assert (made.reason, made.documents_language, made.unknown) == ("other_language", "es", ())
    sure = decide(retrieved(SPANISH), "", found(0.9), {}, CALIBRATION)
    assert (sure.reason, sure.documents_language) == (None, None)


def test_help_quotes_nothing_and_refuses_nothing() -> None:
    made = help_with("hello", CALIBRATION)
    assert (made.kind, made.reason, made.question, made.searched) == (
        "help",
        None,
        "hello",
        "hello",
    )
    assert (made.quotes, made.unknown, made.hits, made.documents) == ((), (), (), {})
    assert (made.confidence, made.threshold, made.perhaps_threshold) == (0.0, 0.6, 0.3)
