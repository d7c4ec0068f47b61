"""What a benchmark gives: our figures beside the published ones."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchmarkTable:
    """A table and what to know about it.

    Attributes:
        title: The data and how much of it.
        columns: The figures' names.
        lines: A system's name and its figures in percent, None where it has none; ours first.
        notes: Sources, and where the protocols differ.
    """

    title: str
    columns: Sequence[str]
    lines: Sequence[tuple[str, Sequence[float | None]]]
    notes: Sequence[str]
