"""How many of other people's events a second of CPU takes, beside a client that only listens.

Both are connected to a sandbox, each in a process of its own, and get the same frames through the
library's own entrance, as text: messages and edits in other channels, typing, reactions. They take
turns of a moment, so that whatever else the machine does falls on both.
`python -m benchmarks.gateway ours|bare NUMBER` hears so many at each line that it reads, and prints
the seconds of CPU they took.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

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
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Iterator

GOAL, STRETCH = 0.85, 0.95
EVENTS = 20_000
TURNS = 20
"""In which each hears its events."""
_AT_ONCE = 50
"""Events that come before the loop turns to what they have started."""


def figures(pairs: int, events: int = EVENTS) -> list[Figure]:
    """Start both so many times, and let each hear so many events."""
    found = asyncio.run(_pairs(pairs, events))
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


async def _pairs(pairs: int, events: int) -> list[tuple[float, float]]:
    order = random.Random(1)  # noqa: S311 -- an order that is the same each time
    turn = events // TURNS
    found: list[tuple[float, float]] = []
    for _ in range(pairs):
        async with _Side.started("ours", turn) as ours, _Side.started("bare", turn) as bare:
            for _ in range(TURNS):
                for side in order.sample((ours, bare), 2):
                    await side.hear()
            found.append((events / ours.cpu, events / bare.cpu))
    return found


class _Side:
    """One of both processes, and the CPU that its turns took, in seconds."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.cpu = 0.0

    @classmethod
    @asynccontextmanager
    async def started(cls, name: str, turn: int) -> AsyncGenerator[Self]:
        """Start it and let it hear one turn beforehand, which loads what is loaded once."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.gateway", name, str(turn)),
            cwd=ROOT,
            stdin=PIPE,
            stdout=PIPE,
        )
        try:
            side = cls(process)
            await side.hear()
            side.cpu = 0.0
            yield side
        finally:
            await process.communicate()

    async def hear(self) -> None:
        """Let it hear one turn."""
        assert self._process.stdin is not None  # noqa: S101 -- pipes were asked for
        assert self._process.stdout is not None  # noqa: S101 -- pipes were asked for
        self._process.stdin.write(b"\n")
        said = await self._process.stdout.readline()
        if not said:
            raise SetupProblem("The events could not be counted, for the reason above.")
        self.cpu += float(said)


# ------------------------------------------------------------------------------ as a program


async def turns(side: str, events: int) -> None:
    """Hear so many events for each line of the standard input, until it ends."""
    async with Sandbox(public=True) as sandbox:
        with point_library_at(sandbox), TemporaryDirectory() as folder:
            opened = _ours(sandbox, Path(folder)) if side == "ours" else _bare(sandbox)
            async with opened as client:
                frames = _frames(sandbox)
                while await asyncio.to_thread(sys.stdin.readline):
                    heard = list(islice(frames, events))
                    begun = time.process_time()
                    await _feed(client, heard)
                    sys.stdout.write(f"{time.process_time() - begun}\n")
                    sys.stdout.flush()


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


def _frames(sandbox: Sandbox) -> Iterator[str]:
    for at, (kind, data) in enumerate(foreign_events(sandbox)):
        yield json.dumps({"op": 0, "s": at + 1000, "t": kind, "d": data})


if __name__ == "__main__":
    asyncio.run(turns(sys.argv[1], int(sys.argv[2])))
