from collections.abc import Sequence

import numpy as np
import pytest

from rag.text.encoder import Encoder
from tests.ui.owner.made_up import vector
from ui.owner import gaps
from ui.owner.gaps import gather
from ui.owner.log_reading import Repeated
from ui.owner.records import MODEL

THEMES = {
    "parking": [
        "Where can I park my car?",
        "where do I park my car at work",
        "Is there parking for my car?",
    ],
    "pension": ["When do I get my pension?", "At what age can I get my pension?"],
    "bees": ["How do bees make honey?"],
}


def repeated(
    question: str, vector: bytes, count: int = 1, model: str = MODEL, nearest: str = ""
) -> Repeated:
    return Repeated(question, count, 1.0, nearest, vector, model)


def test_questions_in_other_words_are_gathered_and_other_questions_are_not(
    encoder: Encoder,
) -> None:
    themes = [(theme, each) for theme, questions in THEMES.items() for each in questions]
    vectors = encoder.encode_questions([question for _, question in themes]).astype("<f2")
    given = [
        repeated(question, vector.tobytes(), nearest=theme)
        for (theme, question), vector in zip(themes, vectors, strict=True)
    ]
    found = gather(given)
    assert [(gap.count, gap.nearest) for gap in found] == [
        (3, ("parking",)),
        (2, ("pension",)),
        (1, ("bees",)),
    ]
    assert set(found[0].questions) == {*THEMES["parking"]}


def test_the_most_asked_comes_first_and_is_the_example() -> None:
    given = [
        repeated("b", vector(1, 0), 5, nearest="B"),
        repeated("c", vector(0, 1), 3, nearest="C"),
        repeated("d", vector(0.1, 1), 3, nearest="D"),
        repeated("e", vector(0, 1), 1, nearest="D"),
    ]
    first, second = gather(given)
    assert (first.example, first.count, first.questions) == ("c", 7, ("c", "d", "e"))
    assert first.nearest == ("D", "C")
    assert (second.example, second.count) == ("b", 5)


def test_a_vector_of_another_encoder_or_none_gathers_nothing() -> None:
    given = [
        repeated("a", vector(1, 0)),
        repeated("b", vector(1, 0), model="another"),
        repeated("c", b""),
    ]
    assert [gap.questions for gap in gather(given)] == [("a",), ("b",), ("c",)]
    assert gather([]) == () and gather(given[:1])[0].count == 1


@pytest.mark.parametrize(("most", "number"), [(5, 40), (1500, 400)])
def test_more_than_are_clustered_go_where_they_are_near_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch, most: int, number: int
) -> None:
    monkeypatch.setattr(gaps, "MOST", most)
    monkeypatch.setattr(gaps, "_BLOCK", 16)
    random = np.random.default_rng(7)
    centres = np.eye(8)
    given = []
    for each in range(number):
        near = centres[each % 8] + random.normal(scale=0.05, size=8)
        given.append(repeated(f"{each:03d} about {each % 8}", vector(*near), nearest=str(each % 8)))
    found = gather(given)
    assert sum(gap.count for gap in found) == number
    assert all(len(gap.nearest) == 1 for gap in found), "no gap is about two things"
    assert len(found) == 8


def test_the_least_asked_beyond_the_bound_stay_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "BOUND", 2)
    given = [repeated(name, vector(1, 0)) for name in "abc"]
    assert [gap.questions for gap in gather(given)] == [("a", "b"), ("c",)]


def test_the_same_questions_are_gathered_alike(encoder: Encoder) -> None:
    questions: Sequence[str] = [each for theme in THEMES.values() for each in theme]
    vectors = encoder.encode_questions(questions).astype("<f2")
    given = [
        repeated(question, vector.tobytes())
        for question, vector in zip(questions, vectors, strict=True)
    ]
    assert gather(given) == gather(given)
