import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.assistant import Assistant
from rag.errors import IndexMissing
from rag.outcomes import Reason
from rag.records import Prose
from tests.fakes import SENTENCE, FailingAssistant, WritingAssistant, in_a_loop
from ui.server.app import create_app
from ui.settings import ServerSettings
from ui.wording.answers import prose as in_words
from ui.wording.answers import refusal
from ui.wording.errors import explain

HERE = "http://127.0.0.1:7860"
NEUTRALITY = "what is the neutrality framework?"
FRANCE = "what is the capital of France?"
EVENTS = {"Accept": "text/event-stream"}
FORM = {"Content-Type": "text/plain"}


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> FastAPI:
    settings = ServerSettings(requests_per_minute=100_000)
    return in_a_loop(lambda: create_app(assistant, settings))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE) as client:
        yield client


def failing(error: Exception) -> TestClient:
    app = in_a_loop(lambda: create_app(FailingAssistant(error), ServerSettings()))
    return TestClient(app, base_url=HERE)


def ask(client: TestClient, question: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def events(client: TestClient, question: str) -> list[tuple[str, Any]]:
    response = client.post("/api/ask", json={"question": question}, headers=EVENTS)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in response.text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_every_quote_of_an_answer_can_be_checked_over_the_api(client: TestClient) -> None:
    answer = ask(client, NEUTRALITY)
    assert answer["kind"] == "answer" and answer["answered"]
    assert answer["message"] is answer["reason"] is None
    for quote in [each for first in answer["quotes"] for each in (first, *first["also_in"])]:
        document = client.get(f"/api/documents/{quote['document_id']}").json()
        assert document["text"][quote["start"] : quote["end"]] == quote["text"]
        assert document["sha256"] == quote["sha256"]
        assert document["title"] == quote["title"]
        assert (document["publisher"], document["published"]) == (
            quote["publisher"],
            quote["published"],
        )
        assert '<mark id="quote"' in client.get(f"/{quote['url']}").text


def test_the_answer_is_the_assistants(client: TestClient, assistant: Assistant) -> None:
    answer, expected = ask(client, NEUTRALITY), assistant.ask(NEUTRALITY)
    assert [quote["text"] for quote in answer["quotes"]] == [
        quote.text for quote in expected.quotes
    ]
    for name in ("question", "searched", "kind", "answered", "confidence", "threshold", "reason"):
        assert answer[name] == getattr(expected, name)


def test_a_refusal_is_an_answer_with_its_reason_and_what_is_near(
    client: TestClient, assistant: Assistant
) -> None:
    answer = ask(client, FRANCE)
    assert (answer["kind"], answer["answered"], answer["quotes"]) == ("none", False, [])
    assert answer["message"] == refusal(assistant.ask(FRANCE))
    assert answer["reason"] in Reason.__args__  # type: ignore[attr-defined]
    assert 1 <= len(answer["nearest"]) <= 3
    for passage in answer["nearest"]:
        document = client.get(f"/api/documents/{passage['document_id']}").json()
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]


UNSURE = ServerSettings(requests_per_minute=100_000, threshold=1.0, perhaps_threshold=0.0)


@pytest.fixture(scope="module")
def unsure(seeds_index: Path) -> Iterator[TestClient]:
    """It is never sure."""
    settings = UNSURE.model_copy(update={"index": seeds_index})
    assistant = Assistant(settings)
    app = in_a_loop(lambda: create_app(assistant, settings, ["What is tea?"]))
    with TestClient(app, base_url=HERE) as client:
        yield client
    assistant.close()


def test_what_may_answer_is_told_from_an_answer_and_checked_like_one(
    client: TestClient, unsure: TestClient
) -> None:
    perhaps = ask(unsure, NEUTRALITY)
    assert (perhaps["kind"], perhaps["answered"], perhaps["perhaps"]) == ("perhaps", False, True)
    assert perhaps["message"] == "Steward is not sure. The nearest the documents come:"
    assert (perhaps["nearest"], perhaps["prose"]) == ([], None)
    assert perhaps["quotes"] == ask(client, NEUTRALITY)["quotes"]
    told = events(unsure, NEUTRALITY)
    assert [name for name, _ in told] == ["reading", *["quote"] * len(perhaps["quotes"]), "done"]
    here = TestClient(unsure.app, base_url=HERE, client=("127.0.0.1", 1))
    assert 'steward_questions_total{outcome="perhaps"}' in here.get("/metrics").text


