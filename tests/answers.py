"""Answers made by hand, for what is done with an answer's quotes."""

from rag.records import Answer, Quote

LENA = (
    "The river Lena flows north to the Arctic Ocean. It is 4,294 kilometres long, and the Water "
    "Office measured it on May 4, 2021."
)
TEA = "Green tea is not fermented. Black tea, which most workers drink, is fully fermented."


def quote(number: int, text: str) -> Quote:
    return Quote(
        number=number,
        document_id="0123456789ab",
        title="A title",
        start=0,
        end=len(text),
        text=text,
        sha256="0" * 64,
    )


def answer(*texts: str, question: str = "Where does the river Lena flow?") -> Answer:
    """An answer of these quotes; without any, a refusal."""
    return Answer(
        question=question,
        searched=question,
        quotes=tuple(quote(number, text) for number, text in enumerate(texts, 1)),
        confidence=0.9 if texts else 0.1,
        threshold=0.5,
        perhaps_threshold=0.2,
        kind="answer" if texts else "none",
        reason=None if texts else "low_confidence",
        unknown=(),
        hits=(),
        documents={},
        timings={},
    )
