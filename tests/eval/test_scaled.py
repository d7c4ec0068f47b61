"""Passages made by joining paragraphs."""

import numpy as np

from eval.scaled import PASSAGES, make
from rag.records import passage_id

TEXTS = [f"Paragraph {number} of the text." for number in range(60)]
VECTORS = np.eye(60, 384, dtype=np.float32)


def test_passages_are_joined_of_paragraphs_with_their_vectors() -> None:
    made = make(TEXTS, VECTORS, PASSAGES + 5)
    assert [each.id for each in made.parts.passages] == [
        passage_id(document.id, ordinal)
        for document, count in zip(made.documents, (PASSAGES, 5), strict=True)
        for ordinal in range(count)
    ]
    assert np.allclose(np.linalg.norm(made.parts.vectors, axis=1), 1)
    of_all = zip(
        made.parts.passages,
        made.parts.vectors,
        made.parts.sentence_vectors,
        made.parts.spans,
        strict=True,
    )
    for passage, vector, own, spans in of_all:
        for (start, end), paragraph in zip(spans, own, strict=True):
            assert passage.text[start:end] == TEXTS[int(paragraph.argmax())]
        assert float(vector @ own.mean(axis=0)) > 0.55  # of three at right angles, .577
    texts = [made.documents[0].length, made.documents[1].length]
    ends = [passage.end for passage in made.parts.passages]
    assert [ends[PASSAGES - 1], ends[-1]] == texts


def test_the_same_size_is_made_the_same() -> None:
    assert make(TEXTS, VECTORS, 30).parts.passages == make(TEXTS, VECTORS, 30).parts.passages
