"""Files to documents: decode, normalise, give a title, and find where the article itself is."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from rag.documents.article import article, opens_left_overs
from rag.errors import FolderMissing, NoDocuments, UnreadableDocuments
from rag.records import Document

SUFFIXES = frozenset({".txt", ".md"})

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER_KEYS = ("title", "publisher", "published", "url")
_MARKDOWN_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_TITLE_LINES = 8
_TITLE_WORDS = range(3, 26)


def read_folder(folder: Path) -> tuple[tuple[Document, ...], tuple[tuple[str, str], ...]]:
    """Read every document below a folder, in the order of their paths.

    Hidden files are passed over without a word; files of other formats, files without text and the
    folder's own README are left out and named.

    Returns:
        The documents, and for each file left out its path and why.

    Raises:
        FolderMissing: When there is no such folder.
        UnreadableDocuments: When files that should be text are not; names all of them.
        NoDocuments: When nothing remains.
    """
    if not folder.is_dir():
        raise FolderMissing(folder)
    documents, skipped, problems = [], [], []
    for path in sorted(_files(folder)):
        source = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")
        if path.suffix.lower() not in SUFFIXES:
            skipped.append((source, f"{path.suffix or 'no extension'} is not a format read yet"))
        elif "/" not in source and path.stem.lower() == "readme":
            skipped.append((source, "describes the folder"))
        else:
            try:
                document = parse(path.read_bytes(), source)
            except (OSError, ValueError) as error:
                problems.append((source, getattr(error, "strerror", None) or str(error)))
                continue
            if document.text.strip():
                documents.append(document)
            else:
                skipped.append((source, "holds no text"))
    if problems:
        raise UnreadableDocuments(tuple(problems))
    if not documents:
        raise NoDocuments(folder)
    return tuple(documents), tuple(skipped)


def parse(data: bytes, source: str) -> Document:
    """Make a document of a file's bytes.

    Raises:
        ValueError: When the bytes are not text in UTF-8 (or UTF-16 with its mark), or the front
            matter is not YAML; the message completes "this file ...".
    """
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    metadata, tags, text = _front_matter(text)
    title = metadata.get("title")
    is_markdown = source.lower().endswith(".md")
    # Where the title is known, no line of the text is taken for it, and nothing above one cut off.
    body = article(text, title_known=bool(title or (is_markdown and _MARKDOWN_TITLE.search(text))))
    title = title or _title(text[body[0] :], source)
    return Document(
        id=hashlib.sha256(source.encode()).hexdigest()[:12],
        title=title,
        source=source,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        body=body,
        publisher=metadata.get("publisher"),
        published=metadata.get("published"),
        url=metadata.get("url"),
        tags=tags,
        text=text,
    )


def titled(title: str, text: str) -> str:
    """A file's content whose title ``parse`` is told, so that it looks for none in the text."""
    front_matter = json.dumps(title, ensure_ascii=False)  # a JSON string is a YAML string too
    return f"---\ntitle: {front_matter}\n---\n{text}"


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield path


def _decode(data: bytes) -> str:
    # Nothing is guessed: a wrong guess would put letters into a quote that nobody wrote.
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise ValueError("is not text (it holds NUL characters)")
    return text


def _front_matter(text: str) -> tuple[dict[str, str], tuple[str, ...], str]:
    """Split YAML front matter off; a text that merely begins with a rule keeps it."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, (), text
    try:
        fields = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise ValueError("has front matter that is not YAML") from error
    if not isinstance(fields, dict):
        return {}, (), text
    metadata = {
        key: _one_line(fields[key])
        for key in _FRONT_MATTER_KEYS
        if isinstance(fields.get(key), str | int | float | date)
    }
    tags = fields.get("tags") or []
    tags = tags.split(",") if isinstance(tags, str) else tags
    tags = map(_one_line, tags) if isinstance(tags, list) else ()
    return metadata, tuple(tag for tag in tags if tag), text[match.end() :]


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _title(text: str, source: str) -> str:
    match = _MARKDOWN_TITLE.search(text) if source.lower().endswith(".md") else None
    if match:
        return match[1]
    for _, line in _first_lines(text):
        if _is_title(line):
            return line.removesuffix(".")
    words = re.sub(r"[\W_]+", " ", Path(source).stem).strip()
    return words[:1].upper() + words[1:] or source


def _first_lines(text: str) -> list[tuple[int, str]]:
    lines = re.finditer(r"^[ \t]*(\S.*?)[ \t]*$", text[:4000], re.MULTILINE)
    return [(line.start(1), line[1]) for line, _ in zip(lines, range(_TITLE_LINES), strict=False)]


def _is_title(line: str) -> bool:
    """Whether a line reads as a title: some words, no bullet, and not one of several sentences."""
    if len(line.split()) not in _TITLE_WORDS or not line[0].isalnum() or opens_left_overs(line):
        return False
    return line[-1] not in ":;,!" and not re.search(r"\w{3}[.!?][\"'”’)]*\s+[\"“A-Z]", line)
