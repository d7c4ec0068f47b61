"""The words of the owner's page."""

from rag.documents.folders import LARGEST
from ui.owner.files import REMOVED
from ui.wording.numbers import counted, percent

NOT_IN_DOCUMENTS = (
    "No document holds these words. Copy them from the document as they stand there, or choose "
    "that the documents do not answer."
)
NOTHING_CHOSEN = "Choose what would have been right."

NO_LOG = (
    "Nothing is logged. Set STEWARD_LOG_QUESTIONS=true to keep what is asked, and "
    "STEWARD_FEEDBACK=true to ask people whether it helped."
)
GATHERING = (
    "There is much to gather. The gaps are being gathered now; load this page again in a minute."
)
CHANGED_SINCE = (
    "The documents have changed since the confidence was calibrated. Calibrate again: "
    "steward calibrate --questions FILE"
)
CASES = (
    "A case is a question with what would have been right. Save them as cases.jsonl and run "
    "steward eval --questions cases.jsonl after every change, so that what was mended stays "
    "mended; steward calibrate reads them too."
)
DROP = (
    f"Choose files or drop them on the field: {LARGEST // 2**20} MB each at most. One of the same "
    "name gives way; nothing is deleted."
)
NOT_ALL = "Not everything was done"
NO_INDEX = "There is no index."


def kept(days: int) -> str:
    """How long anything is kept."""
    return f"Of the last {counted(days, 'day')}, which is how long anything is kept."


def files(changed: int, gone: int) -> str:
    """Say how many files are not as they were read; "" where all are."""
    parts = []
    if changed:
        parts.append(f"{counted(changed, 'file')} written to since it was read")
    if gone:
        parts.append(f"{counted(gone, 'file')} no longer there")
    if not parts:
        return ""
    return f"The index is behind the folder: {' and '.join(parts)}. Run steward ingest, or --watch."


def calibration(questions: int, threshold: float, day: str) -> str:
    """How the confidence is read."""
    if not questions:
        return f"Not calibrated on these documents. Steward answers from {percent(threshold)}."
    return (
        f"Calibrated on {counted(questions, 'question')} on {day}. Steward answers from "
        f"{percent(threshold)}."
    )


def added(number: int) -> str:
    """Say that files were added."""
    return f"{counted(number, 'file')} added, and being read now; load this page again soon."


def removed(source: str) -> str:
    """Say that a file was taken out."""
    return (
        f"{source} was taken out, and lies in the folder {REMOVED} of the documents. It can be "
        "quoted until the documents have been read again, which has begun."
    )


def made(question: str) -> str:
    """Say that a case was made."""
    return f"A case was made of: {question}"
