"""What training makes smaller: a question's windows are read against each other.

One softmax over all places of all windows of a question and over "no answer", each window's logits
taken less its own [CLS]'s, so that the margins of passages compare: shared normalisation, Clark and
Gardner 2018, https://arxiv.org/abs/1710.10723. Of one window it is the loss of Devlin et al. 2019,
https://aclanthology.org/N19-1423.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from rag.training.examples import Example
from rag.training.mixture import Group

_NEVER = -1e9  # a logit; finite, so that its gradient is 0 and not undefined

Batch = dict[str, torch.Tensor]


def tensors(groups: Sequence[Group], device: str) -> Batch:
    """Padded windows, and the logarithms of the targets' probabilities, each (windows, pieces).

    ``windows`` has for each group the rows of its windows, -1 where it has fewer than the largest.
    """
    batch = [example for group in groups for example in group]
    read = _padded(batch)
    shape = tuple(read["input_ids"].shape)
    of_group = np.full((len(groups), max(map(len, groups))), -1, dtype=np.int64)
    row = 0
    for place, group in enumerate(groups):
        of_group[place, : len(group)] = range(row, row + len(group))
        row += len(group)
    allowed = np.zeros(shape, dtype=bool)
    starts = np.full(shape, _NEVER, dtype=np.float32)
    ends = np.full(shape, _NEVER, dtype=np.float32)
    for row, example in enumerate(batch):
        allowed[row, example.first : len(example.ids) - 1] = True
        allowed[row, 0] = True
        for place, weight in example.starts.items():
            starts[row, place] = math.log(weight)
        for place, weight in example.ends.items():
            ends[row, place] = math.log(weight)
    arrays = {"allowed": allowed, "starts": starts, "ends": ends, "windows": of_group}
    batched = read | {name: torch.from_numpy(array) for name, array in arrays.items()}
    return {name: each.to(device) for name, each in batched.items()}


def _padded(batch: Sequence[Example]) -> Batch:
    """Their windows as the network's arguments, tensors of shape (windows, longest window)."""
    shape = (len(batch), max(len(example.ids) for example in batch))
    ids, kinds, attended = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, example in enumerate(batch):
        length = len(example.ids)
        ids[row, :length] = example.ids
        kinds[row, example.first : length] = 1
        attended[row, :length] = 1
    return {
        "input_ids": torch.from_numpy(ids),
        "token_type_ids": torch.from_numpy(kinds),
        "attention_mask": torch.from_numpy(attended),
    }


def logits(network: Any, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of start and end less those of [CLS], very low where no answer can be."""
    found = network(
        input_ids=batch["input_ids"],
        token_type_ids=batch["token_type_ids"],
        attention_mask=batch["attention_mask"],
    )
    barred = ~batch["allowed"]
    start, end = found.start_logits.float(), found.end_logits.float()
    return (start - start[:, :1]).masked_fill(barred, _NEVER), (end - end[:, :1]).masked_fill(
        barred, _NEVER
    )


def loss_of(network: Any, batch: Batch) -> torch.Tensor:
    """Mean over questions of -log P(start) and -log P(end); of several places, of their mixture."""
    start, end = logits(network, batch)
    windows = batch["windows"]
    return (
        missed(start, batch["starts"], windows) + missed(end, batch["ends"], windows)
    ).mean() / 2


def missed(logits: torch.Tensor, targets: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
    """-log P of the targets over all windows of each group; shape (groups,).

    "No answer" is one place for the whole group, with a logit of 0. It is the target where it is
    that of every window; beside a window with an answer it is none.
    """
    answered = targets[:, 1:]
    inside = logits[:, 1:]
    everywhere = torch.logsumexp(inside, dim=1)
    right = torch.logsumexp(inside + answered, dim=1)
    absent = windows < 0
    everywhere = everywhere[windows.clamp(min=0)].masked_fill(absent, _NEVER)
    right = right[windows.clamp(min=0)].masked_fill(absent, _NEVER)
    nothing = torch.zeros_like(everywhere[:, :1])
    unanswerable = (targets[:, 0] == 0)[windows.clamp(min=0)] | absent
    none = nothing.masked_fill(~unanswerable.all(dim=1, keepdim=True), _NEVER)
    total = torch.logsumexp(torch.cat([nothing, everywhere], dim=1), dim=1)
    return total - torch.logsumexp(torch.cat([none, right], dim=1), dim=1)
