"""Whose turn it is: the next generation of the queue, claimed when nothing else is at work."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.generation import Generation
from domain.ports import Clock, GenerationStore, Lease, checked
from services.generation.inbox import Inbox, Tick
from services.retry import when_available

LOOK_EVERY = timedelta(seconds=20)
"""How often a waiting generation is looked for when nothing says that there is one."""


class Claims:
    """Asks the database for the next one when there may be one, and not at each tick."""

    def __init__(self, store: GenerationStore, lease: Lease, clock: Clock, inbox: Inbox) -> None:
        """Look at the first tick."""
        self._store = store
        self._lease = lease
        self._clock = clock
        self._inbox = inbox
        self._next_look = clock.now()

    def look_soon(self) -> None:
        """Have the loop look at once."""
        self._next_look = self._clock.now()
        self._inbox.put(Tick())

    def look_at(self, moment: datetime) -> None:
        """Look then at the latest: somebody's time has come."""
        self._next_look = min(self._next_look, moment)

    async def next(self) -> Generation | None:
        """Claim the next one and return it; None when it is not time to look, or none waits."""
        now = self._clock.now()
        if now < self._next_look:
            return None
        self._next_look = now + LOOK_EVERY
        change = await when_available(self._store.claim_next, now=now, fence=self._lease.fence)
        checked(change.outcome)
        return change.generation
