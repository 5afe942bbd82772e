"""An orchestrator on a real database, with a scripted Midjourney and a fake clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Protocol

from domain.effects import TimeLimits
from domain.events import (
    GivenUp,
    JobFinished,
    PictureStored,
)
from domain.generation import Generation, Status
from domain.ports import Lease, Query
from domain.quota import Quota
from domain.sender import Answer, Postponed, Press, Ready, Taken, Unknown, Withdrawn
from domain.slots import Slot
from services.database.sqlite import SqliteGenerationStore
from services.generation.orchestrator import Orchestrator
from services.generation.service import GenerationService
from services.updates import Update
from tests.builders import (
    grid,
    new_generation,
    picture,
    waiting,
)
from tests.database_template import put_into
from tests.fakes import MOST_SECONDS, FakeClock

LIMITS = TimeLimits(unanswered=10, unpressed=10, unchanged=20, queued=30)

LATER = 2**62
"""A message after all others."""


class ScriptedSender:
    """Gives the answers of the test, and records what it was asked to send."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.outage: Postponed | None = None
        self.sent: list[tuple[str, Slot]] = []
        self.presses: list[Press] = []
        self.stopped: list[str] = []
        self.live_grid: JobFinished | None = None
        self._nonces = count(1)
        self.prepared, self.about_to_send, self.reachable = (asyncio.Event() for _ in range(3))
        for event in (self.prepared, self.about_to_send, self.reachable):
            event.set()

    def new_nonce(self) -> str:
        return str(next(self._nonces))

    async def prepare(self, press: Press | None) -> Ready:
        await self.prepared.wait()
        return Ready("session")

    async def send(
        self,
        generation: Generation,
        slot: Slot,
        press: Press | None,
        may_go: Callable[[], bool],
    ) -> Answer:
        assert (press is None) == (slot == Slot.GRID and not generation.origin.by_button)
        await self.about_to_send.wait()
        if not may_go():
            return Withdrawn()
        self.sent.append((generation.prompt, slot))
        if press is not None:
            self.presses.append(press)
        await self.reachable.wait()
        if self.outage is not None:
            return self.outage
        return self.answers.pop(0) if self.answers else Taken()

    async def read_grid(self, message_id: int) -> JobFinished | None:
        return self.live_grid

    async def stop_job(self, generation: Generation) -> None:
        self.stopped.append(generation.prompt)


class NoPictures:
    """An image store that is asked to delete only."""

    async def delete(self, keys: Collection[str]) -> None: ...


class Copies(Protocol):
    """Stores pictures."""

    async def copy(
        self, generation: Generation, slot: Slot, delayed: Callable[[int], Awaitable[None]]
    ) -> PictureStored | GivenUp: ...


class InstantCopier:
    """Stores every picture at once."""

    async def copy(
        self, generation: Generation, slot: Slot, delayed: Callable[[int], Awaitable[None]]
    ) -> PictureStored | GivenUp:
        return PictureStored(slot, picture(generation.id, slot))

    def __init__(self) -> None:
        self.discarded: list[str] = []

    async def discard(self, key: str) -> None:
        self.discarded.append(key)


class OrchestratorHarness:
    """An orchestrator, and what tests do with it."""

    def __init__(
        self,
        store: SqliteGenerationStore,
        lease: Lease,
        clock: FakeClock,
        limits: TimeLimits = LIMITS,
    ) -> None:
        self.store, self.clock, self.lease = store, clock, lease
        self.sender = ScriptedSender()
        self.copier = InstantCopier()
        self.news: list[Update] = []
        self.orchestrator = Orchestrator(
            store=store,
            lease=lease,
            sender=self.sender,
            copier=self.copier,  # pyright: ignore[reportArgumentType] -- has the one method that is used
            clock=clock,
            limits=limits,
        )
        self.generations = GenerationService(
            store=store,
            images=NoPictures(),  # pyright: ignore[reportArgumentType] -- has the one method that is used
            lease=lease,
            orchestrator=self.orchestrator,
            limits=Quota(),
            clock=clock,
        )
        self.orchestrator.notifier.subscribe(self.news.append)

    def use(self, copier: Copies) -> None:
        """Use another copier from now on."""
        self.copier.copy = copier.copy

    async def submit(self, prompt: str = "a cat") -> Generation:
        accepted = await self.generations.submit(new_generation(prompt=prompt), owner=True)
        return accepted.generation

    async def until(self, condition: Callable[[Generation], bool], prompt: str = "a cat") -> None:
        """Let time pass, one second at a time, until a row meets a condition."""
        await self.clock.advance(0)
        for _ in range(MOST_SECONDS):
            if condition(await self.row(prompt)):
                return
            await self.clock.advance(1)
        raise AssertionError(await self.row(prompt))

    async def row(self, prompt: str = "a cat") -> Generation:
        """Return a row with all that is known of it, also what has not had to be committed yet."""
        await self.orchestrator.caught_up()
        rows = await self.store.list_generations(Query(limit=100))
        return next(row for row in rows if row.prompt == prompt)

    async def sent(self, slot: Slot, times: int = 1) -> None:
        """Wait until a request for a slot was made and its outcome is on the row."""
        await self.clock.advance_until(
            lambda: [sent for _, sent in self.sender.sent].count(slot) >= times
        )


def snowflake(moment: datetime) -> int:
    """Return the id that Discord gives to what it makes at that moment."""
    since_2015 = moment - datetime(2015, 1, 1, tzinfo=UTC)
    return int(since_2015.total_seconds() * 1000) << 22


@asynccontextmanager
async def working(
    folder: Path, clock: FakeClock | None = None, *, limits: TimeLimits = LIMITS
) -> AsyncGenerator[OrchestratorHarness]:
    clock = clock or FakeClock()
    store = await SqliteGenerationStore.open(await put_into(folder), clock=clock)
    try:
        lease = await store.acquire_lease("test", 30)
        harness = OrchestratorHarness(store, lease, clock, limits)
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(harness.orchestrator.run())
            yield harness
            work.cancel()
    finally:
        await store.close()


async def finish_grid(harness: OrchestratorHarness, **changes: object) -> None:
    """Let Midjourney make the grid, and wait until it is stored."""
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    nonce = (await harness.row()).step(Slot.GRID).nonce
    harness.orchestrator.hear(waiting(nonce=nonce))
    harness.orchestrator.hear(grid(**changes))
    await harness.until(lambda row: Slot.GRID in row.stored)


async def unanswered(harness: OrchestratorHarness, prompt: str) -> None:
    """Request something that Midjourney never answers, and wait until the bot gives up."""
    harness.sender.answers = [Unknown("HTTP 504")]
    await harness.submit(prompt)
    await harness.until(lambda row: row.status == Status.NEEDS_ATTENTION, prompt)


async def asked(harness: OrchestratorHarness, prompt: str) -> str:
    """Request something, and return the nonce of the request."""
    await harness.submit(prompt)
    await harness.until(lambda row: row.step(Slot.GRID).delivered_at is not None, prompt)
    return (await harness.row(prompt)).step(Slot.GRID).nonce or ""
