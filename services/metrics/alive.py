"""One line of the log an hour: that it runs, and how it is."""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import structlog

from domain.generation import Status
from domain.ports import Clock
from services.metrics.counts import Counts
from services.metrics.state import WorkerState

log = structlog.get_logger(__name__)

HOUR = 3600.0
_MEGABYTE = 1_000_000
_MEMORY = Path("/proc/self/statm")
"""Sizes in pages; the second is what is in memory now."""


class Alive:
    """Tells what there is, and what ended since its last line."""

    def __init__(self, counts: Counts, look: Callable[[], WorkerState], clock: Clock) -> None:
        """`look` returns how the worker is now."""
        self._counts = counts
        self._look = look
        self._clock = clock
        self._told = Counter[Status]()

    async def run(self) -> None:
        """Tell once an hour, until cancelled."""
        while True:
            await self._clock.sleep(HOUR)
            self._tell()

    def _tell(self) -> None:
        state, active, ended = self._look(), self._counts.active, Counter[Status]()
        for (status, _), number in self._counts.ended.items():
            ended[status] += number
        fresh, self._told = ended - self._told, ended
        log.info(
            "alive",
            waiting=self._counts.waiting,
            active=None if active is None else active.code,
            completed=fresh[Status.COMPLETED],
            failed=fresh[Status.FAILED],
            cancelled=fresh[Status.CANCELLED],
            needs_attention=fresh[Status.NEEDS_ATTENTION],
            gateway="connected" if state.connected else "away",
            database="answers" if state.database_answers else "away",
            paused=state.paused_by,
            held_back=state.held_back,
            memory_mb=resident_megabytes(),
        )


def resident_megabytes() -> int | None:
    """Return how much memory this process takes now; None where the system does not tell."""
    try:
        pages = int(_MEMORY.read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * mmap.PAGESIZE // _MEGABYTE
