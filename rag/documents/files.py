"""Files to documents: decode or extract, normalise, give a title, and find where the article is."""

import hashlib
import json
from collections.abc import Callable, Sequence
from os.path import isdir  # Path.is_dir raises where the folder above cannot be read
from pathlib import Path
from typing import Any

from rag.documents.article import article, opens_left_overs
from rag.documents.folders import Found, apart, contents, names, read, reason, tags
from rag.documents.formats import FORMATS, extractor, suffix_of
from rag.documents.formats.apart import Apart
from rag.documents.formats.encodings import python_name, unicode_text
from rag.documents.front_matter import Unused, one_line, split
from rag.documents.titles import heading_of, name_of, shortened
from rag.errors import FolderMissing, NoDocuments, UnknownEncoding, UnreadableDocuments
from rag.records import Document

TEXT = frozenset({".txt", ".md"})
SUFFIXES = frozenset({*TEXT, *FORMATS})

Before = Callable[[str], Document | None]
"""Of a document's id the document as it was read before; None where it was not."""


def read_folder(
    *folders: Path,
    strict: bool = False,
    follow_links: bool = False,
    encoding: str | None = None,
    before: Before = lambda id: None,
) -> tuple[tuple[Document, ...], tuple[tuple[str, str], ...]]:
    """Read every document below some folders, which are one collection, in the order of paths.

    What cannot be read is left out and named: a file that is no text in UTF-8, whose front matter
    cannot be read, that gives no text, is empty or too large, a link that leads outside; and of a
    file that can be, a field of its front matter. So are files of other formats and the folder's
    own README. Hidden files are passed over without a word.

    Args:
        folders: Of several, each one's name is the beginning of its files' sources, by which ids
            are unique and stay the same; ``rag.documents.folders.names`` says more.
        strict: Whether what cannot be read is an error instead.
        follow_links: Whether to read what links out of a folder lead to.
        encoding: Of text files, CSV among them, that are not UTF-8; None leaves these out.
        before: Gives what is kept of a file whose bytes and extractor are the same as before.

    Returns:
        The documents, and for each thing left out what it is, mostly a source, and why.

    Raises:
        FolderMissing: When there is no such folder.
        UnknownEncoding: When there is no encoding of this name.
        UnreadableDocuments: When something cannot be read and ``strict`` is set, or nothing else
            remains; names all of it.
        NoDocuments: When nothing remains.
    """
    missing = [folder for folder in folders if not isdir(folder)]
    if missing or not folders:
        raise FolderMissing(missing[0] if missing else Path())
    if encoding is not None and python_name(encoding) is None:
        raise UnknownEncoding(encoding)
    folders = apart(folders)
    documents: list[Document] = []
    skipped: list[tuple[str, str]] = []
    problems: list[tuple[str, str]] = []
    with Apart() as child:
        for name, found in _found(folders, follow_links):
            source = _shown(found.source)
            if why := _passed_over(found, name):
                skipped.append((source, why))
                continue
            try:
                document, unused = _read(found, encoding, child, before)
            except (OSError, ValueError) as error:
                problems.append((source, reason(error)))
                continue
            documents.append(document)
            problems += [(f"part of {source}", each) for each in document.cut]
            problems += [(f"{key} of {source}", f"line {line}: {why}") for key, line, why in unused]
    if problems and (strict or not documents):
        raise UnreadableDocuments(tuple(problems))
    if not documents:
        raise NoDocuments(folders[0])
    return tuple(documents), tuple(sorted(skipped + problems))


def _passed_over(found: Found, name: str) -> str:
    """Why what is found is no document and no problem either; else ""."""
    suffix = suffix_of(found.source)
    if found.why:
        return ""
    if suffix not in SUFFIXES:
        return f"{_shown(found.path.suffix) or 'no extension'} is not a format read yet"
    readme = suffix in TEXT and found.source.lower() == f"{name}readme{suffix}".lower()
    return "describes the folder" if readme else ""


