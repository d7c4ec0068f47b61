"""ClapNQ: its measures by hand, and the benchmark on two made-up questions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.benchmarks import clapnq
from eval.benchmarks.files import read_objects
from rag.documents.files import parse, titled
from rag.records import Quote
from rag.settings import Settings
from tests.eval.benchmarks.made_up import BEES, LENA, REAL, figures, lines, real


def test_clapnq_counts_a_sentence_that_a_quote_holds_most_of() -> None:
    spans = clapnq.sentence_spans("One . Two two . One .", ["One .", "Two two .", "One ."])
    assert spans == [(0, 5), (6, 15), (16, 21)]

    def quote(start: int, end: int) -> Quote:
        return Quote(1, "d", "T", start, end, "", "0" * 64)

    assert clapnq.inside(spans, [quote(6, 11)]) == {1}
    assert clapnq.inside(spans, [quote(6, 8), quote(13, 21)]) == {2}
    assert clapnq.inside(spans, []) == set()


def test_clapnq_scores_against_the_annotator_who_agrees_most() -> None:
    sentences = ["a", "b", "c"]
    task = {
        "answerable": True,
        "passages": [{"sentences": sentences}],
        "output": [{"selected_sentences": chosen} for chosen in (["c"], ["a", "b"], [])],
    }
    unanswerable = task | {"answerable": False}
    # {a} against {a, b}: P 1, R 1/2, F1 2/3.
    found = clapnq.agreements([{0}, {0}], [task, unanswerable])
    assert found[0] == pytest.approx([1, 1 / 2, 2 / 3])
    assert np.isnan(found[1]).all()
    assert clapnq.agreements([set()], [task]).tolist() == [[0, 0, 0]]


def test_clapnq_reads_each_passage(tmp_path: Path, settings: Settings) -> None:
    def task(question: str, text: str, chosen: list[str]) -> dict[str, Any]:
        sentences = [f"{each.strip().rstrip('.')}." for each in text.split(". ")]
        return {
            "input": question,
            "passages": [{"title": "Notes", "text": text, "sentences": sentences}],
            "output": [{"selected_sentences": chosen}],
            "answerable": bool(chosen),
        }

    lines(
        tmp_path / "clapnq" / "dev.jsonl",
        task("how long is the Lena", LENA, ["The Lena is 4,294 kilometres long."]),
        task("who won the chess match", BEES, []),
    )
    result = clapnq.run(tmp_path, settings)
    assert figures(result, 1)["recall"] == 100
    assert figures(result)["AUROC"] == 100
    without_reader, first, all = (figures(result, row) for row in (3, 4, 5))
    assert without_reader["recall"] == 100
    assert first["recall"] == 0
    assert all["precision"] == 50
    assert "paired bootstrap: F1 +" in result.notes[-1]


@real
def test_the_sentences_of_clapnq_are_found_in_steward_s_text() -> None:
    for task in read_objects(REAL / "clapnq" / "dev.jsonl"):
        passage = task["passages"][0]
        document = parse(titled(passage["title"], passage["text"]).encode(), "p.txt")
        assert document.text == passage["text"]
        assert document.title == " ".join(passage["title"].split())
        assert len(clapnq.sentence_spans(document.text, passage["sentences"])) > 0
