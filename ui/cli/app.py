"""The command line: ``steward ingest``, ``steward ask`` and ``steward serve``.

Results go to standard output, errors and progress to standard error; the exit codes are listed in
``ui.wording.errors``. The libraries that take seconds to load are imported by the command that
needs them, so that ``steward --help`` answers at once.
"""

import json
import signal
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Never

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from rag import __version__
from rag.errors import StewardError
from rag.records import Answer, Prose, Quote
from rag.settings import SEEDS
from ui.cli.calibrating import calibrate
from ui.cli.measuring import bench, evaluate
from ui.cli.terminal import progress, say, visible
from ui.settings import ServerSettings, load
from ui.wording.answers import beginning, certainty, emphasis, nearest, place, prose, refusal
from ui.wording.commands import NEAREST, STOPPED, ingested, starts, unusable_address
from ui.wording.errors import REFUSED, Message
from ui.wording.measurements import explain


class _Commands(TyperGroup):
    """Steward's errors become one line and an exit code here, and nowhere else."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except StewardError as error:
            _fail(explain(error))
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

Index = Annotated[
    Path | None, typer.Option("--index", help="Folder that the index is kept in.", metavar="FOLDER")
]


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


@app.command()
def ingest(
    folder: Annotated[Path, typer.Argument(help="Folder of documents (.txt, .md).")],
    index: Index = None,
) -> None:
    """Read a folder of documents into the index; of an earlier ingest only changes are read."""
    settings = load(index=index)
    from rag.index.building import ingest as run

    with progress() as show:
        report = run(folder, settings, show)
    for line in ingested(report):
        say(visible(line))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    index: Index = None,
) -> None:
    """Answer one question with quotes; exits with 5 where the documents do not answer it."""
    settings = load(index=index)
    question = question.encode(errors="replace").decode()  # bytes that were not UTF-8
    from rag.assistant import Assistant

    with closing(Assistant(settings)) as assistant:
        answer = assistant.ask(question)
        written = [each for each in assistant.write(answer) if isinstance(each, Prose)]
    if as_json:
        whole = asdict(answer) | {"prose": _prose(written[0]) if written else None}
        # ASCII, so that nothing in a document can steer the terminal it is printed on.
        typer.echo(json.dumps(whole, indent=2))
    elif answer.answered:
        for each in written:
            _print_prose(each)
        _print_answer(answer)
    else:
        _print_refusal(answer)
    if not answer.answered:
        raise typer.Exit(REFUSED)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    documents: Annotated[
        Path | None, typer.Option(help="Folder of documents to read first.", metavar="FOLDER")
    ] = None,
    index: Index = None,
) -> None:
    """Read the documents, then answer questions in the browser until Ctrl-C."""
    settings = load(host=host, port=port, documents=documents, index=index)
    from rag.index.generations import folder_of

    _check_address(settings)
    # In a process of its own, since writing to the store would hold up every question. With -P, so
    # that no file of the working folder is taken for one of Python's modules.
    command = [sys.executable, "-P", "-m", "ui.cli.app", "ingest", "--index", str(settings.index)]
    folder = settings.documents or folder_of(settings.index) or SEEDS
    ingested = subprocess.run([*command, "--", str(folder)], check=False)
    if ingested.returncode:
        raise typer.Exit(ingested.returncode)
    from ui.server import app as server

    _check_address(settings)  # again: reading many documents takes a while
    # A service manager's way to stop it is Ctrl-C's, so that index and model are let go of.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say(starts(_url(settings)))
    try:
        server.serve(settings)
    except KeyboardInterrupt:
        say(STOPPED)


@app.command()
def mcp(index: Index = None) -> None:
    """Be an MCP server on standard input and output, for programs of language models."""
    settings = load(index=index).without_model()
    from rag.assistant import Assistant
    from ui.server.mcp import create

    with closing(Assistant(settings)) as assistant:
        create(assistant).run("stdio")


app.command("eval")(evaluate)
app.command()(bench)
app.command()(calibrate)


def main() -> None:
    """Run the command line on the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets its number, not an error.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    app(prog_name="steward")


def _prose(written: Prose) -> dict[str, Any]:
    """The model's prose for a program; of what was withheld only the number leaves."""
    return asdict(written) | {"withheld": len(written.withheld)}


def _print_prose(written: Prose) -> None:
    for sentence in written.sentences:
        say(f"{sentence.text} [{', '.join(map(str, sentence.cites))}]")
    say(prose(written), style="dim")
    say("")


def _print_answer(answer: Answer) -> None:
    for quote in answer.quotes:
        before, marked, after = emphasis(quote)
        number = f"[{quote.number}] "
        if marked:
            say([(number + before, ""), (marked, "bold"), (after, "")])
        else:
            say(number + before, style="bold")
        say(_place(quote), indent="    ", style="dim")
        for other in quote.also_in:
            say(f"also in: {_place(other)}", indent="    ", style="dim")
        say("")
    sentence = certainty(answer)
    say(f"{sentence[0].upper()}{sentence[1:]}.")


def _print_refusal(answer: Answer) -> None:
    say(refusal(answer))
    for passage in nearest(answer)[:1]:
        title = answer.documents[passage.document_id].title
        where = place(title, passage.start, passage.end)
        say(f"\n{NEAREST}")
        say(beginning(passage), indent="    ")
        say(visible(where), indent="    ", style="dim")


def _place(quote: Quote) -> str:
    return visible(place(quote.title, quote.start, quote.end, quote.page))


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
