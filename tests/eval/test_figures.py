"""How a figure is written, as it was before there was one place for it."""

import math

import pytest

from eval.figures import Kind, Measured, format_figure, format_interval, format_measured

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.5423, "share", "54.2%"),
        (1.0, "share", "100.0%"),
        (0.9164, "score", "0.916"),
        (26.44, "decimal", "26.4"),
        (-1.955, "coefficient", "-1.96"),
        (136.7, "milliseconds", "137 ms"),
        (8.44, "seconds", "8.4 s"),
        (790.6, "megabytes", "791 MB"),
        (NAN, "milliseconds", "-"),
        (None, "decimal", "-"),
    ],
)
def test_a_figure_has_the_decimals_and_the_unit_of_its_kind(
    value: float | None, kind: Kind, text: str
) -> None:
    assert format_figure(value, kind) == text


def test_an_interval_is_in_brackets_and_leaves_the_unit_to_its_figure() -> None:
    assert format_interval(Measured(0.5, 0.4621, 0.6209), "share") == "[46.2, 62.1]"
    assert format_measured(Measured(0.5423, 0.4621, 0.6209), "share") == "54.2% [46.2, 62.1]"
    assert format_measured(Measured(23.4, 20.9, 31.2), "milliseconds") == "23 ms [21, 31]"


def test_a_difference_has_its_sign_wherever_it_has_a_number() -> None:
    measured = Measured(0.0276, -0.0271, 0.0829)
    assert format_measured(measured, "share", "+") == "+2.8% [-2.7, +8.3]"
    assert format_measured(Measured(0.0, 0.0, 0.0), "score", "+") == "+0.000 [+0.000, +0.000]"


def test_where_no_question_tells_it_there_is_a_dash_and_no_interval() -> None:
    assert format_measured(Measured(NAN, NAN, NAN), "share") == "-"
    assert format_measured(Measured(0.5, NAN, NAN), "share", "+") == "+50.0%"
