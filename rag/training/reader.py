"""Train the reader: ``python -m rag.training.reader --data ../shared/train --out FOLDER``.

Starts from the packaged all-MiniLM-L6-v2 and learns to mark an answer's span, or ``[CLS]`` where
there is none, as Devlin et al. 2019 do for SQuAD 2.0 (https://aclanthology.org/N19-1423). The word
embeddings stay as they are, so that they need not be shipped twice.

The learning rate warms up, stays, and falls over the last part (Hägele et al. 2024, "Scaling Laws
and Compute-Optimal Training Beyond Fixed Training Durations", https://arxiv.org/abs/2405.18392): a
checkpoint of the level part can be carried on to any number of examples. Called again with the same
``--out``, training goes on where the last checkpoint was made.

What is written is the trained weights with a share of those begun from, which keeps much of what
was learnt before at little cost to what was learnt now (Wortsman et al. 2022, "Robust fine-tuning
of zero-shot models", https://arxiv.org/abs/2109.01903).
"""

import argparse
import os
import time
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rag.text.encoder import native_dtype
from rag.training import steps as training_steps
from rag.training.loss import loss_of, tensors
from rag.training.mixture import batches
from rag.training.network import save, trained, untrained
from rag.training.preparing import prepared
from rag.training.thesaurus import Alike, Thesaurus
from rag.training.validation import look, say
from rag.training.written import QUESTIONS

RATE = 1e-4
BATCH = 32  # windows
_KEPT = 0.15  # of the weights begun from, in what is written
_STILL = 2  # layers, from below, that stay as they are, as the embeddings do
_DROPOUT = 0.1  # of what leaves a layer, as in the encoder's own training
_WARM_UP = 200  # steps
_FALL = 0.3  # of all steps
_DECAY = 0.01
_SORTED = 50  # batches sorted by length at a time
_CHECKED = 250  # steps between two looks at the reserved rows
_SAVED = 50  # steps between two checkpoints
_SAID = 25


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and write ``reader.safetensors``."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.reader", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of qa_train.jsonl.zst")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and weights")
    parser.add_argument("--against", type=Path, help="folder of benchmarks that must not be met")
    parser.add_argument("--thesaurus", type=Path, help="folder of WordNet's files, to reword with")
    parser.add_argument("--examples", type=int, default=80_000, help="windows to read in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="begin from the encoder's weights")
    given = parser.parse_args(arguments)
    alike = Thesaurus(given.thesaurus).alike if given.thesaurus else None
    train(
        given.data,
        given.out,
        given.against,
        given.examples,
        given.seed,
        alike=alike,
        fresh=given.fresh,
    )


def train(
    data: Path,
    out: Path,
    against: Path | None,
    count: int,
    seed: int,
    *,
    alike: Alike | None = None,
    fresh: bool = False,
    questions: Path = QUESTIONS,
) -> Path:
    """Train; the arguments are those of the command. Returns the path of the weights.

    Of the questions of ``rag.training.written`` those in this file are read.
    """
    out.mkdir(parents=True, exist_ok=True)
    mixture, looking = prepared(data, out, against, seed, alike, questions)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(seed)
    network = _begin(fresh).to(device)
    master = deepcopy(network).float()
    begun_from = deepcopy(master)
    network.to(torch.bfloat16 if device == "cuda" else native_dtype())
    optimizer = _optimizer(master)
    steps = count // BATCH
    checkpoint = out / "checkpoint.pt"
    first = _resume(checkpoint, master, optimizer, device)
    training_steps.copy(master, network)
    say(f"{steps} steps of {BATCH} on {device}, from step {first}")
    begun, pieces, losses = time.perf_counter(), 0, []
    network.train()
    for step, batch in batches(mixture, steps, BATCH, _SORTED, seed, first):
        torch.manual_seed(seed + step)  # what is dropped out is the same when gone on with
        for group in optimizer.param_groups:
            group["lr"] = RATE * rate(step, steps)
        loss = loss_of(network, tensors(batch, device))
        training_steps.take(loss, network, master, optimizer)
        losses.append(loss.item())
        pieces += sum(len(example.ids) for group in batch for example in group)
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
            look(network, looking, device, f"step {done}")
    look(network, looking, device, "at the end")
    if not fresh:
        _mix(master, begun_from)
        look(master, looking, device, "with what was begun from")
    weights = out / "reader.safetensors"
    say(f"{weights}, SHA-256 {save(master, weights)}")
    return weights


def _begin(fresh: bool) -> Any:
    """The network to train, with what stays as it is and what is dropped out."""
    network = untrained() if fresh else trained()
    network.set_attn_implementation("eager")  # backwards a third of sdpa's time on a processor
    for still in (network.bert.embeddings, *network.bert.encoder.layer[:_STILL]):
        still.requires_grad_(False)
    for layer in network.bert.encoder.layer[_STILL:]:
        for name, each in layer.named_modules():
            if name.endswith("output.dropout"):
                each.p = _DROPOUT
    return network


@torch.no_grad()
def _mix(network: Any, begun_from: Any) -> None:
    for now, begun in zip(network.parameters(), begun_from.parameters(), strict=True):
        now.lerp_(begun, _KEPT)


def rate(step: int, steps: int) -> float:
    """The learning rate at a step, as a share of the highest: up, level, down to 0."""
    falling = (steps - step) / max(1.0, _FALL * steps)
    return min(1.0, (step + 1) / _WARM_UP, falling)


def _optimizer(network: Any) -> torch.optim.Optimizer:
    trained = [weights for weights in network.parameters() if weights.requires_grad]
    groups = [
        {"params": [each for each in trained if each.ndim > 1], "weight_decay": _DECAY},
        {"params": [each for each in trained if each.ndim < 2], "weight_decay": 0.0},  # noqa: PLR2004
    ]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98))


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


if __name__ == "__main__":
    main()
