"""The rows that what is heard may still change: copies, for as long as they lack pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from domain.events import Heard, MidjourneyNotice
from domain.generation import TERMINAL, Generation, Slot, Status
from domain.matching import Match
from domain.ports import Clock, GenerationStore, Query
from domain.steps import LATE_RESULTS, unresolved
from domain.text_matching import HistoryGap, Job, is_foreign
from services.generation.inbox import HistoryRead
from services.retry import when_available

K = TypeVar("K")
V = TypeVar("V")

PAGE = 100
REMEMBERED = 1000
ENDED = TERMINAL | {Status.NEEDS_ATTENTION}


class Tracker:
    """The active generation, and those that ended lately without all their pictures."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._rows: dict[str, Generation] = {}
        self._active_id: str | None = None
        self._unmatched: dict[int, Job] = {}
        self._first_heard: dict[int | str, datetime] = {}
        self._complete: deque[int] = deque(maxlen=REMEMBERED)
        self._notices: dict[tuple[int, str], Match | None] = {}

    async def load(self, store: GenerationStore) -> None:
        """Load what ended lately, so that late results are matched to the right row."""
        query = Query(statuses=ENDED, limit=PAGE)
        while page := await when_available(store.list_generations, query):
            lately = [generation for generation in page if not self.is_late(generation)]
            for generation in lately:
                self.keep(generation)
            if not lately:
                return
            query = replace(query, before_seq=page[-1].seq)

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

    def was_noted(self, notice: MidjourneyNotice, found: Match | None) -> bool:
        """Whether this was heard before; from now on it was.

        Again is news when only now it is known what it belongs to; but what belonged to something
        is never about something else, though all others may have got their answers since.
        """
        key = (notice.message_id, notice.title)
        ours = self._notices.get(key)
        before = key in self._notices and (found is None or ours is not None)
        self._notices[key] = ours or found
        _forget_oldest(self._notices)
        return before

    def leave(self, heard: Heard) -> None:
        """Remember a job that belongs to no row; later, its ids may prove that it never will.

        It may be heard before the answer that gives our own request its id.
        """
        if not isinstance(heard, Job):
            return
        self._unmatched[heard.message_id] = heard
        for one in (heard.message_id, heard.job_id or heard.message_id):
            self._first_heard.setdefault(one, self._clock.now())
        _forget_oldest(self._unmatched)
        _forget_oldest(self._first_heard)

    def foreign(self) -> frozenset[int]:
        """Return the messages of jobs that are known to be others'."""
        rows = self.candidates()
        others = (job.message_id for job in self._unmatched.values() if is_foreign(job, rows))
        return frozenset((*self._complete, *others))

    def awaiting(self) -> list[Generation]:
        """Return those for which something may have been missed."""
        return [row for row in self._rows.values() if row.active or unresolved(row)]

    def first_unknown(self) -> int | None:
        """Return the message after which something may be missed; None: nothing is awaited."""
        return min((row.command_message_id for row in self.awaiting()), default=None)

    def gap(self, look: HistoryRead) -> HistoryGap:
        """Return the gap: what the history says, and which progress messages it no longer has.

        One that is newer than all it holds may have begun when it had been read.
        """
        there = {getattr(one, "message_id", 0) for one in look.heard}
        newest = max(there, default=0)
        began = (row.step(Slot.GRID).progress_message_id or 0 for row in self._rows.values())
        gone = {one for one in began if look.since < one < newest and one not in there}
        return HistoryGap(
            account_id=look.account_id,
            at=look.at,
            heard=look.heard,
            gone=frozenset(gone),
            first_heard=self._first_heard,
        )


def _forget_oldest(kept: dict[K, V]) -> None:
    while len(kept) > REMEMBERED:
        del kept[next(iter(kept))]
