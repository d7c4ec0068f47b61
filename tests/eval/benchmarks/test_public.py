"""The benchmarks on made-up data in their formats, and their measures by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score
from typer.testing import CliRunner

from eval.benchmarks import chunking, clapnq, mtrag_un, squad2
from eval.benchmarks.files import read_objects
from eval.benchmarks.span_overlap import overlap
from eval.benchmarks.table import BenchmarkTable
from eval.errors import BenchmarkMissing
from rag.documents.files import parse, titled
from rag.records import Quote
from rag.settings import Settings
from tests.conftest import ROOT
from ui.cli.measuring import bench

REAL = ROOT.parent / "shared" / "bench"
real = pytest.mark.skipif(not REAL.is_dir(), reason=f"the benchmarks' data is not in {REAL}")

BEES = "Bees collect nectar from flowers. They dry the nectar in cells of wax."
LENA = "The Lena flows north to the Arctic Ocean. The Lena is 4,294 kilometres long."


def figures(result: BenchmarkTable, line: int = 0) -> dict[str, float | None]:
    return dict(zip(result.columns, result.lines[line][1], strict=True))


def lines(path: Path, *objects: object) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(map(json.dumps, objects)))


def test_overlap_is_what_a_reader_computes_by_hand() -> None:
    # Of 10 wanted characters 5 + 2 lie in the 30 retrieved ones; another document shares none.
    found = overlap([("a", 0, 10), ("a", 18, 28), ("b", 0, 10)], [("a", 5, 10), ("a", 15, 20)])
    assert found.recall == pytest.approx(7 / 10)
    assert found.precision == pytest.approx(7 / 30)
    assert found.iou == pytest.approx(7 / (30 + 3))


def test_what_is_retrieved_twice_counts_twice_in_the_denominator_alone() -> None:
    found = overlap([("a", 0, 10), ("a", 0, 10)], [("a", 0, 10), ("a", 5, 10)])
    assert (found.recall, found.precision, found.iou) == (1, 0.5, 0.5)


def test_nothing_retrieved_scores_nothing_and_nothing_wanted_is_a_mistake() -> None:
    found = overlap([], [("a", 0, 10)])
    assert (found.recall, found.precision, found.iou) == (0, 0, 0)
    with pytest.raises(ValueError, match="nothing is wanted"):
        overlap([("a", 0, 10)], [])


spans = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 9)).map(
        lambda span: (span[0], span[1], span[1] + span[2])
    ),
    min_size=1,
    max_size=6,
)


@given(spans, spans)
def test_overlap_is_that_of_the_sets_of_characters(
    retrieved: list[tuple[str, int, int]], wanted: list[tuple[str, int, int]]
) -> None:
    def characters(spans: list[tuple[str, int, int]]) -> set[tuple[str, int]]:
        return {(document, place) for document, *span in spans for place in range(*span)}

    held = len(characters(retrieved) & characters(wanted))
    length = sum(end - start for _, start, end in retrieved)
    found = overlap(retrieved, wanted)
    assert found.recall == pytest.approx(held / len(characters(wanted)))
    assert found.precision == pytest.approx(held / length)
    assert found.iou == pytest.approx(held / (length + len(characters(wanted)) - held))


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


def test_squad_normalisation_drops_case_punctuation_articles_and_white_space() -> None:
    assert squad2.normalise("The  U.S. Senate, an\u00a0Act") == "us senate act"
    assert squad2.normalise("Anthem") == "anthem"


def test_squad_f1_counts_words() -> None:
    # Two of four predicted words are among the two wanted ones: P 1/2, R 1.
    assert squad2.f1("It flows north slowly", "flows north") == pytest.approx(2 / 3)
    assert squad2.f1("", "") == 1
    assert squad2.f1("", "north") == squad2.f1("north", "") == squad2.f1("the", "north") == 0


def said(text: str, marked: str = "") -> Quote:
    """A quote that begins at 100, with these words of it marked."""
    at = 100 + text.index(marked)
    words = (at, at + len(marked)) if marked else None
    return Quote(1, "d", "T", 100, 100 + len(text), text, "0" * 64, marked=words)


def test_squad_scores_by_hand() -> None:
    asked = [
        squad2.SquadQuestion("?", "p", ("north", "the north")),
        squad2.SquadQuestion("?", "p", ("4,294",)),
        squad2.SquadQuestion("?", "p", ()),
        squad2.SquadQuestion("?", "p", ()),
    ]
    quotes = [
        said("It flows to the north.", "the north"),
        said("It is 4,294 long"),
        None,
        said("Go north.", "north"),
    ]
    em, f1, has_em, has_f1, none, holds = squad2.scores(quotes, asked)
    assert (em, has_em, none, holds) == (50, 50, 50, 100)
    assert has_f1 == pytest.approx((1 + 2 / 5) / 2 * 100)
    assert f1 == pytest.approx((1 + 2 / 5 + 1 + 0) / 4 * 100)


def test_squad2_reads_the_paragraph_of_each_question(tmp_path: Path, settings: Settings) -> None:
    def paragraph(context: str, *questions: tuple[str, str]) -> dict[str, Any]:
        qas = [
            {"question": asked, "id": asked, "is_impossible": not text, "answers": answers}
            for asked, text in questions
            for answers in [[{"text": text, "answer_start": 0}] if text else []]
        ]
        return {"context": context, "qas": qas}

    article = {
        "title": "Bees_and_rivers",
        "paragraphs": [
            paragraph(BEES, ("What do bees collect from flowers?", "nectar")),
            paragraph(LENA, ("How long is the Lena?", "4,294"), ("Who won at chess?", "")),
        ],
    }
    path = tmp_path / "squad2" / "dev-v2.0.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"version": "v2.0", "data": [article]}))
    found = figures(squad2.run(tmp_path, settings), 1)
    assert found["holds"] == 100
    assert found["AUROC"] == 100


@real
def test_always_abstaining_scores_on_squad2_what_is_published() -> None:
    files, asked = squad2.read(REAL / "squad2" / "dev-v2.0.json")
    assert (len(files), len(asked)) == (646, 6078)
    em, f1, *_ = squad2.scores([None] * len(asked), asked)
    assert (round(em, 1), round(f1, 1)) == (52.1, 52.1)
    gold = squad2.scores([said(each.answers[0]) if each.answers else None for each in asked], asked)
    assert gold[:2] == (100, 100)


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


def test_the_command_prints_our_figures_first_and_where_the_protocols_differ(
    tmp_path: Path,
) -> None:
    task = {
        "input": "how long is the Lena",
        "passages": [{"title": "Notes", "text": LENA, "sentences": [LENA]}],
        "output": [{"selected_sentences": [LENA]}],
        "answerable": True,
    }
    lines(tmp_path / "clapnq" / "dev.jsonl", task, task | {"answerable": False})
    app = typer.Typer()
    app.command()(bench)
    result = CliRunner().invoke(app, ["clapnq", "--data", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert result.output.index("Steward, threshold") < result.output.index("to compare")
    assert "- Precision, recall and F1" in result.output


@real
def test_the_sentences_of_clapnq_are_found_in_steward_s_text() -> None:
    for task in read_objects(REAL / "clapnq" / "dev.jsonl"):
        passage = task["passages"][0]
        document = parse(titled(passage["title"], passage["text"]).encode(), "p.txt")
        assert document.text == passage["text"]
        assert document.title == " ".join(passage["title"].split())
        assert len(clapnq.sentence_spans(document.text, passage["sentences"])) > 0


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


@pytest.mark.parametrize("module", [chunking, clapnq, mtrag_un, squad2])
def test_missing_data_is_named_with_the_option_that_helps(
    module: Any, tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(BenchmarkMissing, match="--data"):
        module.run(tmp_path / "nowhere", settings)
