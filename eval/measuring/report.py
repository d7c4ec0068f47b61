"""``report.html``: one page that explains a run, with nothing fetched from anywhere.

Everything that comes from a question, a document or a file name is escaped; there is no script.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from eval.measuring import charts
from eval.measuring.intervals import Measured
from eval.measuring.metrics import METRICS, Metric, bin_of, selective_risk
from eval.measuring.questions import Question, half_of, holds
from eval.measuring.results import QuestionResult, QuotedSpan
from eval.measuring.run import Run

VERDICTS = (
    "right",
    "rightly refused",
    "answered, not answerable",
    "wrong quote",
    "wrongly refused",
)
FAILURES = VERDICTS[2:]

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #5b6570; --line: #d5dae0;
  --paper: #fff; --panel: #f4f6f8; --mark: #0b5cad; --bad: #b3261e; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --dim: #a0a9b4; --line: #3a424c;
  --paper: #14181d; --panel: #1d232a; --mark: #6cb2ff; --bad: #ff8a80; --good: #6bd68a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
p.note { color: var(--dim); max-width: 44rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem .3rem 0; text-align: right; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: normal; }
th:first-child, td:first-child { text-align: left; }
td span { color: var(--dim); font-size: .85rem; white-space: nowrap; display: block; }
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
figure { margin: 0; } figcaption { color: var(--dim); font-size: .9rem; }
svg { width: 100%; height: auto; max-width: 30rem; }
svg text { fill: var(--dim); font: 11px system-ui, sans-serif; }
svg .axis { stroke: var(--line); fill: none; } svg .line { stroke: var(--mark); fill: none;
  stroke-width: 2; } svg .bar { fill: var(--mark); } svg .ideal { stroke: var(--dim); fill: none;
  stroke-dasharray: 4 4; } svg .here { fill: var(--bad); }
article { background: var(--panel); border-radius: .5rem; padding: .8rem 1rem; margin: .8rem 0; }
article h3 { font-size: 1rem; margin: 0 0 .3rem; } article p { margin: .3rem 0; }
blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 3px solid var(--line);
  white-space: pre-line; }
blockquote.wrong { border-color: var(--bad); } blockquote.wanted { border-color: var(--good); }
.dim { color: var(--dim); font-size: .9rem; }
@media (max-width: 34rem) { table { font-size: .85rem; } th, td { padding-right: .5rem; }
  td span { white-space: normal; } }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Steward: evaluation</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


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
    body = [
        "<h1>Steward: evaluation</h1>",
        _summary(found),
        _metrics(found, measured),
        _charts(found),
        _categories(found),
        _failures(found),
    ]
    return _PAGE.format(style=_STYLE, body="\n".join(body))


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


def _summary(found: Run) -> str:
    answerable = sum(question.answerable for question in found.questions)
    count = len(found.questions)
    text = (
        f"{count} questions, {answerable} of them answerable, put to "
        f"{len(found.documents)} documents. Steward answers from a confidence of "
        f"{found.threshold:g}."
    )
    missing = ""
    if found.unfindable:
        missing = (
            "<p><strong>No document holds any accepted quote of these questions</strong>, so no "
            f"answer to them can be right: {escape(', '.join(found.unfindable))}</p>"
        )
    return f"<p>{text}</p>{missing}"


def _metrics(found: Run, measured: Mapping[str, Mapping[str, Measured]]) -> str:
    heads = [f"{name} ({len(found.part(name).questions)})" for name in measured]
    lines = []
    for name, metric in METRICS.items():
        cells = [figure(metric, part[name]) for part in measured.values()]
        shown = (f"{value}<span>{interval}</span>" for value, interval in cells)
        arrow = "↑" if metric.better == "higher" else "↓"
        lines.append([f"{escape(metric.label)} {arrow}", *shown])
    note = (
        "Below each figure its 95% bootstrap interval; ↑ the higher the better, ↓ the lower. "
        "Definitions and sources are in eval/README.md."
    )
    return f"<h2>Figures</h2>{_table(['', *heads], lines)}<p class=note>{note}</p>"


def _charts(found: Run) -> str:
    results = found.outcomes()
    risk = selective_risk(results)
    coverage = np.arange(1, len(results) + 1) / len(results)
    shown = results.answered
    here = None
    if shown.any():
        here = float(shown.mean()), float((~results.supported[shown]).mean())
    bins = bin_of(results.confidence)
    bars = []
    for number in sorted(set(bins.tolist())):
        inside = bins == number
        sure, share = results.confidence[inside].mean(), results.supported[inside].mean()
        bars.append((float(sure), float(share), int(inside.sum())))
    return (
        "<h2>How far the confidence can be trusted</h2><div class=charts>"
        f"<figure>{charts.risk_coverage(coverage, risk, here)}<figcaption>Risk and coverage: of "
        "the most confident share of all questions, how many would be answered wrongly. The dot "
        "is this run at its threshold. A line that stays low for long is good.</figcaption>"
        "</figure>"
        f"<figure>{charts.reliability(bars)}<figcaption>Reliability: of the questions with about "
        "this confidence, the share whose quotes are right. On the dashed line the confidence "
        "means what it says. Beside each point, its number of questions.</figcaption>"
        "</figure></div>"
    )


def _categories(found: Run) -> str:
    verdicts: dict[str, list[str]] = {}
    for question, row in zip(found.questions, found.results, strict=True):
        verdicts.setdefault(question.category, []).append(verdict(question, row))
    lines = [
        [escape(name) or "–", str(len(own)), *(str(own.count(each)) for each in VERDICTS)]
        for name, own in verdicts.items()
    ]
    return f"<h2>By category</h2>{_table(['', 'questions', *VERDICTS], lines)}"


def _failures(found: Run) -> str:
    failed = [
        (verdict(question, row), question, row)
        for question, row in zip(found.questions, found.results, strict=True)
    ]
    failed = [each for each in failed if each[0] in FAILURES]
    failed.sort(key=lambda each: (FAILURES.index(each[0]), -each[2].confidence, each[2].id))
    articles = "\n".join(_failure(found, *each) for each in failed)
    return f"<h2>Failures ({len(failed)})</h2>{articles or '<p>None.</p>'}"


def _failure(found: Run, what: str, question: Question, row: QuestionResult) -> str:
    place = ", ".join(filter(None, [row.id, question.category, half_of(row.id)]))
    kept_back = "" if row.answered else " Withheld, and right." if _right(question, row) else ""
    history = "".join(
        f"<p class=dim>{escape(asked)} <br>→ {escape(answered)}</p>"
        for asked, answered in question.history
    )
    quotes = "".join(_quote(found, span, question) for span in row.candidates)
    label = "Quoted" if row.answered else "Would have quoted"
    wanted = "".join(
        f"<blockquote class=wanted>{escape(quote)}</blockquote>" for quote in question.quotes
    )
    documents = f" (in {escape(', '.join(question.documents))})" if question.documents else ""
    return (
        f"<article>{history}<h3>{escape(question.question)}</h3>"
        f"<p class=dim>{escape(place)}: {what}, confidence {row.confidence:.2f}.{kept_back}</p>"
        f"<p>{label}:</p>{quotes or '<p class=dim>nothing</p>'}"
        + (
            f"<p>Expected any of{documents}:</p>{wanted}"
            if wanted
            else "<p>Expected a refusal.</p>"
        )
        + "</article>"
    )


def _quote(found: Run, span: QuotedSpan, question: Question) -> str:
    right = question.answerable and holds([span.text], question)
    document = found.documents.get(span.document_id)
    source = document.source if document else span.document_id
    return (
        f"<blockquote class={'wanted' if right else 'wrong'}>{escape(span.text)}<br>"
        f"<span class=dim>{escape(source)}, characters {span.start}–{span.end}</span></blockquote>"
    )


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    head = "".join(f"<th scope=col>{escape(each)}</th>" for each in heads)
    rows = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in line)}</tr>" for line in lines)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<div class=wide tabindex=0>{table}</div>"


def verdict(question: Question, row: QuestionResult) -> str:
    """What became of a question, one of ``VERDICTS``."""
    if not row.answered:
        return "wrongly refused" if question.answerable else "rightly refused"
    if not question.answerable:
        return "answered, not answerable"
    return "right" if _right(question, row) else "wrong quote"


def _right(question: Question, row: QuestionResult) -> bool:
    return holds([span.text for span in row.candidates], question)