def test_a_greeting_gets_help_with_examples(unsure: TestClient) -> None:
    helped = ask(unsure, "hello")
    assert (helped["kind"], helped["answered"], helped["perhaps"]) == ("help", False, False)
    assert (helped["examples"], helped["quotes"], helped["nearest"]) == (["What is tea?"], [], [])
    assert helped["message"].startswith("Hello. ") and helped["reason"] is None
    assert [name for name, _ in events(unsure, "hello")] == ["reading", "done"]
    assert ask(unsure, NEUTRALITY)["examples"] == []


def test_events_tell_the_stages_then_each_quote_then_the_whole_answer(client: TestClient) -> None:
    told = events(client, NEUTRALITY)
    answer = ask(client, NEUTRALITY)
    names = [name for name, _ in told]
    assert names == ["reading", *["quote"] * len(answer["quotes"]), "done"]
    assert told[0][1]["passages"] == 8 and 1 <= told[0][1]["documents"] <= 5
    assert [data for name, data in told if name == "quote"] == answer["quotes"]
    assert told[-1][1] | {"milliseconds": 0} == answer | {"milliseconds": 0}


def test_events_of_a_refusal_hold_no_quote(client: TestClient) -> None:
    told = events(client, FRANCE)
    assert [name for name, _ in told] == ["reading", "done"]
    assert not told[-1][1]["answered"]


def test_what_was_said_before_is_taken_into_account(
    client: TestClient, assistant: Assistant
) -> None:
    before = "when do the learning sessions start?"
    said = "\n".join(quote.text for quote in assistant.ask(before).quotes)
    question = "who are they for?"
    answer = ask(client, question, history=[{"question": before, "answer": said}])
    expected = assistant.ask(question, [(before, said)])
    assert [quote["text"] for quote in answer["quotes"]] == [
        quote.text for quote in expected.quotes
    ]
    assert answer["confidence"] == expected.confidence


def test_only_the_documents_that_are_named_are_searched(
    client: TestClient, assistant: Assistant
) -> None:
    for metadata in assistant.documents():
        answer = ask(client, NEUTRALITY, documents=[metadata.id])
        places = [*answer["quotes"], *answer["nearest"]]
        assert {place["document_id"] for place in places} == {metadata.id}


