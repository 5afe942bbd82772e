"""What keeps every request back for a while: Discord or Midjourney takes none now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from domain.ports import Clock
from domain.reasons import Reason

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is sent before `until`, because of `reason`."""

    reason: Reason
    until: datetime


FIRST = {Reason.UNREACHABLE: 5.0, Reason.RATE_LIMITED: 60.0, Reason.MIDJOURNEY_FULL: 60.0}
"""How many seconds a wait lasts of which nobody says how long; each further one twice as long,"""
LONGEST = {Reason.UNREACHABLE: 60.0, Reason.RATE_LIMITED: 600.0, Reason.MIDJOURNEY_FULL: 600.0}
"""up to this."""
MOST_DOUBLINGS = 10
FORGOTTEN = 60.0
"""Seconds after a wait in which another request would have been tried, if there were one."""


class Hold:
    """Measured by a clock that never goes back; a restart learns of it by its first request."""

    def __init__(self, clock: Clock) -> None:
        """Nothing is held back."""
        self._clock = clock
        self._ends = float("-inf")
        self._reason: Reason | None = None
        self._in_a_row = 0

    def begin(self, reason: Reason, seconds: float | None = None) -> float:
        """Send nothing for so long; return the seconds. Say it once, however often it is tried."""
        idle = self._clock.monotonic() - self._ends
        if reason != self._reason or idle > LONGEST[reason]:
            self._reason, self._in_a_row = reason, 0
        longest, doublings = LONGEST[reason], min(self._in_a_row, MOST_DOUBLINGS)
        if seconds is None:
            lasting = min(FIRST[reason] * 2**doublings, longest)
        else:  # what was said; more where that was not enough
            lasting = max(seconds, min(2.0**doublings - 1, longest))
        if self._in_a_row == 0:
            log.warning("held_back", why=reason.value, seconds=lasting)
        if not self.lasts:  # a request that was on its way already proves nothing more
            self._in_a_row += 1
        self._ends = max(self._ends, self._clock.monotonic() + lasting)
        return lasting

    def end(self, *, accepted: bool) -> None:
        """Note that Discord took a request, or that Midjourney accepted one."""
        over = accepted or self._reason != Reason.MIDJOURNEY_FULL
        if self._reason is not None and over and not self.lasts:  # it was sent after the wait
            log.info("goes_on", after=self._reason.value, tries=self._in_a_row)
            self._reason, self._in_a_row = None, 0

    @property
    def lasts(self) -> bool:
        """Whether nothing may be sent now."""
        return self._clock.monotonic() < self._ends

    @property
    def wait(self) -> Wait | None:
        """What is waited for, until a request was taken again; None if nobody wants to send any."""
        left = self._ends - self._clock.monotonic()
        if self._reason is None or left < -FORGOTTEN:
            return None
        return Wait(self._reason, self._clock.now() + timedelta(seconds=max(0.0, left)))
