"""Finds out which functions take the CPU time of this process, of all its threads.

Again and again a thread reads how much CPU time each other one has used, and gives it to the
function that it is in; while it waits, it is passed over. Code in C counts for whoever called it.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from benchmarks.places import part, place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PAUSE = 0.002
SWITCH = 0.00005
"""Seconds after which a thread lets this one look. With 5 ms, as usual, most of what the loop does
would be over before."""
LOOP = "the event loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """CPU time that was used shortly before a moment of the monotonic clock."""

    at: float
    seconds: float
    part: str  #: the package, or the folder of ours, that did it or had the standard library do it
    function: str


_WAITS = frozenset({"EpollSelector.select", "Condition.wait", "_worker"})
"""Functions that wait and do nothing else."""


class Samples:
    """Takes samples in a thread of its own while its block runs."""

    def __init__(self) -> None:
        """Nothing is seen yet."""
        self.found: list[Sample] = []
        self._used: dict[int, int] = {}  # nanoseconds of each thread
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="samples", daemon=True)

    async def __aenter__(self) -> Self:
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        sys.setswitchinterval(self._usual)

    def _look(self) -> None:
        while not self._over.wait(PAUSE):
            frames = sys._current_frames()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- the only way to another thread's stack
            for thread in threading.enumerate():
                frame = frames.get(thread.ident or 0)
                if thread is not self._thread and frame is not None:
                    self._note(thread.native_id or 0, frame)

    def _note(self, thread: int, frame: FrameType) -> None:
        if frame.f_code.co_qualname in _WAITS:
            return
        used = _cpu(thread)
        new = used - self._used.setdefault(thread, used)
        self._used[thread] = max(used, self._used[thread])
        if new > 0:
            code = frame.f_code
            parts = (part(each.f_code.co_filename) for each in _outwards(frame))
            self.found.append(
                Sample(
                    at=time.monotonic(),
                    seconds=new / 1e9,
                    part=next(filter(None, parts), LOOP),
                    function=f"{place(code.co_filename)}: {code.co_qualname}",
                )
            )


def _cpu(thread: int) -> int:
    """Return the nanoseconds that a thread has used; 0 if it has just ended."""
    try:
        return int(Path(f"/proc/self/task/{thread}/schedstat").read_text("ascii").split()[0])
    except OSError:
        return 0


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
