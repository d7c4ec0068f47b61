"""The two charts, read as the XML that they are."""

from xml.etree import ElementTree

import numpy as np
import pytest

from eval.measuring import charts


def test_the_risk_coverage_curve_is_drawn_where_it_is() -> None:
    svg = charts.risk_coverage(np.array([0.5, 1.0]), np.array([0.0, 0.25]), (0.5, 0.0), (1.0, 0.25))
    root = ElementTree.fromstring(svg)
    (line,) = root.findall("polyline")
    first, second = (tuple(map(float, each.split(","))) for each in line.attrib["points"].split())
    assert second[0] - first[0] == pytest.approx(130)
    assert first[1] - second[1] == pytest.approx(65)
    dots = {dot.attrib["class"]: dot.attrib for dot in root.findall("circle")}
    places = [(float(dots[kind]["cx"]), float(dots[kind]["cy"])) for kind in ("here", "perhaps")]
    assert places == [first, second]


def test_the_reliability_diagram_names_the_size_of_each_bin() -> None:
    root = ElementTree.fromstring(charts.reliability([(0.1, 0.0, 7), (0.9, 1.0, 23)]))
    assert len(root.findall("circle")) == 2
    assert {"7", "23"} <= {text.text for text in root.findall("text")}
