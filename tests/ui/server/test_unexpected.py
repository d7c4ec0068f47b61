import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.errors import EmptyQuestion
from ui.server.unexpected import UnexpectedErrors, problem_or_unexpected


def fails(_: Request) -> Response:
    raise ZeroDivisionError("secret")


def breaks_off(_: Request) -> Response:
    async def content() -> object:
        yield b"begun"
        raise ZeroDivisionError

    return StreamingResponse(content())  # type: ignore[arg-type]


def client() -> TestClient:
    routes = [Route("/fails", fails), Route("/v1/fails", fails), Route("/breaks-off", breaks_off)]
    return TestClient(UnexpectedErrors(Starlette(routes=routes).router))


@pytest.mark.parametrize("path", ["/fails", "/v1/fails"])
def test_an_unexpected_error_is_logged_under_the_number_the_client_is_told(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client().get(path)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    (record,) = caplog.records
    number = record.getMessage().split()[-1]
    assert f"Unexpected error {number}." in answer.text
    assert record.exc_info and record.exc_info[0] is ZeroDivisionError


def test_a_response_that_has_begun_is_broken_off() -> None:
    with pytest.raises(ZeroDivisionError):
        client().get("/breaks-off")


def test_an_error_on_purpose_is_not_unexpected(caplog: pytest.LogCaptureFixture) -> None:
    problem, status, _ = problem_or_unexpected(EmptyQuestion())
    assert (problem.error, status) == ("empty_question", 400)
    assert not caplog.records
