"""A reader of the history, with a gateway, an orchestrator and a clock of the test's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from domain.errors import ChannelUnavailable
from domain.messages import MessageSnapshot
from services.generation.inbox import HistoryPage
from services.generation.recovery import Recovery
from tests.fakes import FakeClock

SINCE = 7


class FakeConnection:
    """A gateway that connects when the test says so, and a history that counts its readers."""

    account_id = 1
    connected = True

    def __init__(self, clock: FakeClock) -> None:
        self.connects = 0
        self.reads = 0
        self.away: ChannelUnavailable | None = None
        self.pages: list[list[MessageSnapshot]] = []
        self.takes = 0.0
        self._clock = clock

    async def since(self, message_id: int) -> AsyncGenerator[list[MessageSnapshot]]:
        assert message_id == SINCE
        self.reads += 1
        self._clock.jump(self.takes)
        if self.away is not None:
            raise self.away
        for page in self.pages:
            yield page


class FakeOrchestrator:
    """An orchestrator that waits for something, and for how long nothing was heard."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.awaits: int | None = SINCE
        self.has_taken_up = True
        self.last_sign = 0.0
        self.lacks = False
        self.looks: list[HistoryPage] = []
        self.restarts = self.readings = 0
        self.unread = False

    def first_unknown(self) -> int | None:
        return self.awaits

    def silence(self) -> float:
        return self._clock.monotonic() - self.last_sign

    def judge_silence(self, *, counts: bool, unread: bool) -> None:
        self.restarts += not counts
        self.unread = unread

    @contextmanager
    def looking(self) -> Generator[None]:
        self.readings += 1
        yield

    def misses(self) -> bool:
        return self.lacks

    async def caught_up(self) -> None: ...

    def look_back(self, look: HistoryPage) -> None:
        self.looks.append(look)


class RecoveryHarness:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.connection = FakeConnection(self.clock)
        self.orchestrator = FakeOrchestrator(self.clock)
        self.hears = True
        self.recovery = Recovery(self.connection, self.orchestrator, self.clock, lambda: self.hears)  # pyright: ignore[reportArgumentType] -- they have what is used

    async def reads_within(self, seconds: float) -> int:
        before = self.connection.reads
        await self.clock.advance(seconds)
        return self.connection.reads - before


@asynccontextmanager
async def running() -> AsyncGenerator[RecoveryHarness]:
    harness = RecoveryHarness()
    work = asyncio.create_task(harness.recovery.run())
    await harness.clock.advance(0)
    yield harness
    work.cancel()
    await asyncio.wait([work])
