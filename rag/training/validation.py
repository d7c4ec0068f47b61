"""How well the reader reads what is kept from training, told on the way."""

import random
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from rag.training.examples import Example
from rag.training.loss import logits, missed, tensors
from rag.training.rows import Row

_LOOK = 400  # reserved examples of each set, half of them unanswerable
_BATCH = 32


def some(kept: Sequence[Row]) -> list[Row]:
    """Some of the rows kept from training, half of them unanswerable."""
    kept = list(kept)
    random.Random(1).shuffle(kept)
    half = _LOOK // 2
    return [
        *[row for row in kept if row.answerable][:half],
        *[row for row in kept if not row.answerable][:half],
    ]


@torch.no_grad()
def look(network: Any, looking: Mapping[str, Sequence[Example]], device: str, when: str) -> None:
    """Say how well examples are read that are not trained on; by name of the set."""
    network.eval()
    for name, kept in looking.items():
        losses, answerable, margins, found = [], [], [], []
        ordered = sorted(kept, key=lambda example: len(example.ids))
        for place in range(0, len(ordered), _BATCH):
            read = ordered[place : place + _BATCH]
            batch = tensors([(example,) for example in read], device)
            start, end = logits(network, batch)
            windows = batch["windows"]
            both = missed(start, batch["starts"], windows) + missed(end, batch["ends"], windows)
            losses += (both / 2).tolist()
            margins += (start[:, 1:].amax(1) + end[:, 1:].amax(1)).tolist()
            best = (start[:, 1:].argmax(1) + 1).tolist()
            answerable += [0 not in example.starts for example in read]
            found += [place in example.starts for place, example in zip(best, read, strict=True)]
        right = [hit for hit, has in zip(found, answerable, strict=True) if has]
        say(
            f"{when}, {name}: loss {np.mean(losses):.3f}, start found {np.mean(right):.3f}, "
            f"AUROC of answerable {roc_auc_score(answerable, margins):.3f}"
        )
    network.train()


def say(line: str) -> None:
    """Progress, for the person who waits."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
