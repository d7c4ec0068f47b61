"""Zip archives within limits, and bombs."""

import random
import struct
import tracemalloc
import warnings
import zipfile
from io import BytesIO

import pytest

from rag.documents.formats import archive
from rag.documents.formats.archive import opened
from rag.documents.formats.extracted import Unextractable
from tests.rag.documents.formats.archives import zipped


def _encrypted(data: bytes) -> bytes:
    """The archive with the flag of encryption at its first file, here and in the list."""
    listed = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[6] |= 1
    changed[listed + 8] |= 1
    return bytes(changed)


def test_an_honest_archive_is_opened_with_all_its_files() -> None:
    files = {"word/document.xml": b"text " * 1000, "a/b/c.png": random.Random(1).randbytes(5000)}
    with opened(zipped(files)) as found:
        assert {name: found.read(name) for name in found.namelist()} == files


def test_a_gigabyte_of_zeros_is_stopped_early_and_takes_little_memory() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        with new.open("zeros", "w") as file:
            for _ in range(1024):
                file.write(bytes(2**20))
    bomb = made.getvalue()
    tracemalloc.start()
    try:
        with pytest.raises(Unextractable, match="unpacks to more than 256 MB"):
            opened(bomb)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_a_small_bomb_is_known_by_how_much_it_grows() -> None:
    with pytest.raises(Unextractable, match="more than 200 times its size"):
        opened(zipped({"zeros": bytes(archive.ALWAYS + 1)}))
    with opened(zipped({"zeros": bytes(archive.ALWAYS)})) as found:
        assert found.namelist() == ["zeros"]


def test_files_are_counted_together() -> None:
    part = bytes(archive.ALWAYS // 10)
    with pytest.raises(Unextractable, match="more than 200 times"):
        opened(zipped({f"part{number}": part for number in range(11)}))


def test_a_size_that_is_declared_is_not_believed() -> None:
    bomb = bytearray(zipped({"zeros": bytes(2**20)}))
    listed = bomb.index(b"PK\x01\x02")
    bomb[listed + 24 : listed + 28] = struct.pack("<I", 1000)  # its unpacked size
    with pytest.raises(Unextractable, match="broken archive"):
        opened(bytes(bomb))


def test_files_that_share_their_bytes_are_counted_each() -> None:
    """As in David Fifield's bombs: many entries of the list, one file."""
    alone = zipped({"a": bytes(2**20)})
    listed, end = alone.index(b"PK\x01\x02"), alone.index(b"PK\x05\x06")
    entry = alone[listed:end]
    many = b"".join(entry[:46] + bytes([97 + n % 26]) + entry[47:] for n in range(26))
    tail = bytearray(alone[end:])
    tail[8:12] = struct.pack("<HH", 26, 26)
    tail[12:16] = struct.pack("<I", len(many))
    with pytest.raises(Unextractable):
        opened(alone[:listed] + many + bytes(tail))


@pytest.mark.timeout(60)
def test_an_archive_of_very_many_files_is_refused_before_its_list_is_read() -> None:
    bomb = zipped({str(number): b"" for number in range(archive.ENTRIES + 1)})
    with pytest.raises(Unextractable, match="more than 10,000 files"):
        opened(bomb)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\windows", "two\nlines", "\x1b[2J"]
)
def test_a_name_that_leads_out_or_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Unextractable, match="leads out of it"):
        opened(zipped({name: b"x"}))


@pytest.mark.parametrize("name", ["a" * 513, "a/" * 17 + "b"])
def test_a_name_too_long_or_too_deep_is_refused(name: str) -> None:
    with pytest.raises(Unextractable, match="too long or in too many folders"):
        opened(zipped({name: b"x"}))


def test_two_files_of_one_name_are_refused_since_libraries_disagree_which_counts() -> None:
    made = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as new:
        warnings.simplefilter("ignore")
        new.writestr("word/document.xml", b"one")
        new.writestr("word/document.xml", b"two")
    with pytest.raises(Unextractable, match="two files have one name"):
        opened(made.getvalue())


def test_what_is_encrypted_is_said_to_be() -> None:
    with pytest.raises(Unextractable, match="is encrypted"):
        opened(_encrypted(zipped({"a": b"secret"})))
    with pytest.raises(Unextractable, match="is encrypted, or of a format from before 2007"):
        opened(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(compression: int) -> None:
    with pytest.raises(Unextractable, match="packed in a way"):
        opened(zipped({"a": b"x" * 100}, compression))


def test_whatever_bytes_are_broken_or_cut_off_there_is_no_other_error() -> None:
    random_ = random.Random(7)
    whole = zipped({"a.xml": b"some text " * 200, "b.bin": random_.randbytes(3000)})
    for _ in range(300):
        broken = bytearray(whole[: random_.randrange(len(whole) + 1)])
        for _ in range(random_.randrange(4)):
            if broken:
                broken[random_.randrange(len(broken))] = random_.randrange(256)
        try:
            opened(bytes(broken)).close()
        except Unextractable as error:
            assert str(error)


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive", bytes(1000)])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Unextractable, match="broken archive"):
        opened(data)
