"""Whose turn it is: the next generation of the queue, claimed when nothing else is at work."""

from __future__ import annotations

from datetime import datetime

from domain.generation import Generation
from domain.ports import Clock, GenerationStore, Lease, checked
from services.generation.inbox import Inbox
from services.generation.waits import Waits
from services.retry import when_available

LOOK_EVERY = 120.0
"""Seconds: how often a waiting generation is looked for when nothing says that there is one. People
tell of theirs, and a row says how long it waits; so this is for what was changed by hand."""
KNOWN = 100
"""Of how many that wait at the start it is noted how long each of them does."""


class Claims:
    """Asks the database for the next one when there may be one, and not at each tick."""

    def __init__(
        self, store: GenerationStore, lease: Lease, clock: Clock, inbox: Inbox, waits: Waits
    ) -> None:
        """Look at the first tick."""
        self._store = store
        self._lease = lease
        self._clock = clock
        self._inbox = inbox
        self._waits = waits
        self._awaited: set[datetime] = set()
        self._next_look = clock.monotonic()

    async def load(self) -> None:
        """Note how long those wait that the last process has put off."""
        for generation in await when_available(self._store.list_queue, KNOWN):
            if generation.not_before is not None:
                self.look_at(generation.not_before)

    def look_soon(self) -> None:
        """Have the loop look at once."""
        self._next_look = self._clock.monotonic()
        self._inbox.tick()

    def look_at(self, moment: datetime) -> None:
        """Look then at the latest: somebody's time has come."""
        self._awaited.add(moment)

    def seconds_left(self) -> float:
        """Return in how many seconds it is time to look; 0 or less where it is now."""
        look = self._next_look - self._clock.monotonic()
        return min((look, *map(self._waits.left, self._awaited)))

    async def next(self) -> Generation | None:
        """Claim the next one and return it; None when it is not time to look, or none waits."""
        come = {moment for moment in self._awaited if self._waits.are_over(moment)}
        if not come and self._clock.monotonic() < self._next_look:
            return None
        self._awaited -= come
        self._next_look = self._clock.monotonic() + LOOK_EVERY
        now = max([self._clock.now(), *come])  # the clock may have been put back meanwhile
        change = await when_available(self._store.claim_next, now=now, fence=self._lease.fence)
        checked(change.outcome)
        return change.generation
