"""Checks of this machine: disk, memory, and who may read the file with the secrets."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from services.checks.finding import Finding, doubtful, good, wrong

MEGABYTE = 1_000_000
ENOUGH_DISK = 1000 * MEGABYTE
"""Room for some hundred generations, in bytes."""
LEAST_DISK = 200 * MEGABYTE
"""Room for one generation in HD while it is at work, in bytes."""
ENOUGH_MEMORY = 500 * MEGABYTE
"""The smallest machines have 512 MB; a grid in HD needs 300 of them."""
_CGROUPS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def check_disk(folder: Path) -> Finding:
    """Look how much room there is for `folder`, which need not exist yet."""
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        return wrong("disk", f"{folder} can't be looked at: {error.strerror}.")
    room = f"{free // MEGABYTE:,} MB are free for {folder}"
    if free < LEAST_DISK:
        return wrong("disk", f"{room}: make room, or name another folder (DATA_DIR).")
    if free < ENOUGH_DISK:
        return doubtful("disk", f"{room}: that is soon full; see RETENTION_DAYS.")
    return good("disk", f"{room}.")


def check_memory(limits: tuple[Path, ...] = _CGROUPS) -> Finding:
    """Look how much memory this process may have: its group's limit, or all of the machine."""
    limit = min(filter(None, (_machine(), *map(_limit, limits))), default=None)
    if limit is None:
        return good("memory", "This system doesn't tell; 512 MB are enough.")
    words = f"This process may use {limit // MEGABYTE:,} MB"
    if limit < ENOUGH_MEMORY:
        return doubtful("memory", f"{words}: it needs 512 MB, and a grid in HD may end it.")
    return good("memory", f"{words}.")


def _machine() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows, or a system that doesn't say
        return None


def _limit(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such group, or "max"
        return None


def check_secrets_file(file: Path) -> Finding:
    """Look whether others may read the file of the settings, which holds the token."""
    if not file.exists():
        return good("secrets", f"There is no file {file}: settings come from the environment.")
    if others_may_read(file):
        return doubtful("secrets", f"Other people of this machine may read {file}: {remedy(file)}.")
    return good("secrets", f"Nobody else may read {file}.")


def others_may_read(file: Path) -> bool:
    """Whether other users of this machine may read a file; on Windows, its rights don't tell."""
    return os.name == "posix" and bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def remedy(file: Path) -> str:
    """Return the command that keeps others from reading a file."""
    return f"chmod 600 {file}"
