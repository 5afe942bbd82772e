"""Rows and event rows as the database file has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo.page.parts import Contents
from domain.errors import StoreRefused, StoreUnavailable
from services.database.rows import JSON_COLUMNS
from services.database.sqlite.connection import SqliteConnection

if TYPE_CHECKING:
    from pathlib import Path

    from demo.page.parts import Row

MOST_ROWS, MOST_EVENTS = 20, 40
_ROWS = "SELECT * FROM generations ORDER BY seq DESC LIMIT ?"
_EVENTS = "SELECT * FROM generation_events ORDER BY id DESC LIMIT ?"


class SqliteView:
    """The database file, opened when it is there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: SqliteConnection | None = None

    async def read(self) -> Contents:
        """Return the latest rows; nothing while there is no file, or nothing in it."""
        try:
            self._file = self._file or await SqliteConnection.open_read_only(self._path)
            async with self._file.using():
                rows = await self._file.rows(_ROWS, [MOST_ROWS])
                events = await self._file.rows(_EVENTS, [MOST_EVENTS])
        except (StoreUnavailable, StoreRefused):
            return Contents()
        return Contents([_parsed(row) for row in rows], events)

    async def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            await self._file.close()


def _parsed(row: Row) -> Row:
    return row | {name: json.loads(row[name]) for name in JSON_COLUMNS}
