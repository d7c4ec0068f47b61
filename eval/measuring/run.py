"""A question set put to the assistant: questions and an index in, results out.

Every question is asked with a threshold of 0, and the thresholds in force are applied here,
afterwards. So the results hold, of a refused question too, the quotes that were withheld, and
whether it would have been right: one run has all that the risk-coverage curve needs.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from eval.measuring.metrics import Outcomes
from eval.measuring.questions import Folded, Question, half_of, shown
from eval.measuring.results import QuestionResult, QuotedSpan
from rag.assistant import Assistant
from rag.errors import QuestionError
from rag.index.building import ingest
from rag.quoting import calibration
from rag.quoting.calibration import Calibration
from rag.records import Hit, Metadata
from rag.settings import Settings
from rag.text.sentences import Span

Item = TypeVar("Item")
Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""
Places = Mapping[str, Sequence[Span]]
"""Where the accepted quotes of a question stand, by document."""

_MOST_OF_IT = 0.5  # of a quote that must be held; the larger part, where a border cuts it


@dataclass(frozen=True, slots=True)
class Run:
    """A question set and what came of it.

    Attributes:
        questions: What was asked.
        results: The results, in the same order.
        threshold: The confidence from which on Steward answered.
        perhaps_threshold: Likewise quoted what may answer.
        documents: Metadata of the documents asked, by id.
        unfindable: Ids of answerable questions none of whose quotes stands in any document, so that
            no answer can be right: a mistake in the set, or the wrong documents.
    """

    questions: tuple[Question, ...]
    results: tuple[QuestionResult, ...]
    threshold: float
    perhaps_threshold: float
    documents: Mapping[str, Metadata]
    unfindable: tuple[str, ...]

    def subset(self, which: str) -> "Run":
        """The questions of one half, "tuning" or "reporting", or of "all"."""
        kept = [which in ("all", half_of(question.id)) for question in self.questions]
        return Run(
            tuple(compress(self.questions, kept)),
            tuple(compress(self.results, kept)),
            self.threshold,
            self.perhaps_threshold,
            self.documents,
            tuple(id for id in self.unfindable if which in ("all", half_of(id))),
        )

    def outcomes(self) -> Outcomes:
        """The results as arrays."""
        return Outcomes.of(self.questions, self.results)


@contextmanager
def temporary_index(
    folder: Path, settings: Settings, progress: Progress | None = None
) -> Iterator[Settings]:
    """An index of a folder that is gone afterwards; raises what ``ingest`` raises.

    Yields:
        The settings to open it with.
    """
    with TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True) as index:
        changed = settings.model_copy(update={"index": Path(index), "store_url": None})
        ingest(folder, changed, progress)
        yield changed


def tracked(items: Sequence[Item], stage: str, progress: Progress | None) -> Iterator[Item]:
    """Some items, one after another; progress is called when one is done with."""
    for number, item in enumerate(items, 1):
        yield item
        if progress:
            progress(stage, number, len(items))


def in_force(settings: Settings, instead: Calibration | None = None) -> Calibration:
    """The index's calibration, or another, with the thresholds that are set."""
    return (instead or calibration.read(settings.index)).within(settings)


def run(
    questions: Sequence[Question],
    settings: Settings,
    progress: Progress | None = None,
    instead: Calibration | None = None,
) -> Run:
    """Put questions to the index that the settings name.

    A question that cannot be asked, such as one without a letter, counts as refused with a
    confidence of 0.

    Args:
        questions: What to ask.
        settings: Of these what the assistant reads.
        progress: Called with "asking", the number of questions done and of all.
        instead: Of the index's own calibration, such as none when another one is to be fitted.

    Raises:
        IndexFault: When the index cannot be used.
        ModelFault: When the encoder cannot be loaded.
    """
    results = []
    fitted = in_force(settings, instead)
    asking = settings.without_model().model_copy(update={"threshold": 0.0})
    with closing(Assistant(asking, instead)) as assistant:
        documents = {document.id: document for document in assistant.documents()}
        texts = {id: Folded(assistant.document(id).text) for id in documents}
        places = {question.id: _places(texts, question) for question in questions}
        for question in tracked(questions, "asking", progress):
            results.append(_result(assistant, question, fitted, places[question.id]))
    unfindable = [asked.id for asked in questions if asked.answerable and not places[asked.id]]
    return Run(
        tuple(questions),
        tuple(results),
        fitted.threshold,
        fitted.perhaps_threshold,
        documents,
        tuple(unfindable),
    )


def _result(
    assistant: Assistant, question: Question, fitted: Calibration, places: Places
) -> QuestionResult:
    begun = time.perf_counter()
    try:
        answer = assistant.ask(question.question, question.history)
    except QuestionError as error:
        milliseconds = (time.perf_counter() - begun) * 1000
        return QuestionResult(
            id=question.id,
            answered=False,
            confidence=0.0,
            quotes=(),
            milliseconds=milliseconds,
            rank=0 if question.answerable else None,
            reason=type(error).__name__,
        )
    milliseconds = (time.perf_counter() - begun) * 1000
    kind = fitted.kind(answer.confidence) if answer.answered else "none"
    answered = kind == "answer"
    quotes = tuple(map(QuotedSpan.of, shown(answer.quotes)))
    return QuestionResult(
        id=question.id,
        answered=answered,
        confidence=answer.confidence,
        quotes=quotes if answered else (),
        milliseconds=milliseconds,
        perhaps=kind == "perhaps",
        withheld=() if answered else quotes,
        rank=_rank(answer.hits, places) if question.answerable else None,
        reason=None if answered else answer.reason or "low_confidence",
    )


def _places(texts: Mapping[str, Folded], question: Question) -> Places:
    spans = {id: text.places(question.quotes) for id, text in texts.items()}
    return {id: own for id, own in spans.items() if own}


def _rank(hits: Sequence[Hit], places: Places) -> int:
    """Rank of the first passage that holds most of an accepted quote; 0 where none does."""
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        for span in places.get(passage.document_id, ()):
            if held(span, passage.start, passage.end):
                return rank
    return 0


def held(span: Span, start: int, end: int) -> bool:
    """Whether most of a span lies between two offsets."""
    shared = min(span[1], end) - max(span[0], start)
    return shared >= (span[1] - span[0]) * _MOST_OF_IT
