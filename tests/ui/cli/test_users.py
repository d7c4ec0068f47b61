import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from ui.cli.app import app


def steward(*arguments: str, given: str = "correct horse\n") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["user", *arguments], input=given)
    return result.exit_code, result.stdout, result.stderr


def test_a_line_is_printed_without_the_password() -> None:
    code, printed, said = steward("ann", "--tag", "contracts", "--tag", "2024")
    name, password, tags = printed.rstrip("\n").split(":")
    assert (code, said, name, tags) == (0, "", "ann", "contracts,2024")
    assert PasswordHasher().verify(password, "correct horse")
    assert "correct" not in printed
    assert steward("bob")[1].endswith(":*\n")


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["an n"], "correct horse\n", "A name is"),
        (["a:b"], "correct horse\n", "A name is"),
        (["ann", "--tag", "a,b"], "correct horse\n", "A tag has"),
        (["ann", "--tag", " "], "correct horse\n", "A tag has"),
        (["ann"], "short\n", "10 characters"),
        (["ann"], "", "10 characters"),
    ],
)
def test_what_makes_no_user_is_refused(arguments: list[str], given: str, said: str) -> None:
    code, printed, told = steward(*arguments, given=given)
    assert (code, printed) == (2, "") and said in told
