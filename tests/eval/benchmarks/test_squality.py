"""SQuALITY as a benchmark, on a story made up."""

from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.squality import KINDS, SYSTEMS, main, scores, summaries
from eval.errors import BenchmarkMissing
from rag.index.reading import Index
from tests.by_hand import EncoderByWords, index_of

STORY = [f"The {name} of the village walked to the river that day. " for name in "abcdefghijklmno"]


class Encoder(EncoderByWords):
    def is_common(self, word: str) -> bool:
        return True


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = index_of(tmp_path / "index", {"0000": STORY}, Encoder.vectors(STORY))
    return index


def test_every_system_gives_as_many_sentences(index: Index) -> None:
    for place, question in enumerate(["What is the plot?", "the village and the river"]):
        made = [text.split("\n") for text in summaries(index, Encoder(), "0000", question, place)]
        assert len({len(sentences) for sentences in made}) == 1 and len(made) == len(SYSTEMS)
        assert made[1] == [sentence.strip() for sentence in STORY[: len(made[1])]]
    index.close()


def test_what_a_person_wrote_alike_scores_full(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.benchmarks.squality.Encoder", Encoder)
    made = list(summaries(index, Encoder(), "0000", "What is the plot?", 0))
    responses = [{"response_text": "Nothing."}, {"response_text": made[0]}]
    task = {"questions": [{"question_text": "What is the plot?", "responses": responses}]}
    found = scores([task], index)
    assert found.shape == (1, len(SYSTEMS), len(KINDS)) and np.allclose(found[0, 0], 1.0)
    index.close()


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkMissing, match=r"squality/test\.jsonl"):
        main(tmp_path)