def _read(
    found: Found, encoding: str | None, child: Apart, before: Before
) -> tuple[Document, tuple[Unused, ...]]:
    """The document of a file, and the fields of its front matter that are not of their type.

    Raises:
        OSError, ValueError: When it is none; what ``reason`` makes of it completes "this file ...".
    """
    if found.why:
        raise ValueError(found.why)
    data = read(found.path)
    if suffix_of(found.source) in TEXT:
        document, unused = _parse(data, found.source, encoding)
    else:
        if encoding and suffix_of(found.source) == ".csv":
            data = unicode_text(data, encoding).encode()
        document, unused = _extracted(data, found.source, child, before), ()
    if not document.text.strip():
        raise ValueError("holds no text")
    return document, unused


def parse(data: bytes, source: str) -> Document:
    """Make a document of the bytes of a file of text.

    Args:
        data: What the file holds.
        source: Its name in the collection.

    Raises:
        ValueError: When the bytes are not text in UTF-8 (or UTF-16 with its mark), or the front
            matter cannot be read; the message completes "this file ..." and names the line.
    """
    return _parse(data, source, None)[0]


def _parse(data: bytes, source: str, encoding: str | None) -> tuple[Document, tuple[Unused, ...]]:
    """The document, and the fields of its front matter that are not of their type."""
    text = unicode_text(data, encoding).replace("\r\n", "\n").replace("\r", "\n")
    front, text = split(text)
    in_markdown = suffix_of(source) == ".md"
    heading = None
    if not front.title:
        heading = heading_of(text, opens_left_overs, is_markdown=in_markdown)
    # Where the title is known, no line of the text is taken for it, and nothing above one cut off.
    known = bool(front.title or (heading and in_markdown))
    document = _document(
        source,
        text,
        front.title or heading,
        body=article(text, title_known=known),
        authors=front.authors,
        publisher=front.publisher,
        published=front.published,
        description=front.description,
        url=front.url,
        language=front.language,
        tags=tags(_shown(source), front.tags),
        is_markdown=in_markdown,
    )
    return document, front.unused


def _extracted(data: bytes, source: str, child: Apart, before: Before) -> Document:
    """The document of a file of another format, as it was where neither file nor extractor changed.

    Raises:
        ValueError: When it gives no text; the message completes "this file ...".
    """
    file_sha256, made_by = hashlib.sha256(data).hexdigest(), extractor(source)
    old = before(_id(source))
    if old and (old.file_sha256, old.extractor) == (file_sha256, made_by):
        return old
    found = child.extract(data, source)
    text = found.text
    given = found.title and one_line(found.title)
    heading = None
    if not given:
        heading = heading_of(text, opens_left_overs, is_markdown=found.is_markdown)
    return _document(
        source,
        text,
        given or heading,
        body=found.body or (0, len(text)),
        authors=found.authors,
        publisher=found.publisher,
        published=found.published,
        description=found.description,
        language=found.language,
        tags=tags(_shown(source), found.tags),
        cut=found.cut,
        is_markdown=found.is_markdown,
        places=found.places,
        extractor=made_by,
        file_sha256=file_sha256,
    )


def _document(source: str, text: str, title: str | None, **known: Any) -> Document:
    """The document of a file; its name is its title where there is none."""
    return Document(
        id=_id(source),
        title=shortened(title or name_of(_shown(source))),
        source=_shown(source),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        text=text,
        **known,
    )


def _id(source: str) -> str:
    # The hash is of the name's bytes, for two names that are not UTF-8 may look alike.
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def titled(title: str, text: str) -> str:
    """A file's content whose title ``parse`` is told, so that it looks for none in the text."""
    return f"---\ntitle: {json.dumps(title)}\n---\n{text}"  # a JSON string is a YAML string too


def _found(folders: Sequence[Path], follow_links: bool) -> list[tuple[str, Found]]:
    """What is in the folders, each with what its sources begin with, in the order of the paths."""
    found = [
        (name, each)
        for folder, name in zip(folders, names(folders), strict=True)
        for each in contents(folder, name, follow_links=follow_links)
    ]
    return sorted(found, key=lambda pair: pair[1].source.split("/"))


def _shown(source: str) -> str:
    r"""A file's name as text: of a byte that is not UTF-8 its number, as ``\xff``."""
    return source.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
