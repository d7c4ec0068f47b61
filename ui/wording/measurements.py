"""Errors of measurements in words; apart, since only the command line makes any."""

from eval.errors import EvaluationError, FileFault
from rag.errors import StewardError
from ui.wording.errors import BAD_INPUT, Message
from ui.wording.errors import explain as explain_other


def explain(error: StewardError) -> Message:
    """Say what happened and what to do about it, of a measurement or of anything else."""
    if not isinstance(error, EvaluationError):
        return explain_other(error)
    # A path keeps the letters that it has.
    words = f"The file {error}" if isinstance(error, FileFault) else str(error)
    return Message(f"{words[:1].upper()}{words[1:]}.", 400, BAD_INPUT)
