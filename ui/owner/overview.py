"""What whoever runs Steward sees at a glance: what was asked, what of it failed, the documents."""

import hashlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.documents.files import parse
from rag.documents.folders import LARGEST, places
from rag.index import generations
from rag.index.manifest import MANIFEST, Manifest
from rag.quoting import calibration
from rag.quoting.calibration import Calibration
from rag.records import Metadata
from ui.owner import log_reading
from ui.owner.errors import LogMissing
from ui.owner.gathering import Gathered, Gathering
from ui.owner.log_file import path_of, reading
from ui.owner.log_reading import Day
from ui.owner.records import Case, Verdict
from ui.settings import ServerSettings

_DAY = 86400.0

_READ = 100
"""Files newer than the index that are read to see whether they changed; more are said to have."""

COMPLAINTS = 50
"""Complaints that are shown, the latest."""

FileState = Literal["read", "changed", "gone"]
"""Of a document's file: as it was read, written to since, or no longer there."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the index.

    Attributes:
        metadata: What is known of it.
        passages: How many it has.
        file: Its file's state.
        quoted: How many answers it was quoted in, as far as these are logged.
    """

    metadata: Metadata
    passages: int
    file: FileState
    quoted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the log holds.

    Attributes:
        days: What came of the questions, by day, oldest first.
        gaps: What was not answered, and what did not help.
        complaints: The latest, with the answers as they were.
        complained: How many there are.
        helped: How many verdicts say that an answer helped.
        cases: Those that were made.
        quoted: How many answers each document was quoted in, by its id.
    """

    days: tuple[Day, ...] = ()
    gaps: Gathered
    complaints: tuple[Verdict, ...] = ()
    complained: int = 0
    helped: int = 0
    cases: tuple[Case, ...] = ()
    quoted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the index is made of.

    Attributes:
        manifest: How it was made, and what was left out.
        documents: Those, by source.
        made_at: When it was made.
        calibration: How the confidence is read.
        calibrated_at: When that was fitted; None where it was not.
        files: How many documents are in which state.
    """

    manifest: Manifest
    documents: tuple[Known, ...]
    made_at: float
    calibration: Calibration
    calibrated_at: float | None
    files: Mapping[FileState, int]

    @property
    def changed_since(self) -> bool:
        """Whether the documents became others after the calibration."""
        return self.calibrated_at is not None and self.calibrated_at < self.made_at


def since(settings: ServerSettings) -> float:
    """The moment from which on anything is kept."""
    return time.time() - settings.keep_days * _DAY


def asked(settings: ServerSettings, gathering: Gathering) -> Asked:
    """What the log holds, of what may still be kept; nothing where there is no log.

    Raises:
        LogDamaged: When it cannot be read.
    """
    begin = since(settings)
    try:
        with reading(path_of(settings.index)) as database:
            helped, complained = log_reading.verdict_counts(database, begin)
            return Asked(
                days=log_reading.per_day(database, begin),
                gaps=gathering.gaps(database, begin),
                complaints=log_reading.complaints(database, begin, COMPLAINTS),
                complained=complained,
                helped=helped,
                cases=log_reading.cases(database),
                quoted=log_reading.quoted(database, begin),
            )
    except LogMissing:
        return Asked(gaps=Gathered(at=time.time()), quoted={})


def state(settings: ServerSettings, quoted: Mapping[str, int]) -> State | None:
    """What the current index is made of; None where there is none.

    Raises:
        IndexFault: When it cannot be read.
    """
    generation = generations.current(settings.index)
    if generation is None:
        return None
    manifest = Manifest.read(generation)
    made_at = (generation / MANIFEST).stat().st_mtime
    files = _Files(made_at)
    folders = tuple(map(Path, manifest.folders))
    documents = tuple(
        Known(each, count, files.state(each, folders), quoted.get(each.id, 0))
        for each, count in zip(manifest.documents, manifest.passage_counts, strict=True)
    )
    return State(
        manifest=manifest,
        documents=documents,
        made_at=made_at,
        calibration=calibration.read(settings.index),
        calibrated_at=calibration.fitted_at(settings.index),
        files=Counter(each.file for each in documents),
    )


class _Files:
    """Tells of files whether they are as they were read."""

    def __init__(self, made_at: float) -> None:
        self._made_at = made_at
        self._read = 0

    def state(self, known: Metadata, folders: Sequence[Path]) -> FileState:
        """The state of a document's file, in the folder that its source begins with the name of."""
        for _, path in places(known.source, folders):
            try:
                newer = path.stat().st_mtime > self._made_at
                return "changed" if newer and self._differs(path, known) else "read"
            except OSError:
                continue
        return "gone"

    def _differs(self, path: Path, known: Metadata) -> bool:
        """Whether a file that is newer than the index holds something else."""
        self._read += 1
        if self._read > _READ or path.stat().st_size > LARGEST:
            return True
        data = path.read_bytes()
        if known.file_sha256 is not None:
            return hashlib.sha256(data).hexdigest() != known.file_sha256
        try:
            return parse(data, known.source).sha256 != known.sha256
        except ValueError:
            return True
