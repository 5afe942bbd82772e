"""Changes of the one process that holds the lease; a command's change moves the mark with it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from domain.ports import Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from services.database.sqlite.connection import Parameters, SqliteConnection
    from services.database.sqlite.lease import SqliteLease

MARK = """
    UPDATE queue_state SET handled_message_id = :message_id
    WHERE handled_message_id IS NULL OR handled_message_id < :message_id RETURNING only_row
"""


class SqliteChanges:
    """Each change is one transaction, on the disk when it returns."""

    def __init__(self, connection: SqliteConnection, lease: SqliteLease) -> None:
        self._connection = connection
        self._lease = lease

    @asynccontextmanager
    async def fenced(self, fence: int | None) -> AsyncGenerator[bool]:
        """Do everything inside the block, or nothing; yield whether the fence allows it.

        Without a fence, it is allowed.
        """
        async with self._connection.changing():
            yield fence is None or await self._lease.is_current(fence)

    async def set(
        self, sql: str, parameters: Parameters, fence: int, command: int | None = None
    ) -> Outcome:
        """Run a statement that returns a row if it changes one."""
        async with self.fenced(fence) as allowed:
            if not allowed:
                return Outcome.STALE_FENCE
            changed = await self._connection.rows(sql, parameters)
            outcome = Outcome.DONE if changed else Outcome.ALREADY
            await self.handled(command, outcome)
        return outcome

    async def handled(self, command: int | None, outcome: Outcome) -> None:
        """Move the mark to a command that is done; used inside a transaction."""
        if command is not None and outcome in {Outcome.DONE, Outcome.ALREADY}:
            await self._connection.rows(MARK, {"message_id": command})
