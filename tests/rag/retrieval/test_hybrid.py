"""Dense and lexical legs, fused."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.errors import UnknownDocument
from rag.index import generations
from rag.index.manifest import Manifest
from rag.index.reading import Index, open_index
from rag.retrieval.hybrid import embed, retrieve
from rag.retrieval.query import Query
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from rag.text.words import stems
from tests.by_hand import EncoderByHand, index_of, write_index


@pytest.fixture(scope="module")
def index(seeds_index: Path) -> Index:
    generation = generations.current(seeds_index)
    assert generation
    return open_index(Settings(index=seeds_index), Manifest.read(generation).recipe, generation)


def test_a_score_is_the_convex_combination_of_both_legs(index: Index, encoder: Encoder) -> None:
    question = "what is the neutrality framework?"
    vector = encoder.encode([question])[0]
    lexical = index.store.bm25([(question, 1.0)], index.passage_ids)
    vectors = index.store.vectors(index.passage_ids)
    hits = retrieve(index, Query(question), vector, 50)
    assert len(hits) == len(index.passage_ids)
    for hit in hits:
        row = index.row(hit.passage.id)
        (own,) = index.store.sentences([hit.passage.id])
        nearest = max(own.vectors @ vector)
        dense = max(0.0, float(vectors[row] @ vector + nearest) / 2)
        share = lexical[row] / sum(map(index.lexical.idf, stems(question)))
        expected = 0.7 * dense + 0.3 * share
        expected *= 0.6 if hit.passage.boilerplate else 1
        assert hit.score == pytest.approx(expected, abs=1e-4)


def test_hits_come_best_first_and_ranks_are_those_of_the_legs(
    index: Index, encoder: Encoder
) -> None:
    question = "what is the neutrality framework?"
    hits = retrieve(index, Query(question), encoder.encode([question])[0], 8)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    scores = np.array(index.store.bm25([(question, 1.0)], index.passage_ids))
    order = np.argsort(-scores, kind="stable")
    for hit in hits:
        if hit.lexical_rank:
            assert index.passage_ids[order[hit.lexical_rank - 1]] == hit.passage.id
        assert hit.dense_rank


def test_left_overs_of_a_page_do_not_win_over_an_article(index: Index, encoder: Encoder) -> None:
    question = "sponsored AI articles"  # which a list of headlines is nearest to
    vector = encoder.encode([question])[0]
    hits = retrieve(index, Query(question), vector, len(index.passage_ids))
    assert not hits[0].passage.boilerplate
    assert max(hits, key=lambda hit: hit.similarity).passage.boilerplate


def test_left_overs_are_still_found_when_they_are_asked_for(index: Index, encoder: Encoder) -> None:
    question = "Rubrik Okta Recovery immutable backups"
    hits = retrieve(index, Query(question), encoder.encode([question])[0], 8)
    assert "Rubrik" in hits[0].passage.text


def test_a_question_of_unknown_words_still_gets_its_nearest(index: Index, encoder: Encoder) -> None:
    hits = retrieve(index, Query("qwertz uiop"), encoder.encode(["qwertz uiop"])[0], 9)
    assert [hit.lexical_rank for hit in hits] == [None] * 9
    assert all(hit.dense_rank for hit in hits)


@pytest.mark.parametrize("few", [1000, 0], ids=["compared one by one", "picked out of more"])
def test_of_some_documents_the_nearest_are_those_of_all_that_are_theirs(
    index: Index, encoder: Encoder, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.nearest._FEW", few)
    question = Query("what will the training be about?")
    vector = encoder.encode([question.question])[0]
    for chosen in (index.documents()[:1], index.documents()[1:3], index.documents()):
        ids = [document.id for document in chosen]
        hits = retrieve(index, question, vector, 50, ids)
        assert {hit.passage.document_id for hit in hits} == set(ids)
        assert len(hits) == len(index.rows_of(ids))
        everything = retrieve(index, question, vector, 50)
        theirs = [hit for hit in everything if hit.passage.document_id in ids]
        assert {hit.passage.id: hit.similarity for hit in hits} == pytest.approx(
            {hit.passage.id: hit.similarity for hit in theirs}, abs=1e-5
        )


def test_all_documents_named_is_as_good_as_none_named(index: Index, encoder: Encoder) -> None:
    question = Query("what is the neutrality framework?")
    vector = encoder.encode([question.question])[0]
    ids = [document.id for document in index.documents()]
    assert retrieve(index, question, vector, 8, ids) == retrieve(index, question, vector, 8)


def test_a_document_that_is_not_there_cannot_be_searched(index: Index, encoder: Encoder) -> None:
    vector = encoder.encode(["why?"])[0]
    with pytest.raises(UnknownDocument):
        retrieve(index, Query("why?"), vector, 8, [index.documents()[0].id, "nothing"])


def test_no_document_named_is_none_found(index: Index, encoder: Encoder) -> None:
    assert retrieve(index, Query("why?"), encoder.encode(["why?"])[0], 8, []) == ()


# A log of 400 entries, many more than either leg takes. The number of an entry is a word of it
# alone, and their vectors lie on a quarter circle, one after another.
ENTRIES = 400
ANGLES = np.linspace(0, np.pi / 2, ENTRIES)
FIRST: Vectors = np.array([1, 0], dtype=np.float32)  # the vector of entry 0
LAST: Vectors = np.array([0, 1], dtype=np.float32)  # and of entry 399


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Twenty documents, "00" to "19", of twenty entries each."""
    documents = {
        f"{number:02d}": [f"Entry {number * 20 + entry} of the log. " for entry in range(20)]
        for number in range(20)
    }
    vectors = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)
    index = index_of(tmp_path_factory.mktemp("log") / "index", documents, vectors)
    yield index
    index.close()


