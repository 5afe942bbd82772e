"""The pause of the queue: a fact of the database, and the copy of it that is looked at."""

from __future__ import annotations

from domain.pause import Pause
from domain.ports import GenerationStore, Lease, Outcome, checked
from services.retry import when_available


class QueuePause:
    """While there is a pause, nothing is sent to Midjourney."""

    def __init__(self, store: GenerationStore, lease: Lease) -> None:
        """Nothing is known of the database yet: `load`."""
        self._store = store
        self._lease = lease
        self.pause: Pause | None = None
        self.latest_stop: Pause | None = None
        """The one that came last since the start, also during a pause."""

    async def load(self) -> None:
        """Load what the last process left."""
        self.pause = await when_available(self._store.get_pause)

    async def begin(self, pause: Pause, *, command: int | None = None) -> bool:
        """Send nothing more, from now on; False when that was so already.

        A stop waits for a database that is away. A command does not, since others wait for it:
        `StoreUnavailable`; but nothing is sent meanwhile.
        """
        self.pause = pause
        fence = self._lease.fence
        if command is None:
            self.latest_stop = pause
            outcome = await when_available(self._store.set_pause, pause, fence=fence)
            await self.load()
        else:
            outcome = await self._store.set_pause(pause, fence=fence, command=command)
            self.pause = await self._store.get_pause()
        return checked(outcome) == Outcome.DONE

    async def end(self, *, command: int | None = None) -> bool:
        """Resume; False if nothing was paused."""
        outcome = await self._store.set_pause(None, fence=self._lease.fence, command=command)
        done = checked(outcome) == Outcome.DONE
        self.pause = await self._store.get_pause()  # a stop may have come meanwhile
        return done
