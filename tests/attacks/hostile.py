"""Hostile files of formats other than text, and good ones to put beside them."""

import base64
import random
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZipFile

import docx
import openpyxl
import pptx

from tests.pdfs import pdf
from tests.rag.documents.formats.archives import LAUGHS, OUTSIDE, changed, zipped

Kind = Callable[[random.Random], tuple[str, bytes]]
"""Makes a file, as its suffix and its bytes."""

PARTS = {
    ".docx": "word/document.xml",
    ".pptx": "ppt/slides/slide1.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".epub": "one.xhtml",
}
"""What each archive has its text in."""

_BOOK = {
    "mimetype": b"application/epub+zip",
    "META-INF/container.xml": b"<container><rootfiles><rootfile full-path='book.opf'/></rootfiles>"
    b"</container>",
    "book.opf": b"<package><metadata><title>A book</title></metadata><manifest><item id='a' "
    b"href='one.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/>"
    b"</spine></package>",
}


def good(text: str) -> Mapping[str, bytes]:
    """A good file of each format that says this, by suffix."""
    page = f"<html><body><h1>Of it</h1><p>{text}</p></body></html>".encode()
    return {
        ".pdf": pdf([(50, 700, 10, text)]),
        ".docx": _word(text),
        ".pptx": _slides(text),
        ".xlsx": _sheet(text),
        ".epub": zipped({**_BOOK, "one.xhtml": page}),
        ".html": page,
        ".csv": f"What,Says\nIt,{text}\n".encode(),
        ".eml": f"From: ann@example.org\nSubject: It\n\n{text}\n".encode(),
    }


def cut_off(dice: random.Random) -> tuple[str, bytes]:
    """A good file that ends somewhere."""
    suffix = dice.choice([".pdf", *PARTS])
    return suffix, GOOD[suffix][: dice.randrange(1, len(GOOD[suffix]) - 30)]


