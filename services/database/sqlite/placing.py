"""A database that is made under another name gets its own when it is whole, where there is none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import Timeout

from domain.errors import LeaseHeld, StoreRefused, StoreUnavailable
from services.database.sqlite.lease import lock_beside
from services.temporary_files import disk_faults, flush

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

LOGS = ("-wal", "-journal")
"""What SQLite would bring into whichever database has that name: the last changes of another."""


def refuse_database(path: Path) -> None:
    """Raise `StoreRefused` if there is a database, or the log of one that was taken away."""
    if path.exists():
        raise StoreRefused(
            f"{path.parent} has a database already: name a new folder (DATA_DIR), or move it away"
        )
    for end in LOGS:
        log = path.with_name(path.name + end)
        if log.exists():
            raise StoreRefused(
                f"{log} has the last changes of the database that was beside it: move it to that "
                "one, or name a new folder (DATA_DIR)"
            )


@contextmanager
def reserved(path: Path) -> Generator[None]:
    """Keep everybody else from making a database here, or from working on it.

    Raises `LeaseHeld` if somebody does.
    """
    lock = lock_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise LeaseHeld(f"another process works on {path.parent}") from None
    except OSError as error:
        raise StoreUnavailable(f"no database can be made in {path.parent}: {error}") from error
    try:
        yield
    finally:
        lock.release(force=True)


def give_name(part: Path, path: Path) -> None:
    """Give a whole database that is closed its name, for good."""
    refuse_database(path)
    with disk_faults():
        part.replace(path)
        flush(path.parent)
