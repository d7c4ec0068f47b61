"""What became of each question: right, or in which way it failed."""

from eval.measuring.questions import Question, holds
from eval.measuring.results import QuestionResult

VERDICTS = (
    "right",
    "perhaps, right",
    "rightly refused",
    "answered, not answerable",
    "wrong quote",
    "wrongly refused",
    "perhaps, wrong",
)
FAILURES = VERDICTS[3:]


def verdict(question: Question, result: QuestionResult) -> str:
    """What became of a question, one of ``VERDICTS``."""
    if result.perhaps:
        return "perhaps, right" if right(question, result) else "perhaps, wrong"
    if not result.answered:
        return "wrongly refused" if question.answerable else "rightly refused"
    if not question.answerable:
        return "answered, not answerable"
    return "right" if right(question, result) else "wrong quote"


def right(question: Question, result: QuestionResult) -> bool:
    """Whether what was quoted, or would have been, holds an accepted quote."""
    return question.answerable and holds([span.text for span in result.candidates], question)
