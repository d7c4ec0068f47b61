"""What every engine keeps of the contract, against arithmetic over the same passages."""

from collections.abc import Iterator

import numpy as np
import pytest

from rag.errors import UnknownDocument
from rag.index.lexical import Lexical
from rag.index.store.contract import Store
from rag.records import Passage, passage_id
from rag.text.encoder import Vectors
from rag.text.sentences import sentences
from tests.stores import opened

COUNTS = {"ants": 3, "bees": 40, "cups": 1, "dré": 16}
WORDS = ("moss", "nectar", "saucer", "running", "runs", "🐝", "salt", "tea", "14", "wine")


def _passages() -> list[Passage]:
    random, found = np.random.default_rng(3), []
    for document, count in COUNTS.items():
        start = 0
        for ordinal in range(count):
            drawn = random.choice(WORDS, size=random.integers(1, 12))
            text = f"{' '.join(drawn).capitalize()}. Of {document} {ordinal}.\n"
            if ordinal == 5:
                text = "* * *\n"  # without a word
            headings = ("On", f"{document}\t{ordinal}") if ordinal % 2 else ()
            end = start + len(text)
            found.append(Passage(document, ordinal, start, end, text, headings, ordinal == 2))
            start = end
    return found


PASSAGES = _passages()
IDS = [each.id for each in PASSAGES]
SPANS = [sentences(each.text) for each in PASSAGES]


def _drawn(count: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, 384))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return np.asarray(drawn, dtype=np.float32)


VECTORS = _drawn(len(PASSAGES), 1)
SENTENCES = [_drawn(len(own), row) for row, own in enumerate(SPANS)]
LEXICAL = Lexical.build([each.text for each in PASSAGES])
WITHIN = [None, {"bees"}, {"ants", "dré"}, {*COUNTS}, {"cups"}, set()]


@pytest.fixture(scope="module")
def store(store_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("index")
    with opened(store_url, folder, PASSAGES, VECTORS, SENTENCES, SPANS) as store:
        yield store


def _in(within: set[str] | None) -> list[int]:
    return [
        row for row, each in enumerate(PASSAGES) if within is None or each.document_id in within
    ]


def test_passages_come_back_as_they_went_in_and_in_the_order_asked(store: Store) -> None:
    assert len(store) == len(PASSAGES)
    assert store.passages(IDS[::-1]) == PASSAGES[::-1]
    assert store.passages([]) == []


def test_vectors_come_back_as_they_went_in(store: Store) -> None:
    rows = [5, 0, 41]
    assert np.allclose(store.vectors([IDS[row] for row in rows]), VECTORS[rows], atol=1e-6)


def test_sentences_come_back_as_they_went_in(store: Store) -> None:
    rows = [41, 3, 0]
    for row, own in zip(rows, store.sentences([IDS[row] for row in rows]), strict=True):
        assert own.spans == SPANS[row]
        assert own.vectors.dtype == np.float32
        assert np.allclose(own.vectors, SENTENCES[row], atol=1e-3)


@pytest.mark.parametrize("method", ["passages", "vectors", "sentences"])
@pytest.mark.parametrize("id", ["zebra:0", "cups:1", "cups", ""])
def test_an_id_that_is_not_there_is_an_error(store: Store, method: str, id: str) -> None:
    with pytest.raises(KeyError):
        getattr(store, method)([IDS[0], id])


@pytest.mark.parametrize("within", WITHIN)
@pytest.mark.parametrize("count", [1, 10, 100])
def test_the_nearest_of_some_documents_are_those_by_arithmetic(
    store: Store, within: set[str] | None, count: int
) -> None:
    rows = _in(within)
    for asked in _drawn(3, 99):
        expected = sorted((-float(VECTORS[row] @ asked), IDS[row]) for row in rows)[:count]
        found = store.nearest(asked, count, within)
        assert [id for id, _ in found] == [id for _, id in expected]
        assert [far for _, far in found] == pytest.approx([-far for far, _ in expected], abs=1e-5)


@pytest.mark.parametrize("within", WITHIN)
@pytest.mark.parametrize(
    "asked", [[("moss runs moss", 1.0)], [("14 wine", 1.0), ("tea salt", 0.5)]]
)
def test_the_best_by_words_of_some_documents_are_those_by_arithmetic(
    store: Store, within: set[str] | None, asked: list[tuple[str, float]]
) -> None:
    scores = sum(weight * LEXICAL.scores(text) for text, weight in asked)
    assert isinstance(scores, np.ndarray)
    rows = sorted((row for row in _in(within) if scores[row] > 0), key=lambda row: -scores[row])
    for count in (5, 100):
        found = store.lexical(asked, count, within)
        expected = [float(scores[row]) for row in rows[:count]]
        assert [score for _, score in found] == pytest.approx(expected, abs=1e-5)
        theirs = {id: scores[IDS.index(id)] for id, _ in found}
        assert dict(found) == pytest.approx(theirs, abs=1e-5)
    assert store.bm25(asked, IDS) == pytest.approx(scores.tolist(), abs=1e-5)
    assert store.bm25(asked, []) == []


def test_words_that_no_passage_holds_find_nothing(store: Store) -> None:
    for text in ("zebra", "", "the", '"tea', "moss OR (", "' or 1 == 1"):
        held = LEXICAL.scores(text) > 0
        found = {id for id, _ in store.lexical([(text, 1.0)], 100)}
        assert found == {id for id, held in zip(IDS, held, strict=True) if held}


def test_documents_that_are_not_there_cannot_be_searched(store: Store) -> None:
    with pytest.raises(UnknownDocument):
        store.nearest(VECTORS[0], 3, {"ants", "zebra"})
    with pytest.raises(UnknownDocument):
        store.lexical([("moss", 1.0)], 3, {"zebra"})


def test_the_same_question_finds_the_same_in_the_same_order(store: Store) -> None:
    first = store.nearest(VECTORS[7], 20), store.lexical([("moss tea", 1.0)], 20)
    assert (store.nearest(VECTORS[7], 20), store.lexical([("moss tea", 1.0)], 20)) == first


def test_an_id_is_that_of_its_document_and_place(store: Store) -> None:
    assert [passage_id(each.document_id, each.ordinal) for each in store.passages(IDS)] == IDS
