from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.outcomes import Outcome, Reason
from rag.records import Answer, Hit, Metadata, Passage, Prose, Quote, Sentence
from ui.wording.answers import (
    beginning,
    certainty,
    emphasis,
    help_line,
    message,
    nearest,
    not_sure,
    offered,
    place,
    prose,
    reading,
    refusal,
)

REFUSAL = Answer(
    question="What is the capital of France?",
    searched="What is the capital of France?",
    quotes=(),
    confidence=0.1234,
    threshold=0.5,
    perhaps_threshold=0.2,
    kind="none",
    reason="unknown_words",
    unknown=("capital", "France"),
    hits=(),
    documents={},
    timings={},
)

probabilities = st.floats(0, 1)


def hit(ordinal: int, text: str = "A passage.", boilerplate: bool = False) -> Hit:
    found = Passage("aaaa", ordinal, ordinal * 10, ordinal * 10 + 10, text, (), boilerplate)
    return Hit(found, 0.5, 0.5, 1, None)


@pytest.mark.parametrize(
    ("unknown", "expected"),
    [
        (("France",), "No document holds the word “France”."),
        (("capital", "France"), "No document holds the words “capital” or “France”."),
        (("a", "b", "c"), "No document holds the words “a”, “b” or “c”."),
    ],
)
def test_a_refusal_names_the_words_that_no_document_holds(
    unknown: tuple[str, ...], expected: str
) -> None:
    assert expected in refusal(replace(REFUSAL, unknown=unknown))


@pytest.mark.parametrize("reason", ["nothing_similar", "unknown_words", "low_confidence"])
def test_every_refusal_says_so_first_and_shows_its_confidence(reason: Reason) -> None:
    text = refusal(replace(REFUSAL, reason=reason))
    assert text.startswith("Nothing in these documents seems to answer this. ")
    assert text.endswith("(confidence 12%; Steward answers from 50%)")


def test_every_refusal_suggests_other_words() -> None:
    for reason in {*get_args(Reason)} - {"other_language"}:
        assert "word" in refusal(replace(REFUSAL, reason=reason)).partition(" (confidence")[0][-60:]


def test_who_asks_in_another_language_is_told_in_it_which_the_documents_are_in() -> None:
    foreign = replace(REFUSAL, reason="other_language", unknown=(), documents_language="en")
    assert "Los documentos están en inglés" in refusal(foreign)
    assert "No document holds" not in refusal(foreign)
    assert "ask in Spanish" in refusal(replace(foreign, documents_language="es"))
    perhaps = replace(foreign, kind="perhaps")
    assert "inglés" in not_sure(perhaps) and not_sure(perhaps).endswith("come:")


def test_what_is_said_instead_of_an_answer_depends_on_its_kind() -> None:
    assert message(replace(REFUSAL, kind="answer", reason=None)) is None
    assert message(REFUSAL) == refusal(REFUSAL)
    unsure = message(replace(REFUSAL, kind="perhaps", reason="low_confidence"))
    assert unsure == "Steward is not sure. The nearest the documents come:"


@pytest.mark.parametrize(
    ("greeting", "line", "before"),
    [
        ("hello", "Hello. Ask", "For example:"),
        ("thank you!", "You are welcome.", "For example:"),
        ("what can you do?", "Steward looks for the sentences", "For example:"),
        ("hola", "Hola. Pregunte", "Por ejemplo:"),
        ("gracias", "De nada.", "Por ejemplo:"),
        ("¿quién eres?", "Steward busca", "Por ejemplo:"),
    ],
)
def test_a_greeting_gets_one_line_in_its_language(greeting: str, line: str, before: str) -> None:
    helped = replace(REFUSAL, question=greeting, kind="help", reason=None, unknown=())
    assert help_line(helped).startswith(line)
    assert message(helped) == help_line(helped)
    assert message(helped, ["What is tea?"]) == f"{help_line(helped)} {before}"