def test_an_unknown_tag_is_a_problem_that_names_those_there_are(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": NEUTRALITY, "tags": ["pilots"]})
    assert (response.status_code, response.json()["error"]) == (404, "unknown_tag")
    assert response.json()["message"] == "No document has the tag pilots. None has any."


def test_documents_without_a_date_are_not_searched_by_date(client: TestClient) -> None:
    answer = ask(client, NEUTRALITY, since="2000")
    assert (answer["answered"], answer["nearest"]) == (False, [])


@pytest.mark.parametrize("headers", [{}, EVENTS])
@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"question": "?!"}, 400, "empty_question"),
        ({"question": ""}, 400, "empty_question"),
        ({"question": "why " * 500}, 413, "question_too_long"),
        ({"question": "why?", "documents": ["nothing"]}, 404, "unknown_document"),
        ({"question": "why?", "documents": []}, 422, "invalid_request"),
        ({"question": "why?", "tags": ["none"]}, 404, "unknown_tag"),
        ({"question": "why?", "since": "May"}, 400, "no_date"),
        ({"question": 7}, 422, "invalid_request"),
        ({"question": "why?", "more": 1}, 422, "invalid_request"),
        ({"question": "why?", "history": [{"question": "a"}]}, 422, "invalid_request"),
        ({"question": "why?", "history": [{"question": "a", "answer": ""}] * 51}, 422, None),
        ({}, 422, "invalid_request"),
        ([], 422, "invalid_request"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem_and_not_a_refusal(
    client: TestClient, body: object, status: int, name: str | None, headers: dict[str, str]
) -> None:
    response = client.post("/api/ask", json=body, headers=headers)
    assert response.status_code == status
    problem = response.json()
    assert problem["error"] == (name or "invalid_request")
    assert problem["message"]
    assert "answered" not in problem


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"\xff", b'{"\\ud800": 1}', b"[" * 20_000, b"NaN"],
)
def test_a_body_that_is_no_json_is_a_problem(client: TestClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/api/ask", content=content, headers=headers)
    assert response.status_code in (400, 422)
    assert response.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"question": "\\ud800"}', 400),
        (b'{"question": "why?", "documents": ["\\ud800"]}', 404),
        (
            b'{"question": "and it?", "history": [{"question": "\\ud800", "answer": "\\ud800"}]}',
            200,
        ),
    ],
)
def test_half_a_character_harms_nothing(client: TestClient, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    assert client.post("/api/ask", content=body, headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", None]
)
def test_what_a_form_of_any_page_could_send_is_refused(
    client: TestClient, path: str, kind: str | None
) -> None:
    content = json.dumps({"question": "why?", "model": "steward", "messages": []})
    headers = {"Content-Type": kind} if kind else {}
    assert client.post(path, content=content, headers=headers).status_code == 415


def test_json_may_name_its_encoding(client: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    content = json.dumps({"question": NEUTRALITY})
    assert client.post("/api/ask", content=content, headers=headers).status_code == 200


def test_all_documents_are_listed(client: TestClient, assistant: Assistant) -> None:
    listed = client.get("/api/documents").json()["documents"]
    assert [each["id"] for each in listed] == [each.id for each in assistant.documents()]
    assert all("text" not in each for each in listed)


def test_an_excerpt_is_the_place_with_what_stands_around_it(
    client: TestClient, assistant: Assistant
) -> None:
    document = assistant.document(assistant.documents()[0].id)
    for start, end in ((0, 5), (1000, 1010), (document.length - 5, document.length)):
        place: dict[str, str | int] = {"start": start, "end": end, "sha256": document.sha256}
        found = client.get(f"/api/documents/{document.id}", params=place).json()
        text = document.text
        around = [text[max(0, start - 600) : start], text[start:end], text[end : end + 600]]
        names = ("before", "quote", "after")
        assert found["excerpt"] == {**dict(zip(names, around, strict=True)), "reads": around}
    assert client.get(f"/api/documents/{document.id}").json()["excerpt"] is None


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("start=5", 400, "no_such_place"),
        ("end=5", 400, "no_such_place"),
        ("start=5&end=5", 400, "no_such_place"),
        ("start=-1&end=5", 400, "no_such_place"),
        ("start=0&end=999999999", 400, "no_such_place"),
        ("start=a&end=b", 422, "invalid_request"),
        ("start=0&end=" + "9" * 5000, 422, "invalid_request"),
        ("start=0&end=5&sha256=0000", 409, "document_changed"),
    ],
)
def test_a_place_that_is_not_there_is_a_problem(
    client: TestClient, assistant: Assistant, query: str, status: int, name: str
) -> None:
    response = client.get(f"/api/documents/{assistant.documents()[0].id}?{query}")
    assert (response.status_code, response.json()["error"]) == (status, name)


@pytest.mark.parametrize("name", ["nothing", "%2e%2e%2fetc", "%ff", "a" * 5000])
def test_an_unknown_document_is_a_problem(client: TestClient, name: str) -> None:
    response = client.get(f"/api/documents/{name}")
    assert (response.status_code, response.json()["error"]) in [
        (404, "unknown_document"),
        (404, "not_found"),
    ]


def test_a_search_gives_the_passages_nearest_to_a_question(
    client: TestClient, assistant: Assistant
) -> None:
    hits = client.get("/api/search", params={"q": NEUTRALITY, "count": 3}).json()["hits"]
    expected = assistant.search(NEUTRALITY, 3).hits
    assert [(hit["text"], hit["score"]) for hit in hits] == [
        (hit.passage.text, hit.score) for hit in expected
    ]


@pytest.mark.parametrize(
    ("query", "status"), [("", 422), ("q=", 400), ("q=why&count=0", 422), ("q=why&count=51", 422)]
)
def test_a_search_that_cannot_be_made_is_a_problem(
    client: TestClient, query: str, status: int
) -> None:
    assert client.get(f"/api/search?{query}").status_code == status


