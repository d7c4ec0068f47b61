import html
import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from rag.records import Answer, Hit, Metadata, Passage, Quote
from ui.markup import answered, failure, reading, text

HOSTILE = (
    '<img src=x onerror="alert(1)"> <script>alert(1)</script> [x](javascript:alert(1)) '
    "$$x^2$$ {{7*7}} ${7*7} `code` ![i](http://a.example/i.png) **b** &lt; </p></div> #h |t|"
)
HELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


class Reader(HTMLParser):
    """The tags of a piece of HTML, the addresses in it, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def quote(number: int = 1, title: str = "Title", text: str = "Words.", also: str = "") -> Quote:
    end = 10 + len(text)
    twin = (Quote(number, "bbbb", also, 3, 3 + len(text), text, "other"),) if also else ()
    return Quote(number, "aaaa", title, 10, end, text, "sum", also_in=twin)


def passage(ordinal: int, text: str = "A passage.", boilerplate: bool = False) -> Hit:
    found = Passage("aaaa", ordinal, ordinal * 10, ordinal * 10 + 10, text, "", boilerplate)
    return Hit(found, 0.5, 0.5, 1, None)


def answer(
    *quotes: Quote, confidence: float = 0.829, hits: tuple[Hit, ...] = (), searched: str = "q"
) -> Answer:
    return Answer(
        question="q",
        searched=searched,
        quotes=quotes,
        confidence=confidence if quotes else 0.1,
        threshold=0.5,
        answered=bool(quotes),
        reason=None if quotes else "nothing_similar",
        unknown=(),
        hits=hits,
        timings={},
    )


def metadata(publisher: str | None = None, published: str | None = None) -> dict[str, Metadata]:
    known = Metadata(
        id="aaaa",
        title="Title",
        source="a.txt",
        sha256="sum",
        length=99,
        body=(0, 99),
        publisher=publisher,
        published=published,
    )
    return {"aaaa": known}


@given(HELD)
@example(HOSTILE)
def test_text_reads_as_it_was_and_holds_no_character_of_any_markup(raw: str) -> None:
    assert html.unescape(text(raw)) == raw
    assert not re.search(r"[\t\n\r!-/:-@\[-`{-~]", re.sub(r"&#\d+;", "", text(raw)))


def test_what_html_cannot_hold_shows_as_the_replacement_character() -> None:
    assert text("a\0b\ud800c") == "a\ufffdb\ufffdc"


def test_a_quote_links_to_its_place_and_version_and_names_its_source() -> None:
    read = Reader(
        answered(answer(quote()), metadata(publisher="The Paper", published="2023-12-11"))
    )
    assert read.links == ["documents/aaaa?start=10&end=16&sha256=sum#quote"]
    assert "Words.\xa0[1]Title The Paper, 11 December 2023" in read.text


def test_near_identical_sentences_link_to_their_own_places() -> None:
    read = Reader(answered(answer(quote(also="Second title")), {}))
    assert read.links[1] == "documents/bbbb?start=3&end=9&sha256=other#quote"
    assert "also in: Second title" in read.text


def test_the_confidence_is_rounded_down() -> None:
    assert "82% confident" in Reader(answered(answer(quote()), {})).text


def test_what_was_searched_for_is_said_where_it_is_not_what_was_asked() -> None:
    for found in (answer(quote(), searched="q <b>"), answer(searched="q <b>")):
        assert Reader(answered(found, {})).text.startswith("Searched for: q <b>")
    assert "Searched" not in answered(answer(quote()), {})


def test_a_quote_of_a_page_names_it() -> None:
    paged = Quote(1, "aaaa", "Title", 0, 6, "Words.", "sum", page=3)
    assert "Title p. 3" in Reader(answered(answer(paged), {})).text


def test_a_refusal_offers_three_passages_of_articles_and_says_they_are_no_answer() -> None:
    hits = (passage(1, boilerplate=True), *(passage(ordinal) for ordinal in range(2, 7)))
    shown = answered(answer(hits=hits), metadata())
    read = Reader(shown)
    assert read.links == [f"documents/aaaa?start={n}&end={n + 10}#quote" for n in (20, 30, 40)]
    assert "The documents do not answer this." in read.text
    assert "not an answer" in read.text
    assert 'class="refusal"' in shown and 'class="answer"' not in shown


def test_a_long_passage_is_cut_between_words() -> None:
    read = Reader(answered(answer(hits=(passage(1, "word " * 100),)), {}))
    assert read.text.endswith("word …")


def test_an_error_looks_neither_like_an_answer_nor_like_a_refusal() -> None:
    shown = failure("The index is gone.")
    assert 'class="failure"' in shown
    assert "refusal" not in shown and "answer" not in shown


def test_hostile_text_stays_text_wherever_it_comes_from() -> None:
    hostile = answer(quote(title=HOSTILE, text=HOSTILE, also=HOSTILE))
    plain = answer(quote(also="t"))
    sources = metadata(publisher=HOSTILE)
    read = Reader(answered(hostile, sources))
    assert read.tags == Reader(answered(plain, metadata(publisher="P"))).tags
    assert read.text.count(HOSTILE) == 4
    refused = Reader(answered(answer(hits=(passage(1, HOSTILE),)), {}))
    assert refused.tags == Reader(answered(answer(hits=(passage(1),)), {})).tags
    assert Reader(failure(HOSTILE)).tags == ["div", "p", "strong"]


def test_reading_counts_passages_and_documents() -> None:
    assert reading((passage(1), passage(2))) == "Reading 2 passages of 1 document…"
