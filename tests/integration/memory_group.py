"""A limit on the memory of a process and its children: a control group's, as platforms set it.

A limit on the address space would be another thing: a process that holds 100 MB has reserved more
than 1 GB.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
V1, V2 = MOUNT / "memory/memory.limit_in_bytes", MOUNT / "cgroup.subtree_control"


@dataclass(frozen=True, slots=True)
class MemoryGroup:
    """Where processes enter the group, and the file with the most that they ever held, in bytes."""

    entrance: Path
    peak: Path

    def command(self, command: list[str]) -> list[str]:
        """Return a command that enters the group, and is then replaced by the given one."""
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self.entrance), *command]


@contextlib.contextmanager
def memory_group(limit: int) -> Generator[MemoryGroup | None]:
    """Make a group that may hold `limit` bytes, or give None: not everybody may make one."""
    try:
        group, folder = _made(limit)
    except OSError:
        yield None
        return
    try:
        yield group
    finally:
        folder.rmdir()


def _made(limit: int) -> tuple[MemoryGroup, Path]:
    name = f"atelier-{os.getpid()}"
    if V1.exists():
        folder, most, swap, peak = (
            MOUNT / "memory" / name,
            V1.name,
            "memory.swappiness",
            "max_usage_in_bytes",
        )
    elif V2.exists() and "memory" in V2.read_text().split():
        folder, most, swap, peak = MOUNT / name, "memory.max", "memory.swap.max", "peak"
    else:
        raise OSError("no control groups for memory")
    folder.mkdir()
    try:
        (folder / most).write_text(str(limit))
        (folder / swap).write_text("0")
    except OSError:
        folder.rmdir()
        raise
    return MemoryGroup(folder / "cgroup.procs", folder / f"memory.{peak}"), folder
