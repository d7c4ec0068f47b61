"""``report.html``: one page that explains a run, with nothing fetched from anywhere.

Everything that comes from a question, a document or a file name is escaped; there is no script.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from eval.figures import Measured, format_figure, format_interval
from eval.measuring import charts
from eval.measuring.metrics import METRICS, bin_of, selective_risk
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
    body = [
        "<h1>Steward: evaluation</h1>",
        _summary(run),
        _metrics(run, measured),
        _charts(run),
        _categories(run),
        _failures(run),
    ]
    return _PAGE.format(style=_STYLE, body="\n".join(body))


def _summary(run: Run) -> str:
    answerable = sum(question.answerable for question in run.questions)
    count = len(run.questions)
    text = (
        f"{count} questions, {answerable} of them answerable, put to "
        f"{len(run.documents)} documents. Steward answers from a confidence of "
        f"{run.threshold:g}."
    )
    missing = ""
    if run.unfindable:
        missing = (
            "<p><strong>No document holds any accepted quote of these questions</strong>, so no "
            f"answer to them can be right: {escape(', '.join(run.unfindable))}</p>"
        )
    return f"<p>{text}</p>{missing}"


def _metrics(run: Run, measured: Mapping[str, Mapping[str, Measured]]) -> str:
    heads = [f"{name} ({len(run.part(name).questions)})" for name in measured]
    lines = []
    for name, metric in METRICS.items():
        cells = (
            f"{format_figure(part[name].value, metric.kind)}"
            f"<span>{format_interval(part[name], metric.kind)}</span>"
            for part in measured.values()
        )
        arrow = "↑" if metric.better == "higher" else "↓"
        lines.append([f"{escape(metric.label)} {arrow}", *cells])
    note = (
        "Below each figure its 95% bootstrap interval; ↑ the higher the better, ↓ the lower. "
        "Definitions and sources are in eval/README.md."
    )
    return f"<h2>Figures</h2>{_table(['', *heads], lines)}<p class=note>{note}</p>"


def _charts(run: Run) -> str:
    outcomes = run.outcomes()
    risk = selective_risk(outcomes)
    coverage = np.arange(1, len(outcomes) + 1) / len(outcomes)
    shown = outcomes.answered
    here = None
    if shown.any():
        here = float(shown.mean()), float((~outcomes.supported[shown]).mean())
    bins = bin_of(outcomes.confidence)
    bars = []
    for number in sorted(set(bins.tolist())):
        inside = bins == number
        sure, share = outcomes.confidence[inside].mean(), outcomes.supported[inside].mean()
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


def _categories(run: Run) -> str:
    verdicts: dict[str, list[str]] = {}
    for question, result in zip(run.questions, run.results, strict=True):
        verdicts.setdefault(question.category, []).append(verdict(question, result))
    lines = [
        [escape(category) or "–", str(len(own)), *(str(own.count(name)) for name in VERDICTS)]
        for category, own in verdicts.items()
    ]
    return f"<h2>By category</h2>{_table(['', 'questions', *VERDICTS], lines)}"


def _failures(run: Run) -> str:
    failed = [
        (what, question, result)
        for question, result in zip(run.questions, run.results, strict=True)
        if (what := verdict(question, result)) in FAILURES
    ]
    failed.sort(key=lambda item: (FAILURES.index(item[0]), -item[2].confidence, item[2].id))
    articles = "\n".join(_failure(run, *item) for item in failed)
    return f"<h2>Failures ({len(failed)})</h2>{articles or '<p>None.</p>'}"


def _failure(run: Run, what: str, question: Question, result: QuestionResult) -> str:
    place = ", ".join(filter(None, [result.id, question.category, half_of(result.id)]))
    kept_back = ""
    if not result.answered and _right(question, result):
        kept_back = " Withheld, and right."
    history = "".join(
        f"<p class=dim>{escape(asked)} <br>→ {escape(answered)}</p>"
        for asked, answered in question.history
    )
    quotes = "".join(_quote(run, span, question) for span in result.candidates)
    label = "Quoted" if result.answered else "Would have quoted"
    wanted = "".join(
        f"<blockquote class=wanted>{escape(quote)}</blockquote>" for quote in question.quotes
    )
    documents = f" (in {escape(', '.join(question.documents))})" if question.documents else ""
    return (
        f"<article>{history}<h3>{escape(question.question)}</h3>"
        f"<p class=dim>{escape(place)}: {what}, confidence {result.confidence:.2f}.{kept_back}</p>"
        f"<p>{label}:</p>{quotes or '<p class=dim>nothing</p>'}"
        + (
            f"<p>Expected any of{documents}:</p>{wanted}"
            if wanted
            else "<p>Expected a refusal.</p>"
        )
        + "</article>"
    )


def _quote(run: Run, span: QuotedSpan, question: Question) -> str:
    right = question.answerable and holds([span.text], question)
    document = run.documents.get(span.document_id)
    source = document.source if document else span.document_id
    return (
        f"<blockquote class={'wanted' if right else 'wrong'}>{escape(span.text)}<br>"
        f"<span class=dim>{escape(source)}, characters {span.start}–{span.end}</span></blockquote>"
    )


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in heads)
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<div class=wide tabindex=0>{table}</div>"


def verdict(question: Question, result: QuestionResult) -> str:
    """What became of a question, one of ``VERDICTS``."""
    if not result.answered:
        return "wrongly refused" if question.answerable else "rightly refused"
    if not question.answerable:
        return "answered, not answerable"
    return "right" if _right(question, result) else "wrong quote"


def _right(question: Question, result: QuestionResult) -> bool:
    return holds([span.text for span in result.candidates], question)
