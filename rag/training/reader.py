"""Train the reader: ``python -m rag.training.reader --data ../shared/train --out FOLDER``.

Starts from the packaged all-MiniLM-L6-v2 and learns to mark an answer's span, or ``[CLS]`` where
there is none, as Devlin et al. 2019 do for SQuAD 2.0 (https://aclanthology.org/N19-1423). The word
embeddings stay as they are, so that they need not be shipped twice.

The learning rate warms up, stays, and falls over the last part (Hägele et al. 2024, "Scaling Laws
and Compute-Optimal Training Beyond Fixed Training Durations", https://arxiv.org/abs/2405.18392): a
checkpoint of the level part can be carried on to any number of examples. Called again with the same
``--out``, training goes on where the last checkpoint was made.
"""

import argparse
import math
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from rag.embedding import packaged_folder
from rag.reader import save, untrained
from rag.training import overlap
from rag.training.examples import Example, examples
from rag.training.rows import read_rows, reserved, sources, trained_on
from rag.windows import Windows

RATE = 1.5e-4
BATCH = 32
_WARM_UP = 200  # steps
_FALL = 0.3  # of all steps
_DECAY = 0.01
_CLIP = 1.0
_SORTED = 50  # batches sorted by length at a time, so that they hold little padding
_CHECKED = 500  # steps between two looks at the reserved rows
_SAVED = 100  # steps between two checkpoints
_SAID = 25
_LOOK = 400  # reserved examples, half of them unanswerable

Batch = dict[str, torch.Tensor]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and write ``reader.safetensors``."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.reader", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of qa_train.jsonl.zst")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and weights")
    parser.add_argument("--against", type=Path, help="folder of benchmarks that must not be met")
    parser.add_argument("--examples", type=int, default=80_000, help="to read in all")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    train(given.data, given.out, given.against, given.examples, given.seed)


def train(data: Path, out: Path, against: Path | None, count: int, seed: int) -> Path:
    """Train; the arguments are those of the command. Returns the path of the weights."""
    out.mkdir(parents=True, exist_ok=True)
    learning, looking = _examples(data, against, seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(seed)
    network = untrained().to(device)
    network.set_attn_implementation("eager")  # with its gradients the fastest on a processor
    network.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    master = deepcopy(network)
    network.to(torch.bfloat16)
    optimizer = _optimizer(master)
    steps = count // BATCH
    checkpoint = out / "checkpoint.pt"
    first = _resume(checkpoint, master, optimizer, device)
    _copy(master, network)
    say(f"{steps} steps of {BATCH} on {device}, from step {first}")
    begun, pieces, losses = time.perf_counter(), 0, []
    network.train()
    for step, batch in _batches(learning, steps, seed, first):
        for group in optimizer.param_groups:
            group["lr"] = RATE * rate(step, steps)
        loss = _loss(network, _tensors(batch, device))
        network.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for rough, fine in zip(network.parameters(), master.parameters(), strict=True):
            fine.grad = None if rough.grad is None else rough.grad.float()
        torch.nn.utils.clip_grad_norm_(master.parameters(), _CLIP)
        optimizer.step()
        _copy(master, network)
        losses.append(loss.item())
        pieces += sum(len(example.ids) for example in batch)
        done = step + 1
        if done % _SAID == 0:
            seconds = time.perf_counter() - begun
            left = (steps - done) * seconds / (done - first) / 60
            say(
                f"step {done}  loss {np.mean(losses[-100:]):.3f}  "
                f"{pieces / seconds:.0f} pieces/s  {left:.0f} min left"
            )
        if done % _SAVED == 0:
            _write(checkpoint, master, optimizer, done)
        if done % _CHECKED == 0:
            say(f"step {done}  {_look(network, looking, device)}")
    say(_look(network, looking, device))
    weights = out / "reader.safetensors"
    say(f"{weights}, SHA-256 {save(master, weights)}")
    return weights


def rate(step: int, steps: int) -> float:
    """The learning rate at a step, as a share of the highest: up, level, down to 0."""
    falling = (steps - step) / max(1.0, _FALL * steps)
    return min(1.0, (step + 1) / _WARM_UP, falling)


def _examples(data: Path, against: Path | None, seed: int) -> tuple[list[Example], list[Example]]:
    """What to learn from, in a fixed random order, and what to look at on the way."""
    rows = list(read_rows(data))
    chosen = trained_on(rows)
    if against is not None:
        known = overlap.known(overlap.texts_of(against))
        met = [
            row
            for row in chosen
            if not known.isdisjoint(overlap.ngrams(f"{row.question}\n{row.context}"))
        ]
        say(f"{len(met)} rows share {overlap.N} words in a row with a benchmark, left out:")
        for source, number in sources(met).items():
            say(f"  {number:6}  {source}")
        gone = {id(row) for row in met}
        chosen = [row for row in chosen if id(row) not in gone]
    for source, number in sources(chosen).items():
        say(f"{number:7}  {source}")
    windows = Windows(packaged_folder() / "tokenizer.json")
    learning = list(examples(chosen, windows, seed))
    random.Random(seed).shuffle(learning)
    say(
        f"{len(learning)} examples of {np.mean([len(each.ids) for each in learning]):.0f} word "
        f"pieces, {np.mean([0 in each.starts for each in learning]):.0%} without an answer"
    )
    kept = [row for row in rows if reserved(row)]
    random.Random(seed).shuffle(kept)
    half = _LOOK // 2
    looked = [row for row in kept if row.answerable][:half]
    looked += [row for row in kept if not row.answerable][:half]
    return learning, list(examples(looked, windows, seed))


def _optimizer(network: Any) -> torch.optim.Optimizer:
    trained = [weights for weights in network.parameters() if weights.requires_grad]
    groups = [
        {"params": [each for each in trained if each.ndim > 1], "weight_decay": _DECAY},
        {"params": [each for each in trained if each.ndim < 2], "weight_decay": 0.0},  # noqa: PLR2004
    ]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98))


