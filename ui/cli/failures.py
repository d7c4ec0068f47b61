"""The questions that ``steward eval`` found not rightly answered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ui.cli.terminal import say, visible

if TYPE_CHECKING:
    from eval.measuring.run import Run
    from eval.measuring.summary import Failure

_NAMED = 10
"""Questions that are named; of more it gives the number."""

_HOW: Mapping["Failure", str] = {
    "refused": "refused, though the documents answer it",
    "wrong": "answered wrongly",
    "answered": "answered, though no document does",
}


def print_failures(run: "Run") -> None:
    """Name the first of the questions that failed, and how; where none did, say nothing."""
    from eval.measuring.summary import failures

    failed = failures(run)
    if not failed:
        return
    first = f", of which the first {_NAMED}" if len(failed) > _NAMED else ""
    say(f"Failed: {len(failed):,} of {len(run.questions):,} questions{first}:")
    for question, how in failed[:_NAMED]:
        say(visible(f"- {question.id}, {_HOW[how]}: {question.question}"))
