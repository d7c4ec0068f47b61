"""Means over groups."""

import numpy as np
import pytest

from eval.fitting.macro import difference, macro


def test_sources_count_the_same_and_a_constant_difference_has_no_width() -> None:
    sources = np.array(["a", "a", "a", "b"])
    assert macro(np.array([1.0, 1.0, 1.0, 0.0]), sources) == pytest.approx(0.5)
    measured = difference(np.full(40, 0.25), np.array(["a", "b"] * 20))
    assert (measured.value, measured.low, measured.high) == pytest.approx((0.25, 0.25, 0.25))
