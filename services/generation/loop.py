"""The one loop that decides: what comes in is applied to its row, committed, and acted on."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, replace
from typing import TypeVar, assert_never

import structlog

from domain.effects import Copy, Effect, Halt, HoldBack, Send, StopJob, due
from domain.errors import GridTaken
from domain.events import (
    Claimed,
    Event,
    Heard,
    Intended,
    Matched,
    MessageDeleted,
    MidjourneyNotice,
)
from domain.generation import Generation, Status
from domain.hearing import words_of
from domain.matching import Match, match
from domain.pause import Pause
from domain.ports import Clock
from domain.reasons import Reason
from domain.refusals import RefusalClass, classify, stops_us
from domain.requests import objection
from domain.steps import perhaps_made
from domain.text_matching import match_by_text, without_implausible
from services.generation.claims import Claims
from services.generation.gate import Gate
from services.generation.history_reading import HistoryReading
from services.generation.inbox import (
    Answered,
    Checkpoint,
    HistoryPage,
    InboxItem,
    LiveEvent,
    Report,
    RequestMade,
    Tick,
)
from services.generation.notifier import Notifier
from services.generation.repository import Repository
from services.generation.timeouts import Timeouts
from services.generation.tracker import Tracker
from services.generation.worker import Worker
from services.retry import when_available
from services.updates import GenerationUpdate, QueueStopped

log = structlog.get_logger(__name__)

T = TypeVar("T")

TICK_SECONDS = 1.0
"""How often timeouts are checked while there is anything that may last too long."""
AT_ONCE = 100
"""How many messages of the history are dealt with before others have their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Deals with one item of the inbox after another. The row is the truth; the rest is copies."""

    repository: Repository
    tracker: Tracker
    claims: Claims
    timeouts: Timeouts
    worker: Worker
    gate: Gate
    notifier: Notifier
    clock: Clock

    async def take_up(self) -> None:
        """Continue where the last process stopped, also with late results and unsent notices."""
        await self.gate.queue_pause.load()
        await self.tracker.load(self.repository.store)
        await self.claims.load()
        active = await when_available(self.repository.store.get_processing_generation)
        if active is not None:
            if self.gate.is_paused:
                self.timeouts.interrupt(active)
            self.timeouts.take_up(active)
            await self._begin(active)

    async def handle(self, item: InboxItem) -> None:
        """Decide about one item; `StaleFence` when another process took over."""
        match item:
            case Tick():
                await self._save()
                await self._check_timeouts()
                await self._claim_next()
            case LiveEvent(heard):
                await self._hear(heard, match(heard, self.tracker.candidates()))
            case HistoryPage():
                await self._look_back(item)
            case Report(generation_id, Intended(), committed) if not self.gate.is_open:
                committed.set_result(await self.repository.get(generation_id))  # too late to send
            case Report(generation_id, event, committed):
                after = await self._apply(await self.repository.get(generation_id), event)
                _resolve(committed, after)
            case RequestMade():
                await self._answer(item)
            case Checkpoint(reached):
                await self._save(at_once=True)
                _resolve(reached, None)
            case _:
                assert_never(item)

    async def _answer(self, asked: RequestMade) -> None:
        """Do what a person asks for, if nothing speaks against it."""
        await self._save(at_once=True)
        before = await self.repository.read(asked.generation_id)  # others may have changed it
        against = objection(before, asked.request)
        after = before
        if against is None:
            try:
                after = await self._apply(before, asked.request, command=asked.command)
            except GridTaken as error:
                _refuse(asked.answered, error)
                return
            self.claims.look_soon()
        _resolve(asked.answered, Answered(after, against))

    async def _hear(self, heard: Heard, found: Match | None, *, live: bool = True) -> None:
        if found is not None and self.tracker.heard.is_anothers(found, heard):
            found = None
        if isinstance(heard, MidjourneyNotice):
            if self.tracker.heard.was_noted(heard, found):  # the history repeats it
                return
            self._log(heard, found)
            if found is None and stops_us(heard):
                await self._stop(words_of(heard))
            if found is not None and classify(heard).kind == RefusalClass.EXISTS:
                self.tracker.seek_existing(found)
        if found is None:
            self.tracker.heard.leave(heard)
            return
        generation = await self.repository.get(found.generation_id)
        try:
            await self._apply(generation, Matched(found.slot, heard, live=live))
        except GridTaken as error:  # this row goes on waiting for another grid
            log.warning("grid_taken", gen=generation.code, by=error.holder.code)
            self.tracker.heard.leave_to_holder(found, heard)

    def _log(self, notice: MidjourneyNotice, found: Match | None) -> None:
        """Write down word for word what Midjourney says, with what it is taken for."""
        row = None if found is None else self.tracker.get(found.generation_id)
        log.warning(
            "midjourney_says",
            means=classify(notice).key,
            gen=row and row.code,
            slot=found and found.slot.title,
            **asdict(notice),
        )

    async def _look_back(self, page: HistoryPage) -> None:
        """Apply what has ids; the text decides only about what is left when all was read."""
        for one in page.heard:
            rows = self.tracker.candidates()
            found = match(one, rows)
            await self._hear(one, found, live=False)
            page.reading.take(one, matched=found is not None, candidates=rows)
        if page.is_last:
            await self._match_by_text(page.reading)

    async def _match_by_text(self, reading: HistoryReading) -> None:
        awaiting = self.tracker.awaiting()
        sending = frozenset(row.id for row in awaiting if self.worker.is_asking(row.id))
        parents = await self.repository.parent_grids(self.tracker.candidates())
        gap = replace(self.tracker.gap(reading), sending=sending, parents=parents)
        gap = without_implausible(gap, self.tracker.candidates())
        for number, one in enumerate(reading.left, start=1):
            rows = self.tracker.candidates()
            found = match(one, rows)
            if found is None and not reading.crowded:
                found = match_by_text(one, rows, gap)
            await self._hear(one, found, live=False)
            if number % AT_ONCE == 0:  # others have their turn too
                await asyncio.sleep(0)
        self.tracker.looked(reading)
        self.timeouts.looked(reading.began)

    async def _apply(
        self, generation: Generation, event: Event, *, command: int | None = None
    ) -> Generation:
        """Apply an event, commit it, report it, and start what is due.

        What is only repeated about a job that makes no progress does not end a silence.
        """
        applied = await self.repository.apply(generation, event, command=command)
        before, after = applied.before, applied.after
        if after.active and (after != before or not _may_be_repeated(event)):
            self.timeouts.note(event)
        self._keep(after)
        for slot, since in perhaps_made(before, after, event).items():
            self.tracker.seek_existing(Match(after.id, slot), since)
        for effect in applied.effects:
            if isinstance(effect, Halt):
                self.timeouts.interrupt(after)
                await self._stop(effect.words)
            if isinstance(effect, HoldBack):
                self.gate.hold.begin(effect.reason)
        if _has_begun(before, after):
            self.gate.hold.end(accepted=True)
        self.notifier.tell_change(before, after, applied.effects)
        self._start(after, applied.effects)
        return after

    async def _save(self, *, at_once: bool = False) -> None:
        """Commit the acknowledgements that no other change has taken along."""
        async for row in self.repository.save(at_once=at_once):
            self._keep(row)

    async def _stop(self, words: str) -> None:
        """Pause the queue and say so once."""
        pause = Pause(words=words, since=self.clock.now())
        log.error("queue_stopped", why=pause.words)
        if await self.gate.queue_pause.begin(pause):
            self.notifier.tell(QueueStopped(pause))
            if self.tracker.active is not None:
                self.notifier.tell_again(self.tracker.active)

    def _keep(self, generation: Generation) -> None:
        """Hold the newest copy of a row; when the active one has ended, the next has its turn."""
        was_active = self.tracker.active
        self.tracker.keep(generation)
        if was_active is not None and was_active.id == generation.id and not generation.active:
            self.timeouts.ended(generation)
            self.claims.look_soon()
        if generation.status == Status.QUEUED and generation.not_before is not None:
            self.claims.look_at(generation.not_before)

    def _start(self, generation: Generation, effects: tuple[Effect, ...]) -> None:
        """Start what is due; where nothing may be sent, only pictures are copied."""
        for effect in effects:
            match effect:
                case Copy():
                    self.worker.start(generation, effect)
                case StopJob() if not self.gate.is_paused:
                    self.worker.start(generation, effect)
                case Send() if self.gate.is_open_for(generation):
                    self.worker.start(generation, effect)
                case _:
                    pass

    async def _check_timeouts(self) -> None:
        """End silences that last too long, and start what became due by the passing of time."""
        generation = self.tracker.active
        if generation is None:
            return
        if self.gate.is_paused:
            self.timeouts.wait_for_person(generation)
        for event in self.timeouts.overdue(generation):
            log.warning("overdue", gen=generation.code, slot=event.slot.title, gone=event.gone)
            generation = await self._apply(generation, event)
        if self.timeouts.is_worth_a_word(generation):
            self.notifier.tell(GenerationUpdate(generation, unanswered=True))
        if self.timeouts.in_a_row.are_too_many():
            await self._stop(Reason.SILENCE)
        self._start(generation, due(generation))

    async def _claim_next(self) -> None:
        """When nothing is active, and something may be sent, make the next one active."""
        if self.tracker.active is not None or not self.gate.is_open:
            return
        generation = await self.claims.next()
        if generation is not None:
            await self._begin(generation)

    async def _begin(self, generation: Generation) -> None:
        log.info("active", gen=generation.code, status=generation.status.value)
        self.notifier.tell(GenerationUpdate(generation))
        await self._apply(generation, Claimed())


def until_tick(loop: Loop) -> float:
    """Return in how many seconds the passing of time may be of importance again."""
    if loop.tracker.active is not None or loop.gate.hold.lasts:
        return TICK_SECONDS
    return max(TICK_SECONDS, loop.claims.seconds_left())


def _resolve(promise: asyncio.Future[T], value: T) -> None:
    """Give whoever waits what it waits for, if it still does."""
    if not promise.done():
        promise.set_result(value)


def _refuse(promise: asyncio.Future[T], error: Exception) -> None:
    """Tell whoever waits why it cannot be."""
    if not promise.done():
        promise.set_exception(error)


def _may_be_repeated(event: Event) -> bool:
    """Whether it may say what was said before, in the history or of a message that is gone."""
    return isinstance(event, Matched) and (
        not event.live or isinstance(event.heard, MessageDeleted)
    )


def _has_begun(before: Generation, after: Generation) -> bool:
    """Whether this change shows a job: an acknowledged request may still be refused."""
    return any(
        now.job_queued > was.job_queued
        or now.progress_message_id not in {None, was.progress_message_id}
        or now.message_id not in {None, was.message_id}
        for was, now in zip(before.steps, after.steps, strict=True)
    )
