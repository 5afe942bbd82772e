"""Finds out how long an event loop does nothing else, and what it does meanwhile.

`python -m benchmarks.stalls` does nothing but tick, until its input ends; then it prints how many
seconds its latest tick was late: what the machine by itself does to any process.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from asyncio import events
from collections import Counter
from dataclasses import dataclass
from typing import Self

from benchmarks.places import place

TICK = 0.01
WAITING = "the loop waited for something to do: the machine, or another thread, held it up"
_SHOWN = 8
"""Calls of a stack that are kept, the innermost ones."""


ENOUGH = 0.005
"""Seconds by which a tick of the real process is late that is worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """One late tick: when it came, by the monotonic clock, and how many seconds too late.

    The CPU time is that of the loop's own thread: what is missing is a wait, for another thread
    that holds the interpreter, or for another process.
    """

    at: float
    seconds: float
    cpu_seconds: float
    stack: str  #: what was seen most often meanwhile


class Stalls:
    """Ticks in the loop while its block runs; a thread looks at what holds up a late tick."""

    def __init__(self, enough: float = 0.02) -> None:
        """Keep each tick that is more than so many seconds late, with its stack."""
        self.longest = 0.0  #: seconds, beyond the tick's own
        self.found: list[Stall] = []
        self._enough = enough
        self._ticked_at = time.monotonic()
        self._seen: Counter[str] = Counter()  # stacks, since the last tick
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
        used = time.thread_time()
        while True:
            await asyncio.sleep(TICK)
            now, used_by_now = time.monotonic(), time.thread_time()
            self._note(now, used_by_now - used)
            self._ticked_at, used = now, used_by_now
            self._seen.clear()

    def _note(self, now: float, used: float) -> None:
        late = now - self._ticked_at - TICK
        self.longest = max(self.longest, late)
        if late > self._enough:
            seen = self._seen.most_common(1)
            stack = seen[0][0] if seen else ""
            self.found.append(Stall(at=now, seconds=late, cpu_seconds=used, stack=stack))

    def _watch(self, thread: int) -> None:
        while not self._over.wait(TICK / 4):
            if time.monotonic() - self._ticked_at - TICK > self._enough:
                frame = sys._current_frames().get(thread)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- the only way to another thread's stack
                self._seen[within(traceback.extract_stack(frame))] += 1


def within(stack: traceback.StackSummary) -> str:
    """Return what the loop has called, as text; it and what has started it say nothing."""
    turns = [n for n, call in enumerate(stack) if call.filename == events.__file__]
    called = stack[turns[-1] + 1 :] if turns else []
    lines = (f"{place(call.filename)}:{call.lineno} {call.line}" for call in called[-_SHOWN:])
    return "\n".join(lines) or WAITING


async def _only_tick() -> float:
    async with Stalls() as stalls:
        await asyncio.to_thread(sys.stdin.read)
    return stalls.longest


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(_only_tick())}\n")
