"""Training rows to a held-out retrieval set: questions, each with the paragraph it was asked about.

Data: ``qa_train.jsonl.zst``, one object a line, of which these sources are used. SQuAD 1.1
(Rajpurkar et al. 2016, https://aclanthology.org/D16-1264, CC BY-SA 4.0); Natural Questions by way
of QED (Lamm et al. 2021, https://doi.org/10.1162/tacl_a_00398, CC BY-SA 3.0); the reddit and amazon
questions of SQuADShifts (Miller et al. 2020, https://proceedings.mlr.press/v119/miller20a.html,
CC BY 4.0); COVID-QA (Möller et al. 2020, https://aclanthology.org/2020.nlpcovid19-acl.18,
Apache-2.0).

Everything is chosen by SHA-256 of the texts, so that the set is the same wherever it is made. The
paragraphs asked about are among those that the reader was not trained on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.measuring.questions import Half
from rag.training.rows import SQUAD, Row, digest, readable_title, reserved_paragraph

_LONGEST = 3000  # characters of a paragraph
_A_PARAGRAPH = 2  # questions at most


@dataclass(frozen=True, slots=True)
class Share:
    """What is taken of a source.

    Attributes:
        name: The source's short name.
        paragraphs: In the pool.
        questions: At most.
    """

    name: str
    paragraphs: int
    questions: int


SHARES: Mapping[str, Share] = {
    SQUAD: Share("squad", 1500, 400),
    "QED/NQ-train": Share("nq", 1200, 400),
    "SQuADShifts-amazon_reviews": Share("amazon", 800, 330),
    "SQuADShifts-reddit": Share("reddit", 800, 380),
    "COVID-QA-200423 (context cropped to the paragraph)": Share("covid", 880, 330),
}
"""By the name that the rows give the source."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of the pool; in a fit, a document of one passage."""

    source: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HeldOutQuestion:
    """A question that a paragraph answers.

    Attributes:
        gold: The paragraph's place in the pool.
        starts: Offsets in it at which the marked answers begin.
    """

    source: str
    question: str
    gold: int
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """The retrieval set."""

    paragraphs: tuple[Paragraph, ...]
    questions: tuple[HeldOutQuestion, ...]


def half_by_text(text: str) -> Half:
    """The half of a question or a paragraph without an id, by the parity of its hash's second byte.

    So a question is in the same half in every collection that it is asked of.
    """
    return "reporting" if digest(text)[1] % 2 else "tuning"


def is_short(row: Row) -> bool:
    """Whether its paragraph is no longer than those of the pool."""
    return len(row.context) <= _LONGEST


def held_out(rows: Iterable[Row]) -> RetrievalSet:
    """Choose the pool and the questions, source by source in the order of ``SHARES``.

    Of a source, the paragraphs whose hash falls among the held ones are asked about; others, in the
    order of their hashes, fill the pool. A paragraph that several sources have is the first one's.
    """
    by_text: dict[str, list[Row]] = {}
    for row in rows:
        if row.source in SHARES and is_short(row):
            by_text.setdefault(row.context, []).append(row)
    paragraphs: list[Paragraph] = []
    questions: list[HeldOutQuestion] = []
    for source, share in SHARES.items():
        texts = sorted((text for text in by_text if by_text[text][0].source == source), key=digest)
        held = [text for text in texts if reserved_paragraph(text, source)]
        rest = [text for text in texts if not reserved_paragraph(text, source)]
        first = len(paragraphs)
        paragraphs += [
            Paragraph(share.name, readable_title(by_text[text][0].title), text)
            for text in held + rest[: max(0, share.paragraphs - len(held))]
        ]
        own = [
            HeldOutQuestion(
                share.name, row.question, gold, tuple(answer.start for answer in row.answers)
            )
            for gold, text in enumerate(held, first)
            for row in by_text[text]
            if row.source == source and row.answerable
        ]
        questions += _few_a_paragraph(own)[: share.questions]
    return RetrievalSet(tuple(paragraphs), tuple(questions))


def _few_a_paragraph(questions: Sequence[HeldOutQuestion]) -> list[HeldOutQuestion]:
    kept = []
    seen: Counter[int] = Counter()
    for question in sorted(questions, key=lambda held: digest(f"{held.question}{held.gold}")):
        seen[question.gold] += 1
        if seen[question.gold] <= _A_PARAGRAPH:
            kept.append(question)
    return kept
