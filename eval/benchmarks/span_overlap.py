"""Recall, precision and IoU of spans by character."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

DocumentSpan = tuple[Hashable, int, int]
"""A document's id, and a half-open span of its text."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How well retrieved spans cover wanted ones; shares between 0 and 1."""

    recall: float
    precision: float
    iou: float


def overlap(retrieved: Sequence[DocumentSpan], wanted: Sequence[DocumentSpan]) -> Overlap:
    """Compare retrieved spans with wanted ones, as Smith and Troynikov (2024) define it.

    With R the characters retrieved, counted again where spans overlap, W the wanted ones and H
    those of W that R holds: recall H/W, precision H/R, IoU H/(R + W - H). Nothing retrieved scores
    0 throughout. "Evaluating Chunking Strategies for Retrieval", Chroma Technical Report,
    https://research.trychroma.com/evaluating-chunking.

    Raises:
        ValueError: When nothing is wanted.
    """
    wanted = _merged(wanted)
    total = sum(end - start for _, start, end in wanted)
    if not total:
        raise ValueError("nothing is wanted")
    length = sum(end - start for _, start, end in retrieved)
    held = sum(
        max(0, min(end, wanted_end) - max(start, wanted_start))
        for document, start, end in _merged(retrieved)
        for wanted_document, wanted_start, wanted_end in wanted
        if document == wanted_document
    )
    return Overlap(held / total, held / length if length else 0.0, held / (length + total - held))


def mean_overlap(overlaps: Iterable[Overlap]) -> tuple[float, float, float]:
    """Mean recall, precision and IoU; shares between 0 and 1."""
    shares = [(overlap.recall, overlap.precision, overlap.iou) for overlap in overlaps]
    recall, precision, iou = np.mean(shares, axis=0)
    return float(recall), float(precision), float(iou)


def _merged(spans: Iterable[DocumentSpan]) -> list[DocumentSpan]:
    """The same characters in spans that do not overlap."""
    merged: list[DocumentSpan] = []
    for document, start, end in sorted(spans, key=lambda span: (str(span[0]), span[1], span[2])):
        if merged and merged[-1][0] == document and start <= merged[-1][2]:
            merged[-1] = (document, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((document, start, end))
    return merged
