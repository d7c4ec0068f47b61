"""What can be the matter with an index, in words."""

import shlex

from rag.errors import (
    CalibrationDamaged,
    IndexBusy,
    IndexDamaged,
    IndexFault,
    IndexMismatch,
    IndexMissing,
    IndexNewer,
    IndexOfOthers,
    IndexUnreachable,
    IndexUnwritable,
)
from ui.settings import ServerSettings


def index_fault(error: IndexFault) -> str:
    """Say what happened and what to do about it; one line of plain text."""
    index, why = error.index, because(error.detail)
    match error:
        case IndexMissing() | IndexMismatch() | IndexDamaged():
            return _to_be_made_again(error)
        case IndexBusy():
            return (
                f"Another `steward ingest` is writing the index in {index}. "
                "Wait until it is done, then try again."
            )
        case IndexOfOthers():
            return (
                f"The index in {index} holds the documents of {error.detail}, which would go "
                "out of it. Name all folders to keep them, add --replace if they may go, or choose "
                "another index: steward ingest FOLDER --index OTHER"
            )
        case IndexUnreachable():
            return (
                f"The index in {index} cannot be reached{why}. "
                "Start the server that keeps its passages, or correct STEWARD_STORE_URL."
            )
        case IndexUnwritable():
            room = "" if error.free is None else f"; {error.free / 1e6:,.0f} MB are free there"
            return (
                f"The index in {index} cannot be written{why}{room}. "
                "Make room or give yourself the right to write there, or choose another folder: "
                "steward ingest FOLDER --index OTHER"
            )
        case CalibrationDamaged():
            return (
                f"The calibration of the index in {index} is damaged{why}. "
                "Make it again with steward calibrate, or delete that file."
            )
        case _:
            return f"The index in {index} cannot be used{why}."


def _to_be_made_again(error: IndexFault) -> str:
    index, why = error.index, because(error.detail)
    again = "steward ingest FOLDER"
    if index != ServerSettings.model_fields["index"].default:
        again += f" --index {shlex.quote(str(index))}"
    match error:
        case IndexMissing():
            return (
                f"There is no index in {index} yet. "
                f"Make one of the folder that holds your documents: {again}"
            )
        case IndexNewer():
            return (
                f"A newer version of Steward made the index in {index}{why}. "
                f"Use that version, or have this one read the documents again: {again}"
            )
        case IndexMismatch():
            return (
                f"The index in {index} does not fit this version of Steward or its settings{why}. "
                f"Read the documents again: {again}"
            )
        case _:
            return f"The index in {index} is damaged{why}. Read the documents again: {again}"


def because(detail: str) -> str:
    """The reason in brackets, if one is known."""
    return f" ({detail})" if detail else ""
