"""Measurements in words, their errors too; apart, since only the command line makes any."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from eval.errors import EvaluationError, FileFault
from rag.errors import StewardError
from ui.wording.errors import BAD_INPUT, Message
from ui.wording.errors import explain as explain_other
from ui.wording.numbers import percent

if TYPE_CHECKING:
    from eval.measuring.calibration_fit import CalibrationFit
    from eval.measuring.questions import Question
    from eval.measuring.summary import Failure

NO_MODEL = "no model is set; set STEWARD_MODEL_URL or STEWARD_MODEL_PATH"

_NAMED = 10
"""Questions that are named; of more it gives the number."""

_HOW: Mapping["Failure", str] = {
    "refused": "refused, though the documents answer it",
    "wrong": "answered wrongly",
    "perhaps": "not sure, and what was quoted does not answer it",
    "answered": "answered, though no document does",
}


def explain(error: StewardError) -> Message:
    """Say what happened and what to do about it, of a measurement or of anything else."""
    if not isinstance(error, EvaluationError):
        return explain_other(error)
    # A path keeps the letters that it has.
    words = f"The file {error}" if isinstance(error, FileFault) else str(error)
    return Message(f"{words[:1].upper()}{words[1:]}.", 400, BAD_INPUT)


def failed(failures: Sequence[tuple["Question", "Failure"]], asked: int) -> Iterator[str]:
    """Name the first of the questions that failed, of so many asked; nothing where none did."""
    if not failures:
        return
    first = f", of which the first {_NAMED}" if len(failures) > _NAMED else ""
    yield f"Failed: {len(failures):,} of {asked:,} questions{first}:"
    for question, how in failures[:_NAMED]:
        yield f"- {question.id}, {_HOW[how]}: {question.question}"


def calibrated(fit: "CalibrationFit", fewest: int) -> Iterator[str]:
    """Say what came of a calibration, for which there must be so many questions at least."""
    if fit.calibration is None:
        yield (
            f"Nothing was changed. {fit.questions} questions, of which the quotes answer "
            f"{fit.right}, do not say enough: it takes {fewest} or more, with answers right and "
            "wrong among them, and the confidence higher where they are right."
        )
        return
    low, high = percent(fit.wrong_low, round), percent(fit.wrong_high, round)
    yield (
        f"Fitted on {fit.questions} questions. Steward now answers from a confidence of "
        f"{percent(fit.calibration.threshold, round)}, and quotes what may answer from "
        f"{percent(fit.calibration.perhaps_threshold, round)}."
    )
    yield (
        f"Of these questions it answers {fit.shown}, {fit.wrong} of them wrongly; on others like "
        f"them expect {low} to {high} wrong (95% interval). It is not sure of {fit.perhaps}, and "
        f"{fit.perhaps_right} of them it quotes rightly."
    )


def below(name: str, least: float, value: float) -> str:
    """Say that a figure is below what was asked for."""
    return f"{name} is below {least:g}: {value:.3f}"


def no_figure(name: str, figures: Sequence[str]) -> str:
    """Say that a least value can be asked of these figures alone."""
    return f"{name!r} is not a figure that should be high; those are {', '.join(figures)}"


def no_number(value: str) -> str:
    """Say that a least value is not a number."""
    return f"{value!r} is not a number"


def thresholds(sure: float, perhaps: float) -> str:
    """Say from which confidence on Steward answered, and quoted what may answer."""
    return f"Sure from {sure:g}, perhaps from {perhaps:g}."


def unfindable(ids: Sequence[str]) -> str:
    """Say which questions cannot be answered rightly, whatever Steward does."""
    return (
        "No document holds any accepted quote of these questions, so no answer to them can be "
        f"right: {json.dumps(ids)}"
    )
