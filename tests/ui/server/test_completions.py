"""OpenAI's own client asks Steward."""

from collections.abc import Iterator
from dataclasses import replace

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from rag.assistant import Assistant
from rag.errors import IndexMissing
from rag.records import Answer
from tests.fakes import (
    ANSWER,
    LENA,
    REFUSAL,
    SENTENCE,
    FailingAssistant,
    OneAnswer,
    WritingAssistant,
)
from tests.serving import served
from ui.server.app import create_app
from ui.settings import ServerSettings
from ui.wording.answers import refusal

NEUTRALITY = "what is the neutrality framework?"
FRANCE = "what is the capital of France?"


def user(content: str) -> ChatCompletionMessageParam:
    return {"role": "user", "content": content}


@pytest.fixture(scope="module")
def url(assistant: Assistant) -> Iterator[str]:
    settings = ServerSettings(requests_per_minute=10_000)
    with served(lambda: create_app(assistant, settings), settings) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as client:
        yield client


def test_the_message_is_the_quotes_word_for_word_with_their_places(
    client: openai.OpenAI, assistant: Assistant
) -> None:
    completion = client.chat.completions.create(model="steward", messages=[user(NEUTRALITY)])
    content = completion.choices[0].message.content or ""
    answer = assistant.ask(NEUTRALITY)
    for quote in answer.quotes:
        assert f"{quote.text}\n[{quote.number}] {quote.title}" in content
        assert f"characters {quote.start}–{quote.end}" in content
    assert completion.choices[0].finish_reason == "stop"
    assert completion.choices[0].message.refusal is None
    extra = completion.model_extra or {}
    assert [quote["text"] for quote in extra["steward"]["quotes"]] == [
        quote.text for quote in answer.quotes
    ]


def test_a_refusal_is_said_and_marked_as_one(client: openai.OpenAI, assistant: Assistant) -> None:
    completion = client.chat.completions.create(model="steward", messages=[user(FRANCE)])
    message = completion.choices[0].message
    assert message.content == message.refusal == refusal(assistant.ask(FRANCE))


@pytest.mark.parametrize("question", [NEUTRALITY, FRANCE])
def test_the_pieces_of_a_stream_are_the_whole(client: openai.OpenAI, question: str) -> None:
    whole = client.chat.completions.create(model="steward", messages=[user(question)])
    stream = client.chat.completions.create(
        model="steward",
        messages=[user(question)],
        stream=True,
        stream_options={"include_usage": True},
    )
    *pieces, usage = list(stream)
    assert pieces[0].choices[0].delta.role == "assistant"
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert text == whole.choices[0].message.content
    refusals = [piece.choices[0].delta.refusal for piece in pieces]
    assert [each for each in refusals if each] == [
        each for each in [whole.choices[0].message.refusal] if each
    ]
    assert [piece.choices[0].finish_reason for piece in pieces[-2:]] == [None, "stop"]
    assert usage.choices == [] and usage.usage and usage.usage.total_tokens == 0


def test_the_conversation_before_is_taken_into_account(
    client: openai.OpenAI, assistant: Assistant
) -> None:
    before, said = "when do the learning sessions start?", "They start in winter 2024."
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "Answer in rhymes."},
        user(before),
        {"role": "assistant", "content": said},
        {"role": "user", "content": [{"type": "text", "text": "who are they for?"}]},
    ]
    completion = client.chat.completions.create(model="steward", messages=messages)
    expected = assistant.ask("who are they for?", [(before, said)])
    assert (completion.model_extra or {})["steward"]["confidence"] == expected.confidence


def test_the_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["steward"]
    assert client.models.retrieve("steward").id == "steward"


