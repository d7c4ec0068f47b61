"""HTML to its article, by selectolax (Lexbor): what stands around an article is left out.

The encoding is the one that the page declares, by a byte order mark or a meta element, else UTF-8;
it is never guessed. Scripts do not run, and nothing that the page refers to is fetched.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.documents.article import article
from rag.documents.formats.blocks import Blocks, one_line
from rag.documents.formats.encodings import decoded
from rag.documents.formats.extracted import DAY, LANGUAGE, Extracted, Unextractable
from rag.documents.formats.html_tables import cells, whole_number

_TAGS = 20
_DECLARED = re.compile(
    rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_PRESCAN = 4096  # bytes; the standard asks for 1,024, and some pages begin with a long comment
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


def extract(data: bytes, source: str) -> Extracted:
    """The article of a page.

    Args:
        data: Of the file.
        source: Its name, which says nothing here.

    Raises:
        Unextractable: When it is not in the encoding that it declares, or nested too deep.
    """
    return of_text(decoded(data, _declared(data)))


def of_text(page: str) -> Extracted:
    """The article of a page that is text already."""
    tree = LexborHTMLParser(page)
    about = _About(tree)
    _leave_out(tree)
    blocks = Blocks()
    root = _main(tree)
    try:
        if root is not None:
            _Writer(blocks).write(root)
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
        tags=about.tags(),
        body=article(blocks.text, title_known=True),
    )


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_PRESCAN])
    declared = (found[1] or found[2]).decode("ascii") if found else "utf-8"
    # In UTF-16 the declaration could not have been read.
    return "utf-8" if declared.lower().startswith("utf-16") else declared


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
        found = DAY.match((given or "").replace("/", "-"))
        return found[0] if found else None

    def tags(self) -> tuple[str, ...]:
        """Its keywords, which it lists with commas, and those that it has one by one."""
        listed = ",".join(self._meta.get("keywords", ())).split(",")
        found = [one_line(each) for each in (*listed, *self._meta.get("article:tag", ()))]
        return tuple(dict.fromkeys(filter(None, found)))[:_TAGS]

    def language(self) -> str | None:
        return self._language if LANGUAGE.fullmatch(self._language) else None


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


class _Writer:
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
        number = whole_number(node, "start") if node.tag == "ol" else None
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
        rows, headed = cells(node, _words)
        self._blocks.table(rows, headed=headed)


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
