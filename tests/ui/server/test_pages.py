import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from rag.records import Document
from ui.server import pages

HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(1)"> & &lt; \' </article></p>'
HELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


class Page(HTMLParser):
    """What a page's article and its marks read, and the tags it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.article = self.mark = self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        self.article += data if "article" in self.open else ""
        self.mark += data if "mark" in self.open else ""

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def document(
    text: str,
    title: str = "The title",
    publisher: str | None = None,
    published: str | None = None,
    url: str | None = None,
) -> Document:
    return Document(
        id="0123456789ab",
        title=title,
        source="file.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        body=(0, len(text)),
        text=text,
        publisher=publisher,
        published=published,
        url=url,
    )


@given(HELD, st.data())
@example("a\r\n\n b\x0c\n", st.none())
def test_the_article_is_the_text_and_the_marks_are_the_quote(
    text: str, data: st.DataObject
) -> None:
    if not isinstance(data, st.DataObject):
        assert Page(pages.source(document(text))).article == text
        return
    start, end = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    page = Page(pages.source(document(text), (start, end)))
    assert page.article == text
    assert page.mark == text[start:end]
    assert [mark.get("id") for mark in page.named("mark")][:1] == ["quote"] * (start < end)


def test_a_quote_inside_a_paragraph_is_marked_exactly() -> None:
    text = "One.\n\nTwo and  a\nhalf.\n\nThree."
    assert Page(pages.source(document(text), (10, 18))).mark == text[10:18]


def test_a_quote_over_paragraphs_is_marked_in_each_and_the_first_is_scrolled_to() -> None:
    page = Page(pages.source(document("One.\n\nTwo.\n\nThree."), (2, 14)))
    assert page.mark == "e.\n\nTwo.\n\nTh"
    assert [mark.get("id") for mark in page.named("mark")] == ["quote", None, None, None, None]


def test_wrapped_lines_are_one_paragraph_and_long_lines_one_each() -> None:
    assert len(Page(pages.source(document("short\nlines\nhere"))).named("p")) == 1
    assert len(Page(pages.source(document(f"{'long ' * 30}\n{'long ' * 30}"))).named("p")) == 2


def test_the_title_is_said_once_where_the_text_begins_with_it() -> None:
    within = Page(pages.source(document("junk\n\nThe title\n\nThe text. The title")))
    assert len(within.named("h1")) == 1
    assert within.article.startswith("junk\n\nThe title\n\nThe text.")
    without = Page(pages.source(document("The text.")))
    assert len(without.named("h1")) == 1
    assert without.article == "The text."


def test_what_lies_outside_the_article_is_set_apart() -> None:
    shown = dataclasses.replace(document("menu\n\nText.\n\nmore"), body=(6, 11))
    assert [p.get("class") for p in Page(pages.source(shown)).named("p")] == [
        "outside",
        None,
        "outside",
    ]


def test_publisher_day_and_address_are_shown_as_text() -> None:
    page = Page(
        pages.source(
            document("Text.", publisher="P", published="2023-12-01", url="https://a.example/b")
        )
    )
    assert "P, 1 December 2023" in page.text
    assert "https://a.example/b" in page.text
    assert [link["href"] for link in page.named("a")] == ["../documents"]


def test_a_day_that_is_none_is_shown_as_it_was_written() -> None:
    assert pages.origin(document("Text.", published="spring 2023")) == "spring 2023"
    assert pages.origin(document("Text.")) == ""


def test_the_list_links_every_document_under_its_title() -> None:
    page = Page(pages.listing([document("a", title="A & B"), document("b", title="C")]))
    assert [link["href"] for link in page.named("a")] == ["documents/0123456789ab"] * 2
    assert "A & B" in page.text and "2 documents" in page.text and "file.txt" in page.text


def test_an_address_quotes_what_could_lead_elsewhere() -> None:
    assert pages.address("../a/b?c") == "documents/..%2Fa%2Fb%3Fc"
    assert pages.address("ab", 1, 2, "ff") == "documents/ab?start=1&end=2&sha256=ff#quote"


def test_hostile_text_stays_text_on_every_page() -> None:
    hostile = document(
        f"{HOSTILE} more", title=HOSTILE, publisher=HOSTILE, published=HOSTILE, url=HOSTILE
    )
    tame = document("text", title="other", publisher="p", published="d", url="u")
    for page, like in (
        (pages.source(hostile, (0, 20), HOSTILE), pages.source(tame, (0, 3), "notice")),
        (pages.listing([hostile]), pages.listing([tame])),
        (pages.problem(HOSTILE, HOSTILE), pages.problem("t", "l")),
    ):
        tags = [tag for tag, _ in Page(page).tags]
        assert sorted(tags) == sorted(tag for tag, _ in Page(like).tags)
        assert "script" not in tags and "img" not in tags
        assert HOSTILE in Page(page).text


def test_what_html_cannot_hold_shows_as_the_replacement_character() -> None:
    page = pages.source(document("a\0b"))
    assert "\0" not in page and "a\ufffdb" in page


def test_the_policy_allows_the_style_of_the_page_and_no_script() -> None:
    found = re.search("<style>(.*)</style>", pages.listing([]), re.DOTALL)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in pages.CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in pages.CONTENT_SECURITY_POLICY
    assert "script-src" not in pages.CONTENT_SECURITY_POLICY


def test_a_heading_in_markdown_is_the_title_and_keeps_its_signs() -> None:
    page = Page(pages.source(document("# The title\n\nText.")))
    assert len(page.named("h1")) == 1
    assert page.article == "# The title\n\nText."


def test_the_page_that_a_quote_is_on_is_named_above_it() -> None:
    paged = dataclasses.replace(document("One. Two."), places=((0, "page 1"), (5, "page 2")))
    assert "page 2" in pages.source(paged, (5, 9)).replace("&#32;", " ")
    assert "page 1" in pages.source(paged, (0, 4))
    assert "page 1" not in pages.source(paged)


def in_markdown(text: str) -> Document:
    """A document whose file is Markdown."""
    return dataclasses.replace(document(text), source="file.md", is_markdown=True)


def test_markdown_is_shown_as_it_reads_and_the_quote_is_marked_in_it() -> None:
    text = "# The title\n\n**7.4** You *may* [leave](https://a.b).\n\n- early\n- late\n"
    start, end = text.index("**7.4"), text.index("- late")
    page = Page(pages.source(in_markdown(text), (start, end)))
    assert page.mark == "7.4 You may leave.early"
    assert [mark.get("id") for mark in page.named("mark")][:2] == ["quote", None]
    assert len(page.named("h1")) == len(page.named("ul")) == len(page.named("strong")) == 1
    assert "https" not in page.article and "*" not in page.article


def test_markdown_can_be_shown_as_in_the_file_and_back() -> None:
    text = "# A\n\n**Yes.** No.\n"
    reads = Page(pages.source(in_markdown(text), (5, 13)))
    plain = Page(pages.source(in_markdown(text), (5, 13), as_in_file=True))
    assert plain.article == text and plain.mark == "**Yes.**"
    (_, to_plain), (_, to_reads) = (
        [link["href"] or "" for link in page.named("a")] for page in (reads, plain)
    )
    digest = in_markdown(text).sha256
    assert to_plain == f"?start=5&end=13&sha256={digest}&view=file#quote"
    assert to_reads == f"?start=5&end=13&sha256={digest}#quote"
    assert len(Page(pages.source(document(text))).named("a")) == 1


def test_a_quote_that_would_not_be_seen_is_shown_as_in_the_file() -> None:
    text = "Seen.\n\n<!-- Hidden words. -->\n"
    start = text.index("Hidden")
    assert Page(pages.source(in_markdown(text), (start, start + 6))).mark == "Hidden"


def test_hostile_markdown_makes_no_element_of_its_own() -> None:
    text = (
        f"# T\n\n{HOSTILE}\n\n<iframe src=x></iframe>\n\n[a](javascript:alert(1)) <svg onload=x>\n"
    )
    page = Page(pages.source(in_markdown(text)))
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "nav", "a", "span"),
        *("header", "p", "article", "h1"),
    }
    assert all("javascript" not in (link["href"] or "") for link in page.named("a"))


@given(HELD)
def test_any_text_in_markdown_makes_a_page(text: str) -> None:
    assert Page(pages.source(in_markdown(text))).open == []
