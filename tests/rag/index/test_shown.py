"""What is shown of an index is as if it held nothing else, byte for byte."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.errors import UnknownDocument, UnknownTag
from rag.index.building import ingest
from rag.index.shown import shown_to
from rag.records import Answer
from rag.retrieval.scope import Scope
from tests.roles import PUBLIC, QUESTIONS, alike, alone_and_all, secrets_of
from ui.settings import ServerSettings


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, Assistant]]:
    with alone_and_all(tmp_path_factory.mktemp("shown")) as both:
        yield both


def timeless(answer: Answer) -> str:
    return repr(replace(answer, timings={}))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_that_of_an_index_without_the_others(
    both: tuple[Assistant, Assistant], question: str
) -> None:
    alone, everything = both
    shown = everything.seen_by(PUBLIC)
    expected = alone.ask(question)
    found = shown.ask(question)
    assert [each.text for each in found.quotes] == [each.text for each in expected.quotes]
    assert (found.searched, found.unknown, found.reason) == (
        expected.searched,
        expected.unknown,
        expected.reason,
    )
    assert found.confidence == pytest.approx(expected.confidence, abs=1e-6)
    assert found.documents == expected.documents
    for said in (timeless(found), repr(shown.search(question, 50))):
        assert not [word for word in secrets_of(*both) if word in said]


def test_whoever_sees_everything_is_told_what_others_are_not(
    both: tuple[Assistant, Assistant],
) -> None:
    _, everything = both
    asked = "how long is severance?"
    assert "nine weeks" in everything.ask(asked).quotes[0].text
    assert "nine weeks" in everything.seen_by(frozenset({"board"})).ask(asked).quotes[0].text
    assert not everything.seen_by(PUBLIC).ask(asked).answered
    mistyped = "who met for quiberish talks?"
    assert everything.ask(mistyped).searched == "who met for quibberish talks?"
    assert everything.seen_by(PUBLIC).ask(mistyped).searched == mistyped
    asked = "when does the zorbel plant close?"
    assert everything.seen_by(PUBLIC).ask(asked).unknown == ("zorbel", "plant", "close")


def test_a_part_does_not_depend_on_what_else_there_is_in_any_byte(
    both: tuple[Assistant, Assistant],
) -> None:
    alone, everything = both
    half = frozenset({alone.documents()[0].id, alone.documents()[1].id})
    for question in QUESTIONS:
        answers = [each.seen_by(PUBLIC).ask(question, scope=Scope(documents=half)) for each in both]
        assert alike(timeless(answers[0]), timeless(answers[1]))


def test_documents_tags_and_sources_of_others_are_as_if_not_there(
    both: tuple[Assistant, Assistant],
) -> None:
    alone, everything = both
    shown = everything.seen_by(PUBLIC)
    assert shown.documents() == alone.documents()
    hidden = {each.id: each for each in everything.documents()}.keys() - {
        each.id for each in alone.documents()
    }
    for name in (*hidden, "board/board.md"):
        with pytest.raises(UnknownDocument):
            shown.document(name)
        with pytest.raises(UnknownDocument):
            shown.ask("why?", scope=Scope(documents=[name]))
    with pytest.raises(UnknownTag) as refused:
        shown.ask("why?", scope=Scope(tags=["board"]))
    assert refused.value.known == ("public",)


def test_who_is_shown_nothing_is_told_nothing(both: tuple[Assistant, Assistant]) -> None:
    _, everything = both
    nobody = everything.seen_by(frozenset({"elsewhere"}))
    assert nobody.documents() == ()
    answer = nobody.ask("what is the neutrality framework?")
    assert not answer.answered and not answer.hits
    assert answer.unknown == ("neutrality", "framework")
    assert nobody.search("neutrality", 8).hits == ()


def test_a_new_ingest_is_seen_and_tags_are_compared_in_whatever_case(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    for tag in ("Nurses", "board"):
        (documents / tag).mkdir(parents=True)
        (documents / tag / "a.txt").write_text(f"Of {tag}\n\nThe fee of {tag} is nine euro.\n")
    settings = ServerSettings(index=tmp_path / "index")
    ingest(documents, settings)
    with closing(Assistant(settings)) as assistant:
        nurses = assistant.seen_by(frozenset({"nurses"}))
        assert [each.source for each in nurses.documents()] == ["Nurses/a.txt"]
        assert [each.source for each in shown_to(assistant.documents(), frozenset())] == []
        (documents / "Nurses" / "a.txt").rename(documents / "board" / "b.txt")
        ingest(documents, settings)
        assert nurses.documents() == ()
        assert not nurses.ask("what is the fee of Nurses?").hits
