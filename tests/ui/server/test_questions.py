import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from rag.assistant import Assistant
from rag.errors import EmptyQuestion, UnknownDocument
from rag.outcomes import Outcome
from rag.records import Answer, Prose, Retrieved
from tests.fakes import (
    ANSWER,
    SENTENCE,
    FailingAssistant,
    WaitingAssistant,
    WritingAssistant,
)
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog
from ui.server.errors import Busy, TookTooLong
from ui.server.metrics import Metrics
from ui.server.questions import Questions, unless_gone
from ui.settings import ServerSettings

NEUTRALITY = "what is the neutrality framework?"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def waiting() -> Iterator[WaitingAssistant]:
    assistant = WaitingAssistant()
    yield assistant
    assistant.go_on.set()


def outcomes(metrics: Metrics, outcome: str) -> float:
    return counted(metrics, f'steward_questions_total{{outcome="{outcome}"}} ')


def counted(metrics: Metrics, start: str) -> float:
    lines = bytes(metrics.page().body).decode().splitlines()
    return sum(float(line.removeprefix(start)) for line in lines if line.startswith(start))


@asynccontextmanager
async def asking(questions: Questions, words: str) -> AsyncIterator[asyncio.Task[Answer]]:
    """A question under way, which is given up when the block ends."""
    task = asyncio.create_task(questions.answer(words))
    await asyncio.sleep(0)  # let it take its place
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)


def test_the_passages_come_first_and_then_the_answer(
    assistant: Assistant, metrics: Metrics
) -> None:
    async def stages() -> list[Retrieved | Answer]:
        questions = Questions(assistant, ServerSettings(), metrics)
        return [stage async for stage in questions.stages(NEUTRALITY)]

    found, answered = asyncio.run(stages())
    assert isinstance(found, Retrieved) and isinstance(answered, Answer)
    assert answered.quotes == assistant.ask(NEUTRALITY).quotes != ()
    assert outcomes(metrics, "answered") == 1


def test_questions_run_in_other_threads(metrics: Metrics) -> None:
    threads = []

    class Noting(WaitingAssistant):
        def stages(self, *asked: Any) -> Iterator[Retrieved | Answer]:
            threads.append(threading.current_thread())
            yield from super().stages(*asked)

    assistant = Noting()
    assistant.go_on.set()
    asyncio.run(Questions(assistant, ServerSettings(), metrics).answer("why?"))
    assert threads[0] is not threading.main_thread()


@pytest.mark.parametrize("error", [EmptyQuestion(), UnknownDocument("x"), ZeroDivisionError()])
def test_an_error_in_the_thread_is_raised_to_the_one_who_asked(
    metrics: Metrics, error: Exception
) -> None:
    questions = Questions(FailingAssistant(error), ServerSettings(), metrics)
    with pytest.raises(type(error)):
        asyncio.run(questions.answer("why?"))
    with pytest.raises(type(error)):
        asyncio.run(questions.search("why?", 3))


def test_when_all_places_are_taken_the_next_is_told_so_at_once(
    waiting: WaitingAssistant, metrics: Metrics
) -> None:
    settings = ServerSettings(questions_at_once=1, questions_waiting=1)

    async def ask() -> None:
        questions = Questions(waiting, settings, metrics)
        async with asking(questions, "first") as first, asking(questions, "second") as second:
            with pytest.raises(Busy):
                await questions.answer("third")
            assert outcomes(metrics, "busy") == 1
            waiting.go_on.set()
            await asyncio.gather(first, second)
            assert not (await questions.answer("fourth")).answered

    asyncio.run(ask())
    assert waiting.asked == ["first", "second", "fourth"]


def test_who_leaves_the_queue_makes_room_at_once(
    waiting: WaitingAssistant, metrics: Metrics
) -> None:
    settings = ServerSettings(questions_at_once=1, questions_waiting=1)

    async def ask() -> None:
        questions = Questions(waiting, settings, metrics)
        async with asking(questions, "first") as first:
            await until(lambda: waiting.asked == ["first"])
            async with asking(questions, "leaves"):
                pass
            async with asking(questions, "stays") as stays:
                waiting.go_on.set()
                await asyncio.gather(first, stays)

    asyncio.run(ask())
    assert waiting.asked == ["first", "stays"]
    assert outcomes(metrics, "gone") == 1


