"""The owner's pages as HTML, which need no script and allow none: templates in ``templates``."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from markupsafe import Markup

from rag.documents.files import SUFFIXES
from rag.retrieval.query import Turn
from rag.text.html import render
from ui.owner.cases import Candidate
from ui.owner.log_reading import Day
from ui.owner.overview import Asked, State
from ui.server.pages import STYLE, address
from ui.settings import ServerSettings
from ui.wording import owner_page as words
from ui.wording.numbers import counted, percent
from ui.wording.owner import moment

_STYLE = STYLE + Path(__file__).with_name("owner.css").read_text(encoding="utf-8")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)

GAPS = 20
"""Gaps that are shown of each kind; all are in the export."""

DOCUMENTS = 500
"""Documents and left-out files that are shown, likewise."""

KINDS = (("answer", "answered"), ("perhaps", "perhaps"), ("none", "not answered"))
"""What an answer may be, and how it is called here; in the order in which the bars are stacked."""

_DIGITS = 4  # of a number of files

_HEIGHT, _WIDTH, _BAR = 100.0, 640.0, 24.0


@dataclass(frozen=True, slots=True)
class Segment:
    """What of a day's bar is of one kind."""

    kind: str
    x: float
    y: float
    width: float
    height: float


def front(
    asked: Asked, state: State | None, settings: ServerSettings, done: Sequence[str] = ()
) -> str:
    """The page with all there is to see."""
    days = _every_day(asked.days)
    totals = [(kind, name, sum(day.counts.get(kind, 0) for day in days)) for kind, name in KINDS]
    cased = {(each.question, each.history) for each in asked.cases}
    return _page(
        "owner",
        "What people ask",
        asked=asked,
        state=state,
        done=done,
        files=settings.owner_files,
        accepted=",".join(sorted(SUFFIXES)),
        logged=settings.log_questions or settings.feedback or bool(asked.days),
        kept=words.kept(settings.keep_days),
        days=days,
        bars=_bars(days),
        kinds=[(kind, name, total) for kind, name, total in totals if total or kind != "perhaps"],
        behind=words.files(state.files["changed"], state.files["gone"]) if state else "",
        calibration=_calibration(state, settings) if state else "",
        is_done=lambda verdict: (verdict.question, verdict.history) in cased,
        shown=GAPS,
        listed=DOCUMENTS,
    )


def done(query: Mapping[str, str]) -> tuple[str, ...]:
    """What has just been done, as the address says that one is led to afterwards."""
    added = query.get("added", "")
    lines = {
        "made": words.made(query.get("made", "")),
        "added": words.added(int(added)) if added.isdecimal() and len(added) < _DIGITS else "",
        "removed": words.removed(query.get("removed", "")),
    }
    return tuple(line for name, line in lines.items() if query.get(name) and line)


def not_all(lines: Sequence[str], added: int) -> str:
    """What was not added or taken out, and how many were added all the same."""
    return _page(
        "owner_files", words.NOT_ALL, lines=lines, added=words.added(added) if added else ""
    )


def door(action: str, line: str) -> str:
    """The form that asks for the token and sends it there, with what is wrong."""
    return _page("owner_door", "What people ask", action=action, line=line)


def choice(
    key: str,
    question: str,
    history: Sequence[Turn],
    offered: Sequence[Candidate],
    line: str,
    own: str,
) -> str:
    """The form that asks what would have been right."""
    return _page(
        "owner_case",
        "What would have been right?",
        key=key,
        question=question,
        history=history,
        offered=offered,
        line=line,
        own=own,
    )


def _page(template: str, title: str, **values: object) -> str:
    return str(
        render(
            f"ui/server/templates/{template}.html",
            title=title,
            style=Markup(_STYLE),
            words=words,
            address=address,
            counted=counted,
            percent=percent,
            moment=moment,
            **values,
        )
    )


def _calibration(state: State, settings: ServerSettings) -> str:
    known = state.calibration
    threshold = known.threshold if settings.threshold is None else settings.threshold
    return words.calibration(known.questions, threshold, moment(state.calibrated_at or 0))


def _every_day(days: Sequence[Day]) -> list[Day]:
    """Those days and the ones between without any question, up to today."""
    if not days:
        return []
    known = {day.day: day for day in days}
    first, last = date.fromisoformat(days[0].day), datetime.now().date()
    number = max(0, (last - first).days)
    between = [str(first + timedelta(days=after)) for after in range(number + 1)]
    return [known.get(day, Day(day, {})) for day in between]


def _bars(days: Sequence[Day]) -> list[Segment]:
    """A bar for each day, of what its questions came to, in a picture of 640 by 100."""
    most = max((sum(day.counts.values()) for day in days), default=0)
    segments = []
    step = min(_BAR, _WIDTH / max(1, len(days)))
    for number, day in enumerate(days):
        top = _HEIGHT
        for kind, _ in KINDS:
            height = _HEIGHT * day.counts.get(kind, 0) / max(1, most)
            top -= height
            if height:
                x, width = round(number * step, 2), round(step * 0.8, 2)
                segments.append(Segment(kind, x, round(top, 2), width, round(height, 2)))
    return segments
