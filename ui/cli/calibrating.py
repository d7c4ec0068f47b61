"""``steward calibrate``: the confidence and the thresholds, fitted to a person's own documents."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.measuring import Subset
from ui.cli.terminal import progress, say
from ui.settings import load
from ui.wording.errors import BAD_INPUT
from ui.wording.measurements import calibrated


def calibrate(
    questions: Annotated[
        Path, typer.Option(help="Question set about the documents.", metavar="FILE")
    ],
    wrong: Annotated[
        float, typer.Option(min=0, max=0.5, help="Share of sure answers that may be wrong.")
    ] = 0.05,
    right: Annotated[
        float,
        typer.Option(min=0.1, max=0.9, help="Share of the perhaps that must be right at least."),
    ] = 0.4,
    half: Annotated[Subset, typer.Option(help="The questions to fit on.")] = Subset.all,
    index: Annotated[
        Path | None, typer.Option(help="Folder that the index is kept in.", metavar="FOLDER")
    ] = None,
) -> None:
    """Fit the confidence to the documents, and choose from where on to answer, and to quote.

    The calibration is kept with the index. With too few questions nothing is changed, and it exits
    with 2.
    """
    settings = load(index=index)
    from eval.measuring import run as running
    from eval.measuring.calibration_fit import FEWEST, fit_calibration
    from eval.measuring.questions import read_questions
    from rag.quoting.calibration import Calibration, write

    asked = read_questions(questions)
    with progress() as show:
        found = running.run(asked, settings, show, Calibration()).subset(half.value)
    fitted = fit_calibration(found.outcomes(), wrong, right)
    if fitted.calibration:
        write(settings.index, fitted.calibration)
    for line in calibrated(fitted, FEWEST):
        say(line, stderr=not fitted.calibration)
    if not fitted.calibration:
        raise typer.Exit(BAD_INPUT)
