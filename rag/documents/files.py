"""Files to documents: decode, normalise, give a title, and find where the article itself is."""

import hashlib
import json
from collections.abc import Sequence
from os.path import isdir  # Path.is_dir raises where the folder above cannot be read
from pathlib import Path

from rag.documents.article import article, opens_left_overs
from rag.documents.folders import Found, apart, contents, names, read, reason
from rag.documents.front_matter import Unused, split
from rag.documents.titles import heading_of, name_of, shortened
from rag.errors import FolderMissing, NoDocuments, UnreadableDocuments
from rag.records import Document

SUFFIXES = frozenset({".txt", ".md"})


def read_folder(
    *folders: Path, strict: bool = False, follow_links: bool = False
) -> tuple[tuple[Document, ...], tuple[tuple[str, str], ...]]:
    """Read every document below some folders, which are one collection, in the order of paths.

    What cannot be read is left out and named: a file that is no text in UTF-8, whose front matter
    cannot be read, that is empty or too large, a link that leads outside; and of a file that can
    be, a field of its front matter. So are files of other formats and the folder's own README.
    Hidden files are passed over without a word.

    Args:
        folders: Of several, each one's name is the beginning of its files' sources, by which ids
            are unique and stay the same; ``rag.documents.folders.names`` says more.
        strict: Whether what cannot be read is an error instead.
        follow_links: Whether to read what links out of a folder lead to.

    Returns:
        The documents, and for each thing left out what it is, mostly a source, and why.

    Raises:
        FolderMissing: When there is no such folder.
        UnreadableDocuments: When something cannot be read and ``strict`` is set, or nothing else
            remains; names all of it.
        NoDocuments: When nothing remains.
    """
    missing = [folder for folder in folders if not isdir(folder)]
    if missing or not folders:
        raise FolderMissing(missing[0] if missing else Path())
    folders = apart(folders)
    documents: list[Document] = []
    skipped: list[tuple[str, str]] = []
    problems: list[tuple[str, str]] = []
    for name, found in _found(folders, follow_links):
        source = _shown(found.source)
        if found.why:
            problems.append((source, found.why))
        elif found.path.suffix.lower() not in SUFFIXES:
            what = _shown(found.path.suffix) or "no extension"
            skipped.append((source, f"{what} is not a format read yet"))
        elif found.source.lower() in (f"{name}readme{suffix}".lower() for suffix in SUFFIXES):
            skipped.append((source, "describes the folder"))
        else:
            try:
                document, unused = _parse(read(found.path), found.source)
            except (OSError, ValueError) as error:
                problems.append((source, reason(error)))
                continue
            if not document.text.strip():
                problems.append((source, "holds no text"))
                continue
            documents.append(document)
            problems += [(f"{key} of {source}", f"line {line}: {why}") for key, line, why in unused]
    if problems and (strict or not documents):
        raise UnreadableDocuments(tuple(problems))
    if not documents:
        raise NoDocuments(folders[0])
    return tuple(documents), tuple(sorted(skipped + problems))


def parse(data: bytes, source: str) -> Document:
    """Make a document of a file's bytes.

    Args:
        data: What the file holds.
        source: Its name in the collection.

    Raises:
        ValueError: When the bytes are not text in UTF-8 (or UTF-16 with its mark), or the front
            matter cannot be read; the message completes "this file ..." and names the line.
    """
    return _parse(data, source)[0]


def _parse(data: bytes, source: str) -> tuple[Document, tuple[Unused, ...]]:
    """The document, and the fields of its front matter that are not of their type."""
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    front, text = split(text)
    heading = heading_of(text, source, opens_left_overs) if not front.title else None
    # Where the title is known, no line of the text is taken for it, and nothing above one cut off.
    known = bool(front.title or (heading and source.lower().endswith(".md")))
    # The hash is of the name's bytes, for two names that are not UTF-8 may look alike.
    id = hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    document = Document(
        id=id,
        title=shortened(front.title or heading or name_of(_shown(source))),
        source=_shown(source),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        body=article(text, title_known=known),
        authors=front.authors,
        publisher=front.publisher,
        published=front.published,
        description=front.description,
        url=front.url,
        language=front.language,
        tags=front.tags,
        text=text,
    )
    return document, front.unused


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


def _decode(data: bytes) -> str:
    # Nothing is guessed: a wrong guess would put letters into a quote that nobody wrote.
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"is not UTF-8 text (line {line}); save it as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(f"is not text, with NUL characters in it (line {line})")
    return text
