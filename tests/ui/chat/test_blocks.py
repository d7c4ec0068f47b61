import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from rag.assistant import Assistant
from rag.errors import IndexMissing
from rag.retrieval.scope import EVERYTHING, Scope
from rag.text.html import escaped
from tests.fakes import (
    ANSWER,
    SENTENCE,
    FailingAssistant,
    OneAnswer,
    WritingAssistant,
    in_a_loop,
)
from ui.access.gate import USER
from ui.chat import blocks as chat
from ui.chat.turns import KEPT, Conversation
from ui.server.metrics import Metrics
from ui.server.questions import Questions
from ui.settings import ServerSettings
from ui.wording.errors import explain

HOSTILE = '<img src=x onerror="alert(1)"> [x](javascript:alert(1)) $$x$$ {{7*7}} `c`'


class Talk:
    """A conversation with the function behind the page, turn by turn."""

    def __init__(self, assistant: Assistant) -> None:
        questions = Questions(assistant, ServerSettings(), Metrics())
        blocks = in_a_loop(lambda: chat.build(questions, ServerSettings(), (), ()))
        functions = {block.fn for block in blocks.fns.values() if block.name == "turn"}
        (self.turn,) = functions
        (self.halt,) = (block.fn for block in blocks.fns.values() if block.name == "halt")
        (self.again,) = (block.fn for block in blocks.fns.values() if block.name == "again")
        self.request = gr.Request(Request({"type": "http", USER: None}), session_hash="page")
        self.memory = Conversation()
        self.open = True
        self.can_stop: object = False

    def ask(self, question: str, *tags: str) -> Iterator[str]:
        """The last message, each time the page changes."""
        assert self.turn
        yield from self._followed(self.turn(question, self.memory, self.request, list(tags)))

    def ask_again(self, kept: str) -> Iterator[str]:
        """Likewise, of a page that was loaded again."""
        assert self.again
        yield from self._followed(self.again(kept, self.request))

    def _followed(self, stages: AsyncIterator[tuple[Any, ...]]) -> Iterator[str]:
        async def following() -> tuple[Any, ...] | None:
            return await anext(stages, None)

        with asyncio.Runner() as loop:
            yield from self._shown(iter(lambda: loop.run(following()), None))

    def stop(self) -> None:
        """Press the button."""
        assert self.halt
        self.halt(self.request)

    def _shown(self, changes: Iterator[tuple[Any, ...] | None]) -> Iterator[str]:
        for change in changes:
            assert change
            field, button, _, messages, memory, stop = change
            self.can_stop = stop.visible if isinstance(stop, gr.Button) else self.can_stop
            for part in (field, button):
                if isinstance(part, gr.Textbox | gr.Button):
                    self.open = part.interactive is True
            self.memory = memory if isinstance(memory, Conversation) else self.memory
            if isinstance(messages, list):
                yield messages[-1]["content"]


def test_stages_show_before_the_quotes(assistant: Assistant) -> None:
    shown = list(Talk(assistant).ask("what is the neutrality framework?"))
    assert len(shown) == 3
    assert "Searching" in shown[0]
    assert "Reading 8 passages of" in shown[1]
    answer = assistant.ask("what is the neutrality framework?")
    assert answer.quotes
    for quote in answer.quotes:
        assert f"start&#61;{quote.start}&#38;end&#61;{quote.end}" in shown[2]


def test_the_input_is_closed_while_steward_reads_and_open_after(assistant: Assistant) -> None:
    talk = Talk(assistant)
    states = [talk.open for _ in talk.ask("what is the neutrality framework?")]
    assert states == [False, False, True]


def test_a_refusal_has_its_own_look(assistant: Assistant) -> None:
    *_, last = Talk(assistant).ask("what is the capital of France?")
    assert 'class="refusal"' in last
    assert 'class="answer"' not in last and 'class="failure"' not in last


def test_an_error_says_what_to_do_and_opens_the_input_again() -> None:
    error = IndexMissing(ServerSettings().index)
    talk = Talk(FailingAssistant(error))
    *_, last = talk.ask("anything")
    assert 'class="failure"' in last and "refusal" not in last
    assert escaped(explain(error).text) in last
    assert talk.open


