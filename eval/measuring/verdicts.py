"""What became of each question: right, or in which way it failed."""

from eval.measuring.questions import Question, holds
from eval.measuring.results import QuestionResult

VERDICTS = (
    "right",
    "rightly refused",
    "answered, not answerable",
    "wrong quote",
    "wrongly refused",
)
FAILURES = VERDICTS[2:]


def verdict(question: Question, result: QuestionResult) -> str:
    """What became of a question, one of ``VERDICTS``."""
    if not result.answered:
        return "wrongly refused" if question.answerable else "rightly refused"
    if not question.answerable:
        return "answered, not answerable"
    return "right" if right(question, result) else "wrong quote"


def right(question: Question, result: QuestionResult) -> bool:
    """Whether what was quoted, or would have been, holds an accepted quote."""
    return holds([span.text for span in result.candidates], question)
