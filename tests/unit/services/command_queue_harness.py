"""A command queue with small limits on a real database, and helpers for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from domain.ports import Lease
from services.command_queue import CommandQueue
from services.database.sqlite import SqliteGenerationStore
from tests.fakes import FakeClock

NO_LEASE = Lease("nobody", 0)


class CommandQueueHarness:
    """A command queue, and what tests do with it. Nothing is made: the loop does not run."""

    def __init__(
        self, store: SqliteGenerationStore, command_queue: CommandQueue, clock: FakeClock
    ) -> None:
        self.store, self.command_queue, self.clock = store, command_queue, clock
        self.log: list[object] = []
        self.looks: asyncio.Queue[None] = asyncio.Queue()

    async def command(self, message_id: int, error: Exception | None = None) -> bool:
        """Hand a command in; True when it was its turn for the first time."""
        async with self.command_queue.turn(message_id) as first:
            if first:
                await asyncio.sleep(0)
                self.log.append(message_id)
                if error is not None:
                    raise error
        return first

    async def failing(self, message_id: int, error: Exception) -> None:
        """Hand in a command that fails."""
        with pytest.raises(type(error)):
            await self.command(message_id, error)

    @asynccontextmanager
    async def at_work(self, catch_up: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
        """Run the catch-up during the block."""

        async def and_say_so() -> None:
            await catch_up()
            self.looks.put_nowait(None)

        self.command_queue.when_missed(and_say_so)
        work = asyncio.create_task(self.command_queue.run())
        yield
        work.cancel()

    async def caught_up(self) -> None:
        """Wait until a gap has been caught up with."""
        await self.clock.advance(0)
        self.looks.get_nowait()

    async def mark(self) -> int | None:
        return await self.store.get_mark()
