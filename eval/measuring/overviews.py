"""Overviews to be read by hand: ``python -m eval.measuring.overviews``.

``overviews.jsonl`` holds questions on the seeds that ask for an overview or about the documents,
and others that only sound so. Printed is which are taken for what, and the quotes of each.
"""

from contextlib import closing
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console

from eval.errors import QuestionSetFault
from eval.jsonl import Line, read_lines
from eval.measuring.run import temporary_index
from rag.assistant import Assistant
from rag.overviews.requests import request
from rag.settings import SEEDS, Settings

OWN = Path(__file__).with_name("overviews.jsonl")


class Asked(Line):
    """A question, and what it asks for."""

    question: str
    wish: Literal["overview", "catalogue", "dates", "none"]


def taken_for(question: str) -> str:
    """What a question is taken for."""
    found = request(question)
    return found.wish if found else "none"


def main() -> None:
    """Ask and print."""
    console = Console(width=120, highlight=False, markup=False)
    asked = read_lines(OWN, Asked, QuestionSetFault, "question")
    wrong = [each for each in asked if taken_for(each.question) != each.wish]
    console.print(f"{len(asked) - len(wrong)} of {len(asked)} are taken for what they are")
    for each in wrong:
        console.print(f"{each.id}, taken for {taken_for(each.question)}: {each.question}")
    with (
        temporary_index(SEEDS, Settings()) as opened,
        closing(Assistant(opened)) as assistant,
    ):
        for each in asked:
            if each.wish != "overview":
                continue
            answer = assistant.ask(each.question)
            console.print(f"\n{each.id}: {each.question} ({answer.kind})")
            for quote in answer.quotes:
                about = answer.documents[quote.document_id].source
                also = f", also in {len(quote.also_in)}" if quote.also_in else ""
                console.print(f"  [{quote.number}] {quote.text}\n      {about}{also}")


if __name__ == "__main__":
    typer.run(main)
