"""Finds out how long an event loop does nothing else, and what it does meanwhile."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from typing import Self

TICK = 0.01


class Stalls:
    """Ticks in the loop while its block runs; a thread looks at what holds up a late tick."""

    def __init__(self, enough: float = 0.02) -> None:
        """Look at the stack once a tick is so many seconds late."""
        self.longest = 0.0  #: seconds, beyond the tick's own
        self.stack = ""  #: what was held up when the longest was noticed
        self._enough = enough
        self._ticked_at = time.monotonic()
        self._over = threading.Event()

    async def __aenter__(self) -> Self:
        self._ticked_at = time.monotonic()
        self._ticking = asyncio.get_running_loop().create_task(self._tick(), name="ticks")
        self._watching = threading.Thread(
            target=self._watch, args=(threading.get_ident(),), name="stalls", daemon=True
        )
        self._watching.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self._ticking.cancel()
        await asyncio.wait([self._ticking])
        self._watching.join()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            now = time.monotonic()
            self.longest = max(self.longest, now - self._ticked_at - TICK)
            self._ticked_at = now

    def _watch(self, thread: int) -> None:
        worst = self._enough
        while not self._over.wait(TICK / 4):
            late = time.monotonic() - self._ticked_at - TICK
            if late > worst:
                worst = late
                frame = sys._current_frames().get(thread)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- the only way to another thread's stack
                self.stack = "".join(traceback.format_stack(frame)[-4:])
