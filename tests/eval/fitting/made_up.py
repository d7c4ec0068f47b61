"""A made-up pool of paragraphs, and made-up cases, for the fits."""

from collections.abc import Sequence

import numpy as np

from eval.fitting.regressions import SCORE, CaseCandidates
from eval.fitting.retrieval_set import Paragraph

POOL = (
    Paragraph("squad", "Bees", "Bees collect nectar from flowers. They dry it in cells of wax."),
    Paragraph("squad", "Lena", "The Lena flows north to the Arctic Ocean. It freezes in winter."),
    Paragraph("squad", "Tea", "Green tea is not fermented. Black tea is fully fermented."),
)


def scored_case(scores: Sequence[float], holds: int | None, passages: int = 100) -> CaseCandidates:
    """A case whose candidates differ in their reading alone."""
    features = np.zeros((len(scores), len(SCORE)))
    features[:, SCORE.index("reading")] = scores
    return CaseCandidates(features, np.arange(len(scores)) == holds, passages)
