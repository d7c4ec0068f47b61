"""The reader: where in a passage the answer to a question stands, and whether it stands there.

A MiniLM of six layers (the encoder's own weights, trained further by ``rag.training.reader``; the
model card is ``rag/quoting/weights/README.md``) reads question and passage together and gives every
word piece a logit as the answer's first and as its last, and ``[CLS]`` one for "no answer": Devlin
et al. 2019, https://aclanthology.org/N19-1423, section 4.3. The word embeddings are the encoder's.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.quoting.windows import Window, Windows
from rag.text.encoder import Vectors, cores, packaged_folder, packaged_weights
from rag.text.network import Network
from rag.text.weights import read_weights

WEIGHTS = Path(__file__).parent / "weights" / "reader.safetensors"
WEIGHTS_SHA256 = "9377a253d8be1513b6e69c6592d66910d0cc3f8c27d83f533556c703848e1c66"

_LONGEST = 40  # word pieces of a span; a tenth of a percent of the training answers is longer
_NETWORK = "bert."  # before the names of all but the head


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Words that may answer: ``text[start:end]`` of a passage.

    Attributes:
        margin: How much likelier they are than that the passage holds no answer, a logit.
    """

    margin: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one passage.

    Attributes:
        offsets: Span of each word piece in the passage's text, shape (pieces, 2).
        starts: Logit of each piece as the answer's first, less that of "no answer"; (pieces,).
            Inside a word it is -inf, since an answer is made of whole words.
        ends: Likewise as its last.
    """

    offsets: NDArray[np.int64]
    starts: Vectors
    ends: Vectors

    def best(self, start: int, end: int) -> AnswerSpan | None:
        """The likeliest span between two offsets of the text; None where no word was read there."""
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end))
        if not len(inside):
            return None
        first, last = int(inside[0]), int(inside[-1]) + 1
        sums = self.starts[first:last, None] + self.ends[None, first:last]
        lengths = np.arange(last - first) - np.arange(last - first)[:, None]
        sums[(lengths < 0) | (lengths >= _LONGEST)] = -np.inf
        row, column = np.unravel_index(int(sums.argmax()), sums.shape)
        margin = float(sums[row, column])
        if margin == -np.inf:
            return None
        last_piece = self.offsets[first + column]
        return AnswerSpan(margin, int(self.offsets[first + row, 0]), int(last_piece[1]))


class Reader:
    """The trained model; one per process, safe to share between threads.

    Raises:
        ModelFault: When its weights are missing or are not the ones that came with this version.
    """

    def __init__(self) -> None:
        folder = packaged_folder()
        self._windows = Windows(folder / "tokenizer.json")
        trained = read_weights(WEIGHTS, WEIGHTS_SHA256)
        self._head = trained["qa_outputs.weight"].T, trained["qa_outputs.bias"]
        layers = {name.removeprefix(_NETWORK): each for name, each in trained.items()}
        self._network = Network(packaged_weights(folder) | layers)
        self._lock = threading.Lock()  # a fast tokenizer must not be entered twice at once
        # A window on each core: one question has them all, and many wait for none that is idle.
        self._pool = ThreadPoolExecutor(cores(), "reader")

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages for the answer to a question, each by itself.

        Args:
            question: What is asked.
            passages: Title and text of each; what exceeds ``windows.LIMIT`` is not read.
        """
        with self._lock:
            windows = [self._windows.window(question, *each) for each in passages]
        logits = self._logits(windows)
        return [_reading(window, *each) for window, each in zip(windows, logits, strict=True)]

    def _logits(self, windows: Sequence[Window]) -> list[tuple[Vectors, Vectors]]:
        """Of each window, those of its pieces as the first and as the last."""
        return list(self._pool.map(self._of_one, windows))

    def _of_one(self, window: Window) -> tuple[Vectors, Vectors]:
        (pieces,) = self._network(np.array([window.ids]), window.first)
        matrix, bias = self._head
        starts, ends = (pieces @ matrix + bias).T
        return starts, ends


def _reading(window: Window, starts: Vectors, ends: Vectors) -> Reading:
    inside = slice(window.first, window.first + len(window.offsets))
    words = np.array(window.words)
    goes_on = np.zeros((2, len(words)), dtype=bool)  # with the word before, into the word after
    goes_on[0, 1:] = goes_on[1, :-1] = words[1:] == words[:-1]
    return Reading(
        offsets=np.array(window.offsets, dtype=np.int64).reshape(-1, 2),
        starts=np.where(goes_on[0], -np.inf, starts[inside] - starts[0]),
        ends=np.where(goes_on[1], -np.inf, ends[inside] - ends[0]),
    )
