"""What is said in the chat, as HTML: answers, refusals and errors, each with a look of its own.

Its templates stand in ``templates``, its words in ``ui/wording``.
"""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from rag.records import Answer, Passage, Quote, Sentence
from rag.text.html import render
from ui.server.feedback import Offer
from ui.server.pages import address, origin
from ui.wording import chat as words
from ui.wording import feedback as said
from ui.wording.answers import (
    beginning,
    certainty,
    emphasis,
    message,
    not_sure,
    offered,
    refusal,
)
from ui.wording.numbers import percent
from ui.wording.sources import comparison, introduction, sides

_NOTHING = Markup("")


def html(template: str, **values: object) -> Markup:
    """A template of the chat, filled in; it knows the chat's words and the addresses of sources."""
    path = f"ui/chat/templates/{template}.html"
    return render(path, words=words, said=said, address=address, **values)


def answered(
    answer: Answer,
    prose: Markup = _NOTHING,
    offer: Offer | None = None,
    examples: Sequence[str] = (),
) -> Markup:
    """An answer as HTML: its quotes below the model's prose, or the refusal and what is near.

    Quotes that may answer stand below a line that says so; a greeting gets ``examples``. With an
    offer people are asked below it whether it helped.
    """
    if answer.kind == "help":
        return html("help", line=message(answer, examples), examples=examples)
    if answer.kind == "none":
        return _refused(answer, offer)
    return html(
        "answer",
        answer=answer,
        unsure=None if answer.answered else not_sure(answer),
        prose=prose,
        emphasis=partial(emphasis, answer),
        details=partial(_details, answer),
        introduction=introduction(answer),
        origin=origin,
        comparison=comparison(answer),
        sides=sides(answer),
        certainty=certainty(answer),
        confident=words.confident(percent(answer.confidence)),
        offer=offer,
    )


def written(
    answer: Answer, sentences: Sequence[Sentence], line: str, going_on: bool = False
) -> Markup:
    """What a language model wrote so far as HTML, apart from the quotes, with a line about it."""
    return html(
        "written",
        quotes={quote.number: quote for quote in answer.quotes},
        sentences=sentences,
        kind="stage" if going_on else "by",
        line=line,
    )


def failure(line: str) -> Markup:
    """An error as HTML, which looks like neither an answer nor a refusal."""
    return html("failure", line=line)


def _refused(answer: Answer, offer: Offer | None) -> Markup:
    """A refusal, with the nearest passages, which are marked as not an answer."""
    verdict, stop, why = refusal(answer).partition(". ")
    return html(
        "refusal",
        answer=answer,
        verdict=verdict + stop,
        why=why,
        offered=offered(answer),
        title=partial(_title, answer),
        beginning=partial(beginning, answer),
        offer=offer,
    )


def _details(answer: Answer, found: Quote) -> str:
    known = answer.documents.get(found.document_id)
    return ", ".join(filter(None, (origin(known) if known else "", found.place)))


def _title(answer: Answer, passage: Passage) -> str:
    known = answer.documents.get(passage.document_id)
    return known.title if known else passage.document_id
