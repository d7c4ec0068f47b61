"""Rows to examples: what is shown to the reader, and which positions are right."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quoting.windows import LIMIT, Windows
from rag.training.examples import LENGTH, Example, Shown, examples, header, reworded
from rag.training.rows import Marked, OwnWords, Row
from rag.training.thesaurus import Alike
from tests.rag.training.test_rows import HUMAN, SQUAD, row

NATURAL = "QED/NQ-train"
NONE = {0: 1.0}
BEES = "Bees collect nectar from 4,294 flowers. The queen, Beatrix I., lays eggs. Drones rest."


def made(windows: Windows, rows: Sequence[Row], seed: int = 1) -> list[Example]:
    """The examples as a list."""
    return list(examples(rows, windows, seed))


def only(windows: Windows, one: Row, seed: int = 1) -> Example:
    """The one example of a row."""
    (example,) = examples([one], windows, seed)
    return example


def ids_of(windows: Windows, text: str) -> tuple[int, ...]:
    """The word pieces of a text."""
    window = windows.window("", "", text)
    return window.ids[window.first : -1]


def held(within: Sequence[int], ids: Sequence[int]) -> bool:
    """Whether these pieces stand in a row in those."""
    return any(
        tuple(within[at : at + len(ids)]) == tuple(ids) for at in range(len(within) - len(ids) + 1)
    )


@pytest.mark.parametrize(
    "answer", ["Bees", "nectar", "4,294 flowers", "queen, Beatrix I.", "Drones rest.", BEES]
)
def test_the_targets_are_the_first_and_last_piece_of_the_answer(
    windows: Windows, answer: str
) -> None:
    question = "What is told?"
    example = only(windows, row(NATURAL, question, BEES, answer=answer))
    window = windows.window(question, "", BEES)
    assert (example.ids, example.first) == (window.ids, window.first)
    ((start, of_start),) = example.starts.items()
    ((end, of_end),) = example.ends.items()
    assert of_start == of_end == 1.0
    span = window.offsets[start - window.first][0], window.offsets[end - window.first][1]
    assert BEES[slice(*span)] == answer


def test_an_answer_that_is_part_of_a_word_is_marked_by_the_whole_pieces(windows: Windows) -> None:
    example = only(windows, row(NATURAL, "Who?", "It was 1990s music.", answer="1990"))
    (start,), (end,) = example.starts, example.ends
    assert held(example.ids[start : end + 1], ids_of(windows, "1990s")[:1])


def test_without_an_answer_the_only_target_is_the_first_position(windows: Windows) -> None:
    example = only(windows, row(HUMAN, "Why do they sing?", BEES))
    assert example.starts == example.ends == NONE


@pytest.mark.parametrize(("more", "share"), [(1, 0.16), (2, 0.08), (4, 0.04)])
def test_an_answer_that_stands_there_more_than_once_shares_the_probability(
    windows: Windows, more: int, share: float
) -> None:
    context = "Ann met Bob. " + "Then Ann slept. " * more
    one = row(NATURAL, "Who met Bob?", context, answer="Ann")
    example = only(windows, one)
    places = [at for at, each in enumerate(example.ids) if (each,) == ids_of(windows, "Ann")]
    assert list(example.starts) == places
    assert list(example.starts.values()) == pytest.approx([0.84, *[share] * more])
    assert example.ends == example.starts
    assert sum(example.starts.values()) == pytest.approx(1)


def test_the_marked_place_is_the_likeliest_wherever_it_is(windows: Windows) -> None:
    context = "Ann met Bob. Ann slept."
    marked = Marked(text="Ann", start=context.rindex("Ann"))
    one = row(NATURAL, "Who slept?", context, answer="Ann").model_copy(
        update={"answers": (marked,)}
    )
    example = only(windows, one)
    assert sorted(example.starts) == sorted(example.starts, key=lambda at: example.starts[at])
    assert max(example.starts.values()) == 0.84


def test_each_of_several_answers_is_right(windows: Windows) -> None:
    context = "It was red, or dark red."
    answers = tuple(Marked(text=text, start=context.index(text)) for text in ("dark red", "dark"))
    one = row(NATURAL, "Which?", context, answer="dark").model_copy(update={"answers": answers})
    example = only(windows, one)
    dark, last = (example.ids.index(ids_of(windows, text)[0]) for text in ("dark", "."))
    assert example.starts == {dark: 1.0}
    assert example.ends == {last - 1: 1.0, dark: 1.0}


WORDS = 400


@given(
    at=st.integers(0, WORDS - 1),
    length=st.integers(1, 30),
    asked=st.integers(1, 60),
    seed=st.integers(0, 5),
)
def test_a_long_window_is_cut_to_a_part_that_holds_the_answer(
    windows: Windows, at: int, length: int, asked: int, seed: int
) -> None:
    words = ["so"] * WORDS
    words[at : at + length] = ["gold", *["old"] * (length - 2), "bold"][-length:]
    context = " ".join(words)
    answer = " ".join(words[at : at + length])
    question = "why " * asked
    found = list(examples([row(NATURAL, question, context, answer=answer)], windows, seed))
    read = LIMIT - asked - 3  # words of the passage that a window holds
    if at >= read:
        assert found == []
        return
    (example,) = found
    window = windows.window(question, "", context)
    assert len(example.ids) == LENGTH
    assert example.ids[: example.first] == window.ids[: window.first]
    assert example.ids[-1] == window.ids[-1]
    (start,), (end,) = example.starts, example.ends
    assert example.first <= start <= end < LENGTH - 1
    if at + length <= read:
        assert example.ids[start : end + 1] == ids_of(windows, answer)
    assert held(window.ids[window.first : -1], example.ids[example.first : -1])


@given(st.integers(200, WORDS), st.integers(0, 3))
def test_a_long_window_without_an_answer_is_cut_too(
    windows: Windows, words: int, seed: int
) -> None:
    example = only(windows, row(HUMAN, "Why?", "so " * words), seed)
    assert len(example.ids) == min(LENGTH, example.first + words + 1)
    assert example.starts == example.ends == NONE


def test_where_a_long_window_is_cut_is_left_to_chance(windows: Windows) -> None:
    context = " ".join(f"{number}" if number != 150 else "gold" for number in range(300))
    one = row(NATURAL, "What?", context, answer="gold")
    starts = {next(iter(only(windows, one, seed).starts)) for seed in range(20)}
    assert len(starts) > 5


def test_an_answer_that_is_longer_than_an_example_is_passed_over(windows: Windows) -> None:
    context = "so " * 300
    assert made(windows, [row(NATURAL, "What?", context, answer=context.strip())]) == []


def test_a_title_is_shown_to_some_where_all_questions_have_one(windows: Windows) -> None:
    rows = [
        row(source, f"Why {number}?", "Tea is hot.", "Green_tea", "Tea" * (source == SQUAD))
        for number in range(300)
        for source in (SQUAD, HUMAN, f"{SQUAD} BM25 same-article negative (synthetic pairing)")
    ]
    title = ids_of(windows, "Green tea")
    shown = [example for example in made(windows, rows) if held(example.ids, title)]
    assert 0.35 < len(shown) / len(rows) < 0.45
    able = sum(0 not in example.starts for example in shown)
    assert 0.27 < able / len(shown) < 0.40  # a title does not tell whether there is an answer
    for example in shown:
        assert example.ids[example.first - 3 : example.first - 1] == title


@pytest.mark.parametrize(
    "source", [NATURAL, "FairytaleQA-train", "QuoteSum-dev", "SQuADShifts-reddit"]
)
def test_a_title_is_never_shown_where_only_answerable_questions_have_one(
    windows: Windows, source: str
) -> None:
    rows = [row(source, "Why?", "Tea is hot.", "Green tea", "Tea") for _ in range(100)]
    window = windows.window("Why?", "", "Tea is hot.")
    assert {example.ids for example in made(windows, rows)} == {window.ids}


def test_some_are_asked_once_more_without_the_sentences_of_the_answer(windows: Windows) -> None:
    rows = [
        row(SQUAD, f"Who lays eggs {number}?", BEES, answer="queen, Beatrix I.")
        for number in range(500)
    ]
    found = made(windows, rows)
    gapped = [example for example in found if 0 in example.starts]
    assert len(found) == len(rows) + len(gapped)
    assert 0.07 < len(gapped) / len(rows) < 0.13
    rest = ids_of(windows, "Bees collect nectar from 4,294 flowers. Drones rest.")
    for example in gapped:
        assert example.starts == example.ends == NONE
        assert example.ids[example.first : -1] == rest
        assert not held(example.ids, ids_of(windows, "Beatrix"))


@pytest.mark.parametrize(
    ("source", "context"),
    [
        (SQUAD, "The queen lays eggs. Her name is not known."),  # one sentence would be left
        (SQUAD, "The queen lays eggs. She rests. Long live The Queen lays! It is so."),
        (NATURAL, BEES.replace("queen, Beatrix I.,", "queen")),  # has unanswerable ones enough
    ],
)
def test_none_is_asked_again_where_too_little_or_the_answer_is_left(
    windows: Windows, source: str, context: str
) -> None:
    rows = [row(source, f"Who {number}?", context, answer="queen") for number in range(200)]
    assert not any(0 in example.starts for example in made(windows, rows))


def test_the_same_seed_makes_the_same_examples_and_another_one_others(windows: Windows) -> None:
    rows = [row(SQUAD, f"Who {number}?", BEES, "Bees", "Beatrix") for number in range(60)]
    assert made(windows, rows, 3) == made(windows, rows, 3)
    assert made(windows, rows, 3) != made(windows, rows, 4)


def test_there_is_an_example_of_every_row_in_their_order(windows: Windows) -> None:
    rows = [row(HUMAN, f"Why {number}?", BEES) for number in range(20)]
    for one, example in zip(rows, made(windows, rows), strict=True):
        assert held(example.ids, ids_of(windows, one.question))


def in_own_words(question: str, context: str) -> OwnWords:
    """A question that a document does not answer."""
    return OwnWords(
        question=question,
        context=context,
        answers=(),
        answerable=False,
        source="a handbook",
        kind="none",
        document="harbour",
    )


def crying(word: str) -> tuple[str, ...]:
    """What "cry" may be called."""
    return ("scream", "weep") if word == "cry" else ()


def asked(given: Row, alike: Alike | None = None) -> set[str]:
    """The questions that a row is read with."""
    return {reworded(given, alike, random.Random(seed)).question for seed in range(400)}


def test_a_question_in_own_words_may_lose_words_that_the_passage_shares_and_no_others() -> None:
    given = in_own_words("do gulls cry when boats come?", "The gulls cry in the harbour.")
    made = asked(given)
    assert {given.question, "do when boats come?"} <= made
    assert all(each.startswith("do ") and each.endswith(" when boats come?") for each in made)


def test_a_question_of_shared_words_alone_is_not_emptied() -> None:
    assert asked(in_own_words("gulls", "Gulls cry.")) == {"gulls"}


def test_a_public_question_has_words_replaced_and_loses_none() -> None:
    given = row(SQUAD, "do gulls cry?", "The gulls cry in the harbour.")
    assert asked(given) == {"do gulls cry?"}
    assert asked(given, crying) == {"do gulls cry?", "do gulls scream?", "do gulls weep?"}


def test_the_words_that_the_passage_shares_are_replaced_more_often() -> None:
    def replaced(context: str) -> int:
        given = row(SQUAD, "do gulls cry?", context)
        questions = (reworded(given, crying, random.Random(seed)) for seed in range(400))
        return sum(each.question != given.question for each in questions)

    assert 10 <= replaced("Boats.") <= 30 < 60 <= replaced("They cried.") <= 100


def test_the_rest_of_a_reworded_row_is_as_it_was() -> None:
    given = row(SQUAD, "do gulls cry?", "The gulls cry.", answer="gulls")
    for seed in range(50):
        made = reworded(given, crying, random.Random(seed))
        assert made.model_copy(update={"question": given.question}) == given


@pytest.mark.parametrize(
    ("shown", "words"),
    [("all", "Rules: Pay: Rise"), ("title", "Rules"), ("nothing", "")],
)
def test_before_a_passage_stand_title_and_headings_or_less(shown: Shown, words: str) -> None:
    assert header("Rules", ("Pay", "Rise"), shown) == words
