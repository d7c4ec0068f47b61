"""Tune how questions are embedded: ``python -m rag.training.question --data FOLDER --out FOLDER``.

People ask in other words than the documents'. The encoder's layers are trained to put a question
near the passages that answer it and far from all others of a bank, whose vectors stay those of the
packaged model, so that no document has to be embedded anew: query-side fine-tuning, Lee et al.
2021, section 5, https://aclanthology.org/2021.acl-long.518. What is compared is what retrieval
compares, the mean of the cosines of a passage and of its nearest sentence; the loss is -log of a
softmax over the whole bank.
"""

import argparse
import random
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rag.text.encoder import Encoder, native_dtype, packaged_folder
from rag.text.weights import write_weights
from rag.training import contamination
from rag.training import steps as training_steps
from rag.training.bank import Asked, Bank, asked, bank, paragraphs
from rag.training.rows import (
    OwnWords,
    Row,
    own_words_trained_on,
    purpose,
    read_documents,
    read_own_words,
    read_rows,
    trained_on,
)
from rag.training.validation import say
from rag.training.written import written

RATE = 5e-5
BATCH = 64  # questions
_TEMPERATURE = 0.05  # as the encoder was trained with
_PUBLIC = 5000  # paragraphs of the public sets beside those that own-words questions are about
_EACH = 2  # questions about each of these
_WARM_UP = 50  # steps
_FALL = 0.5  # of all steps
_PIECES = 64  # of a question
_SAID = 100  # steps
_RANKS = (1, 5, 8, 16)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, say R@k on documents that are kept back, and write ``question.safetensors``."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.question", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--against", type=Path, help="folder of benchmarks that must not be met")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    encoder = Encoder()
    documents = [
        each for each in read_documents(given.data) if purpose(each.document) != "reporting"
    ]
    rows = list(read_rows(given.data))
    own = [*read_own_words(given.data), *written(given.data, rows)]
    chosen = _apart(_chosen(own, rows, given.seed), given.against)
    kept = [row for row in own if row.answerable and purpose(row.document) == "fitting"]
    whole = [*documents, *paragraphs(chosen, documents)]
    say(f"{len(whole)} documents, {len(chosen)} questions")
    everything = bank(whole, encoder)
    names = {each.document for each in documents if purpose(each.document) == "fitting"}
    network = train(
        asked(chosen, documents, everything),
        asked(kept, documents, everything),
        everything,
        _but(everything, names),
        given.epochs,
        given.seed,
    )
    path = given.out / "question.safetensors"
    say(f"{path}, SHA-256 {save(network, path)}")


def _chosen(own: Sequence[OwnWords], rows: Sequence[Row], seed: int) -> list[Row]:
    """Own-words questions, and some about other paragraphs of the public sets."""
    mine: list[Row] = [row for row in own_words_trained_on(own, rows) if row.answerable]
    taken = {row.context for row in mine}
    others: dict[str, list[Row]] = {}
    for row in trained_on(rows):
        if row.answerable and row.context not in taken:
            others.setdefault(row.context, []).append(row)
    some = random.Random(seed).sample(sorted(others), min(_PUBLIC, len(others)))
    return mine + [row for context in some for row in others[context][:_EACH]]


def _apart(rows: list[Row], against: Path | None) -> list[Row]:
    if against is None:
        return rows
    known = contamination.known(contamination.texts_of(against))
    return [row for row in rows if known.isdisjoint(contamination.ngrams(row.context))]


def _but(everything: Bank, documents: set[str]) -> torch.Tensor:
    """Which passages are trained against: those of no document that is kept back."""
    return torch.tensor([name not in documents for name, _, _ in everything.spans])


