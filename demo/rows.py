"""Follows the rows of generations in the store while the bot writes them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, NoReturn

from domain.errors import StoreUnavailable
from domain.generation import ACTIVE, Generation, Status
from domain.ports import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.ports import GenerationReader
    from sandbox import Sandbox

LOOK_SECONDS = 0.2
"""How often to look at the rows when nothing happens in the channel."""
NEWEST = 10
"""How many rows to look at; those that are not over yet are looked at in any case."""
UNFINISHED = ACTIVE | {Status.QUEUED}


class RowWatch:
    """The rows that came since it began, as it saw them last."""

    def __init__(self, reader: GenerationReader) -> None:
        """See nothing yet."""
        self.seen: dict[str, Generation] = {}  #: by id
        self._reader = reader
        self._last_seq = 0  # of the rows that were there before
        self._happened = asyncio.Event()
        self._looked = asyncio.Event()
        self._listeners: list[Callable[[Generation], None]] = []

    def when_completed(self, listener: Callable[[Generation], None]) -> None:
        """Call back for each generation that has its pictures and its final notice."""
        self._listeners.append(listener)

    async def begin(self) -> None:
        """Leave out the rows that are there already."""
        newest = await self._reader.list_generations(Query(limit=1))
        self._last_seq = newest[0].seq if newest else 0

    async def follow(self, sandbox: Sandbox) -> NoReturn:
        """Look at the rows after each change of the channel, and once more a little later.

        The bot may write a row after it has said so.
        """
        sandbox.watch(self._hear)
        while True:
            with contextlib.suppress(StoreUnavailable):  # it may be in trouble, as a bot may be
                await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._happened.wait()
            self._happened.clear()

    async def change(self) -> None:
        """Wait for the next look at the rows."""
        await self._looked.wait()

    async def look(self) -> None:
        """Look at the rows once, and wake whoever waits for a change."""
        found = {each.id: each for each in await self._reader.list_generations(Query(limit=NEWEST))}
        for known in tuple(self.seen.values()):
            if not is_over(known) and known.id not in found:
                row = await self._reader.get_generation(known.id)
                found[known.id] = row or known
        for generation in found.values():
            if generation.seq > self._last_seq:
                self._note(generation)
        self._looked.set()
        self._looked = asyncio.Event()

    def _hear(self, *_: object) -> None:
        self._happened.set()

    def _note(self, generation: Generation) -> None:
        """Remember the row, and call back once when its generation is over."""
        before = self.seen.get(generation.id)
        self.seen[generation.id] = generation
        was_over = before is not None and is_over(before)
        if generation.status == Status.COMPLETED and is_over(generation) and not was_over:
            for listener in self._listeners:
                listener(generation)


def is_over(generation: Generation) -> bool:
    """Return whether a generation has ended and its person knows, as whoever cancels it does."""
    if generation.status in UNFINISHED:
        return False
    return generation.notice_message_id is not None or generation.status == Status.CANCELLED
