"""The terminal: plain text that cannot steer it, tables, and progress."""

import os
import select
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from ui.cli.log_lines import in_json, line

_WIDTH = 120  # of a table that is not printed on a terminal
_BIDIRECTIONAL = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def visible(text: str, keep: str = "") -> str:
    r"""Text that cannot steer a terminal: control characters are written out, such as ``\x1b``.

    So are lone surrogates, which cannot be printed, and the characters that reorder what is read.

    Args:
        text: Any text, such as a document's.
        keep: Control characters to leave as they are.
    """
    return "".join(
        character.encode("unicode_escape").decode()
        if character not in keep
        and (
            unicodedata.category(character) in ("Cc", "Cs")
            or unicodedata.bidirectional(character) in _BIDIRECTIONAL
        )
        else character
        for character in text
    )


def say(
    text: str | Sequence[tuple[str, str]],
    *,
    indent: str = "",
    style: str = "",
    stderr: bool = False,
) -> None:
    """Print plain text: results wrapped on a terminal, and everything else as it is.

    Args:
        text: Printed as ``visible`` shows it, but with its line breaks and tabs; or pieces of
            text that are printed as one, each with a style of its own.
        indent: What every line begins with.
        style: One of rich's styles, for a terminal.
        stderr: Whether to print to standard error, and not to standard output.
    """
    if in_json():
        words = text if isinstance(text, str) else "".join(words for words, _ in text)
        typer.echo(line("error" if stderr else "info", words), err=stderr)
        return
    console = Console(highlight=False, stderr=stderr)
    shown = Text()
    for words, own in [(text, "")] if isinstance(text, str) else text:
        shown.append(visible(words, keep="\n\t"), own)
    for each in shown.split("\n", allow_blank=True):
        if not console.is_terminal:
            typer.echo(f"{indent}{each.plain}".rstrip(), err=stderr)
            continue
        width = console.width - len(indent)
        for part in [each] if stderr else each.wrap(console, max(20, width)):
            printed = Text.assemble(indent, part, style=style)
            printed.rstrip()
            console.print(printed, soft_wrap=True)


class _Output(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # as any other output does; rich would exit with 1


def print_table(table: Table) -> None:
    """Print a table, as wide as the terminal."""
    console = _Output(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(table, markup=False)


def unread() -> bool:
    """Whether nobody reads standard output any more; what is still to come is then thrown away."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    gone = any(event & select.POLLERR for _, event in poll.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return gone


@contextmanager
def progress(*, lines: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar per stage on a terminal, on standard error.

    Args:
        lines: Whether, where there is no terminal, each tenth of a stage is a line; else nothing.

    Yields:
        What to call with a stage, the number done and the number of all.
    """
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    tasks: dict[str, TaskID] = {}
    tenths: dict[str, int] = {}
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:

        def show(stage: str, done: int, total: int) -> None:
            tenth = 10 * done // max(1, total)
            if lines and not console.is_terminal and tenth > tenths.get(stage, 0):
                tenths[stage] = tenth
                say(f"{stage}: {done:,} of {total:,}", stderr=True)
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
