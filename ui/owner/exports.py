"""Gaps and complaints as JSON and CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from ui.owner.gaps import Gap
from ui.owner.records import Verdict
from ui.wording.owner import moment


def gaps_as_json(found: Mapping[str, Sequence[Gap]]) -> dict[str, list[dict[str, Any]]]:
    """Gaps by their kind, as values of JSON."""
    return {kind: [_as_json(gap) for gap in gaps] for kind, gaps in found.items()}


def gaps_as_csv(found: Mapping[str, Sequence[Gap]]) -> str:
    """Gaps by their kind, a row each."""
    rows: list[list[object]] = [["kind", "count", "example", "other wordings", "nearest", "last"]]
    for kind, gaps in found.items():
        for gap in gaps:
            others, near = "\n".join(gap.questions[1:]), "\n".join(gap.nearest)
            rows.append([kind, gap.count, gap.example, others, near, moment(gap.at)])
    return _csv(rows)


def complaints_as_csv(complaints: Sequence[Verdict]) -> str:
    """Complaints with the answer as it was, a row each."""
    rows: list[list[object]] = [["day", "question", "kind", "confidence", "answer", "words"]]
    for each in complaints:
        answer = "\n".join(f"{quote.text} ({quote.title})" for quote in each.quotes)
        day, share = moment(each.at), round(each.confidence, 3)
        rows.append([day, each.question, each.kind, share, answer, each.words])
    return _csv(rows)


def _as_json(gap: Gap) -> dict[str, Any]:
    return {
        "example": gap.example,
        "count": gap.count,
        "questions": gap.questions,
        "nearest": gap.nearest,
        "last": moment(gap.at),
    }


def _csv(rows: Sequence[Sequence[object]]) -> str:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    for row in rows:
        table.writerow([_cell(each) if isinstance(each, str) else each for each in row])
    return written.getvalue()


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
