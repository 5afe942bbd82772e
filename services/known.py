"""The rows that what is heard may still change: copies, for as long as they lack pictures."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from domain.events import Heard, JobMessage
from domain.generation import Generation, Slot, Status
from domain.likeness import is_foreign
from domain.ports import Clock

LATE_RESULTS = timedelta(hours=24)
"""How long an ended generation may still find its own pictures."""


class Known:
    """The active generation, and those that ended lately without all their pictures."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._rows: dict[str, Generation] = {}
        self._foreign: deque[int] = deque(maxlen=1000)

    def keep(self, generation: Generation) -> None:
        """Hold the newest copy of a row, or let go of one that lacks nothing any more."""
        if generation.missing:
            self._rows[generation.id] = generation
        else:
            self._rows.pop(generation.id, None)

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

    def leave(self, heard: Heard) -> None:
        """Remember a message that belongs to nothing here, if its ids tell that it never will."""
        if isinstance(heard, JobMessage) and is_foreign(heard, self.candidates()):
            self._foreign.append(heard.message_id)

    def foreign(self) -> frozenset[int]:
        """Return the messages of jobs that are known to be others'."""
        return frozenset(self._foreign)

    def awaiting(self) -> list[Generation]:
        """Return those for which something may have been missed: active, or asked about."""
        return [
            generation
            for generation in self._rows.values()
            if generation.active or generation.status == Status.NEEDS_ATTENTION
        ]

    def progress_messages(self) -> frozenset[int]:
        """Return the progress messages of all grids that are known to have begun."""
        began = (row.step(Slot.GRID).progress_message_id for row in self._rows.values())
        return frozenset(message_id for message_id in began if message_id is not None)