def test_a_defect_shows_a_number_that_is_logged_with_the_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    talk = Talk(FailingAssistant(RuntimeError("secret detail")))
    with caplog.at_level(logging.ERROR):
        *_, last = talk.ask("anything")
    (record,) = caplog.records
    number = str(record.args[0]) if isinstance(record.args, tuple) else ""
    assert len(number) == 8 and number in last
    assert record.exc_info and record.exc_info[0] is RuntimeError
    assert 'class="failure"' in last and "refusal" not in last and "secret" not in last
    assert talk.open


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_changes_nothing(assistant: Assistant, question: str) -> None:
    talk = Talk(assistant)
    assert list(talk.ask(question)) == []
    assert talk.memory == Conversation() and talk.open


def test_a_question_without_a_letter_is_an_error(assistant: Assistant) -> None:
    *_, last = Talk(assistant).ask("?!")
    assert 'class="failure"' in last


def test_a_question_that_is_too_long_is_an_error_and_is_not_kept_whole(
    assistant: Assistant,
) -> None:
    talk = Talk(assistant)
    *_, last = talk.ask("why " * 100_000)
    assert 'class="failure"' in last
    assert len(talk.memory.messages[0]["content"]) < 2_000
    assert talk.open


def test_a_hostile_question_stays_text(assistant: Assistant) -> None:
    talk = Talk(assistant)
    list(talk.ask(HOSTILE))
    assert talk.memory.messages[0] == {
        "role": "user",
        "content": f'<p class="asked" dir="auto">{escaped(HOSTILE)}</p>',
    }


def test_a_conversation_keeps_its_last_turns(assistant: Assistant) -> None:
    talk = Talk(OneAnswer(assistant.ask("what is the capital of France?")))
    for number in range(60):
        list(talk.ask(f"question {number}"))
    assert len(talk.memory.messages) == 100
    assert "question 10<" in talk.memory.messages[0]["content"]
    assert [asked for asked, _ in talk.memory.turns] == [f"question {n}" for n in range(10, 60)]


def test_a_question_is_answered_with_what_was_said_before(assistant: Assistant) -> None:
    answer = assistant.ask("what is the neutrality framework?")
    one = OneAnswer(answer)
    talk = Talk(one)
    list(talk.ask("first"))
    list(talk.ask("second"))
    assert list(one.history) == [("first", "\n".join(quote.text for quote in answer.quotes))]


def test_a_failed_question_is_no_turn_of_the_conversation() -> None:
    talk = Talk(FailingAssistant(RuntimeError()))
    list(talk.ask("first"))
    assert talk.memory.turns == () and len(talk.memory.messages) == 2


def test_the_page_loads_no_font_and_no_style_from_elsewhere() -> None:
    assert chat.THEME._stylesheets == []
    assert "http" not in chat.HEAD


def test_gradio_renders_neither_markdown_nor_formulas_nor_foreign_tags() -> None:
    questions = Questions(FailingAssistant(KeyError()), ServerSettings(), Metrics())
    blocks = in_a_loop(lambda: chat.build(questions, ServerSettings(), (), ()))
    (shown,) = [block for block in blocks.blocks.values() if isinstance(block, gr.Chatbot)]
    settings: dict[str, Any] = {
        name: getattr(shown, name)
        for name in ("render_markdown", "sanitize_html", "allow_tags", "latex_delimiters")
    }
    assert settings == {
        "render_markdown": False,
        "sanitize_html": True,
        "allow_tags": False,
        "latex_delimiters": [],
    }
    assert blocks.analytics_enabled is False


def test_the_models_sentences_stand_above_the_quotes_as_they_come() -> None:
    talk = Talk(WritingAssistant())
    shown = [(content, talk.can_stop) for content in talk.ask("how long is the Lena?")]
    searching, reading, answered, sentence, done = shown
    assert [can_stop for _, can_stop in shown] == [False, False, True, True, False]
    said = escaped(SENTENCE.text)
    assert 'class="quote"' in answered[0] and said not in answered[0].partition("<figure")[0]
    for content, _ in (sentence, done):
        above, _, below = content.partition("<figure")
        assert said in above and said in below
    assert escaped("Written by a language model") in done[0]
    assert talk.open and talk.memory.messages[-1]["content"] == done[0]


def test_the_writing_can_be_stopped_and_what_was_checked_stays() -> None:
    assistant = WritingAssistant()
    assistant.model.go_on.clear()
    talk = Talk(assistant)
    for content in talk.ask("how long is the Lena?"):
        if escaped(SENTENCE.text) in content.partition("<figure")[0]:
            talk.stop()
    assert assistant.model.halted.wait(60)
    above, _, below = talk.memory.messages[-1]["content"].partition("<figure")
    assert escaped(SENTENCE.text) in above and escaped("was stopped") in above and below
    assert talk.memory.turns == (("how long is the Lena?", ANSWER.quotes[0].text),)
    assert talk.open and not talk.can_stop


