"""How long this process may act: until its lease may have expired."""

from __future__ import annotations

import asyncio
import contextlib
import math
import uuid
from collections.abc import Callable

import structlog

from domain.errors import StaleFence, StoreUnavailable
from domain.ports import Clock, GenerationStore, Lease
from services.updates import DatabaseAway, DatabaseBack

log = structlog.get_logger(__name__)

RENEWED_AT_WORK, RENEWED_IDLE = 2 / 3, 2 / 5
"""What is left of the lease when it is renewed. At work there is time for an outage before anything
has to wait, and idle for a slow answer: whatever comes then finds more than a third left."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds after a renewal that failed: each pause is twice as long as the one before."""
TOLD_EVERY = 600.0
"""Seconds: people are told of a database that is away no more often than this."""


class LeaseKeeper:
    """Renews the lease, and knows by its own clock how long it lasts.

    The store refuses a process that was replaced, but Discord knows nothing about leases. So a
    process that was frozen must find out itself, before it sends or overwrites anything.
    """

    def __init__(
        self, store: GenerationStore, clock: Clock, seconds: float, lease: Lease, since: float
    ) -> None:
        """Keep the lease, which was requested at `since`, for this many seconds."""
        self.lease = lease
        self._store = store
        self._clock = clock
        self._seconds = seconds
        self._until = since + seconds
        self._over = False
        self._told_at = -math.inf
        self._changed = asyncio.Event()

    @classmethod
    async def begin(cls, store: GenerationStore, clock: Clock, seconds: float) -> LeaseKeeper:
        """Take the lease, or raise `LeaseHeld`."""
        since = clock.monotonic()
        lease = await store.acquire_lease(str(uuid.uuid4()), seconds)
        return cls(store, clock, seconds, lease, since)

    async def end(self) -> None:
        """Release the lease; tasks that wait in `assured` are cancelled.

        If the database is away, the lease expires by itself.
        """
        self._finish()
        with contextlib.suppress(StoreUnavailable):
            await self._store.release_lease(self.lease)

    async def run(
        self,
        tell: Callable[[DatabaseAway | DatabaseBack], None],
        is_at_work: Callable[[], bool],
    ) -> None:
        """Renew the lease in time, until cancelled; `StaleFence` if another process has it."""
        while True:
            kept = RENEWED_AT_WORK if is_at_work() else RENEWED_IDLE
            await self._clock.sleep(max(0.0, self._left() - self._seconds * kept))
            try:
                await self._renew()
            except StoreUnavailable as error:
                await self._renew_when_back(str(error), tell, is_at_work)

    async def _renew_when_back(
        self,
        why: str,
        tell: Callable[[DatabaseAway | DatabaseBack], None],
        is_at_work: Callable[[], bool],
    ) -> None:
        """Try until it is renewed; it is worth a word only when that keeps something waiting."""
        away, told, pause = False, False, FIRST_PAUSE
        while True:
            keeps_waiting = not self.lasts() if is_at_work() else self._left() <= 0
            if not away and keeps_waiting:
                away = True
                log.warning("database_away", why=why, hint="nothing is sent meanwhile")
                now = self._clock.monotonic()
                told = now - self._told_at >= TOLD_EVERY
                if told:
                    self._told_at = now
                    tell(DatabaseAway())
            await self._clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                await self._renew()
                break
            except StoreUnavailable as error:
                why = str(error)
        if away:
            log.warning("database_back")
        if told:
            tell(DatabaseBack())

    async def assured(self) -> None:
        """Wait until there is enough time for one act: a third of the lease.

        A waiting task is cancelled when the lease is released or another process has it.
        """
        while not self.lasts():
            self._go_on()
            await self._changed.wait()

    async def may_speak(self) -> None:
        """Allow answers while the lease has any time left, and while the database is away.

        After a freeze another process may have taken over. So this tries to renew the lease first,
        and cancels the caller if another process has it.
        """
        if self._left() <= 0 and not self._over:
            with contextlib.suppress(StoreUnavailable, StaleFence):
                await self._renew()
        self._go_on()

    def check(self) -> None:
        """Raise `StoreUnavailable` where `assured` would wait, for callers that others wait for."""
        if not self.lasts():
            raise StoreUnavailable("the lease could not be renewed in time")

    def lasts(self) -> bool:
        """Whether there is enough time for one act."""
        return self._left() >= self._seconds / 3

    def _left(self) -> float:
        return -math.inf if self._over else self._until - self._clock.monotonic()

    def _go_on(self) -> None:
        if self._over:
            raise asyncio.CancelledError

    def _finish(self) -> None:
        self._over = True
        self._wake()

    async def _renew(self) -> None:
        began = self._clock.monotonic()
        if not await self._store.renew_lease(self.lease, self._seconds):
            self._finish()
            raise StaleFence
        self._until = began + self._seconds
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
