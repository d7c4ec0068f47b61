"""The MCP server, asked by the client of the ``mcp`` package."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from rag import __version__
from rag.assistant import Assistant
from rag.errors import IndexMissing
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fakes import FailingAssistant
from ui.server.mcp import create

T = TypeVar("T")
NEUTRALITY = "what is the neutrality framework?"


def with_client(
    assistant: Assistant, use: Callable[[Client], Awaitable[T]], examples: Sequence[str] = ()
) -> T:
    async def run() -> T:
        async with Client(create(assistant, lambda: examples)) as client:
            return await use(client)

    return asyncio.run(run())


def call(assistant: Assistant, tool: str, **arguments: Any) -> CallToolResult:
    return with_client(assistant, lambda client: client.call_tool(tool, arguments))


def content(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def problem(result: CallToolResult) -> str:
    assert result.is_error
    (said,) = result.content
    assert isinstance(said, TextContent)
    return said.text


def test_the_tools_are_described_and_only_read(assistant: Assistant) -> None:
    listed = with_client(assistant, lambda client: client.list_tools())
    assert [tool.name for tool in listed.tools] == [
        "ask",
        "search",
        "list_documents",
        "read_source",
    ]
    for tool in listed.tools:
        assert tool.description and tool.output_schema
        assert tool.annotations and tool.annotations.read_only_hint


def test_the_server_says_which_version_it_is(assistant: Assistant) -> None:
    async def version(client: Client) -> str:
        assert client.server_info
        return client.server_info.version

    assert with_client(assistant, version) == __version__


def test_all_documents_are_listed_and_can_be_read_by_their_ids(assistant: Assistant) -> None:
    listed = content(call(assistant, "list_documents"))["documents"]
    assert [each["id"] for each in listed] == [each.id for each in assistant.documents()]
    for each in listed:
        assert (
            content(call(assistant, "read_source", document_id=each["id"]))["title"]
            == (each["title"])
        )


def test_a_quote_can_be_read_where_it_says_it_is(assistant: Assistant) -> None:
    answer = content(call(assistant, "ask", question=NEUTRALITY))
    assert answer["answered"]
    for quote in answer["quotes"]:
        place = {name: quote[name] for name in ("document_id", "start", "end")}
        assert content(call(assistant, "read_source", **place))["text"] == quote["text"]


def test_a_refusal_is_no_error(assistant: Assistant) -> None:
    answer = content(call(assistant, "ask", question="what is the capital of France?"))
    assert not answer["answered"] and answer["message"] and not answer["quotes"]


def test_what_may_answer_says_that_it_may(seeds_index: Path) -> None:
    unsure = Assistant(Settings(index=seeds_index, threshold=1.0, perhaps_threshold=0.0))
    answer = content(call(unsure, "ask", question=NEUTRALITY))
    unsure.close()
    assert (answer["kind"], answer["answered"], answer["perhaps"]) == ("perhaps", False, True)
    assert answer["quotes"] and answer["message"].startswith("Steward is not sure.")


def test_a_greeting_gets_help_with_examples(assistant: Assistant) -> None:
    async def greet(client: Client) -> CallToolResult:
        return await client.call_tool("ask", {"question": "hello"})

    helped = content(with_client(assistant, greet, ["What is tea?"]))
    assert (helped["kind"], helped["examples"]) == ("help", ["What is tea?"])


def test_only_the_documents_that_are_named_are_searched(assistant: Assistant) -> None:
    name = assistant.documents()[0].id
    for tool, argument in (("ask", "question"), ("search", "query")):
        result = content(call(assistant, tool, **{argument: NEUTRALITY}, documents=[name]))
        found = [*result.get("hits", []), *result.get("quotes", []), *result.get("nearest", [])]
        assert {each["document_id"] for each in found} == {name}


def test_a_search_gives_as_many_passages_as_it_is_asked_for(assistant: Assistant) -> None:
    hits = content(call(assistant, "search", query=NEUTRALITY, count=3))["hits"]
    assert [hit["score"] for hit in hits] == [
        hit.score for hit in assistant.search(NEUTRALITY, 3).hits
    ]


def test_a_source_is_read_whole_where_no_part_is_named(assistant: Assistant) -> None:
    document = assistant.document(assistant.documents()[0].id)
    whole = content(call(assistant, "read_source", document_id=document.id))
    assert whole["text"] == document.text
    assert (whole["start"], whole["end"]) == (0, document.length)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("ask", {"question": "?"}, "The question is empty"),
        ("ask", {"question": "why?", "documents": ["x"]}, "There is no document x"),
        ("read_source", {"document_id": "x"}, "There is no document x"),
        ("search", {"query": "why?", "count": 0}, "count"),
    ],
)
def test_what_cannot_be_done_is_said_to_the_model(
    assistant: Assistant, tool: str, arguments: dict[str, Any], words: str
) -> None:
    assert words in problem(call(assistant, tool, **arguments))


def test_a_place_outside_the_document_is_said_to_the_model(assistant: Assistant) -> None:
    name = assistant.documents()[0].id
    said = problem(call(assistant, "read_source", document_id=name, start=5, end=5))
    assert "0 ≤ start < end" in said


def test_the_words_of_a_defect_stay_here() -> None:
    said = problem(call(FailingAssistant(ZeroDivisionError("secret")), "ask", question="why?"))
    assert "secret" not in said


def test_an_index_that_is_not_there_is_said_to_the_model() -> None:
    error = IndexMissing(Path("index"))
    assert "There is no index" in problem(call(FailingAssistant(error), "ask", question="why?"))


def test_a_program_starts_it_and_asks_over_standard_streams(seeds_index: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "ui.cli.app", "mcp", "--index", str(seeds_index)],
        cwd=str(ROOT),
        env=dict(os.environ),
    )

    async def ask() -> dict[str, Any]:
        async with Client(command) as client:
            return content(await client.call_tool("ask", {"question": NEUTRALITY}))

    assert "neutrality framework" in asyncio.run(ask())["quotes"][0]["text"]