def _batches(
    learning: Sequence[Example], steps: int, seed: int, first: int
) -> Iterator[tuple[int, list[Example]]]:
    """Batches of alike lengths from step ``first`` on; always the same ones at the same step."""
    step = 0
    epoch = 0
    while step < steps:
        order = list(range(len(learning)))
        if epoch:
            random.Random(seed + epoch).shuffle(order)
        for start in range(0, len(order), BATCH * _SORTED):
            part = sorted(
                order[start : start + BATCH * _SORTED], key=lambda i: len(learning[i].ids)
            )
            batches = [part[place : place + BATCH] for place in range(0, len(part), BATCH)]
            random.Random(seed + start).shuffle(batches)
            for batch in batches:
                if step == steps:
                    return
                if step >= first:
                    yield step, [learning[index] for index in batch]
                step += 1
        epoch += 1


def _tensors(batch: Sequence[Example], device: str) -> Batch:
    """Padded windows, and the logarithms of the targets' probabilities, each (batch, pieces)."""
    shape = (len(batch), max(len(example.ids) for example in batch))
    ids = np.zeros(shape, dtype=np.int64)
    kinds = np.zeros(shape, dtype=np.int64)
    attended = np.zeros(shape, dtype=np.int64)
    allowed = np.zeros(shape, dtype=bool)
    starts = np.full(shape, -np.inf, dtype=np.float32)
    ends = np.full(shape, -np.inf, dtype=np.float32)
    for row, example in enumerate(batch):
        length = len(example.ids)
        ids[row, :length] = example.ids
        kinds[row, example.first : length] = 1
        attended[row, :length] = 1
        allowed[row, example.first : length - 1] = True
        allowed[row, 0] = True
        for place, weight in example.starts.items():
            starts[row, place] = math.log(weight)
        for place, weight in example.ends.items():
            ends[row, place] = math.log(weight)
    arrays = {
        "input_ids": ids,
        "token_type_ids": kinds,
        "attention_mask": attended,
        "allowed": allowed,
        "starts": starts,
        "ends": ends,
    }
    return {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}


@torch.no_grad()
def _copy(master: Any, network: Any) -> None:
    """The weights, kept in float32, to the network that computes in bfloat16."""
    for rough, fine in zip(network.parameters(), master.parameters(), strict=True):
        if fine.requires_grad:
            rough.copy_(fine)


def _logits(network: Any, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of start and end, very low where no answer can be; each (batch, pieces)."""
    found = network(
        input_ids=batch["input_ids"],
        token_type_ids=batch["token_type_ids"],
        attention_mask=batch["attention_mask"],
    )
    barred = ~batch["allowed"]
    start = found.start_logits.float().masked_fill(barred, -1e9)
    end = found.end_logits.float().masked_fill(barred, -1e9)
    return start, end


def _loss(network: Any, batch: Batch) -> torch.Tensor:
    """Mean of -log P(start) and -log P(end); of several possible places, of their mixture."""
    start, end = _logits(network, batch)
    return (_missed(start, batch["starts"]) + _missed(end, batch["ends"])).mean() / 2


def _missed(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return torch.logsumexp(logits, dim=1) - torch.logsumexp(logits + targets, dim=1)


@torch.no_grad()
def _look(network: Any, looking: Sequence[Example], device: str) -> str:
    """How well the reserved examples are read."""
    network.eval()
    losses, answerable, margins, found = [], [], [], []
    ordered = sorted(looking, key=lambda example: len(example.ids))
    for place in range(0, len(ordered), BATCH):
        part = ordered[place : place + BATCH]
        batch = _tensors(part, device)
        start, end = _logits(network, batch)
        missed = (_missed(start, batch["starts"]) + _missed(end, batch["ends"])) / 2
        losses += missed.tolist()
        margin = start[:, 1:].amax(1) + end[:, 1:].amax(1) - start[:, 0] - end[:, 0]
        margins += margin.tolist()
        best = (start[:, 1:].argmax(1) + 1).tolist()
        answerable += [0 not in example.starts for example in part]
        found += [place in example.starts for place, example in zip(best, part, strict=True)]
    network.train()
    right = [hit for hit, has in zip(found, answerable, strict=True) if has]
    return (
        f"reserved rows: loss {np.mean(losses):.3f}, start found {np.mean(right):.3f}, "
        f"AUROC of answerable {roc_auc_score(answerable, margins):.3f}"
    )


def _resume(path: Path, network: Any, optimizer: torch.optim.Optimizer, device: str) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def _write(path: Path, network: Any, optimizer: torch.optim.Optimizer, step: int) -> None:
    state = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
    }
    new = path.with_suffix(".new")
    torch.save(state, new)
    os.replace(new, path)


def say(line: str) -> None:
    """Progress, for the person who waits."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