def test_a_filtered_search_finds_what_a_search_of_the_filtered_collection_does(
    log: Index, tmp_path: Path
) -> None:
    chosen = ["05", "11", "19"]
    rows = log.rows_of(chosen)
    texts = [f"Entry {row} of the log. " for row in rows]
    documents = {id: texts[20 * number : 20 * number + 20] for number, id in enumerate(chosen)}
    vectors = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)[rows]
    with closing(index_of(tmp_path / "index", documents, vectors)) as alone:
        for vector in (FIRST, LAST, vectors[25]):
            for words in ("zebra", "385", "107", "entry"):
                filtered = retrieve(log, Query(words), vector, 8, chosen)
                whole = retrieve(alone, Query(words), vector, 8)
                assert [hit.passage for hit in filtered] == [hit.passage for hit in whole]
                assert [hit.lexical_rank for hit in filtered] == [hit.lexical_rank for hit in whole]
                assert [hit.score for hit in filtered] == pytest.approx(
                    [hit.score for hit in whole], abs=1e-5
                )


@pytest.mark.parametrize("entry", [150, 217, 399])
def test_a_passage_found_by_its_words_alone_keeps_its_own_cosine(log: Index, entry: int) -> None:
    hits = retrieve(log, Query(f"entry number {entry}"), FIRST, ENTRIES)
    (found,) = [hit for hit in hits if hit.passage.text == f"Entry {entry} of the log. "]
    assert (found.dense_rank, found.lexical_rank) == (None, 1)
    assert found.similarity == pytest.approx(np.cos(ANGLES[entry]), abs=1e-5)


def test_a_passage_found_by_its_vector_alone_keeps_what_its_words_are_worth(log: Index) -> None:
    # Every entry holds "log", so that the lexical leg takes the first ones, and never the last.
    plain = {hit.passage.id: hit for hit in retrieve(log, Query("zebra"), LAST, ENTRIES)}
    found = {hit.passage.id: hit for hit in retrieve(log, Query("log"), LAST, ENTRIES)}
    assert plain.keys() < found.keys()
    for id, hit in plain.items():
        assert (found[id].dense_rank, found[id].lexical_rank) == (hit.dense_rank, None)
        assert found[id].score > hit.score


