"""HTML to its article, by selectolax (Lexbor): what stands around an article is left out.

The encoding is the one that the page declares, by a byte order mark or a meta element, else UTF-8;
it is never guessed. Scripts do not run, and nothing that the page refers to is fetched.
"""

import codecs
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.documents.article import article
from rag.documents.formats.blocks import Blocks, one_line
from rag.documents.formats.extracted import Extracted, Unextractable

_DECLARED = re.compile(
    rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_PRESCAN = 4096  # bytes; the standard asks for 1,024, and some pages begin with a long comment
_LATIN = re.compile(r"(?:iso-?8859-?1|latin-?1|(?:us-)?ascii)\Z", re.IGNORECASE)
_KNOWN = re.compile(  # Python's names of encodings of text; it knows others, as of zip files
    r"utf-8|cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gb(?:2312|k|18030)"
    r"|big5|euc_(?:jp|kr)|shift_jis|iso2022_jp"
)
_LEFT_OUT = (
    "script, style, template, noscript, nav, aside, footer, svg, math annotation, iframe, object, "
    "video, audio, canvas, dialog, menu, button, select, textarea, input, [hidden], "
    "[aria-hidden=true], [role=navigation], [role=search], [role=banner], [role=contentinfo], "
    "[role=complementary], a.headerlink"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADING = re.compile(r"h[1-6]\Z")
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr math".split()
)
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_WIDEST = 100  # columns or rows that a cell spans


def extract(data: bytes, source: str) -> Extracted:
    """The article of a page.

    Args:
        data: Of the file.
        source: Its name, which says nothing here.

    Raises:
        Unextractable: When it is not in the encoding that it declares.
    """
    return of_text(decoded(data))


def of_text(page: str) -> Extracted:
    """The article of a page that is text already."""
    tree = LexborHTMLParser(page)
    about = _About(tree)
    _leave_out(tree)
    blocks = Blocks()
    root = _main(tree)
    try:
        if root is not None:
            Writer(blocks).write(root)
    except RecursionError as error:
        raise Unextractable("nests its elements too deep; save it from a browser") from error
    first = [one_line(_words(each)) for each in root.css("h1")] if root is not None else []
    title = about.title(first[0] if len(first) == 1 else "")
    return Extracted(
        text=blocks.text,
        is_markdown=True,
        title=title,
        authors=about.authors(),
        publisher=about.meta("og:site_name"),
        published=about.published(),
        description=about.meta("description", "og:description"),
        language=about.language(),
        body=article(blocks.text, title_known=True),
    )


def decoded(data: bytes) -> str:
    """The text of a page, in the encoding that it declares; raises Unextractable."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), *_UTF16):
        if data.startswith(mark):
            return _decode(data, name, name)
    found = _DECLARED.search(data[:_PRESCAN])
    declared = (found[1] or found[2]).decode("ascii") if found else "utf-8"
    if _LATIN.match(declared):  # as browsers take it
        return _decode(data, "cp1252", declared)
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if name.startswith("utf-16"):  # in which the declaration could not have been read
        name = "utf-8"
    if not _KNOWN.fullmatch(name):
        raise Unextractable(f"declares an encoding that is not known, {declared}; save it as UTF-8")
    return _decode(data, name, declared)


_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def _decode(data: bytes, name: str, declared: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unextractable(f"is not {declared} text (line {line}); save it as UTF-8") from error


class _About:
    """What a page says of itself, read before anything is left out."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        title = tree.css_first("head title")
        root = tree.root
        self._title = one_line(title.text()) if title else ""
        self._language = (root.attributes.get("lang") or "") if root else ""
        self._meta: dict[str, list[str]] = {}
        for each in tree.css("meta[content]"):
            given = each.attributes
            name = given.get("property") or given.get("name") or given.get("itemprop") or ""
            value = one_line(given.get("content") or "")
            if value:
                self._meta.setdefault(name.lower(), []).append(value)

    def meta(self, *names: str) -> str | None:
        """The first value of the first of these names that has one."""
        return next((self._meta[name][0] for name in names if name in self._meta), None)

    def title(self, heading: str) -> str | None:
        """What the page is called; ``heading`` is its only one of the first level, or empty."""
        return self.meta("og:title", "dc.title", "citation_title") or heading or self._title or None

    def authors(self) -> tuple[str, ...]:
        for name in ("citation_author", "dc.creator", "author", "article:author"):
            found = [each for each in self._meta.get(name, ()) if "://" not in each]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def published(self) -> str | None:
        given = self.meta(
            "article:published_time", "citation_publication_date", "dc.date", "date",
            "datepublished", "dcterms.created",
        )  # fmt: skip
        found = _DAY.match((given or "").replace("/", "-"))
        return found[0] if found else None

    def language(self) -> str | None:
        return self._language if _LANGUAGE.fullmatch(self._language) else None


def _leave_out(tree: LexborHTMLParser) -> None:
    for each in tree.css(_LEFT_OUT):
        each.decompose()
    for each in tree.css("[style]"):
        if _HIDDEN.search(each.attributes.get("style") or ""):
            each.decompose()
    for form in tree.css("form"):  # some sites have all of a page in one
        if not form.css_first("h1, h2, main, article"):
            form.decompose()
    for header in tree.css("header"):
        if not header.css_first("h1"):
            header.decompose()


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    for query in ("main, [role=main]", "article, [itemprop=articleBody]"):
        found = tree.css(query)
        if len(found) == 1 and any(map(str.isalnum, found[0].text())):
            return found[0]
    return tree.body


class Writer:
    """Writes the blocks of a page, from its nodes."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks

    def write(self, node: LexborNode) -> None:
        """Write what is inside a node: runs of inline nodes are paragraphs."""
        run: list[str] = []
        for child in node.iter(include_text=True):
            if _is_inline(child):
                run.append(_words(child))
            elif child.tag == "br":
                run.append("\n")
            elif child.is_element_node:
                self._paragraphs(run)
                self._block(child)
        self._paragraphs(run)

    def _paragraphs(self, run: list[str]) -> None:
        for paragraph in re.split(r"\n\s*\n", "".join(run)):
            self._blocks.paragraph(paragraph)
        run.clear()

    def _block(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if _HEADING.match(tag):
            self._blocks.heading(int(tag[1]), _words(node))
        elif tag in _LISTS:
            self._list(node, 0)
        elif tag == "pre":
            self._blocks.code(node.text())
        elif tag == "table" and _is_data(node):
            self._table(node)
        else:
            self.write(node)

    def _list(self, node: LexborNode, depth: int) -> None:
        number = _number(node, "start", 1) if node.tag == "ol" else None
        for item in node.iter():
            if item.tag in _LISTS:
                self._list(item, depth + 1)
                continue
            inner = [each for each in item.iter() if each.tag in _LISTS]
            outer = [
                _words(each) if _is_inline(each) else f" {_words(each)} "
                for each in item.iter(include_text=True)
                if each.tag not in _LISTS
            ]
            self._blocks.item("".join(outer), depth, number)
            for each in inner:
                self._list(each, depth + 1)
            number = None if number is None else number + 1

    def _table(self, node: LexborNode) -> None:
        caption = node.css_first("caption")
        if caption:
            self._blocks.paragraph(_words(caption))
        rows = node.css("tr")
        cells = [[each for each in row.iter() if each.tag in ("td", "th")] for row in rows]
        heads = bool(cells) and bool(cells[0]) and all(each.tag == "th" for each in cells[0])
        headed = len(rows) > 1 and (heads or node.css_first("thead tr") is not None)
        self._blocks.table(list(_filled(cells)), headed=headed)


def _filled(rows: list[list[LexborNode]]) -> Iterator[list[str]]:
    """The words of a table's cells, those that span rows or columns in each of them."""
    down: dict[int, tuple[int, str]] = {}
    for row in rows:
        filled: list[str] = []

        def carry(filled: list[str] = filled) -> None:
            while len(filled) in down:
                left, words = down.pop(len(filled))
                if left > 1:
                    down[len(filled)] = left - 1, words
                filled.append(words)

        for cell in row:
            carry()
            words, deep = _words(cell), min(_number(cell, "rowspan", 1), _WIDEST)
            for _ in range(min(_number(cell, "colspan", 1), _WIDEST)):
                if deep > 1:
                    down[len(filled)] = deep - 1, words
                filled.append(words)
        carry()
        yield filled


def _number(node: LexborNode, name: str, default: int) -> int:
    given = node.attributes.get(name) or ""
    return int(given) if re.fullmatch(r"[1-9]\d{0,5}", given) else default


def _is_data(table: LexborNode) -> bool:
    """Whether a table has rows of data, and is not there to lay out the page."""
    layout = table.css_first("table table, h1, h2, h3, ul, ol, pre") is not None
    return not layout and any(row.css_first("td ~ td, th ~ td, th ~ th") for row in table.css("tr"))


def _is_inline(node: LexborNode) -> bool:
    if node.is_text_node:
        return True
    return node.tag in _INLINE and node.css_first("p, div, ul, ol, table, h1, h2, h3") is None


def _words(node: LexborNode) -> str:
    """The words of a node, with a space where a block or a line of it ends."""
    if node.is_text_node:
        return re.sub(r"[ \t\n\r\f]+", " ", node.text_content or "")
    if node.tag == "br":
        return "\n"
    words = "".join(map(_words, node.iter(include_text=True)))
    return words if node.tag in _INLINE else f" {words} "
