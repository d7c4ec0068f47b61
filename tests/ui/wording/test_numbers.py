import math

import pytest

from ui.wording.numbers import counted, percent


@pytest.mark.parametrize("whole", range(101))
def test_a_whole_percentage_is_shown_as_it_is(whole: int) -> None:
    assert percent(whole / 100) == percent(whole / 100, math.ceil) == f"{whole}%"


def test_what_is_not_certain_is_not_shown_as_certain() -> None:
    assert percent(0.999) == "99%"
    assert percent(0.999, round) == "100%"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 documents"), (1, "1 document"), (2_500, "2,500 documents")]
)
def test_things_are_counted_in_the_singular_and_the_plural(number: int, text: str) -> None:
    assert counted(number, "document") == text
