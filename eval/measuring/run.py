"""A question set put to the assistant: questions and an index in, rows and figures out.

Every question is asked with a threshold of 0, and the threshold in force is applied here,
afterwards. So the rows hold, of a refused question too, the quotes that were withheld, and whether
it would have been right: one run has all that the risk-coverage curve needs.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.errors import RowsFault
from eval.measuring.intervals import Measured, compare, measure
from eval.measuring.metrics import Outcomes, outcomes
from eval.measuring.questions import Folded, Question, half, shown
from eval.measuring.results import Row, Span, read_rows, write_rows
from rag.assistant import Assistant
from rag.errors import QuestionError
from rag.index.building import ingest
from rag.quoting import calibration
from rag.quoting.calibration import Calibration
from rag.records import Hit, Metadata, Quote
from rag.settings import Settings

Progress = Callable[[str, int, int], None]
Spans = Mapping[str, Sequence[tuple[int, int]]]

PARTS = ("all", "tuning", "reporting")

_MOST_OF_IT = 0.5  # of a quote that must be held; the larger part, where a border cuts it


@dataclass(frozen=True, slots=True)
class Run:
    """A question set and what came of it.

    Attributes:
        questions: What was asked.
        rows: The results, in the same order.
        threshold: The confidence below which Steward refused.
        documents: Metadata of the documents asked, by id.
        unfindable: Ids of answerable questions none of whose quotes stands in any document, so that
            no answer can be right: a mistake in the set, or the wrong documents.
    """

    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    threshold: float
    documents: Mapping[str, Metadata]
    unfindable: tuple[str, ...]

    def part(self, which: str) -> "Run":
        """The questions of one half, "tuning" or "reporting", or of "all"."""
        kept = [which in ("all", half(question.id)) for question in self.questions]
        return Run(
            tuple(each for each, keep in zip(self.questions, kept, strict=True) if keep),
            tuple(each for each, keep in zip(self.rows, kept, strict=True) if keep),
            self.threshold,
            self.documents,
            tuple(id for id in self.unfindable if which in ("all", half(id))),
        )

    def outcomes(self) -> Outcomes:
        """The results as arrays."""
        return outcomes(self.questions, self.rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    """This run beside another one.

    Attributes:
        questions: How many both have.
        differences: Each metric of this run less that of the other, by name.
    """

    questions: int
    differences: Mapping[str, Measured]


@contextmanager
def temporary_index(
    folder: Path, settings: Settings, progress: Progress | None = None
) -> Iterator[Settings]:
    """An index of a folder that is gone afterwards; raises what ``ingest`` raises.

    Yields:
        The settings to open it with.
    """
    with TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True) as index:
        changed = settings.model_copy(update={"index": Path(index), "chroma_url": None})
        ingest(folder, changed, progress)
        yield changed


def threshold_in_force(settings: Settings) -> float:
    """The confidence below which the assistant refuses: as set, else as the index's calibrated."""
    given = settings.threshold
    return calibration.read(settings.index).threshold if given is None else given


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
    rows = []
    threshold = threshold_in_force(settings)
    if instead and settings.threshold is None:
        threshold = instead.threshold
    asking = settings.without_model().model_copy(update={"threshold": 0.0})
    with closing(Assistant(asking, instead)) as assistant:
        documents = {each.id: each for each in assistant.documents()}
        texts = {id: Folded(assistant.document(id).text) for id in documents}
        spans = {question.id: _spans(texts, question) for question in questions}
        for number, question in enumerate(questions, 1):
            rows.append(_row(assistant, question, threshold, spans[question.id]))
            if progress:
                progress("asking", number, len(questions))
    unfindable = [each.id for each in questions if each.answerable and not spans[each.id]]
    return Run(tuple(questions), tuple(rows), threshold, documents, tuple(unfindable))


def figures(found: Run) -> dict[str, dict[str, Measured]]:
    """The metrics of all questions and of each half that has some, by part and name."""
    parts = {name: found.part(name) for name in PARTS}
    return {name: measure(part.outcomes()) for name, part in parts.items() if part.questions}


