"""MTRAG-UN: its measures, and the benchmark on made-up conversations."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from eval.benchmarks import mtrag_un
from eval.benchmarks.files import read_objects
from rag.settings import Settings
from tests.eval.benchmarks.made_up import BEES, LENA, REAL, figures, lines, real


@given(
    st.permutations(list("abcdefghijklmn")), st.sets(st.sampled_from("abcdefghijklmn"), min_size=1)
)
def test_ndcg_agrees_with_scikit_learn(ranked: list[str], relevant: set[str]) -> None:
    truth = [[each in relevant for each in ranked]]
    scores = [list(range(len(ranked), 0, -1))]
    expected = ndcg_score(np.array(truth, dtype=int), np.array(scores), k=10)
    assert mtrag_un.ndcg(ranked, relevant, 10) == pytest.approx(expected)


def test_recall_and_ndcg_of_a_short_ranking() -> None:
    assert mtrag_un.recall(["a", "x", "b"], {"a", "b", "c"}, 2) == pytest.approx(1 / 3)
    assert mtrag_un.ndcg([], {"a"}, 10) == 0


def turn(speaker: str, text: str) -> dict[str, str]:
    return {"speaker": speaker, "text": text}


def test_a_conversation_is_its_last_turn_and_the_pairs_before() -> None:
    turns = [turn("user", "1"), turn("agent", "2"), turn("user", "3"), turn("agent", "4")]
    assert mtrag_un.conversation([*turns, turn("user", "5")]) == ("5", [("1", "2"), ("3", "4")])
    assert mtrag_un.conversation([turn("user", "1")]) == ("1", [])


def test_mtrag_un_ranks_the_pool_for_follow_up_questions(
    tmp_path: Path, settings: Settings
) -> None:
    def task(mark: str, contexts: dict[str, str], *turns: dict[str, str]) -> dict[str, Any]:
        references = [{"document_id": id, "text": text} for id, text in contexts.items()]
        return {"answerability": [mark], "contexts": references, "input": turns}

    asked, told = turn("user", "Where does the Lena flow?"), turn("agent", "To the Arctic Ocean.")
    lines(
        tmp_path / "mtrag_un" / "tasks.jsonl",
        task("ANSWERABLE", {"a/1": LENA}, asked, told, turn("user", "And how long is the Lena?")),
        task("ANSWERABLE", {"b_2": BEES}, turn("user", "What do bees collect from flowers?")),
        task("UNANSWERABLE", {}, turn("user", "Who won the chess match?")),
    )
    result = mtrag_un.run(tmp_path, settings)
    assert figures(result)["R@5"] == 100
    assert figures(result)["nDCG@10"] == 100
    assert figures(result)["AUROC"] == 100
    assert figures(result, 1)["R@5"] == 100


@real
def test_the_conversations_of_mtrag_un_end_with_the_user() -> None:
    tasks = read_objects(REAL / "mtrag_un" / "tasks.jsonl")
    assert len(tasks) == 265
    for task in tasks:
        speakers = [each["speaker"] for each in task["input"]]
        assert speakers == [["user", "agent"][place % 2] for place in range(len(speakers))]
