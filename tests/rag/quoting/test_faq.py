"""Questions that a document asks itself: what stands below them is the answer.

``tests/faq`` holds three documents with headings of all shapes, and ``asked.tsv`` each of these
with the beginning of the text below it.
"""

from collections.abc import Iterator

import pytest

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.settings import Settings
from tests.conftest import ROOT

FAQ = ROOT / "tests" / "faq"
ASKED = [
    (question, answer)
    for line in (FAQ / "asked.tsv").read_text(encoding="utf-8").splitlines()
    for question, _, answer in [line.partition("\t")]
]


@pytest.fixture(scope="module")
def faq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The real assistant on the three documents."""
    settings = Settings(index=tmp_path_factory.mktemp("faq") / "index")
    ingest(FAQ, settings)
    assistant = Assistant(settings)
    yield assistant
    assistant.close()


def test_asked_word_for_word_the_text_below_the_heading_is_the_first_quote(faq: Assistant) -> None:
    assert len(ASKED) >= 60
    texts = {each.id: faq.document(each.id).text for each in faq.documents()}
    wrong = []
    for question, answer in ASKED:
        quotes = faq.ask(question).quotes
        for quote in quotes:
            assert texts[quote.document_id][quote.start : quote.end] == quote.text
        if not (quotes and quotes[0].text.startswith(answer)):
            wrong.append((question, [quote.text for quote in quotes]))
    assert len(wrong) <= 0.05 * len(ASKED), wrong


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("May crane drivers refuse to work in strong wind?", "Yes, from force seven"),
        ("Who replaces torn gloves?", "The stores do"),
    ],
)
def test_what_stands_under_another_heading_does_not_win(
    faq: Assistant, question: str, answer: str
) -> None:
    assert faq.ask(question).quotes[0].text.startswith(answer)


def test_a_list_that_is_not_announced_by_a_colon_is_quoted_whole(faq: Assistant) -> None:
    quotes = faq.ask("What rights does a member have at a hearing?").quotes
    assert quotes[0].text == (
        "As a member you have the right to\n\n- be accompanied by a steward at every hearing\n"
        "- see the notes that were taken\n- appeal within ten working days"
    )
