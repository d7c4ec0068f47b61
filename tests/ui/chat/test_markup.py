from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.positions import Agreement, Position, Source
from rag.records import Answer, Hit, Metadata, Passage, Quote, Sentence
from ui.chat.markup import answered, failure, written
from ui.wording.answers import emphasis

HOSTILE = (
    '<img src=x onerror="alert(1)"> <script>alert(1)</script> [x](javascript:alert(1)) '
    "$$x^2$$ {{7*7}} ${7*7} `code` ![i](http://a.example/i.png) **b** &lt; </p></div> #h |t|"
)
HELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


class Reader(HTMLParser):
    """The tags of a piece of HTML, the addresses in it, its text, a quote's words and the bold."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = self.words = self.bold = ""
        self.open: list[str] = []
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append("words" if ("class", "words") in attributes else tag)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "words")

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\n", "")  # between tags, where it does not show
        self.words += data if "words" in self.open else ""
        self.bold += data if "b" in self.open else ""


def quote(number: int = 1, title: str = "Title", text: str = "Words.", also: str = "") -> Quote:
    end = 10 + len(text)
    twin = (Quote(number, "bbbb", also, 3, 3 + len(text), text, "other"),) if also else ()
    return Quote(number, "aaaa", title, 10, end, text, "sum", also_in=twin)


def passage(ordinal: int, text: str = "A passage.", boilerplate: bool = False) -> Hit:
    found = Passage("aaaa", ordinal, ordinal * 10, ordinal * 10 + 10, text, (), boilerplate)
    return Hit(found, 0.5, 0.5, 1, None)


def answer(
    *quotes: Quote,
    confidence: float = 0.829,
    hits: tuple[Hit, ...] = (),
    searched: str = "q",
    publisher: str | None = None,
    published: str | None = None,
) -> Answer:
    return Answer(
        question="q",
        searched=searched,
        quotes=quotes,
        confidence=confidence if quotes else 0.1,
        threshold=0.5,
        perhaps_threshold=0.2,
        kind="answer" if quotes else "none",
        reason=None if quotes else "nothing_similar",
        unknown=(),
        hits=hits,
        documents={id: metadata(id, publisher, published) for id in ("aaaa", "bbbb")},
        timings={},
    )


def metadata(id: str, publisher: str | None, published: str | None) -> Metadata:
    return Metadata(
        id=id,
        title="Title",
        source="a.txt",
        sha256="sum",
        length=99,
        body=(0, 99),
        publisher=publisher,
        published=published,
    )


def test_a_quote_links_to_its_place_and_version_and_names_its_source() -> None:
    read = Reader(answered(answer(quote(), publisher="The Paper", published="2023-12-11")))
    assert read.links == ["documents/aaaa?start=10&end=16&sha256=sum#quote"]
    assert "Words.\xa0[1]Title The Paper, 11 December 2023" in read.text


def marked(words: str, start: int, end: int) -> Quote:
    """A quote with ``words[start:end]`` marked."""
    return replace(quote(text=words), marked=(10 + start, 10 + end))


@given(HELD, st.data())
@example(HOSTILE, None)
def test_the_pieces_of_a_quote_joined_are_the_quote_and_the_marked_words_are_bold(
    words: str, data: st.DataObject | None
) -> None:
    offsets = st.lists(st.integers(0, len(words)), min_size=2, max_size=2)
    start, end = sorted(data.draw(offsets)) if data else (3, len(words) - 3)
    found = marked(words, start, end)
    read = Reader(answered(answer(found)))
    assert read.words == "".join(emphasis(answer(found), found)) == words
    assert read.bold == emphasis(answer(found), found)[1]
    rest = words[:start] + words[end:]
    assert read.bold == (words[start:end] if any(map(str.isalnum, rest)) else "")


def test_the_marked_words_are_bold_inside_the_quote() -> None:
    shown = answered(answer(marked("It is kept in a drawer.", 14, 22)))
    assert '>It is kept in <b class="marked">a drawer</b>&#46;</span>' in shown


@pytest.mark.parametrize("span", [(0, 6), (0, 5), (3, 3), (-2, 3), (2, 7), (4, 2)])
def test_a_quote_is_plain_where_bold_would_say_nothing(span: tuple[int, int]) -> None:
    assert answered(answer(marked("Words.", *span))) == answered(answer(quote()))


def test_near_identical_sentences_link_to_their_own_places() -> None:
    read = Reader(answered(answer(quote(also="Second title"))))
    assert read.links[1] == "documents/bbbb?start=3&end=9&sha256=other#quote"
    assert "also in: Second title" in read.text


@pytest.mark.parametrize(("confidence", "shown"), [(0.29, "29%"), (0.829, "82%"), (0.996, "99%")])
def test_the_confidence_is_the_one_that_is_shown_elsewhere(confidence: float, shown: str) -> None:
    read = Reader(answered(answer(quote(), confidence=confidence)))
    assert read.text.endswith(f"{shown} confident")


def test_what_was_searched_for_is_said_where_it_is_not_what_was_asked() -> None:
    for found in (answer(quote(), searched="q <b>"), answer(searched="q <b>")):
        assert Reader(answered(found)).text.startswith("Searched for: q <b>")
    assert "Searched" not in answered(answer(quote()))


def test_a_quote_of_a_page_names_it() -> None:
    paged = Quote(1, "aaaa", "Title", 0, 6, "Words.", "sum", place="page 3")
    assert "Title page 3" in Reader(answered(answer(paged))).text


def test_a_refusal_offers_three_passages_of_articles_and_says_they_are_no_answer() -> None:
    hits = (passage(1, boilerplate=True), *(passage(ordinal) for ordinal in range(2, 7)))
    shown = answered(answer(hits=hits))
    read = Reader(shown)
    assert read.links == [f"documents/aaaa?start={n}&end={n + 10}#quote" for n in (20, 30, 40)]
    assert "Nothing in these documents seems to answer this." in read.text
    assert "not an answer" in read.text
    assert 'class="refusal"' in shown and 'class="answer"' not in shown


def test_a_refusal_names_unknown_words_its_confidence_and_the_nearest_passages() -> None:
    unknown = replace(
        answer(hits=(passage(1),)), reason="unknown_words", unknown=("France", "<b>Paris</b>")
    )
    read = Reader(answered(unknown))
    assert "No document holds the words “France” or “<b>Paris</b>”." in read.text
    assert "(confidence 10%; Steward answers from 50%)" in read.text
    assert "The nearest passages, which are not an answer:TitleA passage." in read.text
    assert "b" not in read.tags


def test_what_may_answer_is_of_another_rank_below_a_line_that_says_so() -> None:
    perhaps = replace(answer(quote()), kind="perhaps", reason="low_confidence")
    shown = answered(perhaps)
    assert 'class="answer perhaps"' in shown and 'class="unsure"' in shown
    read = Reader(shown)
    assert read.text.startswith("Steward is not sure. The nearest the documents come:")
    assert read.links == Reader(answered(answer(quote()))).links
    assert "perhaps" not in answered(answer(quote()))


def test_a_greeting_gets_a_line_and_examples_as_text() -> None:
    helped = replace(answer(), question="hello", kind="help", reason=None)
    read = Reader(answered(helped, examples=["What is <b>tea</b>?"]))
    assert read.text.startswith("Hello. ") and "What is <b>tea</b>?" in read.text
    assert "b" not in read.tags and "button" in read.tags
    assert "refusal" not in answered(helped)


def test_an_error_looks_neither_like_an_answer_nor_like_a_refusal() -> None:
    shown = failure("The index is gone.")
    assert 'class="failure"' in shown
    assert "refusal" not in shown and "answer" not in shown


def test_hostile_text_stays_text_wherever_it_comes_from() -> None:
    hostile = answer(quote(title=HOSTILE, text=HOSTILE, also=HOSTILE), publisher=HOSTILE)
    plain = answer(quote(also="t"), publisher="P")
    read = Reader(answered(hostile))
    assert read.tags == Reader(answered(plain)).tags
    assert read.text.count(HOSTILE) == 4
    bold = Reader(answered(answer(marked(HOSTILE, 3, 60))))
    assert bold.tags == Reader(answered(answer(marked("one two", 0, 3)))).tags
    assert "b" in bold.tags
    refused = Reader(answered(answer(hits=(passage(1, HOSTILE),))))
    assert refused.tags == Reader(answered(answer(hits=(passage(1),)))).tags
    assert Reader(failure(HOSTILE)).tags == ["div", "p", "strong"]


def test_what_a_model_wrote_stands_apart_from_the_quotes_and_stays_text() -> None:
    found = answer(quote(1), quote(2, title=HOSTILE))
    sentences = (Sentence("It is so.", (1,)), Sentence(HOSTILE, (1, 2)))
    shown = answered(found, written(found, sentences, HOSTILE))
    above, _, below = shown.partition("<figure")
    read = Reader(f"{above}</div>")
    assert read.text.count(HOSTILE) == 2 and "It is so." in read.text
    assert len(read.links) == 3 and all(link.startswith("documents/") for link in read.links)
    assert set(read.tags) == {"div", "p", "a"}
    assert below.count("<figure") == 1, "the quotes follow as they were"
    assert answered(found) == shown.replace(written(found, sentences, HOSTILE), "")


def differing(title: str = "Title") -> Answer:
    """An answer whose two sources differ in a number."""
    quotes = quote(text="70% worry."), replace(quote(2, title, "60% worry."), document_id="bbbb")
    sides = (
        Position((Source(1, "aaaa", ((10, 13),)),)),
        Position((Source(2, "bbbb", ((10, 13),)),)),
    )
    return replace(answer(*quotes), agreement=Agreement(sides, ("number",)))


def test_where_sources_differ_their_words_stand_above_the_quotes_with_links() -> None:
    read = Reader(answered(differing()))
    assert read.text.index("Sources differ in a number.") < read.text.index("70% worry.")
    assert "70% [1]" in read.text.replace("\xa0", " ") and "no date" in read.text
    assert read.tags.count("mark") == 2
    assert read.links[0] == read.links[2] == "documents/aaaa?start=10&end=20&sha256=sum#quote"


def test_what_differs_is_text_and_no_markup() -> None:
    plain, hostile = Reader(answered(differing())), Reader(answered(differing(HOSTILE)))
    assert hostile.tags == plain.tags and HOSTILE in hostile.text


def test_sources_that_agree_are_counted_beside_the_confidence() -> None:
    both = Agreement((Position((Source(1, "aaaa", ()), Source(1, "bbbb", ()))),), ())
    read = Reader(answered(replace(answer(quote(also="Twin")), agreement=both)))
    assert "2 sources agree. 82% confident" in read.text and "mark" not in read.tags


def test_an_overview_says_what_it_is_and_not_how_sure() -> None:
    read = Reader(answered(replace(answer(quote(), quote(2)), kind="overview")))
    assert "An overview in 2 quotes from 1 document" in read.text
    assert "confident" not in read.text


def test_documents_that_were_asked_for_are_linked() -> None:
    listed = replace(metadata("aaaa", "The Paper", "2023-12-11"), title=HOSTILE)
    found = replace(answer(quote()), quotes=(), kind="overview", catalogue=(listed,))
    read = Reader(answered(found))
    assert read.links == ["documents/aaaa"] and HOSTILE in read.text
    assert "The Paper, 11 December 2023" in read.text and "img" not in read.tags
