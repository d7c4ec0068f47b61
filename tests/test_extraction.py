"""Hits to quotes, on small folders whose right sentences a reader can see."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.files import reading
from rag.assistant import Assistant
from rag.conversation import Query
from rag.embedding import Encoder
from rag.extraction import extract
from rag.ingest import ingest
from rag.reader import Reader, Reading
from rag.records import Answer
from rag.retrieval import retrieve
from rag.settings import Settings

Ask = Callable[[dict[str, str], str], Answer]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Put files into a folder, ask a question about them, and check every quote."""
    opened: list[Assistant] = []

    def asking(files: dict[str, str], question: str) -> Answer:
        folder = tmp_path / "files"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        settings = Settings(index=tmp_path / "index")
        ingest(folder, settings)
        opened.append(Assistant(settings))
        answer = opened[0].ask(question)
        for quote in answer.quotes:
            for each in (quote, *quote.also_in):
                document = opened[0].document(each.document_id)
                assert document.text[each.start : each.end] == each.text
                assert (each.title, each.sha256) == (document.title, document.sha256)
        return answer

    yield asking
    for assistant in opened:
        assistant.close()


LENA = "The river Lena\n\nThe Lena flows north to the Arctic Ocean. It freezes every winter.\n"


def test_the_sentence_that_answers_comes_first(ask: Ask) -> None:
    answer = ask(
        {"lena.txt": LENA, "tea.txt": "Tea in short\n\nGreen tea is not fermented.\n"},
        "Into which ocean does the Lena flow?",
    )
    assert answer.answered
    assert answer.quotes[0].text == "The Lena flows north to the Arctic Ocean."
    assert answer.quotes[0].number == 1


def test_near_identical_sentences_are_gathered_under_one_quote(ask: Ask) -> None:
    said = "“The rights of labour are honoured by all,” said Anna Smith, chair of the board."
    retold = "“The rights of labor are honored by all,” says Anna Smith, chair of the board."
    answer = ask(
        {"one.txt": f"News of the day\n\n{said}\n", "two.txt": f"The other news\n\n{retold}\n"},
        "What did Anna Smith say about the rights of labour?",
    )
    (quote,) = answer.quotes
    assert [quote.text, quote.also_in[0].text] == [said, retold]
    assert quote.also_in[0].number == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The meeting is on 5 May in the hall.", "The meeting is on 6 May in the hall."),
        ("Members will vote on the new rule.", "Members will not vote on the new rule."),
    ],
)
def test_sentences_that_differ_in_a_number_or_a_not_are_shown_side_by_side(
    ask: Ask, one: str, other: str
) -> None:
    question = "Is the meeting in the hall?" if "hall" in one else "Will members vote on the rule?"
    answer = ask(
        {"a.txt": f"The first notice\n\n{one}\n", "b.txt": f"The second notice\n\n{other}\n"},
        question,
    )
    assert {quote.text for quote in answer.quotes} == {one, other}


def test_a_sentence_that_announces_a_list_is_quoted_with_the_list(ask: Ask) -> None:
    text = (
        "For members only\n\nThe union gives its members:\n- legal advice\n- strike pay\n\nOld.\n"
    )
    answer = ask({"union.txt": text}, "What does the union give its members?")
    assert answer.quotes[0].text == "The union gives its members:\n- legal advice\n- strike pay"


def test_an_explanation_goes_on_while_the_next_sentence_does(ask: Ask) -> None:
    text = (
        "On the new framework\n\nThe deal brings a neutrality framework for unions. This framework"
        " lets workers organise freely. Lunch was served at noon.\n"
    )
    answer = ask({"deal.txt": text}, "What is the neutrality framework?")
    assert answer.quotes[0].text == (
        "The deal brings a neutrality framework for unions. This framework lets workers organise"
        " freely."
    )


def test_a_heading_is_not_quoted_as_a_sentence(ask: Ask) -> None:
    text = "# Notes\n\n## Opening hours of the library\n\nThe library opens at nine.\n"
    answer = ask({"library.md": text}, "When are the opening hours of the library?")
    assert [quote.text for quote in answer.quotes] == ["The library opens at nine."]


@given(
    st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1), min_size=1, max_size=4),
    st.text(min_size=1, max_size=50),
)
@hypothesis.settings(max_examples=12, deadline=None)
def test_every_quote_of_any_text_is_its_slice(texts: list[str], question: str) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "files"
        folder.mkdir()
        for number, text in enumerate(texts):
            # A sentence of letters, so that there is something to ask about.
            whole = f"{text}\n\nThe {number}th of the letters says {text}. It is a letter."
            (folder / f"{number}.txt").write_text(whole, encoding="utf-8", newline="")
        settings = Settings(index=Path(name) / "index", threshold=0.0)
        ingest(folder, settings)
        assistant = Assistant(settings)
        answer = assistant.ask(f"What do the letters say? {question}")
        assert answer.quotes
        for quote in answer.quotes:
            for each in (quote, *quote.also_in):
                document = assistant.document(each.document_id)
                assert document.text[each.start : each.end] == each.text
        assistant.close()


def test_words_that_no_document_holds_are_named(ask: Ask) -> None:
    answer = ask({"lena.txt": LENA}, "Who is the mayor of Paris?")
    assert not answer.answered
    assert (answer.quotes, answer.unknown) == ((), ("mayor", "Paris"))
    assert answer.reason == "unknown_words"


def test_a_question_without_an_informative_word_is_refused(ask: Ask) -> None:
    answer = ask({"lena.txt": LENA}, "What about that?")
    assert (answer.answered, answer.confidence, answer.reason) == (False, 0.0, "nothing_similar")


def test_pages_count_from_one_where_there_are_pages(ask: Ask) -> None:
    assert ask({"lena.txt": LENA}, "Where does the Lena flow?").quotes[0].page is None


class CountingReader(Reader):
    """The real reader, which remembers how many passages it was given at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[int] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self.given.append(len(passages))
        return super().read(question, passages)


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("Into which ocean does the Lena flow?", [5]),
        ("Which bank pays for the bridge?", [5, 3]),
    ],
)
def test_more_passages_are_read_where_the_first_do_not_surely_answer(
    tmp_path: Path, encoder: Encoder, question: str, given: list[int]
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "lena.txt").write_text(LENA, encoding="utf-8")
    for number in range(7):
        text = f"Tea number {number}\n\nGreen tea of the {number}th kind is not fermented.\n"
        (folder / f"tea{number}.txt").write_text(text, encoding="utf-8")
    settings = Settings(index=tmp_path / "index")
    ingest(folder, settings)
    reader = CountingReader()
    with reading(settings) as index:
        vector = encoder.encode([question])[0]
        hits = retrieve(index, Query(question), vector, settings.hits)
        assert len(hits) == 8
        extract(index, reader, Query(question), vector, hits)
    assert reader.given == given
