"""The rows that what is heard may still change: copies, for as long as they lack pictures."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from domain.effects import is_awaited
from domain.generation import Generation, Step
from domain.matching import Match
from domain.ports import Clock, GenerationStore
from domain.slots import Slot
from domain.snowflakes import first_at
from domain.steps import LATE_RESULTS, unresolved
from domain.text_matching import CLOCK_TOLERANCE, HistoryGap
from services.generation.ended import ended_lately
from services.generation.heard import REMEMBERED, HeardBefore
from services.generation.history_reading import HistoryReading
from services.retry import when_available


class Tracker:
    """The active generation, and those that ended lately without all their pictures."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._rows: dict[str, Generation] = {}
        self._active_id: str | None = None
        self.heard = HeardBefore(clock)
        self._complete: deque[int] = deque(maxlen=REMEMBERED)
        self._existing: dict[Match, datetime | None] = {}  # and since when, if that is known

    async def load(self, store: GenerationStore) -> None:
        """Load what ended lately, so that late results are matched to the right row."""
        for generation in await when_available(ended_lately, store, self._clock):
            self.keep(generation)

    def keep(self, generation: Generation) -> None:
        """Keep the newest copy of a row, or drop one that lacks nothing.

        Its messages still belong to no other row, although they may say the same.
        """
        if generation.active:
            self._active_id = generation.id
        elif self._active_id == generation.id:
            self._active_id = None
        if generation.missing and not generation.archived:
            self._rows[generation.id] = generation
            return
        self._rows.pop(generation.id, None)
        grid = generation.step(Slot.GRID)
        own = (grid.progress_message_id, grid.message_id)
        self._complete.extend(message_id for message_id in own if message_id is not None)

    @property
    def active(self) -> Generation | None:
        """The one generation that is at work, as it is now."""
        return None if self._active_id is None else self._rows.get(self._active_id)

    def get(self, generation_id: str) -> Generation | None:
        """Return the copy of a row, if it is held."""
        return self._rows.get(generation_id)

    def is_late(self, generation: Generation) -> bool:
        """Whether it ended so long ago that nothing is expected for it any more."""
        since = self._clock.now() - LATE_RESULTS
        return not generation.active and generation.updated_at < since

    def candidates(self) -> tuple[Generation, ...]:
        """Return those that what is heard may belong to."""
        for generation in [row for row in self._rows.values() if self.is_late(row)]:
            del self._rows[generation.id]
        return tuple(self._rows.values())

    def awaiting(self) -> list[Generation]:
        """Return those for which something may have been missed."""
        return [row for row in self._rows.values() if row.active or unresolved(row)]

    def seek_existing(self, found: Match, since: datetime | None = None) -> None:
        """Have an upscale looked for that Midjourney may have made before, perhaps long ago.

        What was said of it earlier stays true: the earliest time counts, and None is before all.
        """
        known = self._existing.get(found, since)
        self._existing[found] = None if known is None or since is None else min(known, since)

    def seeks_existing(self) -> bool:
        """Whether such an upscale is awaited."""
        return any(True for _ in self._asked_of_existing())

    def first_unknown(self) -> int | None:
        """Return the message after which something may be missed; None: nothing is awaited."""
        asked = (since for row in self.awaiting() for since in _asked_since(row))
        return min((*asked, *self._asked_of_existing()), default=None)

    def _asked_of_existing(self) -> Iterator[int]:
        """Yield an id before each upscale that may exist: its grid's, or that of a time."""
        for found, since in self._existing.items():
            row = self._rows.get(found.generation_id)
            if row is not None and is_awaited(row, found.slot):
                grid = row.step(Slot.GRID).message_id or row.command_message_id
                yield grid if since is None else max(grid, first_at(since - CLOCK_TOLERANCE))

    def looked(self, reading: HistoryReading) -> None:
        """Note that all of a reading is applied: what it does not hold is not looked for again."""
        sought = min(self._asked_of_existing(), default=None)
        if sought is not None and reading.since <= sought:
            self._existing.clear()

    def gap(self, reading: HistoryReading) -> HistoryGap:
        """Return the gap: what the history says, and which progress messages it no longer has.

        One that is newer than all it holds may have begun when it had been read.
        """
        there, grids = reading.message_ids, [row.step(Slot.GRID) for row in self._rows.values()]
        began = (grid.progress_message_id or 0 for grid in grids)
        gone = {one for one in began if reading.since < one < there.newest and one not in there}
        finished = (grid.message_id for grid in grids if grid.message_id is not None)
        return HistoryGap(
            account_id=reading.account_id,
            at=reading.at,
            heard=reading.left,
            finished=reading.finished.including(finished),
            gone=frozenset(gone),
            foreign=frozenset((*self._complete, *self.heard.others_grids())),
            ruled_out={row.id: frozenset(self.heard.ruled_out(row)) for row in self.candidates()},
            first_heard=self.heard.first_heard,
        )


def _asked_since(generation: Generation) -> Iterator[int]:
    """Yield, for each request whose answer may be missed, an id just before it.

    Our clock may be ahead of Discord's, so any known id of the answer counts too.
    """
    for slot in Slot:
        doubtful = slot == Slot.GRID and unresolved(generation)
        if is_awaited(generation, slot) or doubtful:
            above = None if slot == Slot.GRID else generation.step(Slot.GRID).message_id
            since = min(_first_ids(generation.step(slot)), default=0) - 1
            yield max(since, above or generation.command_message_id)


def _first_ids(step: Step) -> Iterator[int]:
    if step.intended_at is not None:
        yield first_at(step.intended_at - CLOCK_TOLERANCE)
    if step.interaction_id is not None:
        yield step.interaction_id
    if step.progress_message_id is not None:
        yield step.progress_message_id
