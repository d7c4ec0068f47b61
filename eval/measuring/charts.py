"""Two charts as inline SVG, drawn on a unit square."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from rag.text.html import render

_SIZE = 260
_LEFT, _TOP, _RIGHT, _BOTTOM = 58, 12, 22, 42
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class _Dot:
    kind: str
    x: float
    y: float
    note: str = ""


def risk_coverage(
    coverage: NDArray[np.float64],
    risk: NDArray[np.float64],
    here: tuple[float, float] | None,
    perhaps: tuple[float, float] | None,
) -> Markup:
    """The share of wrong ones over the share of questions answered, the most confident first.

    Args:
        coverage: Rising, between 0 and 1.
        risk: Of the same length.
        here: The point of what is answered, if any question is.
        perhaps: Likewise of what is answered or quoted as what may answer.
    """
    return _chart(
        "Risk over coverage",
        ("coverage: share answered", "risk: share of these wrong"),
        list(zip(coverage.tolist(), risk.tolist(), strict=True)),
        [_Dot(kind, *point) for kind, point in (("perhaps", perhaps), ("here", here)) if point],
    )


def reliability(bins: Sequence[tuple[float, float, int]]) -> Markup:
    """The share of right ones over the confidence.

    Args:
        bins: Mean confidence, share of right ones and number of questions of each.
    """
    return _chart(
        "Reliability",
        ("confidence", "share right"),
        [(sure, share) for sure, share, _ in bins],
        [_Dot("bar", sure, share, str(count)) for sure, share, count in bins],
        ideal=True,
    )


def _chart(
    name: str,
    labels: tuple[str, str],
    line: Sequence[tuple[float, float]],
    dots: Sequence[_Dot],
    ideal: bool = False,
) -> Markup:
    return render(
        "eval/measuring/templates/chart.html",
        name=name,
        width=_LEFT + _SIZE + _RIGHT,
        height=_TOP + _SIZE + _BOTTOM,
        ticks=_TICKS,
        across=labels[0],
        upward=labels[1],
        line=line,
        dots=dots,
        ideal=ideal,
        x=_x,
        y=_y,
    )


def _x(value: float) -> float:
    return round(_LEFT + value * _SIZE, 1)


def _y(value: float) -> float:
    return round(_TOP + (1 - value) * _SIZE, 1)
