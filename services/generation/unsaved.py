"""Acknowledgements: the copy of a row has them, and the database gets them with what comes next.

Nothing depends on them after a restart: a request is on its row before it is sent, and the history
of the channel says what became of it, as it does of what was missed in a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.events import (
    Delivered,
    Event,
    InteractionCreated,
    InteractionSucceeded,
    JobFinished,
    JobProgress,
    JobWaiting,
    Matched,
    MessageDeleted,
)
from domain.generation import Generation
from domain.ports import Clock
from domain.slots import Slot
from domain.transitions import apply

LONGEST = 3.0
"""Seconds that an acknowledgement waits at most: longer than from one press to the next."""


def may_wait(before: Generation, after: Generation, event: Event) -> bool:
    """Whether a change is only acknowledged with it: no status, and nothing of what costs money.

    Of the grid, that is the answer to the request alone. That it was accepted, and its first
    message, are committed at once.
    """
    if not (before.active and before.status == after.status):
        return False
    match event:
        case Delivered() | Matched(heard=InteractionCreated() | MessageDeleted()):
            return True
        case Matched(slot, InteractionSucceeded() | JobWaiting() | JobProgress()):
            known = before.step(slot).progress_message_id
            return slot != Slot.GRID or after.step(slot).progress_message_id == known
        case _:
            return _recolours(before, after, event)


def _recolours(before: Generation, after: Generation, event: Event) -> bool:
    """Whether a button of the grid was coloured, as ours are when they were pressed."""
    finished = isinstance(event, Matched) and isinstance(event.heard, JobFinished)
    return finished and after == replace(before, buttons=after.buttons)


@dataclass(slots=True)
class Unsaved:
    """What one row lacks: the events that it was not told of, and when they came."""

    stored: Generation  #: the row as it was last seen in the database
    events: list[tuple[Event, datetime]] = field(default_factory=list[tuple[Event, datetime]])
    since: float = math.inf  #: monotonic seconds; buttons alone are not worth a call

    def on(self, row: Generation) -> Generation:
        """Return a row with them."""
        for event, at in self.events:
            row, _ = apply(row, event, at)
        return row


class UnsavedEvents:
    """Those of all rows: that is, of the active one."""

    def __init__(self, clock: Clock) -> None:
        """Everything is saved."""
        self._clock = clock
        self._of: dict[str, Unsaved] = {}

    def of(self, copy: Generation) -> Unsaved:
        """Return what a copy is ahead of its row."""
        unsaved = self._of.get(copy.id)
        if unsaved is None or unsaved.stored.version != copy.version:  # or it was read anew
            return Unsaved(copy)
        return unsaved

    def add(self, before: Generation, after: Generation, event: Event, now: datetime) -> None:
        """Leave an event that changes a copy for later."""
        unsaved = self._of[before.id] = self.of(before)
        unsaved.events.append((event, now))
        if not _recolours(before, after, event):
            unsaved.since = min(unsaved.since, self._clock.monotonic())

    def saved(self, row: Generation) -> None:
        """Forget what was left for later, since it is on the row, or of no use any more."""
        self._of.pop(row.id, None)

    def due(self, *, at_once: bool) -> Iterator[Unsaved]:
        """Yield those that have waited long enough."""
        latest = self._clock.monotonic() - (0.0 if at_once else LONGEST)
        yield from [unsaved for unsaved in self._of.values() if unsaved.since <= latest]
