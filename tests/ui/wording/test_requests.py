import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rag.errors import EmptyQuestion, IndexMissing, StewardError, UnknownDocument
from ui.server import errors
from ui.server.errors import ServiceError
from ui.settings import ServerSettings
from ui.wording.errors import explain as explain_own
from ui.wording.requests import STATUSES, explain, unexpected

SERVICE: list[tuple[ServiceError, int, str]] = [
    (errors.Busy(), 503, "5 seconds"),
    (errors.TookTooLong(30), 504, "30 seconds"),
    (errors.TooManyRequests(11.2), 429, "12 seconds"),
    (errors.NotJson(), 415, "application/json"),
    (errors.UnknownHost("evil.example"), 421, "STEWARD_HOSTS"),
    (errors.OtherSite("https://evil.example"), 403, "STEWARD_ALLOWED_ORIGINS"),
    (errors.NoSuchPlace(120), 400, "end ≤ 120"),
    (errors.DocumentChanged(), 409, "Ask the question again"),
    (errors.UnknownAnswer(), 404, "Ask the question again"),
    (errors.NotTheOwner(), 401, "STEWARD_OWNER_TOKEN"),
    (errors.NotKept(), 503, "Try again in 5 seconds"),
    (errors.UnknownModel("gpt", "steward"), 404, "no model gpt. Ask for steward"),
    (errors.NotSignedIn(), 401, "Authorization: Bearer"),
    (errors.WrongCredentials(), 401, "not right"),
    (errors.TooManyAttempts(11.2), 429, "12 seconds"),
    (errors.UsersUnreadable("users: line 3"), 503, "log says why"),
    (errors.CountsClosed(), 403, "STEWARD_ACCESS_TOKEN"),
]


@pytest.mark.parametrize(("error", "status", "fact"), SERVICE)
def test_every_error_of_the_server_has_one_clear_line_with_its_facts(
    error: ServiceError, status: int, fact: str
) -> None:
    said = explain(error)
    assert said.status == status and status in STATUSES
    assert fact in said.text
    assert said.text[0].isupper() and said.text.endswith(".") and "\n" not in said.text


def test_no_error_of_the_server_is_left_out() -> None:
    assert {type(error) for error, *_ in SERVICE} == set(ServiceError.__subclasses__())


def test_only_who_may_ask_the_same_again_is_told_when() -> None:
    told = {type(error): explain(error).seconds for error, *_ in SERVICE}
    assert {kind: seconds for kind, seconds in told.items() if seconds is not None} == {
        errors.Busy: 5,
        errors.NotKept: 5,
        errors.TooManyRequests: 12,
        errors.TooManyAttempts: 12,
    }


@pytest.mark.parametrize(
    "error", [EmptyQuestion(), UnknownDocument("x"), IndexMissing(ServerSettings().index)]
)
def test_stewards_own_errors_are_said_as_everywhere(error: StewardError) -> None:
    said, everywhere = explain(error), explain_own(error)
    assert (said.text, said.status) == (everywhere.text, everywhere.status)


def test_of_a_request_of_another_shape_the_place_is_named_and_not_what_was_sent() -> None:
    detail = {"type": "x", "loc": ("body", "question"), "msg": "Input is bad", "input": "secret"}
    said = explain(RequestValidationError([detail]))
    assert said.status == 422
    assert "question: Input is bad" in said.text and "secret" not in said.text


def test_of_many_faults_of_a_request_the_first_are_named() -> None:
    details = [{"type": "x", "loc": ("body", f"field{n}"), "msg": "Bad"} for n in range(9)]
    text = explain(RequestValidationError(details)).text
    assert "field4: Bad" in text and "field5" not in text


def test_what_is_not_json_is_said_to_be_none() -> None:
    detail = {"type": "json_invalid", "loc": ("body", 3), "msg": "JSON decode error"}
    assert explain(RequestValidationError([detail])).text == "The body is not JSON."


@pytest.mark.parametrize("status", [400, 404, 405, 413])
def test_the_frameworks_errors_have_words_of_their_own(status: int) -> None:
    said = explain(HTTPException(status, "what the framework says"))
    assert said.status == status
    assert said.text.endswith(".") and "framework" not in said.text


def test_a_defect_is_no_fault_of_a_request() -> None:
    with pytest.raises(TypeError):
        explain(ZeroDivisionError())
    assert unexpected("1a2b3c4d").endswith("Unexpected error 1a2b3c4d.")
