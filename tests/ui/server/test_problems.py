import re

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rag.errors import EmptyQuestion, IndexMissing, StewardError, UnknownDocument
from ui.server import problems
from ui.server.problems import Problem, name_of, problem_of, respond
from ui.settings import ServerSettings
from ui.wording.errors import explain

SERVICE = [
    problems.Busy(),
    problems.TookTooLong(30),
    problems.TooManyRequests(11.2),
    problems.NotJson(),
    problems.NoSuchPlace(120),
    problems.DocumentChanged(),
    problems.UnknownModel("gpt", "steward"),
]


@pytest.mark.parametrize("error", SERVICE, ids=name_of)
def test_every_error_of_the_server_has_words_and_a_status(error: StewardError) -> None:
    problem, status, _ = problem_of(error)
    assert 400 <= status < 600
    assert re.fullmatch(r"[a-z_]+", problem.error)
    assert problem.message.endswith(".") and "\n" not in problem.message


def test_none_is_left_out() -> None:
    assert {type(error) for error in SERVICE} == set(problems.ServiceError.__subclasses__())
    drawn = problems.__doc__ or ""
    for error in SERVICE:
        assert f"── {type(error).__name__}\n" in f"{drawn}\n"


@pytest.mark.parametrize(
    "error", [EmptyQuestion(), UnknownDocument("x"), IndexMissing(ServerSettings().index)]
)
def test_stewards_own_errors_are_said_as_everywhere(error: StewardError) -> None:
    problem, status, _ = problem_of(error)
    message = explain(error)
    assert (problem.message, status) == (message.text, message.status)


def test_who_is_to_wait_is_told_how_long() -> None:
    problem, status, headers = problem_of(problems.TooManyRequests(11.2))
    assert (status, headers) == (429, {"Retry-After": "12"})
    assert "12 seconds" in problem.message
    assert problem_of(problems.Busy())[2] == {"Retry-After": "5"}


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
