"""What came of a question, in words: the refusal, the confidence, and what a model made of it."""

import math
from collections.abc import Mapping, Sequence
from typing import assert_never

from rag.records import Answer, Outcome, Prose


def refusal(answer: Answer) -> str:
    """Say plainly that the documents do not answer, and why.

    Raises:
        ValueError: If the answer is not a refusal.
    """
    match answer.reason:
        case "nothing_similar":
            why = "Nothing in them comes close to the question."
        case "unknown_words":
            quoted = _listed([f"“{word}”" for word in answer.unknown])
            why = f"No document holds the word{'s' if len(answer.unknown) > 1 else ''} {quoted}."
        case "low_confidence":
            why = "What comes closest is too uncertain to be quoted as an answer."
        case None:
            raise ValueError("the answer is not a refusal")
        case _:
            assert_never(answer.reason)
    return f"The documents do not answer this. {why} ({certainty(answer)})"


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
    # Rounding first takes off what floating point adds: 0.55 * 100 is 55.00000000000001.
    confidence, threshold = round(answer.confidence * 100, 6), round(answer.threshold * 100, 6)
    least = math.floor(threshold) if answer.answered else math.ceil(threshold)
    return f"confidence {math.floor(confidence)}%; Steward answers from {least}%"


def _listed(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
