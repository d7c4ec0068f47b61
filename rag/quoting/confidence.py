"""How sure Steward may be that a sentence answers a question: a few weights over one record."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a question and of a sentence that might answer it.

    Attributes:
        reading: The reader's margin of the likeliest answer in the sentence over "no answer in this
            passage", a logit.
        similarity: Cosine of question and sentence, or of the sentence with the heading it stands
            below; 1 where that asks the question in its words.
        passage_similarity: Cosine of question and the sentence's passage.
        coverage: Share of the question's informative stems that the sentence holds.
        context: That share, weighted by idf, in the sentence, its neighbours, title and headings.
        passages: Number of passages in the index.
    """

    reading: float
    similarity: float
    passage_similarity: float
    coverage: float
    context: float
    passages: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Two logistic regressions: the sentence score, and on top of it the confidence.

    Attributes:
        reading: Of the score, as the next four; each is the weight of the evidence of that name.
        slope: Of the confidence, the weight of the score; likewise ``size`` of log10 of the
            passages, and ``offset``.
    """

    reading: float
    similarity: float
    passage_similarity: float
    coverage: float
    context: float
    slope: float
    size: float
    offset: float

    def score(self, evidence: Evidence) -> float:
        """Orders the sentences of a question, higher is better."""
        return (
            self.reading * evidence.reading
            + self.similarity * evidence.similarity
            + self.passage_similarity * evidence.passage_similarity
            + self.coverage * evidence.coverage
            + self.context * evidence.context
        )

    def confidence(self, evidence: Evidence) -> float:
        """Probability that this sentence, or one of the two after it, answers the question.

        The best of many passages is more alike by chance, hence their number.
        """
        logit = (
            self.slope * self.score(evidence)
            + self.size * math.log10(evidence.passages)
            + self.offset
        )
        return 1.0 / (1.0 + math.exp(-logit))


SHIPPED = Weights(
    reading=0.3,
    similarity=5.0,
    passage_similarity=0.0,
    coverage=0.0,  # of the words in the sentence itself nothing is left beside the reading
    context=3.0,
    slope=0.57,
    size=-0.51,
    offset=-1.82,
)
"""Fitted on own-words questions of the fitting documents (``eval/README.md`` has the tables), but
for ``size``, which is that of collections of 5 to 5,180 passages."""