@pytest.mark.parametrize("few", [1000, 0], ids=["compared one by one", "picked out of more"])
def test_the_nearest_of_some_documents_are_found_however_many_others_are_nearer(
    log: Index, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.nearest._FEW", few)
    far = [document.id for document in log.documents()[10:]]  # entries 200 to 399
    hits = retrieve(log, Query("zebra"), FIRST, ENTRIES, far)
    nearest = sorted(hits, key=lambda hit: hit.dense_rank or ENTRIES)
    assert len(nearest) >= 50
    assert [hit.dense_rank for hit in nearest] == list(range(1, len(nearest) + 1))
    assert [log.row(hit.passage.id) for hit in nearest] == list(range(200, 200 + len(nearest)))


def test_each_leg_takes_fifty_and_counts_from_one(log: Index) -> None:
    hits = retrieve(log, Query("log"), LAST, ENTRIES)
    assert sorted(hit.dense_rank for hit in hits if hit.dense_rank) == list(range(1, 51))
    assert sorted(hit.lexical_rank for hit in hits if hit.lexical_rank) == list(range(1, 51))
    assert [log.row(hit.passage.id) for hit in hits if hit.dense_rank == 1] == [ENTRIES - 1]
    assert len(hits) == 100
    assert retrieve(log, Query("log"), LAST, 7) == hits[:7]


def test_of_some_documents_the_words_are_ranked_among_theirs_alone(log: Index) -> None:
    far = [document.id for document in log.documents()[10:]]
    hits = retrieve(log, Query("log"), LAST, ENTRIES, far)
    ranks = {log.row(hit.passage.id): hit.lexical_rank for hit in hits if hit.lexical_rank}
    assert ranks == {200 + place: 1 + place for place in range(50)}  # alike, so by their order


def test_all_documents_named_is_as_good_as_none_named_and_none_is_not_all(log: Index) -> None:
    everything = [document.id for document in log.documents()]
    expected = retrieve(log, Query("entry 7"), FIRST, ENTRIES)
    assert retrieve(log, Query("entry 7"), FIRST, ENTRIES, everything) == expected
    assert retrieve(log, Query("entry 7"), FIRST, ENTRIES, []) == ()


# Two passages, of two sentences and of one, whose vectors are not those of their passages.
NECTAR, TEA = "Bees collect nectar. They rest. ", "Tea is old. "
SENTENCES: Vectors = np.array([[0, 1], [0.8, 0.6], [-1, 0]], dtype=np.float32)
PASSAGES: Vectors = np.array([[0.96, 0.28], [0.6, 0.8]], dtype=np.float32)


@pytest.fixture
def pair(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Index]:
    """Both in a document of their own, the first outside its article where it is asked for."""
    outside = [NECTAR] if getattr(request, "param", False) else []
    documents = {"bees": [NECTAR], "tea": [TEA]}
    written = write_index(tmp_path / "index", documents, PASSAGES, boilerplate=outside)
    np.save(written[0] / "sentences" / "vectors.npy", SENTENCES.astype(np.float16))
    index = Index(*written, None)
    yield index
    index.close()


@pytest.mark.parametrize(("pair", "factor"), [(False, 1.0), (True, 0.6)], indirect=["pair"])
def test_a_score_is_that_of_the_formula_by_hand(pair: Index, factor: float) -> None:
    bees, tea = retrieve(pair, Query("nectar zebra"), FIRST, 2)
    share = pair.store.bm25([("nectar", 1.0)], [pair.passage_ids[0]])[0]
    share /= pair.lexical.idf("nectar") + pair.lexical.idf("zebra")
    assert 0 < share < 0.5
    # The passage's cosine is .96, that of its nearest sentence .8.
    assert bees.score == pytest.approx(factor * (0.7 * 0.88 + 0.3 * share), abs=1e-3)
    assert (bees.similarity, tea.similarity) == pytest.approx((0.96, 0.6), abs=1e-6)
    # Of the other .6 and -1, which is not to count against it.
    assert tea.score == 0.0
    assert [(hit.dense_rank, hit.lexical_rank) for hit in (bees, tea)] == [(1, 1), (2, None)]


def test_what_was_said_before_counts_half_in_the_words_too(pair: Index) -> None:
    leaning = Query("nectar", "tea?", "tea? It is green.")
    bees, tea = retrieve(pair, leaning, LAST, 2)
    lexical = pair.lexical
    (nectar,) = pair.store.bm25([("nectar", 1.0)], pair.passage_ids[:1])
    (tea_alone,) = pair.store.bm25([("tea", 1.0)], pair.passage_ids[1:])
    most = lexical.idf("nectar") + 0.5 * (lexical.idf("tea") + lexical.idf("green"))
    expected = [
        0.7 * 0.64 + 0.3 * nectar / most,  # (.28 + 1) / 2
        0.7 * 0.4 + 0.3 * 0.5 * tea_alone / most,  # (.8 + 0) / 2
    ]
    assert [bees.passage.text, tea.passage.text] == [NECTAR, TEA]
    assert [bees.score, tea.score] == pytest.approx(expected, abs=1e-3)
    assert (bees.lexical_rank, tea.lexical_rank) == (1, 2)


def test_a_passage_without_a_sentence_is_found_and_counts_for_little(tmp_path: Path) -> None:
    index = index_of(tmp_path, {"a": ["\n\n", "Tea. "]}, np.ones((2, 1), dtype=np.float32))
    tea, blank = retrieve(index, Query("coffee"), np.ones(1, dtype=np.float32), 2)
    assert [hit.passage.id for hit in (tea, blank)] == ["a:1", "a:0"]
    assert blank.similarity == pytest.approx(1.0)
    assert blank.score == 0.0
    index.close()


def test_passages_as_near_as_each_other_come_by_their_ids(tmp_path: Path) -> None:
    documents = {"b": ["Tea. "], "a": ["Tea. ", "Tea. "]}
    index = index_of(tmp_path, documents, np.ones((3, 1), dtype=np.float32))
    hits = retrieve(index, Query("tea"), np.ones(1, dtype=np.float32), 3)
    assert [hit.passage.id for hit in hits] == ["a:0", "a:1", "b:0"]
    assert len({hit.score for hit in hits}) == 1
    index.close()


def test_a_query_leans_half_as_much_towards_its_context_as_towards_its_question() -> None:
    encoder = EncoderByHand({"And when?": (1, 0, 0), "Who won?\nAnn did.": (0, 1, 0)})
    vector = embed(encoder, Query("And when?", "Who won?", "Who won?\nAnn did."))
    assert vector == pytest.approx(np.array([1, 0.5, 0]) / np.sqrt(1.25), abs=1e-6)


def test_a_query_without_context_is_its_question_alone() -> None:
    vector = embed(EncoderByHand({"And when?": (0, 1, 0)}), Query("And when?", "Who won?"))
    assert vector.tolist() == [0, 1, 0]
