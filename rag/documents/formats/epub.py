"""EPUB books: the chapters in the order of the spine, named by the table of contents.

The chapters are web pages, and read as such. Nothing outside of the book is followed.
"""

import re
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser

from rag.documents.formats import html
from rag.documents.formats.archive import opened
from rag.documents.formats.blocks import one_line
from rag.documents.formats.encodings import decoded
from rag.documents.formats.extracted import DAY, Extracted, Unextractable
from rag.documents.formats.joined import Joined

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = {"application/xhtml+xml", "text/html"}
_CLOSED = re.compile(rb"<([A-Za-z][\w:]*)(\s[^<>]*)?/>")
_VOID = frozenset(b"area base br col embed hr img input link meta source track wbr".split())


def extract(data: bytes, source: str) -> Extracted:
    """The text of a book.

    Args:
        data: An EPUB file, of version 2 or 3.
        source: Its name.

    Raises:
        Unextractable: When it is encrypted, broken, or over a limit.
    """
    with opened(data) as archive:
        try:
            return _extracted(_Book(archive))
        except Unextractable:
            raise
        except (LookupError, ParseError, ValueError) as error:  # of entities, a ValueError
            raise Unextractable("is a broken book: fetch or save it again") from error


def _extracted(book: "_Book") -> Extracted:
    joined = Joined()
    cut: list[str] = []
    for path in book.spine:
        if path not in book.names:
            cut.append(f"{path}, which is not in the book")
            continue
        text = html.extract(_as_html(book.read(path)), path).text
        name = book.chapters.get(path)
        if text and name and not re.search(r"^#", text, re.MULTILINE):
            text = f"# {name}\n\n{text}"
        joined.add(text, f"chapter {name}" if name else None)
    date = DAY.match(book.first("date") or "")
    return Extracted(
        text=joined.text,
        is_markdown=True,
        title=book.first("title"),
        authors=tuple(book.said("creator")),
        publisher=book.first("publisher"),
        published=date[0] if date else None,
        description=book.first("description"),
        language=book.first("language"),
        places=tuple(joined.places),
        body=(0, len(joined.text)),
        cut=tuple(cut),
    )


class _Book:
    """What is in the archive, as the package document says.

    Attributes:
        names: Of the files in it.
        spine: The paths of the pages, in the order they are read, each once.
        chapters: What the table of contents calls a page that a chapter begins with, by its path.
    """

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())
        rootfile = fromstring(self.read(_CONTAINER)).find(".//{*}rootfile")
        if rootfile is None:
            raise LookupError(_CONTAINER)
        path = normpath(unquote(rootfile.attrib["full-path"]))
        package = fromstring(self.read(path))
        self._metadata = [each for each in package.findall("{*}metadata//*") if each.text]
        self._base = dirname(path)
        items = {each.attrib["id"]: each for each in package.findall("{*}manifest/{*}item")}
        refs = [each.attrib["idref"] for each in package.findall("{*}spine/{*}itemref")]
        pages = [items[each] for each in refs if items[each].get("media-type") in _PAGES]
        self.spine = tuple(dict.fromkeys(self._path(each) for each in pages))
        if not self._encrypted().isdisjoint(self.spine):
            raise Unextractable("is protected against copying, and cannot be read")
        self.chapters: dict[str, str] = {}
        for item in items.values():
            if "nav" in (item.get("properties") or "").split():
                self._navigation(self._path(item))
                return
        for item in items.values():
            if item.get("media-type") == "application/x-dtbncx+xml":
                self._ncx(self._path(item))

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises KeyError."""
        return self._archive.read(path)

    def said(self, name: str) -> list[str]:
        """What the metadata says of this, by Dublin Core's name."""
        tags = (each for each in self._metadata if each.tag.rpartition("}")[2] == name)
        return list(filter(None, (one_line(each.text or "") for each in tags)))

    def first(self, name: str) -> str | None:
        """The first that it says, if anything."""
        return next(iter(self.said(name)), None)

    def _path(self, item: Element) -> str:
        return _at(self._base, item.attrib["href"])

    def _encrypted(self) -> set[str]:
        """The paths of files that are; most often there are none, or only fonts."""
        if _ENCRYPTION not in self.names:
            return set()
        found = fromstring(self.read(_ENCRYPTION)).iterfind(".//{*}CipherReference")
        return {_at("", each.get("URI", "")) for each in found}

    def _navigation(self, path: str) -> None:
        tree = LexborHTMLParser(decoded(_as_html(self.read(path)), "utf-8"))
        lists = tree.css("nav")
        contents = [each for each in lists if "toc" in (each.attributes.get("epub:type") or "")]
        for link in (contents or lists)[0].css("a[href]") if lists else ():
            self._chapter(_at(dirname(path), link.attributes.get("href") or ""), link.text())

    def _ncx(self, path: str) -> None:
        for point in fromstring(self.read(path)).iterfind(".//{*}navPoint"):
            label, content = point.find("{*}navLabel/{*}text"), point.find("{*}content")
            if label is not None and content is not None:
                self._chapter(_at(dirname(path), content.get("src", "")), label.text or "")

    def _chapter(self, path: str, name: str) -> None:
        if words := one_line(name):
            self.chapters.setdefault(path, words)


def _at(base: str, href: str) -> str:
    return normpath(join(base, unquote(href.partition("#")[0])))


def _as_html(page: bytes) -> bytes:
    """XHTML as HTML, in which an element that is closed at once would go on to the page's end."""
    return _CLOSED.sub(
        lambda tag: (
            tag[0] if tag[1].lower() in _VOID else b"<%b%b></%b>" % (tag[1], tag[2] or b"", tag[1])
        ),
        page,
    )
