"""Own words as a benchmark, on made-up documents and, where they are, on the real ones."""

from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks import own_words
from eval.benchmarks.own_words import OwnWordsQuestion, outcomes, rank, read
from eval.benchmarks.ranking import RankedAnswer
from eval.measuring.run import held
from rag.documents.files import parse
from rag.errors import TrainingDataMissing
from rag.quoting.calibration import Calibration
from rag.records import Hit, Passage, Quote
from rag.settings import Settings
from rag.training.rows import OWN_WORDS, purpose, read_documents, read_own_words
from tests.conftest import ROOT
from tests.eval.benchmarks.made_up import figures
from tests.rag.training.test_rows import own_words as question
from tests.rag.training.test_rows import write_own_words

REAL = ROOT.parent / "shared" / "train"
real = pytest.mark.skipif(
    not (REAL / OWN_WORDS).is_file(), reason=f"the own-words questions are not in {REAL}"
)

SPAN = (10, 20)


@pytest.mark.parametrize(
    ("start", "end", "most"),
    [
        (0, 30, True),
        (15, 40, True),
        (16, 40, False),
        (0, 15, True),
        (0, 14, False),
        (20, 30, False),
    ],
)
def test_an_answer_is_held_where_at_least_half_of_it_is(start: int, end: int, most: bool) -> None:
    assert held(SPAN, start, end) == most


def hit(document: str, start: int, end: int) -> Hit:
    passage = Passage(document, 0, start, end, "x" * (end - start))
    return Hit(passage, score=1.0, similarity=1.0, dense_rank=1, lexical_rank=None)


def test_the_rank_is_of_the_first_passage_of_the_right_document_with_the_answer() -> None:
    hits = [hit("other", 0, 50), hit("own", 30, 60), hit("own", 0, 30)]
    assert rank(hits, "own", SPAN) == 3
    assert rank(hits, "elsewhere", SPAN) == np.inf
    assert np.isnan(rank(hits, "own", None))


def answer(confidence: float, rank: int, *quotes: Quote) -> RankedAnswer:
    """An answer whose passage has this rank; 0 for none."""
    hits = [hit("own", 0, 50) if place == rank else hit("other", 0, 50) for place in range(1, 4)]
    return RankedAnswer(tuple(hits), quotes, confidence, 0.25)


def quote(document: str, start: int, end: int, also: tuple[Quote, ...] = ()) -> Quote:
    return Quote(1, document, document, start, end, "x" * (end - start), "", also_in=also)


def test_an_answer_is_right_when_a_quote_that_a_reader_sees_holds_it() -> None:
    asked = [OwnWordsQuestion("?", "fact", "a.txt", SPAN)] * 4 + [
        OwnWordsQuestion("?", "none", "a.txt", None)
    ] * 2
    answers = [
        answer(0.9, 1, quote("own", 0, 30)),
        answer(0.8, 2, quote("other", 0, 9, (quote("own", 12, 30),))),
        answer(0.7, 3, quote("other", 0, 30)),
        answer(0.0, 0),
        answer(0.6, 1, quote("own", 0, 30)),
        answer(0.2, 1, quote("own", 0, 30)),
    ]
    found = outcomes(asked, ["own"] * 6, answers, Calibration(threshold=0.5, perhaps_threshold=0.1))
    assert found.rank.tolist() == pytest.approx([1, 2, 3, np.inf, np.nan, np.nan], nan_ok=True)
    assert found.supported.tolist() == [True, True, False, False, False, False]
    assert found.answered.tolist() == [True, True, True, False, True, False]
    assert found.perhaps.tolist() == [False, False, False, False, False, True]
    assert found.milliseconds.tolist() == [250] * 6
    every = own_words.figures(found, np.ones(6, dtype=bool))
    right, perhaps, no, none_refused, none_no, sure_right, perhaps_right, auroc, *recalls = every
    assert (right, perhaps, no, none_refused, none_no) == (50, 0, 25, 50, 0)
    assert (sure_right, perhaps_right) == (50, 0)
    assert auroc == 100
    assert recalls == [25, 75, 75]


def test_the_reporting_documents_alone_are_asked_about(tmp_path: Path, settings: Settings) -> None:
    rows = [question(at, to) for at in range(40) for to in ("gulls", "")]
    write_own_words(tmp_path, rows)
    reported = [each for each in rows if purpose(each.document) == "reporting"]
    assert 2 <= len(reported) < 20
    files, asked = read(tmp_path, "reporting")
    assert [each.question for each in asked] == [each.question for each in reported]
    for each in asked:
        document = parse(files[each.source].encode(), each.source)
        if each.span:
            assert document.text[slice(*each.span)] == "gulls"
    result = own_words.run(tmp_path, settings)
    names = [name for name, _ in result.lines]
    assert names[0] == "all"
    assert names[-1] == "paraphrase"
    assert all(len(values) == len(result.columns) for _, values in result.lines)
    assert "100 less it" in " ".join(result.notes)


def test_a_passage_that_is_not_read_has_its_rank_all_the_same(
    tmp_path: Path, settings: Settings
) -> None:
    # All documents answer it alike, so that most find another one's passage before their own.
    alike = {"question": "which birds are loud at the port?"}
    write_own_words(tmp_path, [question(at).model_copy(update=alike) for at in range(40)])
    one, eight = (
        figures(own_words.run(tmp_path, settings.model_copy(update={"hits": hits})))
        for hits in (1, 8)
    )
    recalls = [one[name] or 0.0 for name in ("R@1", "R@5", "R@8")]
    assert recalls == [eight[name] for name in ("R@1", "R@5", "R@8")]
    assert 0 < recalls[0] < recalls[2]


def test_without_the_questions_their_file_is_named(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(TrainingDataMissing, match="own_words"):
        own_words.run(tmp_path, settings)


@real
def test_every_real_answer_stands_where_its_document_says() -> None:
    known = {document.document for document in read_documents(REAL)}
    rows = [row for row in read_own_words(REAL) if row.answerable and row.document in known]
    for wanted in ("fitting", "reporting"):
        files, asked = read(REAL, wanted)
        texts = {name: parse(text.encode(), name).text for name, text in files.items()}
        marked = [row for row in rows if purpose(row.document) == wanted]
        answered = [each for each in asked if each.span]
        assert len(answered) > 500
        for row, each in zip(marked, answered, strict=True):
            assert each.span
            assert texts[each.source][slice(*each.span)] == row.answers[0].text
