"""``report.html``: one page that explains a run, with nothing fetched from anywhere.

Everything that comes from a question, a document or a file name is text; there is no script.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from eval.measuring import charts
from eval.measuring.intervals import Measured
from eval.measuring.metrics import METRICS, Metric, bin_of, selective_risk
from eval.measuring.questions import Question, half_of, holds
from eval.measuring.results import QuestionResult, QuotedSpan
from eval.measuring.run import Run
from rag.text.html import render

VERDICTS = (
    "right",
    "rightly refused",
    "answered, not answerable",
    "wrong quote",
    "wrongly refused",
)
FAILURES = VERDICTS[2:]

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class _Line:
    """A figure of every part: its label, which way is better, and (figure, interval) of each."""

    label: str
    arrow: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A quote of a failure, the file it is from, and whether it is an accepted one."""

    span: QuotedSpan
    source: str
    right: bool


@dataclass(frozen=True, slots=True)
class _Failure:
    """A question that went wrong, and what the page says about it."""

    question: Question
    place: str
    verdict: str
    confidence: str
    kept_back: str
    answered: bool
    quotes: list[_Quoted]


def write(found: Run, measured: Mapping[str, Mapping[str, Measured]], path: Path) -> None:
    """Write the page.

    Args:
        found: The run.
        measured: Its figures by part and name.
        path: The file.
    """
    path.write_text(page(found, measured), encoding="utf-8")


def page(found: Run, measured: Mapping[str, Mapping[str, Measured]]) -> str:
    """The whole page as HTML."""
    categories: dict[str, list[str]] = {}
    for question, row in zip(found.questions, found.results, strict=True):
        categories.setdefault(question.category, []).append(verdict(question, row))
    whole = render(
        "eval/measuring/templates/report.html",
        style=_STYLE,
        run=found,
        answerable=sum(question.answerable for question in found.questions),
        threshold=f"{found.threshold:g}",
        parts=[f"{name} ({len(found.part(name).questions)})" for name in measured],
        figures=list(_figures(measured)),
        risk_coverage=_risk_coverage(found),
        reliability=_reliability(found),
        verdicts=VERDICTS,
        categories=categories,
        failures=_failures(found),
    )
    return str(whole)


def figure(metric: Metric, measured: Measured) -> tuple[str, str]:
    """A figure and its interval as they are read: ("54.2%", "46.2 to 62.1"); dashes for NaN."""
    if math.isnan(measured.value):
        return "–", ""
    scale, digits, unit = {"share": (100, 1, "%"), "score": (1, 3, ""), "time": (1, 0, " ms")}[
        metric.kind
    ]
    value, low, high = (
        f"{each * scale:.{digits}f}" for each in (measured.value, measured.low, measured.high)
    )
    return f"{value}{unit}", f"{low} to {high}"


def _figures(measured: Mapping[str, Mapping[str, Measured]]) -> Iterator[_Line]:
    for name, metric in METRICS.items():
        cells = [figure(metric, part[name]) for part in measured.values()]
        yield _Line(metric.label, "↑" if metric.better == "higher" else "↓", cells)


def _risk_coverage(found: Run) -> Markup:
    results = found.outcomes()
    coverage = np.arange(1, len(results) + 1) / len(results)
    shown = results.answered
    here = None
    if shown.any():
        here = float(shown.mean()), float((~results.supported[shown]).mean())
    return charts.risk_coverage(coverage, selective_risk(results), here)


def _reliability(found: Run) -> Markup:
    results = found.outcomes()
    bins = bin_of(results.confidence)
    bars = []
    for number in sorted(set(bins.tolist())):
        inside = bins == number
        sure, share = results.confidence[inside].mean(), results.supported[inside].mean()
        bars.append((float(sure), float(share), int(inside.sum())))
    return charts.reliability(bars)


def _failures(found: Run) -> list[_Failure]:
    """The worst first."""
    failed = [
        (verdict(question, row), question, row)
        for question, row in zip(found.questions, found.results, strict=True)
    ]
    failed = [each for each in failed if each[0] in FAILURES]
    failed.sort(key=lambda each: (FAILURES.index(each[0]), -each[2].confidence, each[2].id))
    return [_failure(found, *each) for each in failed]


def _failure(found: Run, what: str, question: Question, row: QuestionResult) -> _Failure:
    return _Failure(
        question=question,
        place=", ".join(filter(None, [row.id, question.category, half_of(row.id)])),
        verdict=what,
        confidence=f"{row.confidence:.2f}",
        kept_back="" if row.answered or not _right(question, row) else " Withheld, and right.",
        answered=row.answered,
        quotes=[_quoted(found, span, question) for span in row.candidates],
    )


def _quoted(found: Run, span: QuotedSpan, question: Question) -> _Quoted:
    document = found.documents.get(span.document_id)
    right = question.answerable and holds([span.text], question)
    return _Quoted(span, document.source if document else span.document_id, right)


def verdict(question: Question, row: QuestionResult) -> str:
    """What became of a question, one of ``VERDICTS``."""
    if not row.answered:
        return "wrongly refused" if question.answerable else "rightly refused"
    if not question.answerable:
        return "answered, not answerable"
    return "right" if _right(question, row) else "wrong quote"


def _right(question: Question, row: QuestionResult) -> bool:
    return holds([span.text for span in row.candidates], question)
