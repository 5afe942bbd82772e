"""Measures the silence about the steps of the active generation."""

from __future__ import annotations

from domain.effects import TimeLimits, is_gone, last_stored_sign, patience
from domain.events import Event, Overdue
from domain.generation import Generation, Status
from domain.ports import Clock
from domain.slots import Slot
from domain.steps import unresolved

AFTER_CHECK = 60.0
"""Seconds: how long a request that met a check for humans may be silent once that is over."""
ABSENT = 45.0
"""Seconds: after so long without a look at the silences, this process could hear nothing either: it
was frozen, the machine was suspended, or the database kept it waiting."""
AFTER_START = 120.0
"""Seconds that a silence lasts in this process, at least, before it is too long: what was heard
shortly before the start may not be stored, and a job that is alive is heard of again."""
IN_A_ROW = 2
"""So many without an answer are no matter of their prompts."""


class SilencesInARow:
    """Counts the generations that ended one after another without a grid or a reason."""

    def __init__(self) -> None:
        """None yet."""
        self._count = 0

    def ended(self, generation: Generation) -> None:
        """Count it if nothing was heard; one that was cancelled does not count."""
        if unresolved(generation):
            self._count += 1
        elif generation.status in {Status.COMPLETED, Status.FAILED}:
            self._count = 0

    def are_too_many(self) -> bool:
        """Whether it is no matter of their prompts; then start counting again."""
        too_many = self._count >= IN_A_ROW
        if too_many:
            self._count = 0
        return too_many


class Timeouts:
    """Keeps the time of the last sign of each step, on a clock that never goes back."""

    def __init__(self, limits: TimeLimits, clock: Clock) -> None:
        """Nothing was heard yet."""
        self._limits = limits
        self._clock = clock
        self._last_sign: dict[Slot, float] = {}
        self._before_start: dict[Slot, float] = {}  # seconds of silence
        self._looked_at = float("-inf")
        self._checked_at: float | None = None
        self._interrupted: str | None = None
        self.in_a_row = SilencesInARow()
        self._said_of: str | None = None
        self.unread = False  #: the history may not be read: an answer may be there
        self.is_looking = False  #: the history is being read: an answer may be there

    def note(self, event: Event) -> None:
        """Take an event of the active generation as a sign of its step, if it has one."""
        now = self._clock.monotonic()
        if self._checked_at is None:
            self._checked_at = now
        slot: Slot | None = getattr(event, "slot", None)
        if slot is not None:
            self._last_sign[slot] = now
            self._before_start.pop(slot, None)

    def take_up(self, generation: Generation) -> None:
        """Count the silence that began before this process, too, as far as the row tells of it.

        Else no silence of a generation would ever last too long where restarts are frequent.
        """
        for slot, limit in self._awaited(generation).items():
            sign = last_stored_sign(generation.step(slot))
            silent = 0.0 if sign is None else (self._clock.now() - sign).total_seconds()
            self._before_start[slot] = max(0.0, min(silent, limit - AFTER_START))

    def interrupt(self, generation: Generation) -> None:
        """Note that a person has to answer a check before its job starts, if it ever does."""
        self._interrupted = generation.step(Slot.GRID).nonce

    def wait_for_person(self, generation: Generation) -> None:
        """Count no silence of an interrupted request while the queue is paused."""
        if self._is_interrupted(generation):
            self._last_sign[Slot.GRID] = self._clock.monotonic()

    def _is_interrupted(self, generation: Generation) -> bool:
        grid = generation.step(Slot.GRID)
        return grid.nonce == self._interrupted and grid.progress_message_id is None

    def ended(self, generation: Generation) -> None:
        """Start again for the next generation."""
        self._last_sign.clear()
        self._before_start.clear()
        self._checked_at = None
        self.in_a_row.ended(generation)

    def is_worth_a_word(self, generation: Generation) -> bool:
        """Whether half the patience with a paid request is gone; True once for each request."""
        grid = generation.step(Slot.GRID)
        limit = self._awaited(generation).get(Slot.GRID)
        if limit is None or grid.accepted_at is not None or grid.nonce in {None, self._said_of}:
            return False
        if self._since_sign(Slot.GRID) < limit / 2:
            return False
        self._said_of = grid.nonce
        return True

    def restart(self) -> None:
        """Start every silence anew: until now nothing could be heard."""
        self._last_sign = dict.fromkeys(self._last_sign, self._clock.monotonic())

    def looked(self, began: float) -> None:
        """Note that all is applied that the history held then (monotonic seconds)."""
        self._looked_at = began

    def overdue(self, generation: Generation) -> list[Overdue]:
        """Return the ends of the steps of which nothing was heard for too long.

        Ask at every tick: what may have been missed since the last time is no silence.
        """
        before, now = self._checked_at, self._clock.monotonic()
        self._checked_at = now
        if before is not None and now - before > ABSENT:
            self.restart()
        if self.is_looking:
            return []
        lost = self.lost(generation, self._looked_at)
        return [
            Overdue(slot, gone=slot in lost, unread=self.unread)
            for slot, limit in self._awaited(generation).items()
            if slot in lost or self._since_sign(slot) + self._before_start.get(slot, 0.0) > limit
        ]

    def lost(self, generation: Generation, at: float | None = None) -> list[Slot]:
        """Return the steps whose results must be in a history that is read from `at` on, if any.

        The deletion of the progress message was the last that was heard of them. Without `at`, the
        history is read now.
        """
        ago = 0.0 if at is None else self._clock.monotonic() - at
        return [
            slot
            for slot in Slot
            if is_gone(generation, slot) and self._since_sign(slot) - ago >= self._limits.gone
        ]

    def seconds(self, generation: Generation) -> float:
        """Return for how long nothing was heard at all that is awaited; 0 when nothing is."""
        return min((self._since_sign(slot) for slot in self._awaited(generation)), default=0.0)

    def _awaited(self, generation: Generation) -> dict[Slot, float]:
        limits = {slot: patience(generation, slot, self._limits) for slot in Slot}
        grid = limits[Slot.GRID]
        if grid is not None and self._is_interrupted(generation):
            limits[Slot.GRID] = min(grid, AFTER_CHECK)
        return {slot: limit for slot, limit in limits.items() if limit is not None}

    def _since_sign(self, slot: Slot) -> float:
        """Return the seconds since its last sign in this process, or since this was first asked."""
        now = self._clock.monotonic()
        return now - self._last_sign.setdefault(slot, now)
