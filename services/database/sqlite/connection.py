"""One connection to the database file: it has one user at a time, and translates errors."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Self

import aiosqlite

from domain.errors import StoreRefused, StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 5.0
"""How long to wait for another process that writes to the file."""

# A commit is on the disk when it returns, even if the power fails.
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
)

_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
"""What no further try mends."""
_REMEDY = (
    "move it away, with the files beside it that begin with its name; then restore a backup, or "
    "begin anew"
)
Parameters = Sequence[Any] | Mapping[str, Any]


class SqliteConnection:
    """An open file. Inside `using` and `changing`, nothing else in this process uses it."""

    def __init__(self, path: Path, raw: aiosqlite.Connection) -> None:
        self._path = path
        self._raw = raw
        self._free = asyncio.Lock()
        self._closed = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file for reading and writing; create it if necessary."""
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        return await cls._open(path, "rwc", _PRAGMAS)

    @classmethod
    async def open_read_only(cls, path: Path) -> Self:
        """Open a file that exists, also while another process writes to it."""
        if not await asyncio.to_thread(path.is_file):
            raise StoreUnavailable(f"there is no database at {path} yet")
        return await cls._open(path, "ro", ())

    @classmethod
    async def _open(cls, path: Path, mode: str, pragmas: tuple[str, ...]) -> Self:
        with _translated(path):
            # Opened here: aiosqlite does not wait for the end of a thread that fails to open it.
            file = sqlite3.connect(
                _address(path, mode),
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
        file.row_factory = sqlite3.Row
        raw = aiosqlite.Connection(lambda: file, iter_chunk_size=64)
        # A failing process must be able to end even while this is open, so the next one can work.
        raw._thread.daemon = True  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- there is no public way
        connection = cls(path, await raw)
        try:
            async with connection.using():
                for pragma in pragmas:
                    await connection.rows(pragma)
        except BaseException:
            await connection.close()
            raise
        return connection

    @asynccontextmanager
    async def using(self) -> AsyncGenerator[None]:
        """Use the connection alone; if it is closed or cannot answer, raise `StoreUnavailable`."""
        async with self._free:
            if self._closed:
                raise StoreUnavailable(f"{self._path} is closed")
            with _translated(self._path):
                yield

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[None]:
        """Do everything inside the block, or nothing.

        The database thread works in order. So if a task is cancelled, even during the first or
        last statement, the rollback comes after that and leaves nothing open.
        """
        async with self.using():
            try:
                await self._raw.execute("BEGIN IMMEDIATE")
                yield
                await self._raw.commit()
            except BaseException:
                await self._raw.rollback()
                raise

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """Run one statement and return its rows."""
        found = await self._raw.execute_fetchall(sql, parameters)
        return [dict(row) for row in found]

    async def row(self, sql: str, parameters: Parameters = ()) -> dict[str, Any] | None:
        """Run one statement and return its first row."""
        return next(iter(await self.rows(sql, parameters)), None)

    async def close(self) -> None:
        """Close the file, after the current work; once more does nothing."""
        async with self._free:
            self._closed = True
            with _translated(self._path):
                await self._raw.close()


def _address(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


@contextmanager
def _translated(path: Path) -> Generator[None]:
    """Turn errors of a database that does not answer into ours; our own bugs stay visible."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.Error, OSError) as error:
        msg = f"{path}: {error}"
        if getattr(error, "sqlite_errorname", "") in _DAMAGED:
            raise StoreRefused(f"{msg}; {_REMEDY}") from error
        raise StoreUnavailable(msg) from error