def test_only_a_refusal_offers_what_is_near() -> None:
    found = replace(REFUSAL, hits=(hit(1),))
    assert len(offered(found)) == 1
    assert offered(replace(found, kind="perhaps")) == ()


def test_an_answer_is_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="not a refusal"):
        refusal(replace(REFUSAL, kind="answer", reason=None))


@given(probabilities, probabilities)
def test_the_confidence_shown_is_on_the_true_side_of_the_threshold_shown(
    confidence: float, threshold: float
) -> None:
    answered = confidence >= threshold
    shown = certainty(
        replace(
            REFUSAL,
            confidence=confidence,
            threshold=threshold,
            kind="answer" if answered else "none",
        )
    )
    first, last = (int(word.rstrip("%;")) for word in shown.split() if "%" in word)
    assert first >= last if answered else first <= last
    assert first < 100 or confidence > 0.999_999


def test_percentages_are_not_pushed_up_by_floating_point() -> None:
    # 0.29 * 100 falls short of 29, and 0.55 * 100 goes beyond 55.
    answer = replace(REFUSAL, confidence=0.29, threshold=0.55)
    assert certainty(answer) == "confidence 29%; Steward answers from 55%"


def test_a_place_tells_what_is_known_and_leaves_out_the_rest() -> None:
    assert place("The Lena", 60, 94) == "The Lena, characters 60–94"
    assert place("The Lena", 60, 94, "page 3", ("Water Office", None)) == (
        "The Lena, Water Office, page 3, characters 60–94"
    )


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_every_outcome_of_the_prose_has_a_line_that_says_what_stands(outcome: Outcome) -> None:
    alone = prose(Prose((), (), outcome, 1.0))
    checked = prose(Prose((Sentence("It is so.", (1,)),), (), outcome, 1.0))
    assert alone.endswith(" The quotes stand alone.")
    assert checked.endswith(" Each sentence was checked against the quotes it cites.")
    assert alone.partition(". ")[0] == checked.partition(". ")[0]


@given(st.text(), st.integers(), st.integers())
def test_whatever_the_offsets_the_words_of_a_quote_stay_the_quote(
    words: str, start: int, end: int
) -> None:
    found = Quote(1, "aaaa", "Title", 10, 10 + len(words), words, "sum", marked=(start, end))
    assert "".join(emphasis(REFUSAL, found)) == words


def test_nearest_are_passages_of_articles_and_begin_on_one_line() -> None:
    menu, first, second = hit(1, boilerplate=True), hit(2, "One\n\n two."), hit(3)
    found = nearest(replace(REFUSAL, hits=(menu, first, second)))
    assert found == (first.passage, second.passage)
    assert beginning(REFUSAL, first.passage) == "One two."


def test_three_of_the_nearest_are_offered() -> None:
    hits = tuple(map(hit, range(5)))
    assert offered(replace(REFUSAL, hits=hits)) == tuple(each.passage for each in hits[:3])


def test_a_long_passage_is_cut_between_words() -> None:
    cut = beginning(REFUSAL, hit(1, "word " * 100).passage)
    assert cut.endswith("word …") and len(cut) <= 162


def test_reading_counts_passages_and_documents() -> None:
    assert reading((hit(1), hit(2))) == "Reading 2 passages of 1 document…"


def test_of_a_document_in_markdown_the_words_are_shown_without_its_signs() -> None:
    text = "**Leave** is *ten* days."
    known = Metadata(id="aaaa", title="T", source="t.md", sha256="s", length=24, body=(0, 24))
    known = replace(known, is_markdown=True)
    asked = replace(REFUSAL, documents={"aaaa": known})
    found = Quote(1, "aaaa", "T", 10, 10 + len(text), text, "s", marked=(24, 27))
    assert emphasis(asked, found) == ("Leave is ", "ten", " days.")
    passage = replace(hit(1, text).passage, document_id="aaaa")
    assert beginning(asked, passage) == "Leave is ten days."
