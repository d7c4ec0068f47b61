"""An answer or a refusal as ``steward ask`` prints it."""

from collections.abc import Sequence

from rag.documents.places import place_below
from rag.records import Answer, Passage, Prose, Quote
from ui.cli.terminal import say, visible
from ui.server.pages import origin
from ui.wording.answers import (
    beginning,
    certainty,
    emphasis,
    message,
    nearest,
    not_sure,
    place,
    prose,
    refusal,
)
from ui.wording.chat import ALSO_IN
from ui.wording.commands import NEAREST
from ui.wording.sources import comparison, introduction, sides


def print_answer(answer: Answer) -> None:
    """The model's prose if there is any, the quotes with their places, and the confidence.

    Quotes that may answer stand below a line that says so, and further in.
    """
    if answer.prose:
        _print_prose(answer.prose)
    further = "" if answer.answered else "  "
    if not answer.answered:
        say(f"{not_sure(answer)}\n")
    if introduction(answer):
        say(f"{introduction(answer)}\n")
    for document in answer.catalogue:
        known = origin(document)
        say(f"- {document.title}{f' ({known})' if known else ''}, {document.source}")
    for quote in answer.quotes:
        before, marked, after = emphasis(answer, quote)
        number = f"[{quote.number}] "
        if marked:
            say([(number + before, ""), (marked, "bold"), (after, "")], indent=further)
        else:
            say(number + before, indent=further, style="bold" if answer.answered else "")
        say(_place(quote, answer), indent=f"{further}    ", style="dim")
        for other in quote.also_in:
            say(f"{ALSO_IN} {_place(other, answer)}", indent=f"{further}    ", style="dim")
        say("")
    if comparison(answer):
        _print_comparison(answer)
    if answer.kind == "overview":
        return  # which is not more or less sure
    sentence = certainty(answer)
    say(f"{sentence[0].upper()}{sentence[1:]}.")


def print_help(answer: Answer, examples: Sequence[str]) -> None:
    """What a greeting gets, with questions to begin with."""
    say(message(answer, examples) or "")
    for example in examples:
        say(example, indent="    ")


def print_refusal(answer: Answer) -> None:
    """The refusal, and the nearest passage."""
    say(refusal(answer))
    for passage in nearest(answer)[:1]:
        say(f"\n{NEAREST}")
        say(beginning(answer, passage), indent="    ")
        say(_place(passage, answer), indent="    ", style="dim")


def _print_comparison(answer: Answer) -> None:
    say(comparison(answer))
    for side in sides(answer) if answer.agreement and answer.agreement.differ else ():
        words = ", ".join(f"“{each}”" for each in side.words)
        sources = (f"[{quote.number}] {quote.title} ({dated})" for quote, dated in side.sources)
        say(f"- {': '.join(filter(None, (words, '; '.join(sources))))}", indent="    ")
    say("")


def _print_prose(written: Prose) -> None:
    for sentence in written.sentences:
        say(f"{sentence.text} [{', '.join(map(str, sentence.cites))}]")
    say(prose(written), style="dim")
    say("")


def _place(found: Quote | Passage, answer: Answer) -> str:
    """Title, publisher and date where they are known, file, and place in it."""
    about = answer.documents[found.document_id]
    known = origin(about)
    title = f"{about.title} ({known})" if known else about.title
    if isinstance(found, Quote):
        within = found.place
    else:
        within = place_below(about, found.start, found.headings)
    return visible(place(title, found.start, found.end, within, [about.source]))
