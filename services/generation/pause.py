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
        self._stored: Pause | None = None
        self._latest_stop: Pause | None = None  # since the start; nobody has resumed it

    @property
    def pause(self) -> Pause | None:
        """The latest stop, which may have come during a pause; else what the database holds."""
        return self._latest_stop or self._stored

    async def load(self) -> None:
        """Load what the last process left."""
        self._stored = await when_available(self._store.get_pause)

    async def begin(self, pause: Pause, *, command: int | None = None) -> bool:
        """Send nothing more, from now on; False when that was so already.

        A stop waits for a database that is away. A command does not, since others wait for it:
        `StoreUnavailable`; but nothing is sent meanwhile.
        """
        fence = self._lease.fence
        if command is None:
            self._latest_stop = pause
            outcome = await when_available(self._store.set_pause, pause, fence=fence)
            await self.load()
        else:
            self._stored = pause
            outcome = await self._store.set_pause(pause, fence=fence, command=command)
            self._stored = await self._store.get_pause()
        return checked(outcome) == Outcome.DONE

    async def end(self, command: int) -> bool:
        """Resume; False if nothing was paused, or by a stop that this command cannot know of."""
        if self._unknown_to(command):
            return False
        fence = self._lease.fence
        outcome = await self._store.set_pause(None, fence=fence, command=command)
        if stop := self._unknown_to(command):  # it came meanwhile, and may have been ended, too
            await self._store.set_pause(stop, fence=fence)
        else:
            self._latest_stop = None
        self._stored = await self._store.get_pause()
        return checked(outcome) == Outcome.DONE

    def _unknown_to(self, command: int) -> Pause | None:
        pause = self.pause
        return pause if pause is not None and pause.is_unknown_to(command) else None
