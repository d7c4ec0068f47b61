"""Steward under load: ``python -m eval.load`` asks from 200 clients at once for a minute.

It serves the seeds in a process of its own, with the limit on one address out of the way, as all
clients have the same one. Reported are the answers by status, the times of the answered questions,
and the server's memory before and after. 503 is no failure: it is how a full server says so.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import httpx
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from eval.figures import format_figure
from eval.serving import served
from eval.speed import QUESTIONS

_STEP = 10
"""Seconds between two looks at the server's memory."""


@dataclass
class Load:
    """What the clients saw.

    Attributes:
        statuses: Number of responses by status; of requests without one by the error's name.
        seconds: Times of the responses of status 200.
        memory: The server's resident memory, in MB of 1,000,000 bytes, at the beginning, every
            ten seconds, and at the end.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def main(
    clients: Annotated[int, typer.Option(min=1, help="Clients that ask at the same time.")] = 200,
    seconds: Annotated[float, typer.Option(min=1, help="How long they ask.")] = 60,
) -> None:
    """Measure and print; exits with 1 if anything but an answer, 429 or 503 came back."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "STEWARD_INDEX": str(Path(folder) / "index"),
            "STEWARD_REQUESTS_PER_MINUTE": "1000000",
        }
        with served(environment) as server:
            load = asyncio.run(ask(server.url, clients, seconds, server.megabytes))
    table = Table("", "here", title=f"{clients} clients, {seconds:g} s")
    for status, number in sorted(load.statuses.items()):
        table.add_row(f"responses {status}", f"{number:,}")
    if load.seconds:
        table.add_row("answers a second", format_figure(len(load.seconds) / seconds, "decimal"))
        for percent in (50, 95, 99):
            time_of = float(np.percentile(load.seconds, percent))
            table.add_row(f"p{percent}", format_figure(time_of, "seconds"))
    memory = (format_figure(megabytes, "megabytes") for megabytes in load.memory)
    table.add_row(f"memory, every {_STEP} s", " → ".join(memory))
    Console().print(table)
    if set(load.statuses) - {"200", "429", "503"}:
        raise typer.Exit(1)


async def ask(
    url: str, clients: int, seconds: float, megabytes: Callable[[], float] | None = None
) -> Load:
    """Ask a server, with so many clients for so long, and watch the memory that it says it has."""
    load = Load()
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(
        base_url=url, limits=limits, timeout=60, trust_env=False
    ) as client:
        for question in QUESTIONS:  # what is loaded at first use is not growth
            await client.post("/api/ask", json={"question": question})
        end = time.perf_counter() + seconds
        watching = asyncio.create_task(_watch(load, megabytes, end))
        await asyncio.gather(*(_one(client, load, first, end) for first in range(clients)))
        await watching
    return load


async def _one(client: httpx.AsyncClient, load: Load, first: int, end: float) -> None:
    """One client: asks the next question when it has heard on the last."""
    asked = first
    while time.perf_counter() < end:
        began = time.perf_counter()
        try:
            response = await client.post(
                "/api/ask", json={"question": QUESTIONS[asked % len(QUESTIONS)]}
            )
        except httpx.HTTPError as error:
            load.statuses[type(error).__name__] += 1
            continue
        load.statuses[str(response.status_code)] += 1
        asked += 1
        if response.status_code == 200:
            load.seconds.append(time.perf_counter() - began)
        else:
            await asyncio.sleep(float(response.headers.get("Retry-After", 1)))


async def _watch(load: Load, megabytes: Callable[[], float] | None, end: float) -> None:
    while megabytes is not None:
        load.memory.append(megabytes())
        left = end - time.perf_counter()
        if left <= 0:
            break
        await asyncio.sleep(min(_STEP, left))


if __name__ == "__main__":
    typer.run(main)
