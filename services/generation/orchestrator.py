"""The orchestrator: what everybody else sees of the work on generations.

Everything that happens comes to one inbox: what was heard from Midjourney, what people asked for,
what became of the effects, and the passing of time. One loop decides about it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator

from domain.effects import TimeLimits
from domain.events import Event, Heard, Request
from domain.generation import Generation
from domain.ports import Clock, GenerationStore, Lease
from domain.sender import Sender
from services.alarm import Alarm
from services.generation.claims import Claims
from services.generation.gate import Gate
from services.generation.hold import Hold
from services.generation.inbox import Answered, HistoryPage, Inbox, LiveEvent
from services.generation.loop import Loop, until_tick
from services.generation.notifier import Notifier
from services.generation.pause import QueuePause
from services.generation.repository import Repository
from services.generation.timeouts import Timeouts
from services.generation.tracker import Tracker
from services.generation.unsaved import UnsavedEvents
from services.generation.waits import Waits
from services.generation.worker import Worker
from services.pictures.copier import PictureCopier


class Orchestrator:
    """The one active generation, and those that ended lately."""

    has_taken_up = False  #: whether the rows are known that the last process was at work on

    def __init__(
        self,
        *,
        store: GenerationStore,
        lease: Lease,
        sender: Sender,
        copier: PictureCopier,
        clock: Clock,
        limits: TimeLimits,
    ) -> None:
        """Put the parts together; `run` starts the work."""
        self.notifier = Notifier()
        self.queue_pause = QueuePause(store, lease)
        self.hold = Hold(clock)
        self._alarm = Alarm(clock)
        self._inbox = Inbox()
        self._tracker = Tracker(clock)
        waits = Waits(clock)
        self._claims = Claims(store, lease, clock, self._inbox, waits)
        self._timeouts = Timeouts(limits, clock)
        repository = Repository(store, lease, clock, self._tracker, UnsavedEvents(clock))
        gate = Gate(self.queue_pause, self.hold, waits)
        self._worker = Worker(
            sender=sender,
            copier=copier,
            inbox=self._inbox,
            repository=repository,
            gate=gate,
            notifier=self.notifier,
        )
        self._loop = Loop(
            repository=repository,
            tracker=self._tracker,
            claims=self._claims,
            timeouts=self._timeouts,
            worker=self._worker,
            gate=gate,
            notifier=self.notifier,
            clock=clock,
        )

    async def run(self) -> None:
        """Work until cancelled; `StaleFence` (in a group) means that another process took over."""
        async with self._worker.at_work() as tasks:
            try:
                tasks.create_task(self._tick(), name="tick")
                await self._loop.take_up()
                self.has_taken_up = True
                self.look_soon()
                while True:
                    await self._loop.handle(await self._inbox.get())
                    self._alarm.bring_forward(until_tick(self._loop))
            finally:
                self._inbox.close()  # before the tasks are waited for: they may wait for an answer

    async def drain(self, seconds: float) -> None:
        """Begin nothing more, and let what is known be committed, for so long at most.

        So are the pictures that are being stored.
        """
        saved = asyncio.wait({self._inbox.checkpoint()}, timeout=seconds)
        await asyncio.gather(self._worker.finish(seconds), saved)

    async def ask(self, generation_id: str, request: Request, command: int | None) -> Answered:
        """Have a person's request decided; return what became of it when it is committed."""
        return await self._inbox.ask(generation_id, request, command)

    async def report(self, generation_id: str, event: Event) -> Generation:
        """Take in what became of something done for a generation; return the row when committed."""
        return await self._inbox.report(generation_id, event)

    def hear(self, heard: Heard) -> None:
        """Take in what was heard from Midjourney or Discord."""
        self._inbox.put(LiveEvent(heard))

    def look_back(self, page: HistoryPage) -> None:
        """Take in a page of the history since `first_unknown`."""
        self._inbox.put(page)

    async def caught_up(self) -> None:
        """Return when everything that was heard or read so far is on the rows."""
        await self._inbox.caught_up()

    def look_soon(self) -> None:
        """Have the loop look for the next generation at once."""
        self._claims.look_soon()

    def first_unknown(self) -> int | None:
        """Return the message after which something may be missed; None: nothing is awaited."""
        return self._tracker.first_unknown()

    def active(self) -> Generation | None:
        """Return the one generation that is at work, as it is now."""
        return self._tracker.active

    def silence(self) -> float:
        """Return for how many seconds nothing was heard that is awaited; 0 when nothing is."""
        active = self._tracker.active
        return 0.0 if active is None else self._timeouts.seconds(active)

    def judge_silence(self, *, counts: bool, unread: bool) -> None:
        """Measure every silence from now on, unless it counts: nothing can be heard or read.

        `unread`: it counts although the history may not be read, so that an answer may be there.
        """
        if not counts:
            self._timeouts.restart()
        self._timeouts.unread = unread

    @contextlib.contextmanager
    def looking(self) -> Generator[None]:
        """End no silence while the history is read: what is awaited may be in it."""
        self._timeouts.is_looking = True
        try:
            yield
        finally:
            self._timeouts.is_looking = False

    def misses(self) -> bool:
        """Whether only the history can have a result.

        Its progress message was deleted, or Midjourney says that this upscale exists already.
        """
        active = self._tracker.active
        if active is None:
            return False
        return self._tracker.seeks_existing() or bool(self._timeouts.lost(active))

    async def _tick(self) -> None:
        while True:
            if await self._alarm.sleep(until_tick(self._loop)):
                self._inbox.tick()
