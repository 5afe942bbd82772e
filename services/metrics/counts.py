"""What became of generations since the start, and how long it took: counted from what is told."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from domain.acceptance import MOST_COUNTED
from domain.generation import ENDED, Generation, Status
from domain.ports import Clock, GenerationStore
from domain.slots import UPSCALES, Slot
from services.updates import DatabaseAway, GenerationUpdate, QueueStopped, Update

BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 7200.0)
"""Seconds: from a quick answer to an evening in the queue."""


class TimedStep(StrEnum):
    """The parts of the time that a generation takes."""

    QUEUE = "queue"  #: from its acceptance, or its way back into the queue, until its turn
    ANSWER = "answer"  #: from asking for the grid until Midjourney shows that it accepted
    GRID = "grid"  #: from there until the finished grid is in the channel
    GRID_COPY = "grid_copy"  #: from there until it is stored
    UPSCALE = "upscale"  #: from the last press of its button until its picture is in the channel
    UPSCALE_COPY = "upscale_copy"  #: from there until it is stored


class Durations:
    """How often something took how long, in seconds."""

    def __init__(self) -> None:
        """Nothing was measured yet."""
        self._counts = [0] * (len(BOUNDS) + 1)
        self.sum = 0.0

    def add(self, seconds: float) -> None:
        """Note one; clocks that were put back make nothing shorter than nothing."""
        seconds = max(0.0, seconds)
        self._counts[bisect.bisect_left(BOUNDS, seconds)] += 1
        self.sum += seconds

    def up_to(self) -> Iterator[tuple[str, int]]:
        """Yield each bound, with how many took no longer; the last bound is infinite."""
        yield from zip([*map(str, BOUNDS), "+Inf"], accumulate(self._counts), strict=True)


class Counts:
    """Holds the rows that have not ended as they were last told, to see what has changed."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing: see `load`."""
        self._clock = clock
        self._rows: dict[str, Generation] = {}
        self._queued_since: dict[str, datetime] = {}  # by the database's clock
        self._finished_at: dict[tuple[str, Slot], datetime] = {}
        self.ended: Counter[tuple[Status, str]] = Counter()  # by status, and the kind of problem
        self.took = {step: Durations() for step in TimedStep}
        self.stops = self.outages = 0
        self._delayed = False

    async def load(self, store: GenerationStore) -> None:
        """Take up what waits, or is at work, from before the start; `StoreUnavailable`."""
        active = await store.get_processing_generation()
        if active is not None:
            self._rows[active.id] = active
        for row in await store.list_queue(MOST_COUNTED):
            self._rows[row.id], self._queued_since[row.id] = row, row.updated_at

    @property
    def waiting(self) -> int:
        """How many generations wait for their turn."""
        return len(self._queued_since)

    @property
    def active(self) -> Generation | None:
        """The one that is at work."""
        return next((row for row in self._rows.values() if row.active), None)

    @property
    def delayed(self) -> bool:
        """Whether a picture of the one at work could not be fetched or stored yet."""
        return self._delayed and self.active is not None

    def hear(self, news: Update) -> None:
        """Take what the notifier tells."""
        match news:
            case GenerationUpdate(generation, delayed=delayed):
                self._take(generation)
                if generation.active:
                    self._delayed = delayed > 0
            case QueueStopped():
                self.stops += 1
            case DatabaseAway():
                self.outages += 1
            case _:
                pass

    def _take(self, row: Generation) -> None:
        """Compare a row with what was told of it before; one that had ended already is no news."""
        before = self._rows.pop(row.id, None)
        if row.status not in ENDED:
            self._rows[row.id] = row
        self._time_queue(before, row)
        if before is not None:
            self._time_steps(before, row)
            if row.status in ENDED:
                kind = "" if row.problem is None else row.problem.kind.value
                self.ended[row.status, kind] += 1
        if row.status in ENDED:
            for slot in Slot:
                self._finished_at.pop((row.id, slot), None)

    def _time_queue(self, before: Generation | None, row: Generation) -> None:
        if row.status == Status.QUEUED:
            self._queued_since.setdefault(row.id, row.updated_at)
            return
        since = self._queued_since.pop(row.id, None)
        if row.active and before is None:  # its turn came before it was told that it waits
            since = row.created_at
        if row.active and since is not None:
            self.took[TimedStep.QUEUE].add((row.updated_at - since).total_seconds())

    def _time_steps(self, before: Generation, row: Generation) -> None:
        now = self._clock.now()
        grid = row.step(Slot.GRID)
        accepted = before.step(Slot.GRID).accepted_at is None and grid.accepted_at is not None
        if accepted:
            self._add(TimedStep.ANSWER, grid.intended_at, grid.accepted_at)
        if self._is_finished(before, row, Slot.GRID):
            self._add(TimedStep.GRID, grid.accepted_at, now)
        for slot in UPSCALES:
            if self._is_finished(before, row, slot):
                self._add(TimedStep.UPSCALE, row.step(slot).intended_at, now)
        for slot in Slot:
            picture = row.step(slot).picture
            if picture is not None and before.step(slot).picture is None:
                copied = TimedStep.GRID_COPY if slot == Slot.GRID else TimedStep.UPSCALE_COPY
                self._add(copied, self._finished_at.pop((row.id, slot), None), picture.stored_at)

    def _is_finished(self, before: Generation, row: Generation, slot: Slot) -> bool:
        """Note that a picture is in the channel, if it is since this change."""
        finished = before.step(slot).picture_url is None and row.step(slot).picture_url is not None
        if finished:
            self._finished_at[row.id, slot] = self._clock.now()
        return finished

    def _add(self, step: TimedStep, since: datetime | None, until: datetime | None) -> None:
        if since is not None and until is not None:
            self.took[step].add((until - since).total_seconds())
