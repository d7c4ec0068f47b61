"""Zip archives within limits: what DOCX, PPTX, XLSX and EPUB are made of.

A library that is handed an archive believes what it says of itself, so all of it is unpacked once
before, a chunk at a time, and counted. An archive inside an archive is never opened.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from struct import error as StructError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from rag.documents.formats.extracted import Unextractable

ENTRIES = 10_000
"""Files in an archive."""
INFLATED = 256 * 2**20
"""Bytes of all of them, unpacked."""
RATIO = 200
"""Bytes unpacked for each packed, of an archive that unpacks to more than ``ALWAYS``. A sheet that
repeats one row has 60 to 90; deflate can do 1,032."""
ALWAYS = 8 * 2**20
LONGEST_NAME = 512
DEEPEST_NAME = 16
"""Folders within each other."""

_ENTRY = b"PK\x01\x02"  # before each entry of an archive's list
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Office puts around an encrypted file
_ENCRYPTED = 0x1
_CHUNK = 2**18
_NO_AUTHORS = {
    "microsoft office user",
    "openpyxl",
    "python-docx",
    "steve canny",  # in the template that python-pptx begins with
    "xlsxwriter",
}
_BROKEN = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    StructError,
    ValueError,
    zlib.error,
)


def opened(data: bytes) -> ZipFile:
    """An archive of which every file was unpacked once, within the limits.

    Args:
        data: The archive. A library that reads these same bytes unpacks no more than was counted.

    Raises:
        Unextractable: When it is encrypted, broken, ambiguous, or over a limit.
    """
    if data.startswith(_OLE):
        raise Unextractable(
            "is encrypted, or of a format from before 2007: save it anew without a password"
        )
    # Before the list is read, which takes 1 kB of memory for 46 bytes of the file.
    if data.count(_ENTRY) > ENTRIES:
        raise Unextractable(f"is an archive of more than {ENTRIES:,} files")
    try:
        archive = ZipFile(BytesIO(data))
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(set(names)) < len(names):
            raise Unextractable("is an archive in which two files have one name")
        inflated = 0
        for entry in entries:
            _look_at(entry)
            inflated = _counted(archive, entry, inflated, len(data))
    except Unextractable:
        raise
    except _BROKEN as error:
        raise Unextractable("is a broken archive, or cut off: save or fetch it again") from error
    return archive


@contextmanager
def office_file(data: bytes, kind: str) -> Iterator[BytesIO]:
    """A file of an office program, within the limits, for the library that parses it in the block.

    Args:
        data: The archive.
        kind: What it is called: a document, a workbook.

    Raises:
        Unextractable: As ``opened``, and of whatever the library raises of a broken file.
    """
    opened(data).close()
    try:
        yield BytesIO(data)
    except (MemoryError, Unextractable):
        raise
    except Exception as error:  # such libraries raise whatever their code comes to
        raise Unextractable(f"is a broken {kind}: open it and save it anew") from error


def office_authors(names: str | None) -> tuple[str, ...]:
    """The authors that an office file names, with semicolons between, but for programs' own."""
    given = [" ".join(name.split()) for name in (names or "").split(";")]
    return tuple(name for name in given if name and name.lower() not in _NO_AUTHORS)


def _look_at(entry: ZipInfo) -> None:
    """Refuse a file by what the archive's list says of it."""
    if entry.flag_bits & _ENCRYPTED:
        raise Unextractable("is encrypted: save it anew without a password")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unextractable("is packed in a way that no office program or book uses")
    name = entry.filename
    if len(name) > LONGEST_NAME or name.count("/") > DEEPEST_NAME:
        raise Unextractable("is an archive with a file name too long or in too many folders")
    # Nothing is ever written by these names, but who makes such ones means no good.
    if not name.isprintable() or "\\" in name or name.startswith("/") or ".." in name.split("/"):
        raise Unextractable("is an archive with a file name that leads out of it")


def _counted(archive: ZipFile, entry: ZipInfo, inflated: int, packed: int) -> int:
    """Unpack a file, and count.

    Args:
        archive: What it is in.
        entry: The file.
        inflated: Bytes unpacked so far.
        packed: Bytes of the archive.

    Returns:
        The bytes unpacked with this one.
    """
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            inflated += len(chunk)
            if inflated > INFLATED:
                raise Unextractable(f"unpacks to more than {INFLATED // 2**20} MB: divide it")
            if inflated > max(ALWAYS, RATIO * packed):
                raise Unextractable(f"unpacks to more than {RATIO} times its size, as bombs do")
    return inflated
