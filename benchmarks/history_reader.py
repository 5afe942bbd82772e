"""Reads the history of a sandbox once, as a worker that starts; prints what it took as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import structlog

import bot as worker
import config
from domain.generation import NewGeneration, Status
from domain.slots import Slot
from sandbox.past_messages import PROMPT, SPACING
from sandbox.pointing import point_library_at
from services.clock import SystemClock
from services.discord.connection import nonce_at
from services.stores import open_stores
from services.web_server import WebServer
from tools.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from structlog.typing import EventDict

TICK = 0.002
"""Seconds between two looks at the clock."""
LONGEST = 600.0
"""Seconds within which all must have been read."""
MEGABYTE = 2**20
UNIT = 1 if sys.platform == "darwin" else 1024  # of `ru_maxrss`, in bytes


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """A sandbox in a process of its own, as it presented itself."""

    facts: dict[str, Any]
    api_base: str
    gateway_url: str
    cdn_base: str


@dataclass(slots=True)
class Witness:
    """Hears what the worker logs."""

    ready: asyncio.Event = field(default_factory=asyncio.Event)
    read: asyncio.Event = field(default_factory=asyncio.Event)
    pages: int = 0

    def hear(self, _: object, __: str, line: EventDict) -> EventDict:
        """Note the two lines that matter and drop all."""
        if line["event"] == "ready":
            self.ready.set()
        if line["event"] == "history_read" and not self.read.is_set():
            self.pages = line["pages"]
            self.read.set()
        raise structlog.DropEvent


async def measured(messages: int) -> dict[str, Any]:
    """Start a worker in front of so many messages, and return the fields of a `HistoryCost`."""
    witness = Witness()
    structlog.configure(processors=[witness.hear])
    with TemporaryDirectory() as folder:
        async with _sandbox(messages) as sandbox:
            values = _settings(sandbox, Path(folder))
            await _await_since(values, messages)
            bot = worker.AtelierBot(values, frozenset({sandbox.cdn_base}))
            worker.settle_in(bot)
            with point_library_at(sandbox):
                async with asyncio.TaskGroup() as tasks, asyncio.timeout(LONGEST):
                    work = tasks.create_task(worker.run(bot), name="worker")
                    await witness.ready.wait()
                    begun, peak = time.monotonic(), _peak()
                    gap = await _longest_gap(witness.read)
                    seconds, grown = time.monotonic() - begun, _peak() - peak
                    work.cancel()
    return {
        "messages": messages,
        "pages": witness.pages,
        "seconds": round(seconds, 1),
        "gap_ms": round(gap * 1000, 1),
        "grown_mb": round(grown / MEGABYTE, 1),
    }


async def _longest_gap(over: asyncio.Event) -> float:
    """Return the longest time in which the event loop did something else."""
    longest, before = 0.0, time.monotonic()
    while not over.is_set():
        await asyncio.sleep(TICK)
        now = time.monotonic()
        longest, before = max(longest, now - before - TICK), now
    return longest


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


@contextlib.asynccontextmanager
async def _sandbox(messages: int) -> AsyncGenerator[SandboxProcess]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--past-messages", str(messages)), cwd=ROOT, stdout=PIPE
    )
    try:
        assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
        facts = json.loads(await process.stdout.readline())
        yield SandboxProcess(facts, facts["api"], facts["gateway"], facts["cdn"])
    finally:
        process.terminate()
        await process.wait()


def _settings(sandbox: SandboxProcess, folder: Path) -> config.Settings:
    facts: dict[str, Any] = {
        "discord_token": sandbox.facts["token"],
        "discord_channel_id": sandbox.facts["channel_id"],
        "owner_ids": sandbox.facts["people"]["ann"]["id"],
        "data_dir": folder,
        "pictures_address": "127.0.0.1:0",
    }
    return config.Settings(_env_file=None, **facts)  # pyright: ignore[reportCallIssue] -- pydantic-settings' own argument


async def _await_since(values: config.Settings, messages: int) -> None:
    """Store a generation that was asked for before all messages and was never answered."""
    asked_at = datetime.now(UTC) - timedelta(seconds=(messages + 2) * SPACING)
    async with AsyncExitStack() as opened:
        server = WebServer(values.pictures_address)
        store, _ = await open_stores(values, SystemClock(), opened, server)
        lease = await store.acquire_lease("benchmark", 60)
        new = NewGeneration(
            id="00000000-0000-4000-8000-000000000000",
            code="222222",
            prompt=PROMPT,
            author_id=1,
            author_name="Ann",
            guild_id=1,
            channel_id=values.discord_channel_id,
            command_message_id=int(nonce_at(asked_at)),
        )
        await store.create_generation(new, fence=lease.fence)
        row = (await store.claim_next(now=datetime.now(UTC), fence=lease.fence)).row
        asked = replace(
            row.step(Slot.GRID),
            intended_at=asked_at,
            nonce=nonce_at(asked_at),
            session_id="one of the past",
            attempts=1,
            delivered_at=asked_at,
        )
        after = replace(row.with_step(Slot.GRID, asked), status=Status.SUBMITTED)
        await store.update_generation(row, after, event="Intended", fence=lease.fence)
        await store.release_lease(lease)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(measured(int(sys.argv[1])))) + "\n")
