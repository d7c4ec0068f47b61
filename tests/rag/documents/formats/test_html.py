"""Pages to their articles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.formats.extracted import Unextractable
from rag.documents.formats.html import extract

_PAGE = """<!doctype html>
<html lang="en"><head><title>Fees and dues - The Guild</title>
<meta name="author" content="A. Bell"><meta property="og:site_name" content="The Guild">
<meta property="article:published_time" content="2024-05-03T10:00:00Z"></head>
<body><nav>Home About</nav><aside>Buy now</aside>
<main><header><h1>Fees &amp; dues<a class="headerlink" href="#x">¶</a></h1></header>
<p>The <b>fee</b> is
  five <i>euro</i>.</p>
<h2>Who pays</h2>
<ul><li>members<ul><li>of all kinds</li></ul></li><li><p>guests</p></li></ul>
<ol start="3"><li>third</li></ol>
<table><thead><tr><th>Name</th><th>Fee</th></tr></thead>
<tr><td rowspan="2">Ann</td><td>5</td></tr><tr><td>6</td></tr></table>
<pre>a
  b</pre>
<p style="display:none">secret</p><script>alert(1)</script><form><p>Sign up</p></form>
</main><footer>All rights reserved</footer></body></html>"""

_ARTICLE = """# Fees & dues

The fee is five euro.

## Who pays

- members
  - of all kinds
- guests
3. third

- Name: Ann; Fee: 5
- Name: Ann; Fee: 6

```
a
  b
```"""


def test_the_article_becomes_markdown_and_what_stands_around_it_is_left_out() -> None:
    assert extract(_PAGE.encode(), "a.html").text == _ARTICLE


def test_a_page_says_who_wrote_it_when_and_in_which_language() -> None:
    page = extract(_PAGE.encode(), "a.html")
    assert (page.title, page.authors) == ("Fees & dues", ("A. Bell",))
    assert (page.publisher, page.published, page.language) == ("The Guild", "2024-05-03", "en")
    assert page.is_markdown


@pytest.mark.parametrize("form", ['<meta charset="{}">', '<meta content="text/html; charset={}">'])
@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "utf-8", "koi8-r"])
def test_a_page_is_read_in_the_encoding_that_it_declares(form: str, encoding: str) -> None:
    word = "чай" if encoding == "koi8-r" else "Grüße"
    page = f"{form.format(encoding)}<p>{word}</p>".encode(encoding)
    assert extract(page, "a.html").text == word


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_at_the_beginning_says_the_encoding(encoding: str) -> None:
    page = '<meta charset="koi8-r"><p>Grüße</p>'.encode(encoding)
    assert extract(page, "a.html").text == "Grüße"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<p>Grüße</p>".encode("latin-1"), "is not utf-8 text (line 1)"),
        (b"<meta charset=utf-8>\n<p>\xff</p>", "is not utf-8 text (line 2)"),
        (b"<meta charset=zip>", "declares an encoding that is not known, zip"),
        (b"<meta charset=x-user>", "declares an encoding that is not known, x-user"),
    ],
)
def test_an_encoding_is_never_guessed(page: bytes, why: str) -> None:
    with pytest.raises(Unextractable) as raised:
        extract(page, "a.html")
    assert str(raised.value).startswith(why)


def test_what_looks_like_markup_in_a_text_stays_text() -> None:
    page = "<p># no heading</p><p>the &lt;nav&gt; tag</p><p>```</p>"
    assert extract(page.encode(), "a.html").text == "\\# no heading\n\nthe \\<nav> tag\n\n\\```"


def test_a_page_that_is_all_one_form_is_read() -> None:
    page = b"<body><form><h1>Title</h1><p>Text.</p></form></body>"
    assert extract(page, "a.html").text == "# Title\n\nText."


def test_a_table_that_lays_out_the_page_is_no_data() -> None:
    page = b"<table><tr><td><h2>Left</h2></td><td><p>Right.</p></td></tr></table>"
    assert extract(page, "a.html").text == "## Left\n\nRight."


def test_a_table_without_a_header_has_its_cells_side_by_side() -> None:
    page = b"<table><tr><td>Ann</td><td>5</td></tr><tr><td>Bob</td><td></td></tr></table>"
    assert extract(page, "a.html").text == "- Ann | 5\n- Bob"


def test_breaks_of_lines_end_lines_and_two_end_a_paragraph() -> None:
    assert extract(b"<p>a<br>b<br><br>c</p>", "a.html").text == "a\nb\n\nc"


def test_a_page_nested_without_end_is_named() -> None:
    with pytest.raises(Unextractable, match="nests its elements too deep"):
        extract(b"<div>" * 3000 + b"x", "a.html")


@given(st.text(alphabet=st.characters(exclude_categories=["C"])))
def test_any_text_of_a_page_comes_back_word_for_word(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    found = extract(f'<meta charset="utf-8"><p>{escaped}</p>'.encode(), "a.html").text
    assert re.findall(r"[a-z0-9]+", found, re.IGNORECASE) == re.findall(
        r"[a-z0-9]+", text, re.IGNORECASE
    )


def test_keywords_of_a_page_are_its_tags() -> None:
    page = (
        b"<meta name=keywords content='Dues, nurses,, dues of 2024 '>"
        b"<meta property=article:tag content=Nurses><meta property=article:tag content=nurses>"
        b"<p>The dues are ten euro.</p>"
    )
    assert extract(page, "a.html").tags == ("Dues", "nurses", "dues of 2024", "Nurses")
    many = ",".join(map(str, range(99))).encode()
    assert len(extract(b"<meta name=keywords content='%s'><p>A." % many, "a.html").tags) == 20
