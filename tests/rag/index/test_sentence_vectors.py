"""Vectors of sentences beside the store."""

from pathlib import Path

import numpy as np
import pytest

from rag.index.sentence_vectors import SentenceVectors
from rag.text.encoder import Vectors
from rag.text.sentences import Span


def _vectors(count: int) -> Vectors:
    return np.random.default_rng(count).standard_normal((count, 4)).astype(np.float32)


def _spans(count: int) -> list[Span]:
    return [(10 * place, 10 * place + 9) for place in range(count)]


def test_each_passage_gets_its_own_back_in_half_precision(tmp_path: Path) -> None:
    by_passage = [_vectors(2), _vectors(0), _vectors(3)]
    spans = [_spans(len(own)) for own in by_passage]
    SentenceVectors.save(tmp_path / "sentences", by_passage, spans)
    loaded = SentenceVectors.load(tmp_path / "sentences")
    assert len(loaded) == 3
    for row, expected in enumerate(by_passage):
        assert loaded.of(row).shape == expected.shape
        assert np.allclose(loaded.of(row), expected, rtol=1e-3)
        assert loaded.spans(row) == tuple(spans[row])


@pytest.mark.parametrize("name", ["vectors.npy", "spans.npy", "counts.npy"])
def test_files_that_are_gone_or_cut_are_an_error(tmp_path: Path, name: str) -> None:
    SentenceVectors.save(tmp_path / "sentences", [_vectors(2)], [_spans(2)])
    path = tmp_path / "sentences" / name
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises((OSError, ValueError)):
        SentenceVectors.load(tmp_path / "sentences")
    path.unlink()
    with pytest.raises(OSError):
        SentenceVectors.load(tmp_path / "sentences")


@pytest.mark.parametrize("shape", [(1, 2), (3, 2), (2, 1), (2,)])
def test_spans_of_other_sentences_than_the_vectors_are_an_error(
    tmp_path: Path, shape: tuple[int, ...]
) -> None:
    SentenceVectors.save(tmp_path / "sentences", [_vectors(2)], [_spans(2)])
    np.save(tmp_path / "sentences" / "spans.npy", np.zeros(shape, dtype=np.int32))
    with pytest.raises(ValueError, match="do not fit together"):
        SentenceVectors.load(tmp_path / "sentences")