def summary(
    found: Run, measured: Mapping[str, Mapping[str, Measured]], compared: Comparison | None
) -> dict[str, object]:
    """What ``summary.json`` holds; a figure that is not defined is null."""
    parts = {}
    for name, metrics in measured.items():
        results = found.part(name).outcomes()
        parts[name] = {
            "questions": len(results),
            "answerable": int(results.answerable.sum()),
            "metrics": {metric: _json(figure) for metric, figure in metrics.items()},
        }
    content: dict[str, object] = {
        "threshold": found.threshold,
        "unfindable": list(found.unfindable),
        "parts": parts,
    }
    if compared:
        differences = {metric: _json(figure) for metric, figure in compared.differences.items()}
        content["against"] = {"questions": compared.questions, "differences": differences}
    return content


def write(found: Run, content: Mapping[str, object], folder: Path) -> None:
    """Write ``rows.jsonl`` and ``summary.json`` into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(folder / "rows.jsonl", found.rows)
    text = json.dumps(content, indent=2, allow_nan=False)
    (folder / "summary.json").write_text(f"{text}\n", encoding="utf-8")


def against(found: Run, path: Path) -> Comparison:
    """Compare with the rows of another run, on the questions that both have.

    Raises:
        RowsFault: When the rows cannot be read or share no question with this run.
    """
    others = {row.id: row for row in read_rows(path)}
    pairs = [
        (question, row, others[question.id])
        for question, row in zip(found.questions, found.rows, strict=True)
        if question.id in others
    ]
    if not pairs:
        raise RowsFault(path, None, "shares no question with this run")
    questions, ours, theirs = zip(*pairs, strict=True)
    differences = compare(outcomes(questions, ours), outcomes(questions, theirs))
    return Comparison(len(pairs), differences)


def _json(measured: Measured) -> dict[str, float | None]:
    values = {"value": measured.value, "low": measured.low, "high": measured.high}
    return {key: None if math.isnan(value) else value for key, value in values.items()}


def _row(assistant: Assistant, question: Question, threshold: float, spans: Spans) -> Row:
    begun = time.perf_counter()
    try:
        answer = assistant.ask(question.question, question.history)
    except QuestionError as error:
        milliseconds = (time.perf_counter() - begun) * 1000
        return Row(
            id=question.id,
            answered=False,
            confidence=0.0,
            quotes=(),
            milliseconds=milliseconds,
            rank=0 if question.answerable else None,
            reason=type(error).__name__,
        )
    milliseconds = (time.perf_counter() - begun) * 1000
    answered = answer.answered and answer.confidence >= threshold
    quotes = tuple(map(_span, shown(answer)))
    return Row(
        id=question.id,
        answered=answered,
        confidence=answer.confidence,
        quotes=quotes if answered else (),
        milliseconds=milliseconds,
        withheld=() if answered else quotes,
        rank=_rank(answer.hits, spans) if question.answerable else None,
        reason=None if answered else answer.reason or "low_confidence",
    )


def _span(quote: Quote) -> Span:
    return Span(document_id=quote.document_id, start=quote.start, end=quote.end, text=quote.text)


def _spans(texts: Mapping[str, Folded], question: Question) -> Spans:
    """Where the accepted quotes stand, by document."""
    found = {id: text.places(question.quotes) for id, text in texts.items()}
    return {id: spans for id, spans in found.items() if spans}


def _rank(hits: Sequence[Hit], spans: Spans) -> int:
    """Rank of the first passage that holds most of an accepted quote; 0 where none does."""
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        for start, end in spans.get(passage.document_id, ()):
            if held((start, end), passage.start, passage.end):
                return rank
    return 0


def held(span: tuple[int, int], start: int, end: int) -> bool:
    """Whether most of a span lies between two offsets."""
    shared = min(span[1], end) - max(span[0], start)
    return shared >= (span[1] - span[0]) * _MOST_OF_IT
