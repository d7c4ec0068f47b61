"""A case read by the real encoder and reader."""

from eval.fitting import evidence
from eval.fitting.cases import Case
from eval.fitting.paragraphs import document_id, embed_paragraphs, encode, index_of
from eval.fitting.regressions import SCORE
from rag.quoting.reader import Reader
from rag.text.encoder import Encoder
from tests.eval.fitting.made_up import POOL


def test_a_case_is_read_without_what_is_taken_away(encoder: Encoder, reader: Reader) -> None:
    embedded = embed_paragraphs(encoder, POOL, None)
    question = "Into which ocean does the Lena flow?"
    (vector,) = encode(encoder, [question], None)
    at = POOL[1].text.index("Arctic")
    there = Case((0, 1, 2), question, 1, (at,), "large: answerable", "squad")
    gone = Case((0, 1, 2), question, None, (), "large: taken away", "squad", frozenset({1}))
    with index_of(embedded, (0, 1, 2)) as index:
        present = evidence.read(index, reader, there, vector, document_id(1))
        absent = evidence.read(index, reader, gone, vector, None)
    assert present.holds.tolist() == [True, *[False] * 5]
    assert present.evidence.shape == (6, len(SCORE))
    assert present.evidence[0, SCORE.index("reading")] > max(present.evidence[1:, 0])
    assert present.passages == absent.passages == 3
    assert len(absent.holds) == 4
    assert not absent.holds.any()
