"""How Discord's gateway has hung up lately: it must not be asked again too soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FIRST, LONGEST = 1.0, 300.0
"""Seconds from a hang-up to the next connection: each time twice as long, up to the longest."""
MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUps:
    """So many connections in a row ended soon after they began, the last one at `last_at`."""

    in_a_row: int
    last_at: datetime

    @property
    def distance(self) -> float:
        """How many seconds after the last one the next connection may begin."""
        return min(FIRST * 2 ** min(self.in_a_row - 1, MOST_DOUBLINGS), LONGEST)

    def left(self, now: datetime) -> float:
        """Return how many of these seconds are left, however the clock was put meanwhile."""
        passed = (now - self.last_at).total_seconds()
        return min(max(0.0, self.distance - passed), self.distance)
