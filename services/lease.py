"""The time for which this process may act: until the lease that it holds could have ended."""

from __future__ import annotations

import asyncio
import contextlib
import math
import uuid
from collections.abc import Callable

import structlog

from domain.errors import StaleFence, StoreUnavailable
from domain.ports import Clock, GenerationStore, Lease
from services.retry import when_available
from services.updates import DatabaseAway

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Renews the lease, and knows by its own clock how long that lasts.

    The store refuses whoever was replaced, but Discord knows nothing of leases: a process that was
    frozen must find out by itself, before it asks for anything or undoes what its successor wrote.
    """

    def __init__(
        self, store: GenerationStore, clock: Clock, seconds: float, lease: Lease, since: float
    ) -> None:
        """`lease` was asked for at `since`, for so many seconds."""
        self.lease = lease
        self._store = store
        self._clock = clock
        self._seconds = seconds
        self._until = since + seconds
        self._over = False
        self._changed = asyncio.Event()

    @classmethod
    async def begin(cls, store: GenerationStore, clock: Clock, seconds: float) -> LeaseKeeper:
        """Take the lease, or raise `LeaseHeld`."""
        since = clock.monotonic()
        lease = await store.acquire_lease(str(uuid.uuid4()), seconds)
        return cls(store, clock, seconds, lease, since)

    async def end(self) -> None:
        """Release the lease: nothing is assured any more, and nothing waits for it."""
        self._finish()
        await self._store.release_lease(self.lease)

    async def run(self, tell: Callable[[DatabaseAway], None]) -> None:
        """Renew the lease each third of its time, until `StaleFence`: another process has it."""
        while True:
            await self._clock.sleep(max(0.0, self._left() - self._seconds * 2 / 3))
            try:
                await self._renew()
            except StoreUnavailable as error:
                log.warning("database_away", why=str(error), hint="nothing is sent meanwhile")
                tell(DatabaseAway())
                await when_available(self._renew)
                log.warning("database_back")

    async def assured(self) -> None:
        """Wait until there is time enough for one act: a third of the lease.

        Whoever waits at the end, or when another process has it, is cancelled.
        """
        while not self.lasts():
            self._go_on()
            await self._changed.wait()

    async def may_speak(self) -> None:
        """Let people be answered while anything is left, and while the database is away.

        Who was frozen does not know yet whether another process answers them by now, and asks; if
        that is so, whoever wants to speak is cancelled.
        """
        if self._left() <= 0 and not self._over:
            with contextlib.suppress(StoreUnavailable, StaleFence):
                await self._renew()
        self._go_on()

    def check(self) -> None:
        """Raise `StoreUnavailable` where `assured` would wait, for whoever holds others up."""
        if not self.lasts():
            raise StoreUnavailable("the lease could not be renewed in time")

    def lasts(self) -> bool:
        """Whether there is time enough for one act."""
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