def train(
    learnt: Sequence[Asked],
    kept: Sequence[Asked],
    everything: Bank,
    against: torch.Tensor,
    epochs: float,
    seed: int,
) -> Any:
    """Train on some questions and say how those that are kept back fare; the network, in float32.

    Args:
        learnt: To train on.
        kept: To look at.
        everything: What is searched.
        against: Whether each passage is trained against, shape (passages,).
        epochs: How often each question is read.
        seed: Of the order.
    """
    tokenizer, network = _begin()
    master = deepcopy(network).float()
    network.to(native_dtype()).train()
    weights = [each for each in master.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    searched = _Searched(everything)
    chance, steps = random.Random(seed), int(epochs * len(learnt) / BATCH)
    say(f"before: {_recall(network, tokenizer, searched, kept)}")
    losses: list[float] = []
    order: list[Asked] = []
    for step in range(steps):
        if len(order) < BATCH:
            order = list(learnt)
            chance.shuffle(order)
        batch, order = order[:BATCH], order[BATCH:]
        falling = (steps - step) / max(1.0, _FALL * steps)
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / _WARM_UP, falling)
        vectors = embedded(network, tokenizer, [each.question for each in batch])
        loss = loss_of(searched.scores(vectors), batch, against)
        training_steps.take(loss, network, master, optimizer)
        losses.append(loss.item())
        if (step + 1) % _SAID == 0:
            say(f"step {step + 1} of {steps}  loss {np.mean(losses[-_SAID:]):.3f}")
    say(f"after: {_recall(network, tokenizer, searched, kept)}")
    return master


class _Searched:
    """A bank as tensors."""

    def __init__(self, everything: Bank) -> None:
        dtype = native_dtype()
        self._passages = torch.from_numpy(everything.passages).to(dtype)
        self._sentences = torch.from_numpy(everything.sentences).to(dtype)
        self._owner = torch.from_numpy(everything.owner)

    def scores(self, vectors: torch.Tensor) -> torch.Tensor:
        """Mean of the cosines of each passage and its nearest sentence: (questions, passages)."""
        rough = vectors.to(self._passages.dtype)
        of_passages = (rough @ self._passages.T).float()
        of_sentences = (rough @ self._sentences.T).float()
        nearest = torch.full_like(of_passages, -1.0).scatter_reduce(
            1, self._owner.expand(len(vectors), -1), of_sentences, "amax"
        )
        return (of_passages + nearest) / 2


def loss_of(scores: torch.Tensor, batch: Sequence[Asked], against: torch.Tensor) -> torch.Tensor:
    """-log of what the answering passages have of a softmax over all, the mean of the questions."""
    logits = (scores / _TEMPERATURE).masked_fill(~against, -torch.inf)
    answering = torch.zeros_like(logits, dtype=torch.bool)
    for row, each in enumerate(batch):
        answering[row, list(each.answering)] = True
    right = torch.logsumexp(logits.masked_fill(~answering, -torch.inf), 1)
    return (torch.logsumexp(logits, 1) - right).mean()


def embedded(network: Any, tokenizer: Any, questions: Sequence[str]) -> torch.Tensor:
    """Unit vectors, the mean of the word pieces' as the encoder takes it: (questions, 384)."""
    read = tokenizer(
        list(questions), padding=True, truncation=True, max_length=_PIECES, return_tensors="pt"
    )
    pieces = network(**read).last_hidden_state.float()
    held = read["attention_mask"][..., None].float()
    return torch.nn.functional.normalize((pieces * held).sum(1) / held.sum(1), dim=1)


@torch.no_grad()
def _recall(network: Any, tokenizer: Any, searched: _Searched, kept: Sequence[Asked]) -> str:
    network.eval()
    ranks = []
    for start in range(0, len(kept), BATCH):
        some = kept[start : start + BATCH]
        scores = searched.scores(embedded(network, tokenizer, [each.question for each in some]))
        for row, each in zip(scores, some, strict=True):
            ranks.append(int((row > row[list(each.answering)].max()).sum()) + 1)
    network.train()
    found = np.array(ranks)
    return "  ".join(f"R@{count} {np.mean(found <= count):.3f}" for count in _RANKS)


def save(network: Any, path: Path) -> str:
    """Write the layers, all that was trained; returns the file's SHA-256."""
    layers = {
        f"encoder.{name}": each.numpy() for name, each in network.encoder.state_dict().items()
    }
    return write_weights(layers, path)


def _begin() -> tuple[Any, Any]:
    """Tokenizer and network of the packaged model; its word embeddings stay as they are."""
    from transformers import AutoModel, AutoTokenizer

    folder = packaged_folder()
    network = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
    network.pooler = None
    network.embeddings.requires_grad_(False)
    return AutoTokenizer.from_pretrained(folder, local_files_only=True), network


if __name__ == "__main__":
    main()
