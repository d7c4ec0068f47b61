"""Passages with their vectors, and which of them answer."""

import numpy as np
import pytest

from rag.text.encoder import Encoder
from rag.training.bank import Bank, asked, bank, paragraphs
from rag.training.rows import Marked, OwnWords, Row, WholeDocument
from rag.training.written import paragraph_name

RIVER = "The river Aln floods in March, when the snow melts on the hills above it."
MILL = "Its mill was built in 1811 by a baker, who sold flour to the town."
WHOLE = WholeDocument(
    document="aln",
    title="The Aln",
    text="\n\n".join(["# Water", RIVER * 8, "# Work", MILL]),
    source="made",
)
PUBLIC = Row(
    question="What do bees make?",
    context="Bees make honey in May.",
    answers=(Marked(text="honey", start=10),),
    answerable=True,
    source="made",
    title="Bees",
)


def own(context: str, answer: str, document: str = "aln") -> OwnWords:
    return OwnWords(
        question="Who put up the mill?",
        context=context,
        answers=(Marked(text=answer, start=context.index(answer)),),
        answerable=True,
        source="own words: made",
        title="The Aln",
        kind="paraphrase",
        document=document,
    )


@pytest.fixture(scope="module")
def made(encoder: Encoder) -> Bank:
    return bank([WHOLE, *paragraphs([PUBLIC, own(MILL, "a baker"), PUBLIC], [WHOLE])], encoder)


def test_passages_are_cut_and_embedded_as_by_an_ingest(made: Bank, encoder: Encoder) -> None:
    assert [name for name, _, _ in made.spans] == ["aln", "aln", paragraph_name(PUBLIC.context)]
    assert "".join(WHOLE.text[start:end] for _, start, end in made.spans[:2]) == WHOLE.text
    (alone,) = encoder.encode([f"Bees\n{PUBLIC.context}"])
    assert made.passages[2] @ alone > 0.999


def test_every_sentence_has_a_vector_and_its_passage(made: Bank, encoder: Encoder) -> None:
    assert made.owner.tolist() == sorted(made.owner.tolist())
    assert set(made.owner) == {0, 1, 2} and len(made.owner) == len(made.sentences)
    (mill,) = encoder.encode([MILL])
    assert made.owner[np.argmax(made.sentences @ mill)] == 1


def test_a_question_is_answered_by_the_passage_that_its_answer_begins_in(made: Bank) -> None:
    mill, bees = asked([own(MILL, "a baker"), PUBLIC], [WHOLE], made)
    assert (mill.answering, bees.answering) == ((1,), (2,))


def test_a_question_about_what_is_not_there_is_left_out(made: Bank) -> None:
    assert asked([own("A baker came.", "A baker")], [WHOLE], made) == []
    assert asked([own(MILL, "a baker", document="elsewhere")], [WHOLE], made) == []
