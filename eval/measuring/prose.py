"""What the optional model writes of the answers to a question set, and whether it is true to them.

Read after ``eval.measuring.run``: the same questions, at the threshold in force, in their order,
one at a time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.jsonl import Line, Record
from eval.measuring.prose_judge import Fault, judge
from eval.measuring.questions import Question
from eval.measuring.run import Progress, tracked
from rag.assistant import Assistant
from rag.errors import QuestionError
from rag.outcomes import Outcome, Why
from rag.records import Answer, Sentence
from rag.settings import Settings


class ShownSentence(Record):
    """A sentence that was shown, and what ``eval.measuring.prose_judge`` says of it."""

    text: str
    cites: tuple[int, ...]
    faults: tuple[Fault, ...]
    support: float
    pairs: float


class WithheldSentence(Record):
    """A sentence that was withheld."""

    text: str
    why: Why


class ProseResult(Line):
    """What came of one answer; times are in seconds from the request to write."""

    outcome: Outcome
    shown: tuple[ShownSentence, ...]
    withheld: tuple[WithheldSentence, ...]
    first: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ProseFigures:
    """What the results come to.

    Attributes:
        answers: Answers that were given to the model.
        with_prose: Those of which a sentence was shown.
        shown: Sentences shown.
        withheld: Sentences withheld, by the rule they broke, most first.
        outcomes: Answers by outcome, most first.
        faults: Sentences shown with each fault that ``eval.measuring.prose_judge`` finds.
        faultless: Share of the sentences shown without any; nan where none was shown.
        support: Mean support of the sentences shown; nan likewise.
        first: Seconds to the first sentence shown, median and 95th percentile; nan likewise.
        seconds: Seconds in all, likewise.
    """

    answers: int
    with_prose: int
    shown: int
    withheld: Mapping[Why, int]
    outcomes: Mapping[Outcome, int]
    faults: Mapping[Fault, int]
    faultless: float
    support: float
    first: tuple[float, float]
    seconds: tuple[float, float]


def run(
    questions: Sequence[Question], settings: Settings, progress: Progress | None = None
) -> tuple[ProseResult, ...]:
    """Have the answers to these questions written of; a refusal has no result.

    Args:
        questions: What to ask.
        settings: With a model.
        progress: Called with "writing", the number of questions done and of all.

    Raises:
        StewardError: As of ``Assistant``.
    """
    results = []
    with closing(Assistant(settings)) as assistant:
        for question in tracked(questions, "writing", progress):
            results.append(_result(assistant, question))
    return tuple(filter(None, results))


def figures(results: Sequence[ProseResult]) -> ProseFigures:
    """Count and average."""
    shown = [sentence for result in results for sentence in result.shown]
    withheld = [sentence for result in results for sentence in result.withheld]
    faults = Counter(fault for sentence in shown for fault in sentence.faults)
    return ProseFigures(
        answers=len(results),
        with_prose=sum(bool(result.shown) for result in results),
        shown=len(shown),
        withheld=dict(Counter(sentence.why for sentence in withheld).most_common()),
        outcomes=dict(Counter(result.outcome for result in results).most_common()),
        faults=dict(faults.most_common()),
        faultless=_mean([not sentence.faults for sentence in shown]),
        support=_mean([sentence.support for sentence in shown]),
        first=_percentiles([result.first for result in results if result.first is not None]),
        seconds=_percentiles([result.seconds for result in results]),
    )


def write(results: Sequence[ProseResult], folder: Path) -> None:
    """Write ``prose.jsonl`` into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{result.model_dump_json()}\n" for result in results)
    (folder / "prose.jsonl").write_text(text, encoding="utf-8")


def _result(assistant: Assistant, question: Question) -> ProseResult | None:
    try:
        answer = assistant.ask(question.question, question.history)
    except QuestionError:
        return None
    prose = answer.prose
    if prose is None or prose.outcome is None:
        return None
    return ProseResult(
        id=question.id,
        outcome=prose.outcome,
        shown=tuple(_shown(assistant, answer, sentence) for sentence in prose.sentences),
        withheld=tuple(
            WithheldSentence(text=sentence.text, why=sentence.why) for sentence in prose.withheld
        ),
        first=prose.first,
        seconds=prose.seconds,
    )


def _shown(assistant: Assistant, answer: Answer, sentence: Sentence) -> ShownSentence:
    """A sentence judged by the documents themselves, at the offsets of the quotes that it cites."""
    cited = [
        assistant.document(quote.document_id).text[quote.start : quote.end]
        for quote in answer.quotes
        if quote.number in sentence.cites
    ]
    judged = judge(sentence.text, cited)
    return ShownSentence(
        text=sentence.text,
        cites=sentence.cites,
        faults=judged.faults,
        support=judged.support,
        pairs=judged.pairs,
    )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return float("nan"), float("nan")
    return float(np.percentile(values, 50)), float(np.percentile(values, 95))
