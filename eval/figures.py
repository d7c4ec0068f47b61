"""Figures, their intervals, and how both are written wherever they are shown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["share", "score", "decimal", "coefficient", "milliseconds", "seconds", "megabytes"]
Sign = Literal["", "+"]

UNDEFINED = "-"
"""What stands for a figure that there is not: None, or NaN where no question tells it."""

_FORMATS: Mapping[Kind, tuple[int, int, str]] = {
    "share": (100, 1, "%"),
    "score": (1, 3, ""),
    "decimal": (1, 1, ""),  # in percent or another unit, which its column names
    "coefficient": (1, 2, ""),
    "milliseconds": (1, 0, " ms"),
    "seconds": (1, 1, " s"),
    "megabytes": (1, 0, " MB"),
}
"""By kind what a figure is multiplied by, its decimals, and its unit."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its 95% interval; all NaN where the metric has no question to go by."""

    value: float
    low: float
    high: float


def format_figure(value: float | None, kind: Kind, sign: Sign = "") -> str:
    """A figure without its interval, such as "54.2%"; "+" gives a difference its sign."""
    if value is None or math.isnan(value):
        return UNDEFINED
    scale, decimals, unit = _FORMATS[kind]
    return f"{value * scale:{sign}.{decimals}f}{unit}"


def format_interval(measured: Measured, kind: Kind, sign: Sign = "") -> str:
    """The interval alone, such as "[46.2, 62.1]", in the figure's unit; "" where there is none."""
    if math.isnan(measured.low):
        return ""
    scale, decimals, _ = _FORMATS[kind]
    ends = (f"{end * scale:{sign}.{decimals}f}" for end in (measured.low, measured.high))
    return f"[{', '.join(ends)}]"


def format_measured(measured: Measured, kind: Kind, sign: Sign = "") -> str:
    """A figure and its interval, such as "54.2% [46.2, 62.1]"."""
    value = format_figure(measured.value, kind, sign)
    return f"{value} {format_interval(measured, kind, sign)}".rstrip()
