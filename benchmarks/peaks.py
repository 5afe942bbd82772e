"""Knows the most memory that a process and its children ever held at the same time, or more."""

from __future__ import annotations

import contextlib
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_PAUSE = 0.002
"""Seconds between two looks. Linux keeps the peak itself, so only the last moments of a process are
missed."""


class Peaks:
    """Looks at a process and at whatever it starts, until the block ends; values are in bytes."""

    def __init__(self, pid: int) -> None:
        """Nothing is looked at yet."""
        self._pid = pid
        self._peaks: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="peaks", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def own(self) -> int:
        """The process's own peak."""
        return self._peaks.get(self._pid, 0)

    @property
    def children(self) -> list[int]:
        """The peaks of those that it has started, in the order of their ids."""
        return [peak for pid, peak in sorted(self._peaks.items()) if pid != self._pid]

    def look(self) -> None:
        """Take down what is held now."""
        for pid in (self._pid, *_started_by(self._pid)):
            self._peaks[pid] = max(self._peaks.get(pid, 0), _peak(pid))

    def _look(self) -> None:
        while not self._over.wait(_PAUSE):
            self.look()


def _started_by(pid: int) -> Iterator[int]:
    """Yield the processes that run below this one.

    Until a child runs its own program, it shows the memory of whoever starts it, and is left out.
    """
    line = _command_line(pid)
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has just ended
            for child in map(int, file.read_text("ascii").split()):
                if _command_line(child) != line:
                    yield child
                    yield from _started_by(child)


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""  # it has just ended


def _peak(pid: int) -> int:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("utf-8", "replace"))
    except OSError:
        return 0  # it has just ended
    return int(found[1]) * 1024 if found else 0
