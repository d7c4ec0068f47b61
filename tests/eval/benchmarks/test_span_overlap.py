"""Overlaps of spans, by hand and by the sets of their characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.span_overlap import overlap


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
