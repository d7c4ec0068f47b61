"""What is said in the chat, as HTML: answers, refusals and errors, each with a look of its own.

Text of documents and people enters it through ``text`` alone. What is bold in a quote, and what is
offered as nearest, is the same on the terminal.
"""

import math
import re
from collections.abc import Mapping, Sequence

from rag.records import Answer, Hit, Metadata, Passage, Quote, Sentence
from ui.server.pages import address, origin
from ui.wording.answers import certainty, refusal

_OFFERED = 3
"""Passages that are offered with a refusal."""


def text(raw: str) -> str:
    """Text as HTML in which nothing is markup, be it read as HTML, as markdown or as a template.

    ASCII punctuation and line breaks become numeric character references.
    """
    held = re.sub("[\0\ud800-\udfff]", "\ufffd", raw)
    return re.sub(r"[\t\n\r!-/:-@\[-`{-~]", lambda found: f"&#{ord(found[0])};", held)


def emphasis(found: Quote) -> tuple[str, str, str]:
    """A quote in three pieces, the middle one the words that answer; joined they are its text.

    The middle one is empty where bold would say nothing: no word is marked, or every word is.
    """
    words = found.text
    start, end = found.marked or (found.start, found.start)
    left, right = start - found.start, end - found.start
    apart = 0 <= left < right <= len(words)
    if not apart or not any(map(str.isalnum, words[:left] + words[right:])):
        return words, "", ""
    return words[:left], words[left:right], words[right:]


def nearest(answer: Answer) -> tuple[Passage, ...]:
    """What a refusal offers instead of an answer, nearest first: passages of articles."""
    return tuple(hit.passage for hit in answer.hits if not hit.passage.boilerplate)


def offered(answer: Answer) -> tuple[Passage, ...]:
    """Those of ``nearest`` that are shown with a refusal."""
    return nearest(answer)[:_OFFERED]


def beginning(passage: Passage) -> str:
    """The first words of a passage, on one line."""
    words = " ".join(passage.text.split())
    return words if len(words) <= 160 else f"{words[:160].rsplit(' ', 1)[0]} …"


def reading(hits: Sequence[Hit]) -> str:
    """What is about to be read, in words."""
    documents = len({hit.passage.document_id for hit in hits})
    return f"Reading {_count(len(hits), 'passage')} of {_count(documents, 'document')}…"


def answered(answer: Answer, prose: str = "") -> str:
    """An answer as HTML: its quotes below the model's prose, or the refusal and what is near."""
    if not answer.answered:
        return _searched(answer) + refused(answer)
    quotes = "".join(_figure(found, answer.documents) for found in answer.quotes)
    return (
        f'<div class="answer">{_searched(answer)}{prose}{quotes}'
        f'<p class="confidence" title="{text(certainty(answer))}">'
        f"{math.floor(answer.confidence * 100)}% confident</p></div>"
    )


def written(
    answer: Answer, sentences: Sequence[Sentence], line: str, going_on: bool = False
) -> str:
    """What a language model wrote so far as HTML, apart from the quotes, with a line about it."""
    quotes = {quote.number: quote for quote in answer.quotes}
    said = "".join(
        f"{text(sentence.text)}&nbsp;"
        + " ".join(_link(quotes[number], f"[{number}]", "chip") for number in sentence.cites)
        + " "
        for sentence in sentences
    )
    words = f'<p class="sentences" dir="auto">{said}</p>' if said else ""
    kind = "stage" if going_on else "by"
    return f'<div class="written">{words}<p class="{kind}">{text(line)}</p></div>'


def refused(answer: Answer) -> str:
    """A refusal as HTML, with the three nearest passages, which are marked as not an answer."""
    items = "".join(f"<li>{_offer(each, answer.documents)}</li>" for each in offered(answer))
    offer = (
        f'<p class="offer">The nearest passages, which are not an answer:</p><ul>{items}</ul>'
        if items
        else ""
    )
    verdict, stop, why = refusal(answer).partition(". ")
    said = f"<strong>{text(verdict + stop)}</strong>{text(why)}"
    return f'<div class="refusal"><p class="verdict">{said}</p>{offer}</div>'


def failure(line: str) -> str:
    """An error as HTML, which looks like neither an answer nor a refusal."""
    return f'<div class="failure"><p><strong>Error.</strong> {text(line)}</p></div>'


def _searched(answer: Answer) -> str:
    if answer.searched == answer.question:
        return ""
    return f'<p class="searched">Searched for: <q dir="auto">{text(answer.searched)}</q></p>'


def _figure(found: Quote, documents: Mapping[str, Metadata]) -> str:
    others = ", ".join(_link(other, text(other.title), "also") for other in found.also_in)
    also = f'<p class="others">also in: {others}</p>' if others else ""
    chip = _link(found, f"[{found.number}]", "chip")
    before, marked, after = (text(piece) for piece in emphasis(found))
    bold = f'<b class="marked">{marked}</b>' if marked else ""
    return (
        f'<figure class="quote"><blockquote dir="auto"><span class="words">{before}{bold}{after}'
        f"</span>&nbsp;{chip}</blockquote><figcaption>{_credit(found, documents)}"
        f' &nbsp;<button type="button" class="copy">Copy</button></figcaption>{also}</figure>'
    )


def _credit(found: Quote, documents: Mapping[str, Metadata]) -> str:
    known = documents.get(found.document_id)
    details = [origin(known)] if known and origin(known) else []
    details += [f"p. {found.page}"] if found.page else []
    rest = f' <span class="origin">{text(", ".join(details))}</span>' if details else ""
    return f'<cite dir="auto">{text(found.title)}</cite>{rest}'


def _link(found: Quote, label: str, kind: str) -> str:
    place = text(address(found.document_id, found.start, found.end, found.sha256))
    title = text(f"Open the quote in: {found.title}")
    return f'<a class="cite {kind}" href="{place}" title="{title}" dir="auto">{label}</a>'


def _offer(passage: Passage, documents: Mapping[str, Metadata]) -> str:
    known = documents.get(passage.document_id)
    title = known.title if known else passage.document_id
    place = text(address(passage.document_id, passage.start, passage.end))
    return (
        f'<a class="cite nearest" href="{place}" dir="auto">{text(title)}</a>'
        f'<span class="begun" dir="auto">{text(beginning(passage))}</span>'
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
