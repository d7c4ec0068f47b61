import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rag.errors import EmptyQuestion, IndexMissing
from ui.server.errors import Busy, NotJson, TooManyRequests, UnknownModel
from ui.server.problems import Problem, problem_of, respond
from ui.settings import ServerSettings
from ui.wording.requests import explain


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (Busy(), "busy"),
        (TooManyRequests(11.2), "too_many_requests"),
        (NotJson(), "not_json"),
        (UnknownModel("gpt", "steward"), "unknown_model"),
        (EmptyQuestion(), "empty_question"),
        (IndexMissing(ServerSettings().index), "index_missing"),
    ],
)
def test_an_error_has_the_name_of_its_class_and_the_words_for_people(
    error: Exception, name: str
) -> None:
    problem, status, _ = problem_of(error)
    said = explain(error)
    assert (problem.error, problem.message, status) == (name, said.text, said.status)


def test_who_is_to_wait_is_told_how_long() -> None:
    problem, status, headers = problem_of(TooManyRequests(11.2))
    assert (status, headers) == (429, {"Retry-After": "12"})
    assert "12 seconds" in problem.message
    assert problem_of(Busy())[2] == {"Retry-After": "5"}
    assert problem_of(NotJson())[2] == {}


def test_what_was_sent_is_not_sent_back() -> None:
    detail = {"type": "x", "loc": ("body", "question"), "msg": "Input is bad", "input": "secret"}
    problem, status, _ = problem_of(RequestValidationError([detail]))
    assert (problem.error, status) == ("invalid_request", 422)
    assert "question: Input is bad" in problem.message and "secret" not in problem.message


def test_a_name_that_cannot_be_written_is_still_a_problem() -> None:
    detail = {"type": "x", "loc": ("body", "\ud800"), "msg": "Extra", "input": 1}
    problem, status, headers = problem_of(RequestValidationError([detail]))
    assert respond(problem, status, headers, "/api/ask").status_code == 422


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (404, "not_found"),
        (405, "method_not_allowed"),
        (413, "request_too_large"),
        (400, "invalid_request"),
    ],
)
def test_the_frameworks_errors_have_names_too(status: int, name: str) -> None:
    assert problem_of(HTTPException(status))[0].error == name


def test_a_defect_is_not_a_problem() -> None:
    with pytest.raises(TypeError):
        problem_of(ZeroDivisionError())


def test_the_shape_is_that_of_the_path() -> None:
    problem = Problem(error="busy", message="Wait.")
    assert respond(problem, 503, {}, "/api/ask").body == b'{"error":"busy","message":"Wait."}'
    assert respond(problem, 503, {}, "/v1/models").body == (
        b'{"error":{"message":"Wait.","type":"server_error","param":null,"code":"busy"}}'
    )
