"""The orchestrator: the queue, and the one loop that decides.

Everything that happens comes to one inbox: what was heard from Midjourney, what people asked for,
what became of the effects, and the passing of time. The loop applies it to the row, commits, and
has the worker start what is due. The row is the truth; what is held here is only a copy of it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

import structlog

from domain.effects import Copy, Effect, Halt, Limits, Send, due
from domain.errors import StaleFence
from domain.events import Claimed, Event, Heard, Intended, Matched, Notice, Overdue, PictureStored
from domain.failures import classify
from domain.generation import (
    Generation,
    NewGeneration,
    Status,
)
from domain.likeness import Gap, match_by_text
from domain.matching import Match, match
from domain.pause import Pause
from domain.ports import Change, Clock, GenerationStore, Lease, Outcome, Query, Sender
from domain.transitions import apply
from services.codes import draw_code
from services.copier import PictureCopier
from services.herald import Herald
from services.inbox import Inbox
from services.known import Known
from services.letters import (
    Accepted,
    ForGeneration,
    FromChannel,
    FromHistory,
    Letter,
    Stopped,
    Tick,
    Told,
)
from services.patience import when_available
from services.silence import Silence
from services.worker import Worker

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0
"""How often silence is measured."""
LOOK_EVERY = timedelta(seconds=20)
"""How often a waiting generation is looked for when nothing says that there is one."""
_ENDED = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION})


class Orchestrator:
    """Decides what happens to the one active generation, and to those that ended lately."""

    def __init__(
        self,
        *,
        store: GenerationStore,
        lease: Lease,
        sender: Sender,
        copier: PictureCopier,
        clock: Clock,
        limits: Limits,
    ) -> None:
        """Keep the parts; `run` starts the work."""
        self._store = store
        self._lease = lease
        self._sender = sender
        self._copier = copier
        self._clock = clock
        self._silence = Silence(limits, clock)
        self._inbox = Inbox()
        self._herald = Herald()
        self._known = Known(clock)
        self._current: str | None = None
        self._next_look = clock.now()
        self._pause: Pause | None = None
        self._notices: deque[int] = deque(maxlen=200)

    def subscribe(self, listener: Callable[[Told | Stopped], None]) -> None:
        """Call `listener` with everything that the channel should hear."""
        self._herald.subscribe(listener)

    async def submit(self, new: NewGeneration) -> Accepted:
        """Accept a person's command; a message that was accepted before gives its generation."""
        change = await self._store.create_generation(new, fence=self._lease.fence)
        while change.outcome == Outcome.CONFLICT:  # the code is taken
            new = replace(new, code=draw_code())
            change = await self._store.create_generation(new, fence=self._lease.fence)
        generation = _row(change)
        place = await self._store.place_in_queue(generation.id)
        self._look_soon()
        return Accepted(generation, place, change.outcome == Outcome.DONE, self._pause)

    async def pause(self, pause: Pause) -> bool:
        """Send nothing more until `resume`; False when that is so already."""
        self._pause = pause
        outcome = await when_available(self._store.set_pause, pause, fence=self._lease.fence)
        self._pause = await when_available(self._store.get_pause)
        return outcome == Outcome.DONE

    async def resume(self) -> bool:
        """Go on; False when nothing was paused."""
        outcome = await self._store.set_pause(None, fence=self._lease.fence)
        self._pause = None
        self._look_soon()
        return outcome == Outcome.DONE

    def hear(self, heard: Heard) -> None:
        """Take in what was heard from Midjourney or Discord."""
        self._inbox.put(FromChannel(heard))

    def look_back(self, look: FromHistory) -> None:
        """Take in everything that the history holds about jobs since `first_unknown`."""
        self._inbox.put(look)

    def first_unknown(self) -> int | None:
        """Return the message after which something may be missed; None: nothing is awaited."""
        awaiting = (row.command_message_id for row in self._known.awaiting())
        return min(awaiting, default=None)

    def silence(self) -> float:
        """Return for how many seconds nothing was heard that is awaited; 0 when nothing is."""
        active = self._active()
        return 0.0 if active is None else self._silence.seconds(active)

    async def report(self, generation_id: str, event: Event) -> Generation:
        """Take in what became of something done for a generation; return the row when committed."""
        return await self._inbox.ask(generation_id, event)

    async def run(self) -> None:
        """Work until cancelled; `StaleFence` (in a group) means that another process took over."""
        async with asyncio.TaskGroup() as tasks:
            try:
                await self._work(tasks)
            finally:
                self._inbox.close()  # before the tasks are waited for: they may wait for an answer

    async def _work(self, tasks: asyncio.TaskGroup) -> None:
        worker = Worker(
            sender=self._sender,
            copier=self._copier,
            clock=self._clock,
            report=self.report,
            tasks=tasks,
        )
        tasks.create_task(self._tick(), name="tick")
        await self._take_up(worker)
        self._look_soon()
        while True:
            await self._open(await self._inbox.get(), worker)

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(TICK_SECONDS)
            self._inbox.put(Tick())

    def _look_soon(self) -> None:
        """Have the loop look for the next generation at once."""
        self._next_look = self._clock.now()
        self._inbox.put(Tick())

    async def _take_up(self, worker: Worker) -> None:
        """Go on where the last process stopped; late results and unsent notices find theirs."""
        self._pause = await when_available(self._store.get_pause)
        lately = Query(statuses=_ENDED, limit=100)
        for generation in await when_available(self._store.list_generations, lately):
            if not self._known.is_late(generation):
                self._keep(generation)
                if generation.notice_message_id is None:
                    self._herald.tell(Told(generation))
        active = await when_available(self._store.get_processing_generation)
        if active is not None:
            await self._begin(active, worker)

    async def _open(self, letter: Letter, worker: Worker) -> None:
        match letter:
            case Tick():
                await self._watch(worker)
                await self._claim_next(worker)
            case FromChannel(heard):
                await self._hear(heard, match(heard, self._known.candidates()), worker)
            case FromHistory():
                await self._look_back(letter, worker)
            case ForGeneration(generation_id, Intended(), committed) if self._pause is not None:
                committed.set_result(await self._row(generation_id))  # too late to send
            case ForGeneration(generation_id, event, committed):
                after = await self._apply(await self._row(generation_id), event, worker)
                if not committed.done():
                    committed.set_result(after)
            case _:
                assert_never(letter)

    async def _hear(
        self,
        heard: Heard,
        found: Match | None,
        worker: Worker,
        *,
        live: bool = True,
    ) -> None:
        if isinstance(heard, Notice):
            if heard.message_id in self._notices:  # the history repeats what was heard live
                return
            self._notices.append(heard.message_id)
            log.warning("midjourney_says", means=classify(heard).key, raw=repr(heard), ours=found)
        if found is None:
            self._known.leave(heard)
            return
        generation = await self._row(found.generation_id)
        await self._apply(generation, Matched(found.slot, heard), worker, live=live)

    async def _look_back(self, look: FromHistory, worker: Worker) -> None:
        """Apply what has ids first; likeness decides only about what is left."""
        there = {getattr(one, "message_id", 0) for one in look.heard}
        began = self._known.progress_messages()
        gone = frozenset(one for one in began if one > look.since and one not in there)
        now = self._clock.now()
        for one in look.heard:
            await self._hear(one, match(one, self._known.candidates()), worker, live=False)
        foreign = self._known.foreign()
        gap = Gap(account_id=look.account_id, at=now, heard=look.heard, gone=gone, foreign=foreign)
        for one in look.heard:
            rows = self._known.candidates()
            found = match(one, rows) or match_by_text(one, rows, gap)
            await self._hear(one, found, worker, live=False)

    async def _row(self, generation_id: str) -> Generation:
        """Return the copy of a row that is held, or read it."""
        generation = self._known.get(generation_id) or await when_available(
            self._store.get_generation, generation_id
        )
        if generation is None:
            raise LookupError(generation_id)
        return generation

    async def _apply(
        self,
        before: Generation,
        event: Event,
        worker: Worker,
        *,
        live: bool = True,
    ) -> Generation:
        """Apply an event, commit it, tell it, and start what is due.

        What the history says again and again, of a job that stands still, ends no silence.
        """
        after, effects = apply(before, event, self._clock.now())
        while after != before:
            change = await self._commit(before, after, event)
            if change.outcome != Outcome.CONFLICT:
                after = _row(change)
                break
            before = _row(change)
            after, effects = apply(before, event, self._clock.now())
        if after.active and (live or after != before):
            self._silence.note(event)
        self._keep(after)
        for effect in effects:
            if isinstance(effect, Halt):
                await self._stop(effect)
        self._herald.tell_change(before, after, effects)
        self._start(after, effects, worker)
        return after

    async def _commit(self, before: Generation, after: Generation, event: Event) -> Change:
        fence = self._lease.fence
        match event:
            case PictureStored(slot, picture):
                return await when_available(
                    self._store.record_picture, before.id, slot, picture, fence=fence
                )
            case Matched(_, heard):
                name = type(heard).__name__
            case _:
                name = type(event).__name__
        return await when_available(
            self._store.update_generation, before, after, event=name, fence=fence
        )

    async def _stop(self, effect: Halt) -> None:
        """Pause the queue and say so once."""
        pause = Pause(words=effect.words, since=self._clock.now())
        log.error("queue_stopped", why=pause.words)
        if await self.pause(pause):
            self._herald.tell(Stopped(pause))

    def _keep(self, generation: Generation) -> None:
        """Hold the newest copy of a row, and know which one is active."""
        self._known.keep(generation)
        if generation.active:
            self._current = generation.id
        elif self._current == generation.id:
            self._current = None
            self._silence.forget()
            self._look_soon()
        if generation.status == Status.QUEUED and generation.not_before is not None:
            self._next_look = min(self._next_look, generation.not_before)

    def _start(self, generation: Generation, effects: tuple[Effect, ...], worker: Worker) -> None:
        for effect in effects:
            if isinstance(effect, Copy) or (isinstance(effect, Send) and self._pause is None):
                worker.start(generation, effect)

    async def _watch(self, worker: Worker) -> None:
        """End silences that last too long, and start what became due by the passing of time."""
        generation = self._active()
        if generation is None:
            return
        for slot in self._silence.overdue(generation):
            log.warning("overdue", gen=generation.code, slot=slot.title)
            generation = await self._apply(generation, Overdue(slot), worker)
        self._start(generation, due(generation, self._clock.now()), worker)

    def _active(self) -> Generation | None:
        return None if self._current is None else self._known.get(self._current)

    async def _claim_next(self, worker: Worker) -> None:
        """When nothing is active, and nothing is paused, make the next one so."""
        now = self._clock.now()
        if self._current is not None or self._pause is not None or now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        change = await when_available(self._store.claim_next, now=now, fence=self._lease.fence)
        if change.outcome == Outcome.STALE_FENCE:
            raise StaleFence
        if change.generation is not None:
            await self._begin(change.generation, worker)

    async def _begin(self, generation: Generation, worker: Worker) -> None:
        log.info("active", gen=generation.code, status=generation.status.value)
        self._herald.tell(Told(generation))
        await self._apply(generation, Claimed(), worker)


def _row(change: Change) -> Generation:
    """Return the row of a change that went through; a stale fence ends this process's work."""
    if change.outcome == Outcome.STALE_FENCE or change.generation is None:
        raise StaleFence
    return change.generation
