"""The names of what can come of a question, of a sentence of writing, and of a page."""

from typing import Literal

Kind = Literal[
    "answer",
    "overview",  # quotes that cover documents or a subject, or the documents themselves
    "list",  # quotes that are the items asked for
    "perhaps",  # the nearest that the documents come, which may answer or not
    "none",
    "help",  # what to ask, where nothing was asked of the documents
]
"""What a question gets."""

FactKind = Literal["number", "date", "name", "negation", "quotation"]
"""In what sources can differ."""

Reason = Literal["nothing_similar", "unknown_words", "low_confidence", "other_language"]

NotShown = Literal[
    "no_page",
    "gone",  # the file is no longer where it was
    "changed",  # it is another one than was ingested
    "broken",
]
"""Why there is no picture of a page."""

Why = Literal[
    "unfinished",  # cut off, or no sentence
    "no_citation",
    "no_such_quote",
    "form",  # a link, markup, or anything that is not plain prose
    "voice",  # says I, we or you, or begins with a pronoun for what stands elsewhere
    "repeated",
    "name",
    "number",
    "qualifier",  # not, if, only, said or the like was left out
    "not_covered",
    "cut",  # the words are there, and what they leave out is no whole clause
]
"""Why a sentence was withheld; the rules are in ``rag.prose.sentence_check``."""

Outcome = Literal[
    "written",
    "nothing_held",  # every sentence was withheld, or none was written
    "unreachable",
    "too_slow",
    "garbled",
    "busy",
    "too_long",  # question and best quote do not fit what the model is given
    "stopped",
    "failed",  # a defect in Steward
]
"""What came of writing. Sentences can have passed before any of them."""