@pytest.mark.parametrize("path", ["/api/none", "/api", "/v1/none", "/none", "/docs", "/redoc"])
def test_where_nothing_is_there_is_a_problem(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    error = response.json()["error"]
    assert (error["code"] if path.startswith("/v1/") else error) == "not_found"


def test_another_method_than_the_routes_is_a_problem_that_names_the_right_one(
    client: TestClient,
) -> None:
    response = client.get("/api/ask")
    assert (response.status_code, response.json()["error"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/readyz", "/api/documents", "/api/documents/x", "/api/search?q=a"]
)
def test_an_index_that_cannot_be_read_is_a_problem_that_says_what_to_do(path: str) -> None:
    error = IndexMissing(ServerSettings().index)
    response = failing(error).get(path)
    assert response.status_code == 503
    assert response.json() == {"error": "index_missing", "message": explain(error).text}


def test_a_server_that_is_ready_says_so(client: TestClient) -> None:
    assert client.get("/readyz").text == "ok"


def test_an_unexpected_error_has_a_number_and_is_no_refusal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = failing(ZeroDivisionError("secret")).post("/api/ask", json={"question": "why?"})
    assert response.status_code == 500
    assert response.json()["error"] == "internal_error"
    number = response.json()["message"].split()[-1].rstrip(".")
    assert f"unexpected error {number}" in caplog.text and "ZeroDivisionError" in caplog.text
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_defect_in_the_middle_of_a_stream_is_an_event(caplog: pytest.LogCaptureFixture) -> None:
    told = events(failing(ZeroDivisionError("secret")), "why?")
    assert [name for name, _ in told] == ["reading", "error"]
    assert told[-1][1]["error"] == "internal_error"
    assert "Unexpected error" in told[-1][1]["message"] and "secret" not in str(told)


def test_the_description_holds_examples_and_every_error(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/ask",
        "/api/search",
        "/api/documents",
        "/api/documents/{document_id}",
        "/api/documents/{document_id}/pages/{number}",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{model}",
    }
    assert described["components"]["schemas"]["Question"]["examples"]
    assert described["components"]["schemas"]["Answer"]["examples"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
    for path, methods in described["paths"].items():
        shape = "CompletionsProblem" if path.startswith("/v1/") else "Problem"
        for operation in methods.values():
            errors = {
                status: each for status, each in operation["responses"].items() if status > "3"
            }
            assert {"422", "429", "500", "503"} <= set(errors)
            for each in errors.values():
                schema = each["content"]["application/json"]["schema"]
                assert schema == {"$ref": f"#/components/schemas/{shape}"}


def test_the_counts_are_there_for_prometheus(client: TestClient) -> None:
    ask(client, NEUTRALITY)
    here = TestClient(client.app, base_url=HERE, client=("127.0.0.1", 1))
    page = here.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    for name in (
        'steward_questions_total{outcome="answered"}',
        'steward_responses_total{status="200"}',
        "steward_question_seconds_bucket",
        "process_resident_memory_bytes",
    ):
        assert name in page.text


@pytest.fixture
def writing() -> Iterator[TestClient]:
    assistant = WritingAssistant(f"{SENTENCE.text} [1] Secret rivers flow north. [1]")
    app = in_a_loop(lambda: create_app(assistant, ServerSettings()))
    with TestClient(app, base_url=HERE) as client:
        yield client


def test_the_models_sentences_come_after_the_answer_that_stands_without_them(
    writing: TestClient,
) -> None:
    told = events(writing, "how long is the Lena?")
    assert [name for name, _ in told] == ["reading", "quote", "answer", "sentence", "done"]
    answer, sentence, done = (data for _, data in told[2:])
    assert answer["prose"] is None and answer["quotes"] == done["quotes"]
    assert sentence == {"text": SENTENCE.text, "cites": [1]}
    assert done["prose"] == {
        "sentences": [sentence],
        "withheld": 1,
        "outcome": "written",
        "message": in_words(Prose((SENTENCE,), (), "written", 1.0)),
    }
    assert ask(writing, "how long is the Lena?") == done


def test_what_was_withheld_never_leaves_the_server(writing: TestClient) -> None:
    response = writing.post("/api/ask", json={"question": "why?"}, headers=EVENTS)
    assert "Secret" not in response.text


def test_a_refusal_has_no_prose(writing: TestClient) -> None:
    assert [name for name, _ in events(writing, "refuse")] == ["reading", "done"]
    assert ask(writing, "refuse")["prose"] is None
