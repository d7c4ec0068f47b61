"""``steward ask``: one question and its answer."""

import json
from contextlib import closing
from typing import Annotated

import typer

from ui.cli.ingesting import Index
from ui.settings import load
from ui.wording.errors import REFUSED


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answer as JSON, as the API gives it.")
    ] = False,
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", help="Ask documents with this tag; may be given again."),
    ] = None,
    documents: Annotated[
        list[str] | None,
        typer.Option("--document", help="Ask this file, or another one named so.", metavar="FILE"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Ask documents published then or later, as 2024-05-01 or 2024."),
    ] = None,
    index: Index = None,
) -> None:
    """Answer one question with quotes; exits with 5 where the documents do not surely answer it."""
    settings = load(index=index)
    question = question.encode(errors="replace").decode()  # bytes that were not UTF-8
    from rag.assistant import Assistant
    from rag.retrieval.scope import Scope
    from ui.cli.answers import print_answer, print_help, print_refusal

    scope = Scope(documents=documents or None, tags=tags or (), since=since)
    with closing(Assistant(settings)) as assistant:
        answer = assistant.ask(question, scope=scope)
        offered: tuple[str, ...] = ()
        if answer.kind == "help":
            from ui.examples import examples

            offered = examples(assistant, settings)
    if as_json:
        from ui.server import schemas

        whole = schemas.answer(answer, examples=offered)
        # ASCII, so that nothing in a document can steer the terminal it is printed on.
        typer.echo(json.dumps(whole.model_dump(mode="json"), indent=2))
    elif answer.kind == "help":
        print_help(answer, offered)
    elif answer.kind == "none":
        print_refusal(answer)
    else:
        print_answer(answer)
    if answer.kind in ("perhaps", "none"):
        raise typer.Exit(REFUSED)