def test_a_refusal_is_never_written_of() -> None:
    talk = Talk(WritingAssistant())
    *_, last = talk.ask("refuse")
    assert 'class="refusal"' in last and 'class="written"' not in last and not talk.can_stop


def test_a_page_that_is_loaded_again_gets_the_same_answers_and_goes_on_from_there(
    assistant: Assistant,
) -> None:
    asked = ["what is the neutrality framework?", "what is the capital of France?"]
    before, after = Talk(assistant), Talk(assistant)
    for question in asked:
        list(before.ask(question))
    shown = list(after.ask_again(json.dumps(asked)))
    assert [message["role"] for message in after.memory.messages] == ["user", "assistant"] * 2
    assert after.memory == before.memory and after.open
    assert 'class="stage"' in shown[0] and 'class="refusal"' in shown[-1]


def test_a_question_is_put_to_documents_with_the_tags_chosen_and_says_so() -> None:
    assistant = OneAnswer(ANSWER)
    talk = Talk(assistant)
    list(talk.ask("why?", "nurses", "<b>"))
    assert assistant.scope == Scope(tags=("nurses", "<b>"))
    asked = talk.memory.messages[0]["content"]
    assert "Only documents with" in asked and ">nurses</span>" in asked and "<b>" not in asked
    list(talk.ask("why?"))
    assert assistant.scope == EVERYTHING
    assert "tagged" not in talk.memory.messages[2]["content"]


def test_a_page_that_is_loaded_again_asks_the_documents_of_the_same_tags() -> None:
    before = Talk(OneAnswer(ANSWER))
    list(before.ask("why?", "nurses"))
    assistant = OneAnswer(ANSWER)
    after = Talk(assistant)
    list(after.ask_again(json.dumps([["why?", ["nurses"]]])))
    assert assistant.scope == Scope(tags=("nurses",))
    assert after.memory == before.memory


def test_of_a_page_that_is_loaded_again_only_questions_are_taken_and_they_stay_text() -> None:
    talk = Talk(OneAnswer(ANSWER))
    list(talk.ask_again(json.dumps([HOSTILE])))
    assert escaped(HOSTILE) in talk.memory.messages[0]["content"]
    assert 'class="quote"' in talk.memory.messages[1]["content"]


@pytest.mark.parametrize(
    "kept",
    ["", "[]", "{}", "null", '"why?"', "[1]", '["why?", {"answer": "<b>"}]', '["why?", " "]', "[["],
)
def test_what_is_no_list_of_questions_changes_nothing(kept: str) -> None:
    talk = Talk(OneAnswer(ANSWER))
    assert list(talk.ask_again(kept)) == []
    assert talk.memory == Conversation() and talk.open


def test_the_last_questions_of_a_page_are_asked_again_and_no_more() -> None:
    talk = Talk(OneAnswer(ANSWER))
    list(talk.ask_again(json.dumps([f"question {number}" for number in range(KEPT + 5)])))
    assert len(talk.memory.messages) == 2 * KEPT
    assert "question 5<" in talk.memory.messages[0]["content"]


def test_a_question_that_fails_when_it_is_asked_again_does_not_hide_the_others() -> None:
    talk = Talk(FailingAssistant(IndexMissing(ServerSettings().index)))
    *_, last = talk.ask_again(json.dumps(["first", "second"]))
    assert [message["role"] for message in talk.memory.messages] == ["user", "assistant"] * 2
    assert 'class="failure"' in last and talk.memory.turns == () and talk.open


def test_no_model_writes_once_more_of_what_is_asked_again() -> None:
    assistant = WritingAssistant()
    talk = Talk(assistant)
    *_, last = talk.ask_again(json.dumps(["how long is the Lena?"]))
    assert 'class="quote"' in last and 'class="written"' not in last
    assert not assistant.model.begun.is_set() and not talk.can_stop


def test_the_browser_is_not_told_to_cut_a_question() -> None:
    questions = Questions(FailingAssistant(KeyError()), ServerSettings(), Metrics())
    blocks = in_a_loop(lambda: chat.build(questions, ServerSettings(), (), ()))
    fields = [each for each in blocks.blocks.values() if getattr(each, "elem_id", "") == "question"]
    assert [field.max_length for field in fields if isinstance(field, gr.Textbox)] == [None]
