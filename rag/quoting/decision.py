"""What the documents hold on a question to an answer, what may be one, or a refusal."""

from collections.abc import Mapping

from rag.outcomes import Reason
from rag.quoting.calibration import Calibration
from rag.quoting.extraction import Extraction
from rag.records import Answer, Retrieved
from rag.text.language import Language, language

_TELLING = 3  # passages that a language is told by


def decide(
    retrieved: Retrieved,
    searched: str,
    found: Extraction,
    timings: Mapping[str, float],
    calibration: Calibration,
) -> Answer:
    """Whether the quotes are shown, and as what.

    Args:
        retrieved: What was read.
        searched: What was searched for.
        found: What came of reading.
        timings: Seconds a stage took.
        calibration: With the thresholds in force.
    """
    confidence = calibration.probability(found.confidence) if found.quotes else 0.0
    kind = calibration.kind(confidence) if found.quotes else "none"
    other = None if kind == "answer" else _other_language(retrieved)
    return Answer(
        question=retrieved.question,
        searched=searched,
        quotes=() if kind == "none" else found.quotes,
        confidence=confidence,
        threshold=calibration.threshold,
        perhaps_threshold=calibration.perhaps_threshold,
        kind=kind,
        reason=None if kind == "answer" else "other_language" if other else _reason(found),
        unknown=() if other else found.unknown,
        hits=retrieved.hits,
        documents=retrieved.documents,
        timings=timings,
        documents_language=other,
    )


def help_with(question: str, calibration: Calibration) -> Answer:
    """What a greeting gets; whoever shows it has the questions to begin with."""
    return Answer(
        question=question,
        searched=question,
        quotes=(),
        confidence=0.0,
        threshold=calibration.threshold,
        perhaps_threshold=calibration.perhaps_threshold,
        kind="help",
        reason=None,
        unknown=(),
        hits=(),
        documents={},
        timings={},
    )


def _other_language(found: Retrieved) -> Language | None:
    """The documents' language, where the question is in another."""
    asked = language(found.question)
    if asked is None:
        return None
    held = language("\n".join(hit.passage.text for hit in found.hits[:_TELLING]))
    return held if held != asked else None


def _reason(found: Extraction) -> Reason:
    if found.unknown:
        return "unknown_words"
    return "low_confidence" if found.quotes else "nothing_similar"
