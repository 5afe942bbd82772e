"""The orchestrator: the queue, and the one loop that decides.

Everything that happens comes to one inbox: what was heard from Midjourney, what people asked for,
what became of the effects, and the passing of time. The loop applies it to the row, commits, and
has the worker start what is due. The row is the truth; what is held here is only a copy of it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

import structlog

from domain.effects import Copy, Effect, Halt, Send, StopJob, TimeLimits, due
from domain.events import (
    Claimed,
    Event,
    Heard,
    Intended,
    Matched,
    Notice,
    PictureStored,
    Request,
    name_of,
)
from domain.failures import classify, stops_us
from domain.generation import Generation, Slot, Status
from domain.hearing import words_of
from domain.matching import Match, match
from domain.pause import Pause
from domain.ports import Change, Clock, GenerationStore, Lease, Outcome, Sender, checked
from domain.reasons import Reason
from domain.requests import objection
from domain.text_matching import match_by_text
from domain.transitions import apply
from services.generation.inbox import (
    Answered,
    HistoryRead,
    Inbox,
    InboxItem,
    LiveEvent,
    Report,
    RequestMade,
    Tick,
)
from services.generation.notifier import Notifier
from services.generation.pause import QueuePause
from services.generation.timeouts import Timeouts
from services.generation.tracker import Tracker
from services.generation.worker import Worker
from services.notifications import GenerationUpdate, QueueStopped
from services.pictures.copier import PictureCopier
from services.retry import when_available

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0
"""How often silence is measured."""
LOOK_EVERY = timedelta(seconds=20)
"""How often a waiting generation is looked for when nothing says that there is one."""


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
        limits: TimeLimits,
    ) -> None:
        """Keep the parts; `run` starts the work."""
        self._store = store
        self._lease = lease
        self.queue_pause = QueuePause(store, lease)
        self._sender = sender
        self._copier = copier
        self._clock = clock
        self._silence = Timeouts(limits, clock)
        self._inbox = Inbox()
        self.notifier = Notifier()
        self._known = Tracker(clock)
        self._current: str | None = None
        self._next_look = clock.now()
        self._worker: Worker | None = None

    async def drain(self, seconds: float) -> None:
        """Begin nothing more, and let the pictures under way be stored, for so long at most."""
        if self._worker is not None:
            await self._worker.finish(seconds)

    async def ask(self, generation_id: str, request: Request, command: int) -> Answered:
        """Have a person's request decided; return what became of it when it is committed."""
        return await self._inbox.ask(generation_id, request, command)

    def look_soon(self) -> None:
        """Have the loop look for the next generation at once."""
        self._next_look = self._clock.now()
        self._inbox.put(Tick())

    def hear(self, heard: Heard) -> None:
        """Take in what was heard from Midjourney or Discord."""
        self._inbox.put(LiveEvent(heard))

    def look_back(self, look: HistoryRead) -> None:
        """Take in everything that the history holds about jobs since `first_unknown`."""
        self._inbox.put(look)

    def first_unknown(self) -> int | None:
        """Return the message after which something may be missed; None: nothing is awaited."""
        return self._known.first_unknown()

    def active(self) -> Generation | None:
        """Return the one generation that is at work, as it is now."""
        return None if self._current is None else self._known.get(self._current)

    def silence(self) -> float:
        """Return for how many seconds nothing was heard that is awaited; 0 when nothing is."""
        active = self.active()
        return 0.0 if active is None else self._silence.seconds(active)

    def misses(self) -> bool:
        """Whether only the history can tell what came of a progress message that is gone."""
        active = self.active()
        return active is not None and self._silence.misses(active)

    def may_send(self, generation_id: str, slot: Slot, nonce: str) -> bool:
        """Whether what was intended is still to be sent: nobody has stopped it meanwhile."""
        row = self._known.get(generation_id)
        wanted = row is not None and row.active and row.step(slot).nonce == nonce
        return wanted and self.queue_pause.pause is None

    async def report(self, generation_id: str, event: Event) -> Generation:
        """Take in what became of something done for a generation; return the row when committed."""
        return await self._inbox.report(generation_id, event)

    async def run(self) -> None:
        """Work until cancelled; `StaleFence` (in a group) means that another process took over."""
        async with asyncio.TaskGroup() as tasks:
            try:
                await self._work(tasks)
            finally:
                self._inbox.close()  # before the tasks are waited for: they may wait for an answer

    async def _work(self, tasks: asyncio.TaskGroup) -> None:
        self._worker = worker = Worker(
            sender=self._sender,
            copier=self._copier,
            clock=self._clock,
            loop=self,
            tasks=tasks,
        )
        tasks.create_task(self._tick(), name="tick")
        await self._take_up(worker)
        self.look_soon()
        while True:
            await self._open(await self._inbox.get(), worker)

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(TICK_SECONDS)
            self._inbox.put(Tick())

    async def _take_up(self, worker: Worker) -> None:
        """Go on where the last process stopped; late results and unsent notices find theirs."""
        await self.queue_pause.load()
        await self._known.load(self._store)
        active = await when_available(self._store.get_processing_generation)
        if active is not None:
            await self._begin(active, worker)

    async def _open(self, letter: InboxItem, worker: Worker) -> None:
        match letter:
            case Tick():
                await self._watch(worker)
                await self._claim_next(worker)
            case LiveEvent(heard):
                await self._hear(heard, match(heard, self._known.candidates()), worker)
            case HistoryRead():
                await self._look_back(letter, worker)
            case Report(generation_id, Intended(), committed) if self.queue_pause.pause is not None:
                committed.set_result(await self.row(generation_id))  # too late to send
            case Report(generation_id, event, committed):
                after = await self._apply(await self.row(generation_id), event, worker)
                if not committed.done():
                    committed.set_result(after)
            case RequestMade():
                await self._answer(letter, worker)
            case _:
                assert_never(letter)

    async def _answer(self, asked: RequestMade, worker: Worker) -> None:
        """Do what a person asks for, if nothing speaks against it."""
        before = await self._read(asked.generation_id)  # others may have changed it
        against = objection(before, asked.request)
        after = before
        if against is None:
            after = await self._apply(before, asked.request, worker, command=asked.command)
            self.look_soon()
        if not asked.answered.done():
            asked.answered.set_result(Answered(after, against))

    async def _hear(
        self, heard: Heard, found: Match | None, worker: Worker, *, live: bool = True
    ) -> None:
        if isinstance(heard, Notice):
            if self._known.was_noted(heard, found):  # the history repeats what was heard live
                return
            log.warning("midjourney_says", means=classify(heard).key, raw=repr(heard), ours=found)
            if found is None and stops_us(heard):
                await self._stop(Halt(words_of(heard)))
        if found is None:
            self._known.leave(heard)
            return
        generation = await self.row(found.generation_id)
        await self._apply(generation, Matched(found.slot, heard, live=live), worker)

    async def _look_back(self, look: HistoryRead, worker: Worker) -> None:
        """Apply what has ids first; likeness decides only about what is left."""
        sending = frozenset(row.id for row in self._known.awaiting() if worker.is_asking(row.id))
        gap = replace(self._known.gap(look), sending=sending)
        for one in look.heard:
            await self._hear(one, match(one, self._known.candidates()), worker, live=False)
        gap = replace(gap, foreign=self._known.foreign())
        for one in look.heard:
            rows = self._known.candidates()
            found = match(one, rows) or match_by_text(one, rows, gap)
            await self._hear(one, found, worker, live=False)
        self._silence.looked(look.at)

    async def row(self, generation_id: str) -> Generation:
        """Return the copy of a row that is held, or read it; `RowGone` where there is none."""
        return self._known.get(generation_id) or await self._read(generation_id)

    async def _read(self, generation_id: str) -> Generation:
        return Change(
            Outcome.DONE, await when_available(self._store.get_generation, generation_id)
        ).row

    async def _apply(
        self, before: Generation, event: Event, worker: Worker, *, command: int | None = None
    ) -> Generation:
        """Apply an event, commit it, tell it, and start what is due.

        What the history says again and again, of a job that stands still, ends no silence.
        """
        after, effects = apply(before, event, self._clock.now())
        while after != before:
            change = await self._commit(before, after, event, command)
            if change.outcome != Outcome.CONFLICT:
                after = change.row
                break
            before = change.row
            after, effects = apply(before, event, self._clock.now())
        live = not isinstance(event, Matched) or event.live
        if after.active and (live or after != before):
            self._silence.note(event)
        self._keep(after)
        for effect in effects:
            if isinstance(effect, Halt):
                await self._stop(effect)
        self.notifier.tell_change(before, after, effects)
        self._start(after, effects, worker)
        return after

    async def _commit(
        self, before: Generation, after: Generation, event: Event, command: int | None
    ) -> Change:
        fence = self._lease.fence
        if isinstance(event, PictureStored):
            return await when_available(
                self._store.record_picture, before.id, event.slot, event.picture, fence=fence
            )
        return await when_available(
            self._store.update_generation,
            before,
            after,
            event=name_of(event),
            fence=fence,
            command=command,
        )

    async def _stop(self, effect: Halt) -> None:
        """Pause the queue and say so once."""
        pause = Pause(words=effect.words, since=self._clock.now())
        log.error("queue_stopped", why=pause.words)
        if await self.queue_pause.pull(pause):
            self.notifier.tell(QueueStopped(pause))

    def _keep(self, generation: Generation) -> None:
        """Hold the newest copy of a row, and know which one is active."""
        self._known.keep(generation)
        if generation.active:
            self._current = generation.id
        elif self._current == generation.id:
            self._current = None
            self._silence.ended(generation)
            self.look_soon()
        if generation.status == Status.QUEUED and generation.not_before is not None:
            self._next_look = min(self._next_look, generation.not_before)

    def _start(self, generation: Generation, effects: tuple[Effect, ...], worker: Worker) -> None:
        for effect in effects:
            if isinstance(effect, Copy) or (
                isinstance(effect, Send | StopJob) and self.queue_pause.pause is None
            ):
                worker.start(generation, effect)

    async def _watch(self, worker: Worker) -> None:
        """End silences that last too long, and start what became due by the passing of time."""
        generation = self.active()
        if generation is None:
            return
        for event in self._silence.overdue(generation):
            log.warning("overdue", gen=generation.code, slot=event.slot.title, gone=event.gone)
            generation = await self._apply(generation, event, worker)
        if self._silence.is_worth_a_word(generation):
            self.notifier.tell(GenerationUpdate(generation, unanswered=True))
        if self._silence.no_answers():
            await self._stop(Halt(Reason.SILENCE))
        self._start(generation, due(generation, self._clock.now()), worker)

    async def _claim_next(self, worker: Worker) -> None:
        """When nothing is active, and nothing is paused, make the next one so."""
        now = self._clock.now()
        if self._current is not None or self.queue_pause.pause is not None or now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        change = await when_available(self._store.claim_next, now=now, fence=self._lease.fence)
        checked(change.outcome)
        if change.generation is not None:
            await self._begin(change.generation, worker)

    async def _begin(self, generation: Generation, worker: Worker) -> None:
        log.info("active", gen=generation.code, status=generation.status.value)
        self.notifier.tell(GenerationUpdate(generation))
        await self._apply(generation, Claimed(), worker)
