"""EPUB books, and hostile ones."""

import random
from functools import partial

import pytest

from rag.documents.formats.epub import extract
from rag.documents.formats.extracted import Unextractable
from tests.rag.documents.formats.archives import LAUGHS, OUTSIDE, changed, damaged, zipped


def _element(name: str, inside: str, attributes: str = "") -> str:
    return f"<{name}{' ' if attributes else ''}{attributes}>{inside}</{name}>"


def _page(body: str) -> bytes:
    head = _element("head", "<" + "title/>")  # closed at once, as in many books
    xml = '<?xml version="1.0" encoding="utf-8"?>'
    return f"{xml}{_element('html', head + _element('body', body))}".encode()


def _link(href: str, words: str) -> str:
    return _element("li", _element("a", words, f'href="{href}"'))


def _toc(version: int) -> str:
    if version == 3:
        links = _link("text/one.xhtml", "One: Rights") + _link("text/one.xhtml#b", "Inside of one")
        links += _link("text/t%20wo.xhtml", "Two")
        landmarks = _element("nav", _link("text/one.xhtml", "Begin"), 'epub:type="landmarks"')
        return _page(landmarks + _element("nav", links, 'epub:type="toc"')).decode()
    points = "".join(
        _element(
            "navPoint",
            _element("navLabel", _element("text", words)) + _element("content", "", f'src="{src}"'),
        )
        for words, src in (("One: Rights", "text/one.xhtml"), ("Two", "text/t%20wo.xhtml#a"))
    )
    return _element("ncx", points, 'xmlns="http://www.daisy.org/z3986/2005/ncx/"')


def _book(version: int = 3) -> dict[str, bytes]:
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    metadata = "".join(
        _element(f"dc:{name}", value)
        for name, value in (
            ("title", "The contract, explained"), ("creator", "A. Ode"), ("creator", "B. Ell"),
            ("date", "2021-05-04T00:00:00Z"), ("language", "en"), ("publisher", "Local 12"),
        )
    )  # fmt: skip
    kinds = {3: ("nav.xhtml", "application/xhtml+xml"), 2: ("toc.ncx", "application/x-dtbncx+xml")}
    toc, kind = kinds[version]
    items = [("toc", toc, kind, ' properties="nav"' if version == 3 else "")]
    page = "application/xhtml+xml"
    items += [
        ("cover", "cover.svg", "image/svg+xml", ""), ("one", "text/one.xhtml", page, ""),
        ("more", "text/more.xhtml", page, ""), ("two", "text/t%20wo.xhtml", page, ""),
    ]  # fmt: skip
    manifest = "".join(
        f'<item id="{id}" href="{href}" media-type="{kind}"{more}/>'
        for id, href, kind, more in items
    )
    order = ["cover", "one", "more", "two", "one"]
    spine = "".join(f'<itemref idref="{id}"/>' for id in order)
    package = _element(
        "package",
        _element("metadata", metadata) + _element("manifest", manifest) + _element("spine", spine),
        f'xmlns="http://www.idpf.org/2007/opf" {dc}',
    )
    container = _element(
        "container",
        _element("rootfiles", '<rootfile full-path="OEBPS/book.opf"/>'),
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"',
    )
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": container.encode(),
        "OEBPS/book.opf": package.encode(),
        f"OEBPS/{toc}": _toc(version).encode(),
        "OEBPS/cover.svg": b"",
        "OEBPS/text/one.xhtml": _page(
            _element("h1", "Your rights") + _element("p", 'You may <a id="b"/>bring a steward.')
        ),
        "OEBPS/text/more.xhtml": _page(_element("p", "It goes on.")),
        "OEBPS/text/t wo.xhtml": _page(_element("p", "Dues are 2%.")),
    }


@pytest.mark.parametrize("version", [2, 3])
def test_chapters_come_in_the_order_of_the_spine_and_are_named_by_the_contents(
    version: int,
) -> None:
    found = extract(zipped(_book(version)), "contract.epub")
    assert found.text == (
        "# Your rights\n\nYou may bring a steward.\n\nIt goes on.\n\n# Two\n\nDues are 2%."
    )
    assert found.places == (
        (0, "chapter One: Rights"), (found.text.index("# Two"), "chapter Two"),
    )  # fmt: skip
    assert found.is_markdown
    assert found.body == (0, len(found.text))


def test_the_package_says_what_the_book_is() -> None:
    found = extract(zipped(_book()), "contract.epub")
    assert (found.title, found.authors) == ("The contract, explained", ("A. Ode", "B. Ell"))
    assert (found.published, found.language, found.publisher) == ("2021-05-04", "en", "Local 12")


def test_a_chapter_that_is_not_there_is_named() -> None:
    book = _book()
    del book["OEBPS/text/more.xhtml"]
    found = extract(zipped(book), "contract.epub")
    assert found.cut == ("OEBPS/text/more.xhtml, which is not in the book",)
    assert "Dues are 2%." in found.text


def test_a_book_protected_against_copying_is_named_as_one_and_protected_fonts_are_no_matter() -> (
    None
):
    def encryption(path: str) -> bytes:
        return _element("encryption", f'<CipherReference URI="{path}"/>').encode()

    fonts = {**_book(), "META-INF/encryption.xml": encryption("OEBPS/fonts/a.otf")}
    assert "steward" in extract(zipped(fonts), "a.epub").text
    pages = {**_book(), "META-INF/encryption.xml": encryption("OEBPS/text/t%20wo.xhtml")}
    with pytest.raises(Unextractable, match="protected against copying"):
        extract(zipped(pages), "a.epub")


def test_what_a_book_refers_to_outside_of_itself_is_not_read() -> None:
    data = changed(
        zipped(_book()),
        "OEBPS/book.opf",
        lambda xml: xml.replace(b"text/more.xhtml", b"../../../../etc/passwd"),
    )
    found = extract(data, "a.epub")
    assert "root:" not in found.text
    assert len(found.cut) == 1


@pytest.mark.parametrize("entities", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize(
    "name", ["META-INF/container.xml", "OEBPS/book.opf", "OEBPS/toc.ncx", "OEBPS/text/one.xhtml"]
)
@pytest.mark.timeout(60)
def test_entities_are_refused_or_stay_as_they_are_written(entities: bytes, name: str) -> None:
    def declared(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?") else 0
        return xml[:start] + entities + xml[start:].replace(b"You may", b"&a;&k;")

    data = changed(zipped(_book(2)), name, declared)
    try:
        found = extract(data, "a.epub")
        assert name.endswith("one.xhtml")
        assert "root:" not in found.text
        assert len(found.text) < 1000
    except Unextractable as error:
        assert "broken book" in str(error)


def test_an_archive_that_is_no_book_is_refused() -> None:
    with pytest.raises(Unextractable, match="broken book"):
        extract(zipped({"a": b"b"}), "a.epub")


def test_whatever_is_broken_inside_there_is_no_other_error() -> None:
    dice = random.Random(5)
    for number in range(300):
        book = _book(2 + number % 2)
        try:
            extract(
                changed(zipped(book), dice.choice(sorted(book)), partial(damaged, dice)), "a.epub"
            )
        except Unextractable as error:
            assert str(error)
