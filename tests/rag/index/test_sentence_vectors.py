"""Vectors of sentences beside the store."""

from pathlib import Path

import numpy as np
import pytest

from rag.index.sentence_vectors import SentenceVectors
from rag.text.encoder import Vectors


def _vectors(count: int) -> Vectors:
    return np.random.default_rng(count).standard_normal((count, 4)).astype(np.float32)


def test_each_passage_gets_its_own_back_in_half_precision(tmp_path: Path) -> None:
    by_passage = [_vectors(2), _vectors(0), _vectors(3)]
    SentenceVectors.save(tmp_path / "sentences", by_passage)
    loaded = SentenceVectors.load(tmp_path / "sentences")
    assert len(loaded) == 3
    for row, expected in enumerate(by_passage):
        assert loaded.of(row).shape == expected.shape
        assert np.allclose(loaded.of(row), expected, rtol=1e-3)


@pytest.mark.parametrize("name", ["vectors.npy", "counts.npy"])
def test_files_that_are_gone_or_cut_are_an_error(tmp_path: Path, name: str) -> None:
    SentenceVectors.save(tmp_path / "sentences", [_vectors(2)])
    path = tmp_path / "sentences" / name
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises((OSError, ValueError)):
        SentenceVectors.load(tmp_path / "sentences")
    path.unlink()
    with pytest.raises(OSError):
        SentenceVectors.load(tmp_path / "sentences")
