"""The command line: ``steward ingest``, ``steward ask`` and ``steward serve``.

Results go to standard output, errors and progress to standard error; the exit codes are listed in
``ui.wording.errors``. The libraries that take seconds to load are imported by the command that
needs them, so that ``steward --help`` answers at once.
"""

import signal
import socket
import subprocess
import sys
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from os.path import isdir
from pathlib import Path
from typing import Annotated, Any, Never

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from rag import __version__
from rag.errors import FolderMissing, StewardError
from rag.settings import SEEDS
from ui.cli.asking import ask
from ui.cli.backing_up import backup, restore
from ui.cli.calibrating import calibrate
from ui.cli.ingesting import Encoding, FollowLinks, Index, Replace, Strict, apart, ingest
from ui.cli.log_lines import logged
from ui.cli.measuring import bench, evaluate
from ui.cli.owner import cases, gaps
from ui.cli.terminal import say, unread, visible
from ui.cli.users import user
from ui.settings import ServerSettings, load
from ui.wording.commands import KEPT, STOPPED, starts, unguarded, unusable_address
from ui.wording.errors import BAD_INPUT, BAD_MACHINE, UNREAD, Message
from ui.wording.measurements import explain


class _Commands(TyperGroup):
    """Steward's errors become one line and an exit code here, and nowhere else."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except StewardError as error:
            _fail(explain(error))
        except BrokenPipeError as error:
            if not unread():
                raise
            raise typer.Exit(UNREAD) from error
        except TyperException as error:  # quotes the arguments it does not understand
            error.message = visible(error.message)
            raise


app = typer.Typer(
    cls=_Commands,
    help="Answers questions with verbatim quotes from your documents, or refuses.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print the values of variables
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"steward {__version__}")
        raise typer.Exit


@app.callback()
def _steward(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """What may stand before a command."""


app.command()(ingest)
app.command()(ask)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    documents: Annotated[
        list[Path] | None,
        typer.Option(help="Folder to read first; may be given again.", metavar="FOLDER"),
    ] = None,
    strict: Strict = False,
    follow_links: FollowLinks = False,
    encoding: Encoding = None,
    replace: Replace = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the folders, and read what changes in them.")
    ] = False,
    open_to_all: Annotated[
        bool, typer.Option("--open", help="Let everybody on a network ask, without a password.")
    ] = False,
    index: Index = None,
) -> None:
    """Read the documents, then answer questions in the browser until Ctrl-C.

    Where nothing can be read of them, or the index takes nothing, it answers from that as it is.
    """
    settings = load(
        host=host, port=port, documents=documents, index=index, open=open_to_all or None
    )
    context.find_root().with_resource(logged(settings.log_format))
    if not (settings.is_local or settings.is_guarded or settings.open):
        _fail(unguarded(settings.host))
    from rag.index.generations import current, folders_of

    _check_address(settings)
    missing = [folder for folder in settings.documents if not isdir(folder)]
    if missing:
        raise FolderMissing(missing[0])
    folders = settings.documents or folders_of(settings.index) or (SEEDS,)
    command = apart(
        folders,
        settings.index,
        strict=strict,
        follow_links=follow_links,
        encoding=encoding,
        replace=replace,
    )
    ingested = subprocess.run(command, check=False)
    may_go_on = ingested.returncode in (BAD_INPUT, BAD_MACHINE) and not (strict or replace)
    if may_go_on and current(settings.index):  # a full disk is no reason not to answer
        say(KEPT, stderr=True)
    elif ingested.returncode:
        raise typer.Exit(ingested.returncode)
    from ui.server import app as server

    _check_address(settings)  # again: reading many documents takes a while
    # A service manager's way to stop it is Ctrl-C's, so that index and model are let go of.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say(starts(_url(settings)))
    followed: AbstractContextManager[None] = nullcontext()
    if watch or settings.owner_files:
        from ui.cli.watching import ingest_again, watching

        again = partial(ingest_again, command, settings.index)
        followed = watching(folders, settings.index, again)
    try:
        with followed:
            server.serve(settings)
    except KeyboardInterrupt:
        say(STOPPED)


@app.command()
def mcp(index: Index = None) -> None:
    """Be an MCP server on standard input and output, for programs of language models."""
    settings = load(index=index).without_model()
    from rag.assistant import Assistant
    from ui.examples import examples
    from ui.server.mcp import create

    with closing(Assistant(settings)) as assistant:
        create(assistant, partial(examples, assistant, settings)).run("stdio")


for each in (user, backup, restore):
    app.command()(each)
app.command("eval")(evaluate)
app.command()(bench)
app.command()(calibrate)
app.command()(gaps)
app.command()(cases)


def main() -> None:
    """Run the command line on the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets its number, not an error.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    app(prog_name="steward")


def _check_address(settings: ServerSettings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        _fail(unusable_address(settings.host, settings.port, error))


def _url(settings: ServerSettings) -> str:
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _fail(message: Message) -> Never:
    say(visible(message.text), stderr=True)
    raise typer.Exit(message.exit_code)


if __name__ == "__main__":
    main()
