"""Question and passage to what the reader reads: word pieces, with each one's place in the text.

    [CLS] question [SEP] title: section: subsection [SEP] passage [SEP]

Title and headings help to tell what "it" is about; where there are none, their part and its mark
are left out. A span is only ever one of the passage; ``[CLS]`` stands for "no answer".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

LIMIT = 384
"""Word pieces of a window at most. A passage has at most 256, title and marks included."""
QUESTION_LIMIT = 96
TITLE_LIMIT = 64


def headed(title: str, headings: Sequence[str]) -> str:
    """What stands before a passage: document, section, subsection."""
    return ": ".join((title, *headings))


@dataclass(frozen=True, slots=True)
class Window:
    """What the reader reads at once.

    Attributes:
        ids: Of the word pieces.
        first: Index in ``ids`` of the passage's first piece.
        offsets: Of each of the passage's pieces, its span in the passage's text.
        words: Of each of them, the number of the word it is a piece of.
    """

    ids: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]
    words: tuple[int, ...]


class Windows:
    """Makes windows, with the encoder's own tokenizer.

    Args:
        tokenizer: The path of a ``tokenizer.json`` of a BERT model.
    """

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in a text is text, not a mark
        self._cls, self._sep = self._tokenizer.encode("").ids

    def window(self, question: str, title: str, text: str) -> Window:
        """A window; what exceeds the limits is cut off, the passage last."""
        ids = [self._cls, *self._pieces(question, QUESTION_LIMIT), self._sep]
        if title:
            ids += [*self._pieces(title, TITLE_LIMIT), self._sep]
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        room = LIMIT - len(ids) - 1
        first = len(ids)
        ids += [*encoding.ids[:room], self._sep]
        # None would stand for a mark, of which the passage alone has none.
        words = tuple(word for word in encoding.word_ids[:room] if word is not None)
        return Window(tuple(ids), first, tuple(encoding.offsets[:room]), words)

    def _pieces(self, text: str, limit: int) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids[:limit]
