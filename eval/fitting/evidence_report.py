"""The tables of ``eval.fitting.evidence``: coefficients, figures, and what refusing gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from rich.table import Table

from eval.figures import format_figure, format_interval
from eval.fitting.cases import Case
from eval.fitting.macro import Names, difference, macro
from eval.fitting.regressions import (
    CONFIDENCE,
    SCORE,
    Best,
    CaseCandidates,
    choose,
    equal_weights,
    fit,
)
from eval.measuring.metrics import Bools, Floats, auroc, calibration_error
from rag.quoting.confidence import SHIPPED, Weights

THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)

_HUMAN = "human-written"  # in a kind; made to look like what the paragraph answers


@dataclass(frozen=True, slots=True)
class CaseArrays:
    """The cases as arrays of one shape, (cases,)."""

    groups: Names
    kinds: Names
    answerable: Bools
    reporting: Bools

    @classmethod
    def of(cls, cases: Sequence[Case]) -> "CaseArrays":
        """The cases in their order."""
        return cls(
            groups=np.array([case.group for case in cases]),
            kinds=np.array([case.kind for case in cases]),
            answerable=np.array([case.gold is not None for case in cases]),
            reporting=np.array([case.reporting for case in cases]),
        )

    def take(self, kept: Bools) -> "CaseArrays":
        """Some of them."""
        return CaseArrays(
            self.groups[kept], self.kinds[kept], self.answerable[kept], self.reporting[kept]
        )


def report(cases: Sequence[Case], candidates: Sequence[CaseCandidates]) -> Iterator[Table]:
    """Coefficients; then, of the reporting half, figures by group and AUROC by kind."""
    arrays = CaseArrays.of(cases)
    weights = equal_weights(arrays.groups, arrays.answerable)
    tuning = list(compress(candidates, ~arrays.reporting))
    reported = list(compress(candidates, arrays.reporting))
    refit = fit(tuning, weights[~arrays.reporting])
    without = fit(tuning, weights[~arrays.reporting], SCORE[1:])
    yield _coefficients(
        {
            "shipped": SHIPPED,
            "fitted on the tuning half": refit,
            "fitted on all": fit(candidates, weights),
            "without the reader, on the tuning half": without,
        }
    )
    ours, refitted = choose(reported, SHIPPED), choose(reported, refit)
    part = arrays.take(arrays.reporting)
    yield _groups(part, ours, refitted)
    yield _kinds(part, ours, refitted)
    yield _gains(part, ours, refitted)
    yield _thresholds(part, ours, weights[arrays.reporting])


def _coefficients(fitted: Mapping[str, Weights]) -> Table:
    table = Table("coefficient", *fitted)
    for name in (*SCORE, *CONFIDENCE):
        shown = name if name in SCORE else f"confidence: {name}"
        values = (getattr(weights, name) for weights in fitted.values())
        table.add_row(shown, *(format_figure(value, "coefficient") for value in values))
    return table


def _groups(arrays: CaseArrays, ours: Best, refitted: Best) -> Table:
    """Hits over answerable cases, AUROC of answerable against not, and calibration error."""
    columns = ("hit@1", "hit@3", "AUROC", "ECE")
    table = Table("reporting half: shipped", "cases", *columns, *(f"refit {c}" for c in columns))
    small = _small(arrays)
    parts = {group: arrays.groups == group for group in np.unique(arrays.groups)}
    parts |= {"all small ones": small, "all large ones": ~small, "all": small | ~small}
    for name, inside in parts.items():
        able, groups = arrays.answerable[inside], arrays.groups[inside]
        values = []
        for best in (ours, refitted):
            first, third = best.first[inside].astype(float), best.third[inside].astype(float)
            probability = best.probability[inside]
            aurocs = [auroc(probability[groups == g], able[groups == g]) for g in np.unique(groups)]
            values += [
                macro(first[able], groups[able]),
                macro(third[able], groups[able]),
                np.mean(aurocs),
                calibration_error(probability, best.third[inside]),
            ]
        cases = f"{able.sum()} + {(~able).sum()}"
        table.add_row(name, cases, *(format_figure(float(value), "score") for value in values))
    return table


def _kinds(arrays: CaseArrays, ours: Best, refitted: Best) -> Table:
    """AUROC of each kind of unanswerable case against the answerable ones of its group."""
    table = Table("AUROC, unanswerable", "source", "cases", "shipped", "refit")
    unable = ~arrays.answerable
    pairs = sorted(set(zip(arrays.kinds[unable], arrays.groups[unable], strict=True)))
    for kind, group in pairs:
        own = (arrays.kinds == kind) & (arrays.groups == group)
        either = own | (arrays.answerable & (arrays.groups == group))
        labels = arrays.answerable[either]
        values = (float(auroc(best.probability[either], labels)) for best in (ours, refitted))
        source = group.partition("/")[2]
        scores = (format_figure(value, "score") for value in values)
        table.add_row(kind, source, f"{own.sum()}", *scores)
    return table


def _gains(arrays: CaseArrays, ours: Best, refitted: Best) -> Table:
    """What the refit gains over answerable cases, every group counting the same."""
    table = Table("refit less shipped", "difference", "95% interval")
    able = arrays.answerable
    for name, new, old in (
        ("hit@1", refitted.first, ours.first),
        ("hit@3", refitted.third, ours.third),
    ):
        less = new[able].astype(np.float64) - old[able]
        measured = difference(less, arrays.groups[able])
        gain = format_figure(measured.value, "score", "+")
        table.add_row(name, gain, format_interval(measured, "score", "+"))
    return table


def _thresholds(arrays: CaseArrays, ours: Best, weights: Floats) -> Table:
    """What the shipped confidence gives at a threshold, in the small collections."""
    table = Table(
        "threshold, small collections, shipped",
        "right, of answerable",
        "refused, of unanswerable",
        "refused, human-written ones left out",
        "precision",
        "precision, human-written ones left out",
    )
    small, able = _small(arrays), arrays.answerable
    ordinary = small & np.array([_HUMAN not in kind for kind in arrays.kinds])

    def share(part: Bools, whole: Bools) -> str:
        total = weights[whole].sum()
        return format_figure(weights[part & whole].sum() / total if total else None, "score")

    for threshold in THRESHOLDS:
        shown = ours.probability >= threshold
        table.add_row(
            f"{threshold:.2f}",
            share(shown & ours.third, small & able),
            share(~shown, small & ~able),
            share(~shown, ordinary & ~able),
            share(ours.third, small & shown),
            share(ours.third, ordinary & shown),
        )
    return table


def _small(arrays: CaseArrays) -> Bools:
    return np.array([not group.startswith("large/") for group in arrays.groups])