def test_who_leaves_while_the_documents_are_read_frees_the_place_at_the_next_stage(
    waiting: WaitingAssistant, metrics: Metrics
) -> None:
    settings = ServerSettings(questions_at_once=1, questions_waiting=0)

    async def ask() -> None:
        questions = Questions(waiting, settings, metrics)
        async with asking(questions, "leaves"):
            await until(lambda: waiting.asked == ["leaves"])
        with pytest.raises(Busy):
            await questions.answer("too early")
        waiting.go_on.set()
        await until(lambda: waiting.ended == 1)

        async def answered() -> bool:
            try:
                return bool(await questions.answer("next"))
            except Busy:
                return False

        async with asyncio.timeout(60):
            while not await answered():
                await asyncio.sleep(0.005)

    asyncio.run(ask())


def test_a_question_that_takes_too_long_is_given_up(
    waiting: WaitingAssistant, metrics: Metrics
) -> None:
    async def ask() -> None:
        questions = Questions(waiting, ServerSettings(question_seconds=0.01), metrics)
        with pytest.raises(TookTooLong):
            async with aclosing(questions.stages("why?")) as stages:
                async for _ in stages:
                    await until(lambda: waiting.asked == ["why?"])

    asyncio.run(ask())
    assert outcomes(metrics, "took_too_long") == 1


def test_a_question_whose_turn_never_comes_is_told_that_steward_is_busy(
    waiting: WaitingAssistant, metrics: Metrics
) -> None:
    async def ask() -> None:
        settings = ServerSettings(questions_at_once=1, question_seconds=0.2)
        questions = Questions(waiting, settings, metrics)
        async with asking(questions, "first"):
            await until(lambda: waiting.asked == ["first"])  # and it holds its place for long
            with pytest.raises(Busy):
                await questions.answer("second")

    asyncio.run(ask())
    assert waiting.asked == ["first"]


def test_closing_waits_for_the_thread_that_works(
    waiting: WaitingAssistant, metrics: Metrics
) -> None:
    async def ask() -> Questions:
        questions = Questions(waiting, ServerSettings(), metrics)
        async with asking(questions, "why?"):
            await until(lambda: waiting.asked == ["why?"])
        return questions

    questions = asyncio.run(ask())
    waiting.go_on.set()
    questions.close()
    assert waiting.ended == 1


def test_a_result_is_dropped_when_the_client_goes_away() -> None:
    dropped = False

    async def never() -> None:
        nonlocal dropped
        try:
            await asyncio.Event().wait()
        finally:
            dropped = True

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def serve() -> None:
        with pytest.raises(ClientDisconnect):
            await unless_gone(Request({"type": "http"}, receive), never())

    asyncio.run(serve())
    assert dropped


def test_a_result_comes_through_while_the_client_is_there() -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def serve() -> int:
        async def result() -> int:
            return 7

        return await unless_gone(Request({"type": "http"}, receive), result())

    assert asyncio.run(serve()) == 7


def outcome_of(answer: Answer) -> Outcome | None:
    assert answer.prose
    return answer.prose.outcome


async def growing(
    questions: Questions, question: str, stopped: threading.Event | None = None
) -> list[Prose]:
    """The prose of the answer, each time that it comes."""
    stages = [stage async for stage in questions.stages(question, stopped=stopped)]
    return [stage.prose for stage in stages if isinstance(stage, Answer) and stage.prose]


def test_the_answer_is_there_while_the_model_writes_and_grows_until_it_is_whole(
    metrics: Metrics,
) -> None:
    assistant = WritingAssistant()
    assistant.model.go_on.clear()

    async def ask() -> list[Retrieved | Answer]:
        questions = Questions(assistant, ServerSettings(), metrics)
        stages = []
        async with aclosing(questions.stages("why?")) as coming:
            async for stage in coming:
                stages.append(stage)
                if isinstance(stage, Answer) and stage.prose and stage.prose.sentences:
                    assistant.model.go_on.set()  # it came while the model was not done
        return stages

    found, *rest = asyncio.run(ask())
    assert isinstance(found, Retrieved)
    answers = [stage for stage in rest if isinstance(stage, Answer)]
    grown = [answer.prose for answer in answers if answer.prose]
    assert [prose.sentences for prose in grown] == [(), (SENTENCE,), (SENTENCE,)]
    assert [prose.outcome for prose in grown] == [None, None, "written"]
    assert [replace(answer, prose=None) for answer in answers] == [ANSWER] * 3
    whole = asyncio.run(Questions(assistant, ServerSettings(), metrics).answer("why?"))
    assert outcome_of(whole) == "written"
    assert counted(metrics, 'steward_prose_total{outcome="written"} ') == 2


