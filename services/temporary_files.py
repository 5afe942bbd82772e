"""Files that live for one step: made, removed whatever happens, and swept after a crash."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from domain.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_SUFFIX = ".part"
_ABANDONED_AFTER = 3600.0  # seconds; no step takes that long


@contextmanager
def disk_faults() -> Generator[None]:
    """Turn what a disk refuses (full, read-only, gone) into `StoreUnavailable`."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the disk refuses: {error.strerror or error}") from error


@contextmanager
def temporary_name(folder: Path) -> Generator[Path]:
    """Yield a path in `folder`, which exists, that no file has; remove the file that has it then.

    A file that is made only to be replaced would cost as much as one that stays.
    """
    path = folder / f".{uuid4().hex}{_SUFFIX}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def temporary_file(folder: Path) -> Generator[Path]:
    """Yield an empty file in `folder`, which is made if need be; remove it if it is still there."""
    with disk_faults():
        folder.mkdir(parents=True, exist_ok=True)
    with temporary_name(folder) as path:
        with disk_faults():
            path.touch(exist_ok=False)
        yield path


def flush(path: Path) -> None:
    """Wait until a file's bytes, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what a killed process left in `folder`.

    Young files stay: while a platform replaces one process by the next, both are at work.
    """
    for path in folder.glob(f".*{_SUFFIX}"):
        with suppress(OSError):  # it is only tidying up
            if time.time() - path.stat().st_mtime > _ABANDONED_AFTER:
                path.unlink(missing_ok=True)
