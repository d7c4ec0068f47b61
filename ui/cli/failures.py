"""The questions that ``steward eval`` found not rightly answered."""

from typing import TYPE_CHECKING

from ui.cli.terminal import say, visible
from ui.wording.measurements import failed

if TYPE_CHECKING:
    from eval.measuring.run import Run


def print_failures(run: "Run") -> None:
    """Name the first of the questions that failed, and how; where none did, say nothing."""
    from eval.measuring.summary import failures

    for line in failed(failures(run), len(run.questions)):
        say(visible(line))
