"""The tables of the fit."""

from eval.fitting import evidence_report
from eval.fitting.cases import Case
from eval.fitting.regressions import CONFIDENCE, SCORE
from rag.quoting.confidence import SHIPPED
from tests.eval.fitting.made_up import scored_case


def test_the_report_has_a_line_for_every_coefficient_and_group() -> None:
    cases, found = [], []
    for number in range(60):
        name = "large" if number % 4 < 2 else "five"
        able = number % 2 == 0
        kind = f"{name}: {'answerable' if able else 'taken away'}"
        cases.append(Case((0,), f"{number}?", 0 if able else None, (), kind, "squad"))
        found.append(scored_case([0.5 + able * 0.1 + number / 300, 0.4], 0 if able else None))
    coefficients, groups, kinds, gains, thresholds = evidence_report.report(cases, found)
    names = (*SCORE, *CONFIDENCE)
    assert [str(each).removeprefix("confidence: ") for each in coefficients.columns[0]._cells] == [
        *names
    ]
    assert list(coefficients.columns[1]._cells) == [
        f"{getattr(SHIPPED, name):.2f}" for name in names
    ]
    without = dict(zip(names, coefficients.columns[-1]._cells, strict=True))
    assert without["reading"] == "0.00"
    assert list(groups.columns[0]._cells) == [
        "five/squad",
        "large/squad",
        "all small ones",
        "all large ones",
        "all",
    ]
    assert set(groups.columns[2]._cells) == {"1.000"}  # hit@1
    assert list(kinds.columns[0]._cells) == ["five: taken away", "large: taken away"]
    assert list(gains.columns[0]._cells) == ["hit@1", "hit@3"]
    assert len(thresholds.rows) == len(evidence_report.THRESHOLDS)
    refused = [float(str(each)) for each in thresholds.columns[2]._cells]
    assert refused == sorted(refused)
