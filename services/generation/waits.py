"""Whether the time has come that a row waits for, however the clock jumps meanwhile."""

from __future__ import annotations

from datetime import datetime

from domain.ports import Clock

REMEMBERED = 1000


class Waits:
    """Measures each wait by a clock that never goes back, from when it was first asked about."""

    def __init__(self, clock: Clock) -> None:
        """Nothing waits yet."""
        self._clock = clock
        self._ends: dict[datetime, float] = {}

    def are_over(self, until: datetime | None) -> bool:
        """Whether the time has come; None: nothing is waited for."""
        return until is None or self.left(until) <= 0

    def left(self, until: datetime) -> float:
        """Return how many seconds are left of a wait; 0 or less when it is over."""
        if until not in self._ends:
            left = (until - self._clock.now()).total_seconds()
            self._ends[until] = self._clock.monotonic() + left
            while len(self._ends) > REMEMBERED:
                del self._ends[next(iter(self._ends))]
        return self._ends[until] - self._clock.monotonic()
