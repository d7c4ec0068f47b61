"""The chunking benchmark on two short corpora."""

import json
from pathlib import Path

import pytest

from eval.benchmarks import chunking
from rag.settings import Settings
from tests.eval.benchmarks.made_up import BEES, LENA, figures


def test_chunking_finds_the_excerpts_of_two_short_corpora(
    tmp_path: Path, settings: Settings
) -> None:
    folder = tmp_path / "data" / "chunking"
    (folder / "corpora").mkdir(parents=True)
    (folder / "corpora" / "bees.md").write_text(BEES)
    (folder / "corpora" / "rivers.md").write_text(LENA)
    content = "The Lena is 4,294 kilometres long."
    start = LENA.index(content)
    reference = {"content": content, "start_index": start, "end_index": start + len(content)}
    cell = json.dumps([reference]).replace('"', '""')
    (folder / "questions.csv").write_text(
        "question,references,corpus_id\n"
        f'How long is the Lena?,"{cell}",rivers\n'
        'What do bees collect?,"[{""content"": ""Bees"", ""start_index"": 0, ""end_index"": 4}]",'
        "bees\n"
    )
    result = chunking.run(tmp_path / "data", settings)
    passages, quotes = figures(result), figures(result, 1)
    # Both corpora are one passage, and both are retrieved for either question.
    whole = len(BEES) + len(LENA)
    assert passages["recall"] == 100
    assert passages["precision"] == pytest.approx((len(content) + 4) / 2 / whole * 100)
    assert quotes["recall"] == 100
    assert quotes["IoU"] is not None
    assert passages["IoU"] is not None
    assert quotes["IoU"] > passages["IoU"]
    assert passages["tokens"] is not None
    assert 10 < passages["tokens"] < 30