def damaged(dice: random.Random) -> tuple[str, bytes]:
    """A good file with other bytes in some places."""
    suffix = dice.choice([".pdf", *PARTS])
    data = bytearray(GOOD[suffix])
    for _ in range(dice.randint(1, 40)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return suffix, bytes(data)


def random_bytes(dice: random.Random) -> tuple[str, bytes]:
    """Bytes that are nothing, with or without the right beginning."""
    suffix = dice.choice([*GOOD])
    lead = dice.choice([b"", GOOD[suffix][:8]])
    return suffix, lead + b"\xff\xfe\x00" + dice.randbytes(dice.randrange(9999))


def nothing(dice: random.Random) -> tuple[str, bytes]:
    """No bytes, or white space."""
    return dice.choice([*GOOD]), dice.choice([b"", b"\n" * 999, b" "])


def of_another_format(dice: random.Random) -> tuple[str, bytes]:
    """A good file by a wrong name."""
    one, other = dice.sample([".pdf", *PARTS], 2)
    return one, GOOD[other]


def laughs(dice: random.Random) -> tuple[str, bytes]:
    """Entities that grow without end, or that name a file of the machine."""
    suffix, lead = dice.choice([*PARTS]), dice.choice([LAUGHS, OUTSIDE])
    name = PARTS[suffix]

    def with_entities(part: bytes) -> bytes:
        at = part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0
        return part[:at] + lead + part[at:].replace(b"good", b"&k;")

    return suffix, changed(GOOD[suffix], name, with_entities)


def bomb(dice: random.Random) -> tuple[str, bytes]:
    """Zeros in the place of the text, or beside it; see ``zeros``."""
    suffix = dice.choice([*PARTS])
    name = dice.choice([PARTS[suffix], "zeros"])
    with ZipFile(BytesIO(GOOD[suffix])) as old:
        files = {each: old.read(each) for each in old.namelist() if each != name}
    made = BytesIO(zipped(files))
    with ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as file:
        for _ in range(dice.choice([9, 64])):
            file.write(bytes(2**20))
    return suffix, made.getvalue()


def archive_like(dice: random.Random) -> tuple[str, bytes]:
    """Archives that no program makes."""
    suffix = dice.choice([*PARTS])
    with ZipFile(BytesIO(GOOD[suffix])) as old:
        files = {each: old.read(each) for each in old.namelist()}
    more: Mapping[str, bytes] = dice.choice(
        [
            {"../../outside": b"x"},
            {"/etc/passwd": b"x"},
            {"a/" * 40 + "b": b"x"},
            {"n" * 600: b"x"},
            {f"{number}": b"" for number in range(10_001)},
        ]
    )
    made = bytearray(zipped({**files, **more}))
    if dice.random() < 0.3:
        at = made.index(b"PK\x01\x02")
        made[at + 8] |= 1  # says that it is encrypted
    return suffix, bytes(made)


def encrypted(dice: random.Random) -> tuple[str, bytes]:
    """By a password that nobody knows."""
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(999)
    sealed = (
        b"From: a@example.org\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n"
    )
    page = pdf([(50, 700, 10, "A secret.")], encrypted=True)
    return dice.choice([(".pdf", page), (".docx", office), (".xlsx", office), (".eml", sealed)])


def scan(dice: random.Random) -> tuple[str, bytes]:
    """Pages of pictures, without a word."""
    return ".pdf", pdf(*[[]] * dice.randint(1, 9), pictured=9)


def pages_in_a_loop(dice: random.Random) -> tuple[str, bytes]:
    """Pages that are their own parents, or so many that there are none."""
    data = GOOD[".pdf"]
    kids = data.index(b"/Kids[") + len(b"/Kids[")
    end = data.index(b"]", kids)
    loop = dice.choice([b"2 0 R", b"2 0 R " * 999, b"1 0 R", b"9999999 0 R", b"[" * 9999])
    return ".pdf", data[:kids] + loop + data[end:].replace(b"/Count 1", b"/Count 2000000000")


def content_without_end(dice: random.Random) -> tuple[str, bytes]:
    """A page whose content inflates to much, or nests deep."""
    drawn = dice.choice(
        [bytes(2**25), b"q " * 2_000_000, b"[" * 2_000_000, b"BT " * 500_000, b"/X Do " * 300_000]
    )
    packed = zlib.compress(drawn)
    data = GOOD[".pdf"]
    begin, end = data.index(b"<</Length"), data.index(b"endstream")
    head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return ".pdf", data[:begin] + head + packed + b"\n" + data[end:]


def message_without_end(dice: random.Random) -> tuple[str, bytes]:
    """Messages in messages, parts without a border, and attachments that are bombs."""
    depth = dice.randint(5, 900)
    head = b"From: a@example.org\nSubject: s\n"
    return ".eml", dice.choice(
        [
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                for n in range(depth)
            ),
            head + b"Content-Type: multipart/mixed\n\nno border\n",
            (head + b"Content-Type: message/rfc822\n\n") * depth,
            head + b"Content-Type: text/plain; charset=utf-16\n\n\xff\xfe\x00\xd8",
            b"\x00" * 9999,
            head
            + b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
            + b"Content-Disposition: attachment; filename=a.docx\n\n"
            + base64.encodebytes(bomb(dice)[1]),
        ]
    )


def _word(text: str) -> bytes:
    document, made = docx.Document(), BytesIO()
    document.add_heading("Of it", 1)
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def _slides(text: str) -> bytes:
    show, made = pptx.Presentation(), BytesIO()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Of it"
    slide.placeholders[1].text = text
    show.save(made)
    return made.getvalue()


def _sheet(text: str) -> bytes:
    book, made = openpyxl.Workbook(), BytesIO()
    book.active.append(["What", "Says"])
    book.active.append(["It", text])
    book.save(made)
    return made.getvalue()


GOOD = good("All of it is good and can be read.")

KINDS: tuple[Kind, ...] = (
    cut_off,
    damaged,
    random_bytes,
    nothing,
    of_another_format,
    laughs,
    bomb,
    archive_like,
    encrypted,
    scan,
    pages_in_a_loop,
    content_without_end,
    message_without_end,
)
