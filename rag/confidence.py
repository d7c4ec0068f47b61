"""How sure Steward may be that a sentence answers a question: one function of one record."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a question and of a sentence that might answer it.

    Attributes:
        similarity: Cosine of question and sentence.
        passage_similarity: Cosine of question and the sentence's passage.
        coverage: Share of the question's informative stems that the sentence holds.
        context: That share, weighted by idf, in the sentence, its neighbours, title and heading.
        wrong_type: Whether the question asks who, when or how many and the sentence names none.
        name_missing: Whether a name or number of the question is not in the passage or its title.
        passages: Number of passages in the index.
    """

    similarity: float
    passage_similarity: float
    coverage: float
    context: float
    wrong_type: bool
    name_missing: bool
    passages: int


def sentence_score(evidence: Evidence) -> float:
    """Orders the sentences of a question, higher is better; by logistic regression."""
    return (
        5.0 * evidence.similarity
        + 2.5 * evidence.passage_similarity
        + 2.0 * evidence.coverage
        + 2.0 * evidence.context
        - 1.0 * evidence.wrong_type
    )


def confidence(evidence: Evidence) -> float:
    """Probability that this sentence, or one of the two after it, answers the question.

    A logistic regression over the best sentence's score, fitted like the score on training-side
    questions over collections of 5 to 5,180 passages (``python -m eval.fits.evidence``); the best
    of many passages is more alike by chance, hence their number.
    """
    logit = (
        0.70 * sentence_score(evidence)
        - 0.6 * evidence.name_missing
        - 0.5 * math.log10(evidence.passages)
        - 3.45
    )
    return 1.0 / (1.0 + math.exp(-logit))
