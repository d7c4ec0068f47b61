"""How sure Steward may be that a sentence answers a question: one function of one record."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a question and a sentence that might answer it. All lie between 0 and 1.

    Attributes:
        similarity: Cosine of question and sentence, 0 where it is negative.
        coverage: Share of the question's informative words, weighted by idf, in the sentence.
        context: The same share in the sentence's passage, its title and heading.
        retrieval: The passage's fused score.
        unknown: Share of the question's names and numbers that no document holds.
    """

    similarity: float
    coverage: float
    context: float
    retrieval: float
    unknown: float


def confidence(evidence: Evidence) -> float:
    """Probability that the sentence answers the question, by logistic regression."""
    logit = (
        -7.0
        + 5.0 * evidence.similarity
        + 2.0 * evidence.coverage
        + 3.0 * evidence.context
        + 2.0 * evidence.retrieval
        - 3.0 * evidence.unknown
    )
    return 1.0 / (1.0 + math.exp(-logit))
