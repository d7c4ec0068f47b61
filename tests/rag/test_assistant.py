"""Question to answer, on the seeds."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.assistant import Assistant
from rag.errors import EmptyQuestion, IndexMissing, QuestionTooLong, UnknownDocument
from rag.index.building import ingest
from rag.records import Answer, Retrieved, Sentence
from rag.retrieval.scope import Scope
from rag.settings import Settings
from tests.conftest import SEEDS
from tests.misbehaving import always, misbehaving, written

NEUTRALITY = "what is the neutrality framework?"


def check(assistant: Assistant, answer: Answer) -> None:
    """Every quote is word for word in its document, and a refusal shows none."""
    assert answer.answered == (answer.confidence >= answer.threshold) == (answer.kind == "answer")
    assert bool(answer.quotes) == (answer.kind in ("answer", "perhaps"))
    assert answer.kind != "perhaps" or answer.confidence >= answer.perhaps_threshold
    assert (answer.reason is None) == (answer.kind in ("answer", "help"))
    assert {hit.passage.document_id for hit in answer.hits} == set(answer.documents)
    assert [quote.number for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    for quote in answer.quotes:
        for each in (quote, *quote.also_in):
            assert answer.documents[each.document_id].sha256 == each.sha256
            document = assistant.document(each.document_id)
            assert document.text[each.start : each.end] == each.text != ""
            assert each.sha256 == document.sha256


def test_the_neutrality_framework_is_explained_in_the_documents_words(assistant: Assistant) -> None:
    answer = assistant.ask(NEUTRALITY)
    check(assistant, answer)
    explained = [
        quote
        for quote in answer.quotes
        if "provides a neutrality framework for future worker organizing" in quote.text
    ]
    assert len(explained) == 1
    assert "respect the right of employees to form or join unions" in explained[0].text


@pytest.mark.parametrize(
    "question",
    ["what is the capital of France?", "asdf qwer", "Who is the CEO of Google?"],
)
def test_what_the_documents_do_not_answer_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    check(assistant, answer)
    assert not answer.answered
    assert answer.hits


@given(st.text(max_size=200) | st.text(alphabet="what is the AFL-CIO?“”’\u202e<b>\n", max_size=99))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_question_gets_checkable_quotes_or_a_refusal(assistant: Assistant, text: str) -> None:
    try:
        check(assistant, assistant.ask(text))
    except EmptyQuestion:
        assert not any(character.isalnum() for character in text)


@pytest.mark.parametrize("question", ["", "   \n", "?!", "\u200b"])
def test_an_empty_question_is_an_error_and_not_a_refusal(
    assistant: Assistant, question: str
) -> None:
    with pytest.raises(EmptyQuestion):
        assistant.ask(question)


def test_a_question_longer_than_the_encoder_reads_is_an_error(assistant: Assistant) -> None:
    with pytest.raises(QuestionTooLong) as caught:
        assistant.ask("why " * 2500)
    assert (caught.value.length, caught.value.limit) == (9999, 1000)


def test_the_passages_are_shown_before_they_are_read(assistant: Assistant) -> None:
    stages = list(assistant.stages(NEUTRALITY))
    assert [type(stage) for stage in stages] == [Retrieved, Answer]
    assert stages[0].hits == stages[1].hits


def test_an_answer_is_the_same_every_time_and_from_every_index(
    assistant: Assistant, tmp_path: Path
) -> None:
    ingest(SEEDS, Settings(index=tmp_path / "index"))
    other = Assistant(Settings(index=tmp_path / "index"))
    for question in (NEUTRALITY, "who is Liz Shuler?", "when do the sessions begin?"):
        expected = assistant.ask(question).quotes
        assert [assistant.ask(question).quotes, other.ask(question).quotes] == [expected] * 2
    other.close()


def test_many_threads_get_the_answers_that_one_gets(assistant: Assistant) -> None:
    questions = [NEUTRALITY, "who is Liz Shuler?", "what is the capital of France?"] * 8
    expected = [assistant.ask(question).quotes for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert [answer.quotes for answer in pool.map(assistant.ask, questions)] == expected


def test_an_ingest_between_two_stages_does_not_disturb_a_question(
    folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    assistant = Assistant(settings)
    stages = assistant.stages("How long is the river Lena?")
    next(stages)
    (folder / "rivers.md").unlink()
    thread = threading.Thread(target=ingest, args=(folder, settings))
    thread.start()
    thread.join()
    answer = next(stages)
    assert isinstance(answer, Answer)
    assert "4,294" in answer.quotes[0].text
    assert list(stages) == []
    assert len(assistant.documents()) == 2
    assert answer.documents[answer.quotes[0].document_id].source == "rivers.md", "as it was read"
    assistant.close()


def test_documents_are_listed_and_read(assistant: Assistant) -> None:
    listed = assistant.documents()
    assert [document.source for document in listed] == sorted(
        path.name for path in SEEDS.glob("*.txt")
    )
    document = assistant.document(listed[0].id)
    assert document.text == (SEEDS / listed[0].source).read_text(encoding="utf-8")
    with pytest.raises(UnknownDocument):
        assistant.document("nothing")


def test_without_an_index_the_error_comes_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Assistant(Settings(index=tmp_path / "nowhere"))


def test_an_answer_can_be_written_as_json(assistant: Assistant) -> None:
    answer = assistant.ask(NEUTRALITY)
    read = json.loads(json.dumps(asdict(answer)))
    assert read["quotes"][0]["text"] == answer.quotes[0].text


def test_only_the_documents_that_are_named_are_read(assistant: Assistant) -> None:
    for metadata in assistant.documents():
        answer = assistant.ask(NEUTRALITY, (), Scope(documents=[metadata.id]))
        check(assistant, answer)
        assert {hit.passage.document_id for hit in answer.hits} == {metadata.id}
        assert {quote.document_id for quote in answer.quotes} <= {metadata.id}


def test_a_document_that_is_not_there_is_an_error_and_not_a_refusal(assistant: Assistant) -> None:
    with pytest.raises(UnknownDocument):
        assistant.ask(NEUTRALITY, (), Scope(documents=["nothing"]))


def test_a_search_finds_what_an_answer_is_read_from(assistant: Assistant) -> None:
    found, answer = assistant.search(NEUTRALITY, 8), assistant.ask(NEUTRALITY)
    assert (found.hits, found.documents) == (answer.hits, answer.documents)
    assert len(assistant.search(NEUTRALITY, 3).hits) == 3


@pytest.mark.parametrize(
    ("question", "error"), [("?", EmptyQuestion), ("a" * 1001, QuestionTooLong)]
)
def test_a_search_takes_the_questions_that_can_be_asked(
    assistant: Assistant, question: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        assistant.search(question, 3)


def test_half_a_character_in_what_was_said_before_harms_nothing(assistant: Assistant) -> None:
    check(assistant, assistant.ask("and what is it about?", [("the\ud800 partnership", "\udfff")]))


POLL = "According to new polling by the AFL-CIO, 70% of workers worry about being replaced by AI."


def test_a_model_that_is_set_writes_of_an_answer_and_the_answer_stays(
    assistant: Assistant, seeds_index: Path
) -> None:
    question = "how many workers worry about being replaced by AI?"
    with misbehaving(always(written(f"{POLL} [1] All of them will be. [1]"))) as server:
        writing = Assistant(Settings(index=seeds_index, model_url=server.url))
        answers = [each for each in writing.stages(question) if isinstance(each, Answer)]
        writing.close()
    assert writing.writes
    prose = [answer.prose for answer in answers if answer.prose]
    assert [each.sentences for each in prose] == [(), *[(Sentence(POLL, (1,)),)] * 2]
    assert [each.outcome for each in prose] == [None, None, "written"]
    assert [each.why for each in prose[-1].withheld] == ["not_covered"]
    plain = replace(assistant.ask(question), timings={})
    assert [replace(answer, prose=None, timings={}) for answer in answers] == [plain] * 3


def test_a_refusal_never_reaches_the_model(seeds_index: Path) -> None:
    with misbehaving(always(written("Paris. [1]"))) as server:
        writing = Assistant(Settings(index=seeds_index, model_url=server.url))
        assert writing.ask("what is the capital of France?").prose is None
        writing.close()
    assert server.bodies == []


@pytest.fixture
def unsure(seeds_index: Path) -> Iterator[Assistant]:
    """It is never sure."""
    unsure = Assistant(Settings(index=seeds_index, threshold=1.0, perhaps_threshold=0.0))
    yield unsure
    unsure.close()


def test_what_may_answer_is_quoted_as_an_answer_would_be(
    assistant: Assistant, unsure: Assistant
) -> None:
    perhaps, answer = unsure.ask(NEUTRALITY), assistant.ask(NEUTRALITY)
    check(unsure, perhaps)
    assert (perhaps.kind, perhaps.answered, perhaps.reason) == ("perhaps", False, "low_confidence")
    assert perhaps.quotes == answer.quotes
    assert (perhaps.threshold, perhaps.perhaps_threshold) == (1.0, 0.0)


def test_what_may_answer_never_reaches_the_model(seeds_index: Path) -> None:
    with misbehaving(always(written(f"{POLL} [1]"))) as server:
        settings = Settings(index=seeds_index, threshold=1.0, perhaps_threshold=0.0)
        writing = Assistant(settings.model_copy(update={"model_url": server.url}))
        answer = writing.ask("how many workers worry about being replaced by AI?")
        writing.close()
    assert (answer.kind, answer.prose) == ("perhaps", None)
    assert server.bodies == []


@pytest.mark.parametrize("said", ["hello", "Thank you!", "¿Quién eres?", "what can you do?"])
def test_a_greeting_is_no_question_to_the_documents(assistant: Assistant, said: str) -> None:
    found, helped = assistant.stages(said)
    assert isinstance(found, Retrieved) and isinstance(helped, Answer)
    assert found.hits == () == helped.hits
    assert (helped.kind, helped.reason, helped.quotes) == ("help", None, ())


def test_a_question_that_begins_with_a_greeting_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("Hello, who is the president of the AFL-CIO?")
    assert answer.answered and "Liz Shuler" in answer.quotes[0].text


def test_thanks_are_not_what_the_next_question_leans_on(assistant: Assistant) -> None:
    before = [(NEUTRALITY, "a neutrality framework for future worker organizing")]
    follow_up = "and when was it announced?"
    thanked = assistant.ask(follow_up, [*before, ("thanks!", "")])
    assert thanked.quotes == assistant.ask(follow_up, before).quotes


@pytest.mark.parametrize(
    "question", ["¿Cuántos pingüinos viven en la Antártida?", "¿Quién es el presidente de Francia?"]
)
def test_a_question_in_another_language_learns_which_one_the_documents_are_in(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert not answer.answered
    assert (answer.reason, answer.documents_language) == ("other_language", "en")
    assert (answer.unknown, answer.searched) == ((), question)


def test_where_the_language_is_the_documents_nothing_is_said_of_it(assistant: Assistant) -> None:
    assert assistant.ask("what is the capital of France?").documents_language is None


def test_without_a_model_nothing_is_written(assistant: Assistant) -> None:
    assert not assistant.writes
    assert assistant.ask(NEUTRALITY).prose is None


def test_no_index_is_lent_while_the_model_writes(seeds_index: Path) -> None:
    with misbehaving(always(written(f"{POLL} [1]"))) as server:
        writing = Assistant(Settings(index=seeds_index, model_url=server.url))
        stages = writing.stages("how many workers worry about being replaced by AI?")
        assert [type(next(stages)) for _ in range(2)] == [Retrieved, Answer]
        assert set(writing._live._readers.values()) == {0}
        writing.close()
        *_, last = stages
    assert isinstance(last, Answer) and last.prose and last.prose.outcome == "unreachable"
