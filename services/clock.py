"""The real time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any


def steady_clock(system: Any = time) -> Callable[[], float]:
    """Return the clock that never goes back and, where there is one, goes on in a suspend.

    Linux's monotonic clock stands still while the machine is suspended: a lease would look valid
    after waking, although another process may have taken it.
    """
    try:
        boot_time = partial(system.clock_gettime, system.CLOCK_BOOTTIME)
        boot_time()
    except (AttributeError, OSError):  # another system, or a kernel that does not know it
        return system.monotonic
    return boot_time


class SystemClock:
    """The machine's clocks."""

    def __init__(self, steady: Callable[[], float] | None = None) -> None:
        """Measure by another clock than the machine's best, if there is one."""
        self._steady = steady or steady_clock()

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back; never compare them with the event loop's."""
        return self._steady()

    async def sleep(self, seconds: float) -> None:
        """Wait; in a suspend, the event loop's own clock may stand still."""
        await asyncio.sleep(seconds)
