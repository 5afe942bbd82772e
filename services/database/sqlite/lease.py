"""The lease for one process, with a lock that the system releases when that process dies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from domain.errors import LeaseHeld, StoreUnavailable
from domain.ports import Lease

if TYPE_CHECKING:
    from pathlib import Path

    from services.database.sqlite.connection import SqliteConnection

_TAKE = """
    INSERT INTO leases (name, owner, fence, expires_at)
    VALUES ('worker', ?, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?))
    ON CONFLICT (name) DO UPDATE
    SET owner = excluded.owner, fence = fence + 1, expires_at = excluded.expires_at
    RETURNING fence
"""
_PROLONG = """
    UPDATE leases SET expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?)
    WHERE name = 'worker' AND owner = ? AND fence = ?
    RETURNING fence
"""
_OWNER = "SELECT owner FROM leases WHERE name = 'worker'"
_CURRENT = "SELECT 1 FROM leases WHERE name = 'worker' AND fence = ?"


def lock_beside(path: Path) -> FileLock:
    """Return the lock of a database, which one process can have; nothing is locked yet."""
    return FileLock(
        path.with_name(f"{path.name}.lock"),
        blocking=False,
        thread_local=False,
        fallback_to_soft=False,
    )


class SqliteLease:
    """The lease in the database, guarded by a lock on a file beside it.

    A process that gets the lock knows that the previous holder is dead, and takes over at once. If
    the lock ever fails (file systems without such locks are refused), the fence still protects.
    """

    def __init__(self, connection: SqliteConnection, path: Path) -> None:
        self._connection = connection
        self._lock = lock_beside(path)

    async def acquire(self, owner: str, seconds: float) -> Lease:
        """Take the lease with a higher fence than ever before, or raise `LeaseHeld`."""
        try:
            self._lock.acquire()
        except Timeout:
            raise LeaseHeld(f"{await self._holder()} is at work on this database") from None
        except OSError as error:
            msg = f"the lock beside the database: {error}"
            raise StoreUnavailable(msg) from error
        try:
            async with self._connection.changing():
                (row,) = await self._connection.rows(_TAKE, (owner, f"+{seconds} seconds"))
        except BaseException:
            self._lock.release()
            raise
        return Lease(owner, row["fence"])

    async def renew(self, lease: Lease, seconds: float) -> bool:
        """Renew the lease; False if it is no longer ours."""
        async with self._connection.changing():
            parameters = (f"+{seconds} seconds", lease.owner, lease.fence)
            return await self._connection.row(_PROLONG, parameters) is not None

    async def release(self, lease: Lease) -> None:
        """Release the lease, if it is still ours, so that the next process can start at once."""
        try:
            ours = await self.renew(lease, 0)
        except StoreUnavailable:
            self.let_go()  # whoever gets the lock next need not wait for the lease
            raise
        if ours:
            self.let_go()

    def let_go(self) -> None:
        """Release the lock, as the system does when a process dies."""
        self._lock.release(force=True)

    async def _holder(self) -> str:
        async with self._connection.using():
            row = await self._connection.row(_OWNER, ())
        return "a move" if row is not None and row["owner"].startswith("move ") else "a worker"

    async def is_current(self, fence: int) -> bool:
        """Return whether this is the current holder's fence; used inside a transaction."""
        return await self._connection.row(_CURRENT, (fence,)) is not None
