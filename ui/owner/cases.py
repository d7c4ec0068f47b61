"""Complaints to questions of a question set: what was reported, and what would have been right."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.assistant import Assistant
from rag.retrieval.query import Turn
from rag.text.sentences import sentences
from ui.owner.records import Case

CATEGORY = "reported"

_PASSAGES = 3
"""Passages whose sentences are offered, nearest first."""

_SHORTEST = 12
"""Characters of a sentence that is offered; what is shorter decides nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words of a document that may be what answers.

    Attributes:
        text: They, verbatim.
        title: The document's; likewise ``source``.
    """

    text: str
    title: str
    source: str


def candidates(
    assistant: Assistant, question: str, history: Sequence[Turn]
) -> tuple[Candidate, ...]:
    """What in the documents as they are now may answer: quotes, then sentences that are near.

    Raises:
        StewardError: As of ``Assistant.ask``.
    """
    answer = assistant.ask(question, history)
    found: dict[str, Candidate] = {}

    def add(text: str, document_id: str) -> None:
        known = answer.documents[document_id]
        found.setdefault(text.strip(), Candidate(text.strip(), known.title, known.source))

    for quote in answer.quotes:
        add(quote.text, quote.document_id)
    near = [hit.passage for hit in answer.hits if not hit.passage.boilerplate]
    for passage in near[:_PASSAGES]:
        for start, end in sentences(passage.text):
            if len(passage.text[start:end].strip()) >= _SHORTEST:
                add(passage.text[start:end], passage.document_id)
    return tuple(found.values())


def source_of(assistant: Assistant, words: str) -> str | None:
    """The source of a document that holds these words, white space aside; None where none does."""
    wanted = " ".join(words.split())
    for known in assistant.documents():
        if wanted and wanted in " ".join(assistant.document(known.id).text.split()):
            return known.source
    return None


def lines(cases: Sequence[Case]) -> Iterator[str]:
    """The cases as lines of a question set, as ``steward eval --questions`` reads it."""
    for case in cases:
        asked = json.dumps([case.question, case.history])
        whole: dict[str, object] = {
            "id": f"{CATEGORY}-{hashlib.sha256(asked.encode()).hexdigest()[:12]}",
            "question": case.question,
        }
        if case.history:
            whole["history"] = case.history
        whole["answerable"] = case.quote is not None
        if case.quote is not None:
            whole["quotes"] = [case.quote]
            whole["documents"] = [case.source.rpartition(".")[0] or case.source]
        yield json.dumps({**whole, "category": CATEGORY})
