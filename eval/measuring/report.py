"""``report.html``: one page that explains a run, with nothing fetched from anywhere.

Everything that comes from a question, a document or a file name is text; there is no script.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from eval.figures import Measured, format_figure, format_interval
from eval.measuring import charts
from eval.measuring.metrics import METRICS, bin_of, selective_risk
from eval.measuring.questions import Question, half_of, holds
from eval.measuring.results import QuestionResult, QuotedSpan
from eval.measuring.run import Run
from eval.measuring.verdicts import FAILURES, VERDICTS, right, verdict
from rag.text.html import render

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
    quoted: bool
    quotes: list[_Quoted]


def write(run: Run, measured: Mapping[str, Mapping[str, Measured]], path: Path) -> None:
    """Write the page.

    Args:
        run: What to tell of.
        measured: Its figures by part and name.
        path: The file.
    """
    path.write_text(page(run, measured), encoding="utf-8")


def page(run: Run, measured: Mapping[str, Mapping[str, Measured]]) -> str:
    """The whole page as HTML."""
    categories: dict[str, list[str]] = {}
    for question, result in zip(run.questions, run.results, strict=True):
        categories.setdefault(question.category, []).append(verdict(question, result))
    whole = render(
        "eval/measuring/templates/report.html",
        style=_STYLE,
        run=run,
        answerable=sum(question.answerable for question in run.questions),
        threshold=f"{run.threshold:g}",
        perhaps_threshold=f"{run.perhaps_threshold:g}",
        parts=[f"{name} ({len(run.subset(name).questions)})" for name in measured],
        figures=list(_figures(measured)),
        risk_coverage=_risk_coverage(run),
        reliability=_reliability(run),
        verdicts=VERDICTS,
        categories=categories,
        failures=_failures(run),
    )
    return str(whole)


def _figures(measured: Mapping[str, Mapping[str, Measured]]) -> Iterator[_Line]:
    for name, metric in METRICS.items():
        cells = [
            (format_figure(part[name].value, metric.kind), format_interval(part[name], metric.kind))
            for part in measured.values()
        ]
        yield _Line(metric.label, "↑" if metric.better == "higher" else "↓", cells)


def _risk_coverage(run: Run) -> Markup:
    outcomes = run.outcomes()
    coverage = np.arange(1, len(outcomes) + 1) / len(outcomes)
    points = [
        (float(shown.mean()), float((~outcomes.supported[shown]).mean())) if shown.any() else None
        for shown in (outcomes.answered, outcomes.answered | outcomes.perhaps)
    ]
    return charts.risk_coverage(coverage, selective_risk(outcomes), points[0], points[1])


def _reliability(run: Run) -> Markup:
    outcomes = run.outcomes()
    bins = bin_of(outcomes.confidence)
    bars = []
    for number in sorted(set(bins.tolist())):
        inside = bins == number
        sure, share = outcomes.confidence[inside].mean(), outcomes.supported[inside].mean()
        bars.append((float(sure), float(share), int(inside.sum())))
    return charts.reliability(bars)


def _failures(run: Run) -> list[_Failure]:
    """The worst first."""
    failed = [
        (what, question, result)
        for question, result in zip(run.questions, run.results, strict=True)
        if (what := verdict(question, result)) in FAILURES
    ]
    failed.sort(key=lambda item: (FAILURES.index(item[0]), -item[2].confidence, item[2].id))
    return [_failure(run, *item) for item in failed]


def _failure(run: Run, what: str, question: Question, result: QuestionResult) -> _Failure:
    quoted = result.answered or result.perhaps
    withheld = not quoted and right(question, result)
    return _Failure(
        question=question,
        place=", ".join(filter(None, [result.id, question.category, half_of(result.id)])),
        verdict=what,
        confidence=f"{result.confidence:.2f}",
        kept_back=" Withheld, and right." if withheld else "",
        quoted=quoted,
        quotes=[_quoted(run, span, question) for span in result.candidates],
    )


def _quoted(run: Run, span: QuotedSpan, question: Question) -> _Quoted:
    document = run.documents.get(span.document_id)
    accepted = question.answerable and holds([span.text], question)
    return _Quoted(span, document.source if document else span.document_id, accepted)
