"""What came of a question, in words: refusal, help, confidence, and what a model made of it.

What is bold in a quote, and what is offered as nearest, is the same wherever it is shown.
"""

import math
from collections.abc import Mapping, Sequence
from typing import assert_never

from rag.outcomes import Outcome
from rag.records import Answer, Hit, Passage, Prose, Quote
from rag.retrieval.small_talk import Talk, small_talk
from rag.text.language import Language
from ui.wording.numbers import counted, percent
from ui.wording.plain import read

_OFFERED = 3
"""Passages that are offered with a refusal."""

_OTHER_WORDS = "Ask in other words, such as the documents may use."

_NOT_SURE = "Steward is not sure. The nearest the documents come:"

# Of the documents, to whoever asked in the other one of the two.
_LANGUAGES: Mapping[Language, str] = {
    "en": "Los documentos están en inglés: pregunte en inglés. (The documents are in English.)",
    "es": "The documents are in Spanish; ask in Spanish.",
}

_HELP: Mapping[Talk, str] = {
    ("greeting", "en"): "Hello. Ask, and Steward quotes what these documents say, word for word.",
    ("thanks", "en"): "You are welcome. Steward quotes what these documents say, word for word.",
    ("help", "en"): "Steward looks for the sentences in these documents that answer a question, "
    "and quotes them word for word; it says so when none does.",
    ("greeting", "es"): "Hola. Pregunte, y Steward cita lo que dicen estos documentos, palabra por "
    "palabra.",
    ("thanks", "es"): "De nada. Steward cita lo que dicen estos documentos, palabra por palabra.",
    ("help", "es"): "Steward busca en estos documentos las frases que responden a una pregunta y "
    "las cita palabra por palabra; si ninguna responde, lo dice.",
}
_EXAMPLES: Mapping[Language, str] = {"en": "For example:", "es": "Por ejemplo:"}


def reading(hits: Sequence[Hit]) -> str:
    """What is about to be read."""
    documents = len({hit.passage.document_id for hit in hits})
    return f"Reading {counted(len(hits), 'passage')} of {counted(documents, 'document')}…"


def emphasis(answer: Answer, found: Quote) -> tuple[str, str, str]:
    """A quote in three pieces, the middle one the words that answer; joined they are its text.

    The middle one is empty where bold would say nothing: no word is marked, or every word is.
    Of a document in Markdown the pieces are as it reads, without its signs.
    """
    before, marked, after = _apart(found)
    if _in_markdown(answer, found):
        return read(found.text, len(before), len(before + marked) if marked else 0)
    return before, marked, after


def _apart(found: Quote) -> tuple[str, str, str]:
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
    """Those of ``nearest`` that are shown with a refusal; of all else none."""
    return nearest(answer)[:_OFFERED] if answer.kind == "none" else ()


def beginning(answer: Answer, passage: Passage) -> str:
    """The first words of a passage, on one line, as it reads."""
    text = passage.text
    if _in_markdown(answer, passage):
        text = "".join(read(text))
    words = " ".join(text.split())
    return words if len(words) <= 160 else f"{words[:160].rsplit(' ', 1)[0]} …"


def message(answer: Answer, examples: Sequence[str] = ()) -> str | None:
    """What is said instead of an answer, or before quotes that may be none; None of an answer."""
    match answer.kind:
        case "answer" | "overview" | "list":
            return None
        case "perhaps":
            return not_sure(answer)
        case "none":
            return refusal(answer)
        case "help":
            return " ".join((help_line(answer), *([] if not examples else [ask_as(answer)])))
        case _:
            assert_never(answer.kind)


def not_sure(answer: Answer) -> str:
    """The line above quotes that may answer."""
    other = answer.documents_language
    return f"{_LANGUAGES[other]} {_NOT_SURE}" if other else _NOT_SURE


def help_line(answer: Answer) -> str:
    """What is said to a greeting, thanks, or a question about Steward."""
    return _HELP[_talk(answer)]


def ask_as(answer: Answer) -> str:
    """What stands before the questions to begin with, in the language of the greeting."""
    _, spoken = _talk(answer)
    return _EXAMPLES[spoken]


def _talk(answer: Answer) -> Talk:
    return small_talk(answer.question) or ("help", "en")


def refusal(answer: Answer) -> str:
    """Say plainly that nothing seems to answer, and what is known of why.

    Raises:
        ValueError: If the answer is not a refusal.
    """
    match answer.reason:
        case "nothing_similar" | "low_confidence":
            why = _OTHER_WORDS
        case "other_language":
            assert answer.documents_language
            why = _LANGUAGES[answer.documents_language]
        case "unknown_words":
            quoted = _listed([f"“{word}”" for word in answer.unknown])
            if len(answer.unknown) > 1:
                held = f"No document holds the words {quoted}."
                why = f"{held} If there are other words for them, ask with those."
            else:
                held = f"No document holds the word {quoted}."
                why = f"{held} If there is another word for it, ask with that."
        case None:
            raise ValueError("the answer is not a refusal")
        case _:
            assert_never(answer.reason)
    return f"Nothing in these documents seems to answer this. {why} ({certainty(answer)})"


_PROSE: Mapping[Outcome, str] = {
    "written": "Written by a language model on this machine.",
    "nothing_held": "The language model wrote nothing that the quotes bear out.",
    "unreachable": "The language model cannot be reached.",
    "too_slow": "The language model took too long.",
    "garbled": "What the language model sent cannot be read.",
    "busy": "The language model is busy with other answers.",
    "too_long": "The quotes are too long for the language model.",
    "stopped": "The language model was stopped.",
    "failed": "Something went wrong while the language model wrote.",
}


def prose(found: Prose) -> str:
    """Say what came of asking a language model for prose, which stands above the quotes."""
    if found.outcome is None:
        return "Writing it in plain words; each sentence is checked first…"
    if not found.sentences:
        return f"{_PROSE[found.outcome]} The quotes stand alone."
    return f"{_PROSE[found.outcome]} Each sentence was checked against the quotes it cites."


def certainty(answer: Answer) -> str:
    """The confidence beside the threshold: "confidence 49%; Steward answers from 50%".

    The percentages are rounded so that a refusal never seems to reach its threshold, nor an answer
    to miss it, and nothing short of certainty is shown as 100%.
    """
    least = percent(answer.threshold, math.floor if answer.answered else math.ceil)
    return f"confidence {percent(answer.confidence)}; Steward answers from {least}"


def place(
    title: str, start: int, end: int, within: str | None = None, known: Sequence[str | None] = ()
) -> str:
    """Where a quote or a passage stands: "The river Lena, page 3, characters 60–94".

    Args:
        title: The document's.
        start: Offset of the first character.
        end: Offset behind the last one.
        within: The page, slide or the like, as "page 3"; None in a document without.
        known: What else tells of the document; follows its title.
    """
    return ", ".join(filter(None, (title, *known, within, f"characters {start}–{end}")))


def _in_markdown(answer: Answer, found: Quote | Passage) -> bool:
    known = answer.documents.get(found.document_id)
    return known is not None and known.is_markdown


def _listed(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