def test_a_refusal_has_no_prose(metrics: Metrics) -> None:
    questions = Questions(WritingAssistant(), ServerSettings(), metrics)
    assert asyncio.run(growing(questions, "refuse")) == []


def test_a_model_that_never_ends_is_given_up_and_what_was_checked_stays(
    metrics: Metrics,
) -> None:
    assistant = WritingAssistant(seconds=0.2)
    assistant.model.go_on.clear()
    *_, prose = asyncio.run(growing(Questions(assistant, ServerSettings(), metrics), "why?"))
    assert (prose.sentences, prose.outcome) == ((SENTENCE,), "too_slow")
    assert assistant.model.halted.wait(60)
    assert counted(metrics, 'steward_prose_total{outcome="too_slow"} ') == 1


def test_answers_that_find_the_model_busy_stand_without_it_and_hold_up_no_question(
    metrics: Metrics,
) -> None:
    assistant = WritingAssistant(waiting=0)
    assistant.model.go_on.clear()

    async def ask() -> None:
        settings = ServerSettings(model_waiting=0, questions_at_once=1)
        questions = Questions(assistant, settings, metrics)
        async with asking(questions, "first") as first:
            await until(assistant.model.begun.is_set)
            assert counted(metrics, "steward_writing ") == 1
            *_, prose = await growing(questions, "second")
            assert prose.outcome == "busy"
            assert not (await questions.answer("refuse")).answered
            assistant.model.go_on.set()
            assert outcome_of(await first) == "written"

    asyncio.run(ask())
    assert counted(metrics, "steward_writing ") == 0


def test_as_many_answers_as_may_wait_for_the_model_get_their_turn(metrics: Metrics) -> None:
    assistant = WritingAssistant(waiting=3)
    assistant.model.go_on.clear()

    async def ask() -> None:
        settings = ServerSettings(model_waiting=3, questions_at_once=1)
        questions = Questions(assistant, settings, metrics)
        tasks = [asyncio.create_task(questions.answer("why?")) for _ in range(5)]
        done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [outcome_of(each.result()) for each in done] == ["busy"]
        assistant.model.go_on.set()
        answers = await asyncio.gather(*others)
        assert [outcome_of(each) for each in answers] == ["written"] * 4

    asyncio.run(ask())


def test_who_leaves_stops_the_model(metrics: Metrics) -> None:
    assistant = WritingAssistant()
    assistant.model.go_on.clear()

    async def ask() -> None:
        questions = Questions(assistant, ServerSettings(), metrics)
        async with aclosing(questions.stages("why?")) as stages:
            async for stage in stages:
                if isinstance(stage, Answer) and stage.prose and stage.prose.sentences:
                    break

    asyncio.run(ask())
    assert assistant.model.halted.wait(60)
    assert counted(metrics, 'steward_prose_total{outcome="stopped"} ') == 1


def test_the_stop_button_need_not_wait_for_the_models_turn(metrics: Metrics) -> None:
    assistant = WritingAssistant()
    assistant.model.go_on.clear()
    stopped = threading.Event()

    async def ask() -> None:
        questions = Questions(assistant, ServerSettings(), metrics)
        async with asking(questions, "first"):
            await until(assistant.model.begun.is_set)
            assert counted(metrics, "steward_writing ") == 1
            waits = asyncio.create_task(growing(questions, "second", stopped))
            await until(lambda: counted(metrics, "steward_writing ") == 2)
            stopped.set()
            assert (await waits)[-1].outcome == "stopped"
            assert not assistant.model.halted.is_set(), "the first is still written of"

    asyncio.run(ask())


def test_a_question_is_logged_once_with_what_kind_it_and_not_when_asked_again(
    assistant: Assistant, metrics: Metrics, tmp_path: Path
) -> None:
    async def ask(questions: Questions) -> Answer:
        async with aclosing(questions.stages(NEUTRALITY, again=True)) as stages:
            assert [stage async for stage in stages]
        with pytest.raises(EmptyQuestion):
            await questions.answer("?!")
        return await questions.answer(NEUTRALITY)

    path = path_of(tmp_path / "log")
    with closing(QuestionLog(path, 90)) as log:
        answer = asyncio.run(ask(Questions(assistant, ServerSettings(), metrics, log)))
    with reading(path) as database:
        found = database.execute("SELECT question, kind, confidence, tags FROM questions")
        assert found.fetchall() == [(NEUTRALITY, "answer", answer.confidence, "[]")]
