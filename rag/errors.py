"""Every way in which Steward says no.

    StewardError
    ├── QuestionError
    │   ├── EmptyQuestion
    │   ├── QuestionTooLong
    │   └── NoDate
    ├── DocumentError
    │   ├── FolderMissing
    │   ├── NoDocuments
    │   ├── UnreadableDocuments
    │   ├── UnknownDocument
    │   ├── PageNotShown
    │   ├── UnknownTag
    │   └── UnknownEncoding
    ├── IndexFault
    │   ├── IndexMissing
    │   ├── IndexMismatch
    │   │   └── IndexNewer
    │   ├── IndexBusy
    │   ├── IndexOfOthers
    │   ├── IndexUnwritable
    │   ├── IndexUnreachable
    │   ├── IndexDamaged
    │   └── CalibrationDamaged
    ├── ModelFault
    ├── WriterFault
    │   ├── WriterUnreachable
    │   ├── WriterBusy
    │   ├── WriterSlow
    │   ├── WriterGarbled
    │   ├── LocalMissing
    │   └── ModelFileFault
    ├── TrainingDataMissing
    └── SettingsFault

They carry facts; only ``ui.wording.errors`` turns one into words, a status and an exit code. A
refusal to answer is not among them: it is a value, ``Answer.answered`` is False.
"""

from pathlib import Path

from rag.outcomes import NotShown, Outcome


class StewardError(Exception):
    """Whatever Steward raises on purpose."""


class QuestionError(StewardError):
    """The question cannot be asked."""


class EmptyQuestion(QuestionError):
    """The question holds no character that could be searched for."""


class QuestionTooLong(QuestionError):
    """The question is longer than the encoder could read."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, limit {limit}")
        self.length = length
        self.limit = limit


class NoDate(QuestionError):
    """What documents are to be published since is no day, month or year."""

    def __init__(self, since: str) -> None:
        super().__init__(since)
        self.since = since


class DocumentError(StewardError):
    """The documents cannot be read."""


class FolderMissing(DocumentError):
    """There is no folder at this path."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class NoDocuments(DocumentError):
    """The folder holds no file of a format Steward reads."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class UnreadableDocuments(DocumentError):
    """Files that should be documents and cannot be read; ``problems`` are these, or fields."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{source}: {problem}" for source, problem in problems))
        self.problems = problems


class UnknownDocument(DocumentError):
    """The index holds no document of this id."""

    def __init__(self, document_id: str) -> None:
        super().__init__(document_id)
        self.document_id = document_id


class PageNotShown(DocumentError):
    """There is no picture of the page of this number, from 1, and why."""

    def __init__(self, number: int, why: NotShown) -> None:
        super().__init__(f"page {number}: {why}")
        self.number = number
        self.why = why


class UnknownTag(DocumentError):
    """No document in the index bears this tag; ``known`` are those that there are."""

    def __init__(self, tag: str, known: tuple[str, ...]) -> None:
        super().__init__(tag)
        self.tag = tag
        self.known = known


class UnknownEncoding(DocumentError):
    """There is no encoding of text of this name."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


class IndexFault(StewardError):
    """The index cannot be used."""

    def __init__(self, index: Path, detail: str = "") -> None:
        super().__init__(f"{index}: {detail}" if detail else str(index))
        self.index = index
        self.detail = detail


class IndexMissing(IndexFault):
    """Nothing has been ingested here."""


class IndexMismatch(IndexFault):
    """The index was made with another model, other settings or another version."""


class IndexNewer(IndexMismatch):
    """A newer version of Steward made the index."""


class IndexBusy(IndexFault):
    """Another process is writing this index."""


class IndexOfOthers(IndexFault):
    """The index holds other folders, whose documents would be gone; ``detail`` names them."""


class IndexUnwritable(IndexFault):
    """The index's folder does not take what is written; ``free`` are its free bytes, if known."""

    def __init__(self, index: Path, detail: str = "", free: int | None = None) -> None:
        super().__init__(index, detail)
        self.free = free


class IndexUnreachable(IndexFault):
    """The server that keeps its passages does not answer, or what speaks to it is not installed."""


class IndexDamaged(IndexFault):
    """Files of the index are gone or do not fit together."""


class CalibrationDamaged(IndexFault):
    """The file of the index's calibration is not whole."""


class ModelFault(StewardError):
    """The packaged model is not there, or its weights are not the published ones."""


class WriterFault(StewardError):
    """The optional language model that writes prose cannot be used.

    Of these a person who asks only ever meets an ``Outcome``; the last two come at the start.
    """

    outcome: Outcome = "garbled"


class WriterUnreachable(WriterFault):
    """No server of language models answers at the address."""

    outcome = "unreachable"


class WriterBusy(WriterFault):
    """All places before the model are taken, or its turn did not come in time."""

    outcome = "busy"


class WriterSlow(WriterFault):
    """The time for writing was over."""

    outcome = "too_slow"


class WriterGarbled(WriterFault):
    """What the model or its server sent is not what the protocol says."""


class LocalMissing(WriterFault):
    """The package that runs a model file is not installed."""


class ModelFileFault(WriterFault):
    """There is no model file at this path, or it cannot be loaded."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class TrainingDataMissing(StewardError):
    """There is no file of training rows at this path."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class SettingsFault(StewardError):
    """Settings, as a person wrote them, are unknown or cannot be so; ``problems`` says why."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems = problems
