"""How many of other people's events a second of CPU takes, beside a client that only listens.

Both are connected to a sandbox, each in a process of its own, and get the same frames through the
library's own entrance, as text: messages and edits in other channels, typing, reactions.
`python -m benchmarks.gateway ours|bare NUMBER` prints the events per second of CPU.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import discord

import bot as worker
import config
from benchmarks.figures import Figure, spread
from benchmarks.foreign import foreign_events
from sandbox.people import OWNER
from sandbox.pointing import point_library_at
from sandbox.server import Sandbox
from services import logs
from tools.environment import ROOT, SetupProblem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

GOAL, STRETCH = 0.85, 0.95
EVENTS = 20_000
_AT_ONCE = 50
"""Events that come before the loop turns to what they have started."""


def figures(pairs: int, events: int = EVENTS) -> list[Figure]:
    """Measure both so many times, in random order within each pair."""
    order = random.Random(1)  # noqa: S311 -- an order that is the same each time
    found: list[tuple[float, float]] = []
    for _ in range(pairs):
        if order.random() < 0.5:  # noqa: PLR2004 -- a coin
            ours = _run("ours", events)
            found.append((ours, _run("bare", events)))
        else:
            bare = _run("bare", events)
            found.append((_run("ours", events), bare))
    return [
        Figure(
            name="foreign events per second of CPU, beside a bare client",
            unit="/s",
            ours=spread([ours for ours, _ in found]),
            reference=spread([bare for _, bare in found]),
            ratio=spread([ours / bare for ours, bare in found]),
            goal=GOAL,
            stretch=STRETCH,
            more_is_better=True,
        )
    ]


def _run(side: str, events: int) -> float:
    run = subprocess.run(  # noqa: S603 -- this Python, and a number
        [sys.executable, "-m", "benchmarks.gateway", side, str(events)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    if run.returncode != 0:
        raise SetupProblem(f"The events of {side} could not be counted, for the reason above.")
    return float(run.stdout)


# ------------------------------------------------------------------------------ as a program


async def rate(side: str, events: int) -> float:
    """Return the events per second of CPU of one side."""
    async with Sandbox(public=True) as sandbox:
        with point_library_at(sandbox), TemporaryDirectory() as folder:
            opened = _ours(sandbox, Path(folder)) if side == "ours" else _bare(sandbox)
            async with opened as client:
                frames = _frames(sandbox, events)
                await _feed(client, frames[: events // 10])  # loads what is loaded once
                begun = time.process_time()
                await _feed(client, frames)
                return len(frames) / (time.process_time() - begun)


async def _feed(client: discord.Client, frames: list[str]) -> None:
    socket: Any = client.ws
    for start in range(0, len(frames), _AT_ONCE):
        for frame in frames[start : start + _AT_ONCE]:
            await socket.received_message(frame)
        for _ in range(4):  # a listener's task begins, goes on and ends
            await asyncio.sleep(0)


@asynccontextmanager
async def _ours(sandbox: Sandbox, folder: Path) -> AsyncGenerator[discord.Client]:
    logs.configure("logfmt", ())
    facts: dict[str, Any] = {
        "discord_token": sandbox.token,
        "discord_channel_id": sandbox.channel_id,
        "owner_ids": {sandbox.people[OWNER].id},
        "data_dir": folder,
        "pictures_address": "127.0.0.1:0",
    }
    values = config.Settings(_env_file=None, **facts)  # pyright: ignore[reportCallIssue] -- pydantic-settings' own argument
    client = worker.AtelierBot(values, frozenset({sandbox.cdn_base}))
    worker.settle_in(client)
    async with _running(client, worker.run(client)):
        yield client


@asynccontextmanager
async def _bare(sandbox: Sandbox) -> AsyncGenerator[discord.Client]:
    client = discord.Client(max_messages=None, chunk_guilds_at_startup=False)
    async with _running(client, client.start(sandbox.token)):
        yield client


@asynccontextmanager
async def _running(client: discord.Client, work: Any) -> AsyncGenerator[None]:
    task = asyncio.get_running_loop().create_task(work, name="client")
    try:
        async with asyncio.timeout(60):
            while not client.is_ready():
                await asyncio.sleep(0.05)
                if task.done():
                    await task
        await asyncio.sleep(1)  # what a start goes on to do
        yield
    finally:
        await client.close()
        task.cancel()
        await asyncio.wait([task])


def _frames(sandbox: Sandbox, number: int) -> list[str]:
    return [
        json.dumps({"op": 0, "s": at + 1000, "t": kind, "d": data})
        for at, (kind, data) in enumerate(foreign_events(sandbox, number))
    ]


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(rate(sys.argv[1], int(sys.argv[2])))}\n")
