"""The move: all pictures first, then all rows, and last of all the database is given free.

It can be cut off at any point and begun again: pictures that have arrived are not sent again, rows
are few and written anew.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import stamina

from domain.errors import StaleFence, StoreRefused, StoreUnavailable
from domain.pause import Pause
from domain.reasons import Reason
from services.clock import SystemClock
from services.moving.places import LEASE_SECONDS, MovingSource, Target
from services.moving.tables import TABLES, Digest, WantedPicture, pictures
from services.temporary_files import disk_faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from services.database.rows import Row
    from services.moving.journal import Journal
    from services.moving.places import Rows

RENEWED_EVERY = 60.0
"""Seconds between two renewals of the lease; a picture takes less than the rest of it."""
TRIES = 4


@dataclass(slots=True)
class Moved:
    """How far a move is."""

    wanted: int = 0  #: pictures that rows name
    pictures: int = 0  #: that have arrived
    size: int = 0  #: of these, in bytes
    earlier: int = 0  #: of these, before this run
    missing: list[str] = field(default_factory=list[str])  #: keys of what the source has not
    changed: list[str] = field(default_factory=list[str])  #: not the bytes that the row tells of
    rows: dict[str, int] = field(default_factory=dict[str, int])  #: by table


class Move:
    """Moves everything from an open source to an open target, which both stay locked meanwhile."""

    def __init__(
        self, source: MovingSource, target: Target, journal: Journal, told: Callable[[Moved], None]
    ) -> None:
        """Keep where to; `told` hears how far it is, after each generation."""
        self.moved = Moved()
        self._source = source
        self._target = target
        self._journal = journal
        self._told = told
        self._clock = SystemClock()
        self._renewed = self._clock.monotonic()

    async def run(self) -> None:
        """Move everything.

        Raises `StoreUnavailable` where the same may succeed later, and `StoreRefused` with what a
        person has to do.
        """
        wanted = await wanted_pictures(self._source.rows)
        self.moved.wanted = sum(map(len, wanted))
        await self._target.check(still_to_come(wanted, self._journal))
        for generation in wanted:
            await self._renew()
            await self._copy_all(generation)
            self._told(self.moved)
        for table in TABLES:
            sent, found = Digest(), Digest()
            async for rows in self._source.rows.pages(table):
                await self._renew()
                await self._target.rows.write(table, rows)
                sent.add(rows)
            async for rows in self._target.rows.pages(table):
                found.add(rows)
            if sent.value() != found.value():
                raise StoreRefused(f"{table.name} did not arrive as it was: run the same again")
            self.moved.rows[table.name] = sent.rows
        self._journal.note_end()
        await self._target.rows.finish(_without_our_pause(await self._source.rows.state()))
        await retire(self._source, self._journal)

    async def _renew(self) -> None:
        """Keep a worker from beginning with the source."""
        now = self._clock.monotonic()
        if now - self._renewed < RENEWED_EVERY:
            return
        source = self._source
        if not await source.store.renew_lease(source.lease, LEASE_SECONDS):
            raise StaleFence("another process works on what is to be moved")
        self._renewed = now

    async def _copy_all(self, generation: list[WantedPicture]) -> None:
        """Copy the pictures of a generation at once."""
        arrived = await self._arrived(generation)
        copies = [self._copy(one) for one in generation if one.key not in arrived]
        results = await asyncio.gather(*copies, return_exceptions=True)
        for error in results:
            if isinstance(error, BaseException):
                raise error
        for one in generation:
            if one.key in arrived:
                self._count(one.size)
                self.moved.earlier += 1

    async def _arrived(self, generation: list[WantedPicture]) -> set[str]:
        """Return the keys of what has arrived in an earlier run and is still there."""
        noted = [one for one in generation if self._journal.has(one.key, one.sha256)]
        if not noted:
            return set()
        generation_id = noted[0].key.partition("/")[0]
        there = {o.key: o.size for o in await self._target.images.list_objects(generation_id)}
        return {one.key for one in noted if there.get(one.key) == one.size}

    async def _copy(self, one: WantedPicture) -> None:
        """Copy a picture, and read it back."""
        tries = stamina.retry_context(
            on=StoreUnavailable, attempts=TRIES, timeout=None, wait_initial=0.5, wait_max=10.0
        )
        async for attempt in tries:
            with attempt:
                await self._try(one)

    async def _try(self, one: WantedPicture) -> None:
        async with self._source.originals.file(one.key) as original:
            if original is None:
                self.moved.missing.append(one.key)
                return
            sent = await asyncio.to_thread(_sha256, original)
            size = (await asyncio.to_thread(original.stat)).st_size
            await self._target.images.put(one.key, original)
        async with self._target.originals.file(one.key) as copy:
            if copy is None or await asyncio.to_thread(_sha256, copy) != sent:
                raise StoreUnavailable(f"{one.key} did not arrive as it was")
        if sent != one.sha256:
            self.moved.changed.append(one.key)
        self._journal.note(one.key, sent)
        self._count(size)

    def _count(self, size: int) -> None:
        self.moved.pictures += 1
        self.moved.size += size


async def wanted_pictures(rows: Rows) -> list[list[WantedPicture]]:
    """Return the pictures that rows name, by generation."""
    found: list[list[WantedPicture]] = []
    async for page in rows.pages(TABLES[0]):
        found += filter(None, (list(pictures(row)) for row in page))
    return found


def still_to_come(wanted: list[list[WantedPicture]], journal: Journal) -> list[WantedPicture]:
    """Return those that no earlier run has brought."""
    each = (one for generation in wanted for one in generation)
    return [one for one in each if not journal.has(one.key, one.sha256)]


async def retire(source: MovingSource, journal: Journal) -> None:
    """Pause the queue of what was moved: what waits there would be paid for twice."""
    pause = Pause(words=Reason.MOVED, since=SystemClock().now())
    await source.store.set_pause(pause, fence=source.lease.fence)
    journal.remove()


def _without_our_pause(state: Row) -> Row:
    """Return the state, without the pause of an earlier move from there."""
    if state["paused_words"] != Reason.MOVED:
        return state
    return state | {"paused_since": None, "paused_words": None, "paused_by": None}


def _sha256(path: Path) -> str:
    with disk_faults(), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
