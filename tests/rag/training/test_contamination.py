"""Runs of words that two texts share."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rag.training.contamination import N, known, ngrams, texts_of

words = st.lists(st.sampled_from("abcdefgh"), max_size=30)


def test_ngrams_are_the_runs_of_n_words_in_their_order() -> None:
    assert list(ngrams("a b c d", 3)) == [hash(("a", "b", "c")), hash(("b", "c", "d"))]
    assert list(ngrams("a b c", 3)) == [hash(("a", "b", "c"))]


def test_case_white_space_and_punctuation_do_not_count() -> None:
    assert list(ngrams("“The Lena,\n flows” – NORTH!", 2)) == list(
        ngrams("the lena flows north", 2)
    )


def test_a_shorter_text_is_one_run_of_all_its_words() -> None:
    assert list(ngrams("a b", 3)) == [hash(("a", "b"))]
    assert list(ngrams("", 3)) == [hash(())]


@given(words, st.integers(1, 5))
def test_there_is_a_run_for_every_word_that_begins_one(own: list[str], n: int) -> None:
    assert len(list(ngrams(" ".join(own), n))) == max(1, len(own) - n + 1)


@given(words, words, words, st.integers(1, 6))
def test_texts_that_share_n_words_in_a_row_are_found_and_others_are_not(
    before: list[str], shared: list[str], after: list[str], n: int
) -> None:
    known_text, text = " ".join(before + shared), " ".join(shared + after)
    runs = [
        {tuple(own[at : at + n]) for at in range(len(own) - n + 1)}
        for own in (known_text.split(), text.split())
    ]
    # A text of fewer words than n has the run of all its words, which no known one equals.
    found = not known([known_text], n).isdisjoint(ngrams(text, n))
    assert found == bool(runs[0] & runs[1])


def test_known_ones_are_of_texts_that_are_long_enough() -> None:
    assert known(["a b", "a b c", ""], 3) == {hash(("a", "b", "c"))}
    assert known(["a b", "c d"], 3) == frozenset()


def test_thirteen_words_are_a_run() -> None:
    text = " ".join(f"w{number}" for number in range(N))
    assert N == 13
    assert len(known([text])) == 1
    assert not known([text]).isdisjoint(ngrams(f"so {text} it is"))
    assert known([text]).isdisjoint(ngrams(text.removesuffix("w12") + "else"))


def test_every_string_of_json_and_the_whole_of_other_texts_is_read(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    nested = {"key": ["one", {"more": "two"}, 3, None, True]}
    (tmp_path / "a.json").write_text(json.dumps(nested, indent=2))
    (tmp_path / "b.jsonl").write_text('{"q": "three", "n": 1}\n\n"four\\u2028é"\n')
    (tmp_path / "deep" / "c.csv").write_text("id,text\n1,five\n")
    (tmp_path / "d.md").write_text("# six\n\nseven\n")
    (tmp_path / "e.txt").write_text("eight")
    (tmp_path / "f.png").write_bytes(b"\xff\xfe")
    assert list(texts_of(tmp_path)) == [
        "one",
        "two",
        "three",
        "four\u2028é",
        "# six\n\nseven\n",
        "id,text\n1,five\n",
        "eight",
    ]