def test_what_cannot_be_asked_is_the_clients_own_kind_of_error(client: openai.OpenAI) -> None:
    ask = client.chat.completions.create
    with pytest.raises(openai.NotFoundError, match="no model gpt"):
        ask(model="gpt", messages=[user(NEUTRALITY)])
    with pytest.raises(openai.BadRequestError, match="The question is empty"):
        ask(model="steward", messages=[user("?")])
    with pytest.raises(openai.BadRequestError, match="The question is empty"):
        ask(model="steward", messages=[{"role": "system", "content": "Be brief."}])
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        ask(model="steward", messages=[])
    with pytest.raises(openai.UnprocessableEntityError, match="n: "):
        ask(model="steward", messages=[user("why?")], n=2)
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt")


def test_too_many_requests_are_the_clients_own_kind_of_error(assistant: Assistant) -> None:
    settings = ServerSettings(requests_per_minute=1)
    with served(lambda: create_app(assistant, settings), settings) as url:
        with openai.OpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as client:
            client.models.list()
            with pytest.raises(openai.RateLimitError) as caught:
                client.models.list()
    assert int(caught.value.response.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    "error", [IndexMissing(ServerSettings().index), ZeroDivisionError("secret")]
)
def test_an_error_in_the_middle_of_a_stream_is_raised_by_the_client(error: Exception) -> None:
    settings = ServerSettings()
    with served(lambda: create_app(FailingAssistant(error), settings), settings) as url:
        with openai.OpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as client:
            stream = client.chat.completions.create(
                model="steward", messages=[user("why?")], stream=True
            )
            with pytest.raises(openai.APIError) as caught:
                list(stream)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("streamed", [False, True])
def test_what_may_answer_has_a_line_before_it_which_is_a_refusal(streamed: bool) -> None:
    perhaps = replace(ANSWER, kind="perhaps", reason="low_confidence")
    said, refused = told(perhaps, streamed)
    assert refused == "Steward is not sure. The nearest the documents come:"
    line, quote, *_ = said.split("\n\n")[0], *said.split("\n\n")[1].split("\n")
    assert (line, quote) == (refused, ANSWER.quotes[0].text)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_greeting_gets_examples_and_is_no_refusal(streamed: bool) -> None:
    helped = replace(REFUSAL, question="hello", kind="help", reason=None)
    said, refused = told(helped, streamed)
    assert refused is None
    assert said.startswith("Hello. ") and said.endswith(" For example:\n- What is tea?")


def told(answer: Answer, streamed: bool) -> tuple[str, str | None]:
    """What a client is told, and whether that is a refusal."""
    settings = ServerSettings()
    assistant = OneAnswer(answer)
    with served(lambda: create_app(assistant, settings, ["What is tea?"]), settings) as url:
        with openai.OpenAI(base_url=f"{url}/v1", api_key="any") as client:
            ask = client.chat.completions.create
            asked = [user("q")]
            if not streamed:
                message = ask(model="steward", messages=asked).choices[0].message
                return message.content or "", message.refusal
            pieces = ask(model="steward", messages=asked, stream=True)
            deltas = [piece.choices[0].delta for piece in pieces]
            refusals = [delta.refusal for delta in deltas if delta.refusal]
            return "".join(delta.content or "" for delta in deltas), next(iter(refusals), None)


def test_the_models_prose_stands_before_the_quotes_streamed_or_not() -> None:
    settings = ServerSettings()
    first, second = SENTENCE.text, LENA.removeprefix(f"{SENTENCE.text} ")
    assistant = WritingAssistant(f"{first} [1] {second} [1]")
    with served(lambda: create_app(assistant, settings), settings) as url:
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="any")
        messages = [user("how long is the Lena?")]
        whole = client.chat.completions.create(model="steward", messages=messages)
        stream = client.chat.completions.create(model="steward", messages=messages, stream=True)
        pieces = [piece.choices[0].delta.content or "" for piece in stream]
        client.close()
    said = whole.choices[0].message.content
    assert said and "".join(pieces) == said
    prose, quote, place = said.split("\n", 2)[0], *said.split("\n\n")[1].split("\n")
    assert prose == f"{first} [1] {second} [1]"
    assert quote == ANSWER.quotes[0].text and place.startswith("[1] Rivers")
