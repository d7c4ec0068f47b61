"""What a run comes to: its figures, ``summary.json``, and the comparison with another run."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.errors import ResultsFault
from eval.figures import Measured
from eval.measuring.intervals import compare, measure
from eval.measuring.metrics import Outcomes
from eval.measuring.questions import Question
from eval.measuring.results import read_results, write_results
from eval.measuring.run import Run
from eval.measuring.verdicts import verdict

Failure = Literal["refused", "wrong", "answered", "perhaps"]
"""It refused; it quoted what does not answer; it answered what no document does; or it was not sure
and quoted what does not answer."""
_FAILURES: Mapping[str, Failure] = {
    "wrongly refused": "refused",
    "wrong quote": "wrong",
    "answered, not answerable": "answered",
    "perhaps, wrong": "perhaps",
}

SUBSETS = ("all", "tuning", "reporting")


@dataclass(frozen=True, slots=True)
class Comparison:
    """This run beside another one.

    Attributes:
        questions: How many both have.
        differences: Each metric of this run less that of the other, by name.
    """

    questions: int
    differences: Mapping[str, Measured]


def figures(run: Run) -> dict[str, dict[str, Measured]]:
    """The metrics of all questions and of each half that has some, by subset and name."""
    subsets = {name: run.subset(name) for name in SUBSETS}
    return {
        name: measure(subset.outcomes()) for name, subset in subsets.items() if subset.questions
    }


def summary(
    run: Run, measured: Mapping[str, Mapping[str, Measured]], compared: Comparison | None
) -> dict[str, object]:
    """What ``summary.json`` holds; a figure that is not defined is null."""
    parts = {}
    for name, metrics in measured.items():
        outcomes = run.subset(name).outcomes()
        parts[name] = {
            "questions": len(outcomes),
            "answerable": int(outcomes.answerable.sum()),
            "metrics": {metric: _json(figure) for metric, figure in metrics.items()},
        }
    content: dict[str, object] = {
        "threshold": run.threshold,
        "perhaps_threshold": run.perhaps_threshold,
        "unfindable": list(run.unfindable),
        "parts": parts,
    }
    if compared:
        differences = {metric: _json(figure) for metric, figure in compared.differences.items()}
        content["against"] = {"questions": compared.questions, "differences": differences}
    return content


def failures(run: Run) -> tuple[tuple[Question, Failure], ...]:
    """The questions whose answer is not right, in order, and how each of them failed."""
    verdicts = (
        (asked, verdict(asked, got)) for asked, got in zip(run.questions, run.results, strict=True)
    )
    return tuple((asked, _FAILURES[what]) for asked, what in verdicts if what in _FAILURES)


def write(run: Run, content: Mapping[str, object], folder: Path) -> None:
    """Write ``rows.jsonl`` and ``summary.json`` into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    write_results(folder / "rows.jsonl", run.results)
    text = json.dumps(content, indent=2, allow_nan=False)
    (folder / "summary.json").write_text(f"{text}\n", encoding="utf-8")


def against(run: Run, path: Path) -> Comparison:
    """Compare with the rows of another run, on the questions that both have.

    Raises:
        ResultsFault: When the rows cannot be read or share no question with this run.
    """
    others = {result.id: result for result in read_results(path)}
    pairs = [
        (question, result, others[question.id])
        for question, result in zip(run.questions, run.results, strict=True)
        if question.id in others
    ]
    if not pairs:
        raise ResultsFault(path, None, "shares no question with this run")
    questions, ours, theirs = zip(*pairs, strict=True)
    differences = compare(Outcomes.of(questions, ours), Outcomes.of(questions, theirs))
    return Comparison(len(pairs), differences)


def _json(measured: Measured) -> dict[str, float | None]:
    values = {"value": measured.value, "low": measured.low, "high": measured.high}
    return {key: None if math.isnan(value) else value for key, value in values.items()}
