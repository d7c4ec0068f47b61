"""Two charts as inline SVG, drawn on a unit square."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SIZE = 260
_LEFT, _TOP, _RIGHT, _BOTTOM = 58, 12, 22, 42
_WIDTH, _HEIGHT = _LEFT + _SIZE + _RIGHT, _TOP + _SIZE + _BOTTOM
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def risk_coverage(
    coverage: NDArray[np.float64], risk: NDArray[np.float64], here: tuple[float, float] | None
) -> str:
    """The share of wrong ones over the share of questions answered, the most confident first.

    Args:
        coverage: Rising, between 0 and 1.
        risk: Of the same length.
        here: The point in force, if any question is answered.
    """
    points = " ".join(
        f"{_x(share):.1f},{_y(wrong):.1f}" for share, wrong in zip(coverage, risk, strict=True)
    )
    dot = _dot("here", *here) if here else ""
    return _chart(
        "Risk over coverage",
        ("coverage: share answered", "risk: share of these wrong"),
        f'<polyline class="line" points="{points}"/>{dot}',
    )


def reliability(bins: Sequence[tuple[float, float, int]]) -> str:
    """The share of right ones over the confidence.

    Args:
        bins: Mean confidence, share of right ones and number of questions of each.
    """
    ideal = f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>'
    line = " ".join(f"{_x(sure):.1f},{_y(share):.1f}" for sure, share, _ in bins)
    dots = "".join(
        f"{_dot('bar', sure, share)}"
        f'<text x="{_x(sure) + 6:.1f}" y="{_y(share) + 13:.1f}">{count}</text>'
        for sure, share, count in bins
    )
    return _chart(
        "Reliability",
        ("confidence", "share right"),
        f'{ideal}<polyline class="line" points="{line}"/>{dots}',
    )


def _dot(kind: str, x: float, y: float) -> str:
    return f'<circle class="{kind}" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="4"/>'


def _x(value: float) -> float:
    return _LEFT + value * _SIZE


def _y(value: float) -> float:
    return _TOP + (1 - value) * _SIZE


def _chart(name: str, labels: tuple[str, str], drawn: str) -> str:
    ticks = "".join(
        f'<text x="{_x(tick)}" y="{_y(0) + 16}" text-anchor="middle">{tick:.0%}</text>'
        f'<text x="{_x(0) - 6}" y="{_y(tick) + 4}" text-anchor="end">{tick:.0%}</text>'
        f'<path class="axis" d="M{_x(0)} {_y(tick)}H{_x(1)}M{_x(tick)} {_y(0)}V{_y(1)}"/>'
        for tick in _TICKS
    )
    middle = _y(0.5)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name}">{ticks}'
        f'<text x="{_x(0.5)}" y="{_HEIGHT - 6}" text-anchor="middle">{labels[0]}</text>'
        f'<text x="11" y="{middle}" text-anchor="middle" transform="rotate(-90 11 {middle})">'
        f"{labels[1]}</text>{drawn}</svg>"
    )
