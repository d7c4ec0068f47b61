"""``steward user``: a line for the file of users."""

import sys
from typing import Annotated

import typer

from ui.cli.terminal import say, visible
from ui.wording.commands import NAMES, PASSWORD, TAGS, password_too_short
from ui.wording.errors import BAD_INPUT


def user(
    name: Annotated[str, typer.Argument(help="What the user is called.", metavar="NAME")],
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", help="Show documents with this tag; may be given again."),
    ] = None,
) -> None:
    """Ask for a password, and print the line of a user for the file of STEWARD_USERS.

    The password is not shown, and only its hash is printed. Where there is no terminal it is the
    first line of standard input. Without --tag the user sees every document.
    """
    from ui.access.users import NAME, SHORTEST_PASSWORD, line

    if not NAME.fullmatch(name):
        _refuse(NAMES)
    if any("," in tag or not tag.strip() for tag in tags or ()):
        _refuse(TAGS)
    if sys.stdin.isatty():
        password = typer.prompt(PASSWORD, hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        _refuse(password_too_short(SHORTEST_PASSWORD))
    say(visible(line(name, password, tags or ())))


def _refuse(words: str) -> None:
    say(words, stderr=True)
    raise typer.Exit(BAD_INPUT)
