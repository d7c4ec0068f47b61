"""A step of training: computed in few bits, added up in float32."""

from typing import Any

import torch

_CLIP = 1.0  # the longest gradient


def take(loss: torch.Tensor, network: Any, master: Any, optimizer: torch.optim.Optimizer) -> None:
    """Change the weights of a network that computes roughly, by those kept in float32.

    Args:
        loss: What the network came to.
        network: What computes.
        master: The same network in float32, whose weights the optimizer changes.
        optimizer: Changes them.
    """
    network.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    for rough, fine in zip(network.parameters(), master.parameters(), strict=True):
        fine.grad = None if rough.grad is None else rough.grad.float()
    torch.nn.utils.clip_grad_norm_(master.parameters(), _CLIP)
    optimizer.step()
    copy(master, network)


@torch.no_grad()
def copy(master: Any, network: Any) -> None:
    """The weights that are trained, from float32 to the network that computes."""
    for rough, fine in zip(network.parameters(), master.parameters(), strict=True):
        if fine.requires_grad:
            rough.copy_(fine)
