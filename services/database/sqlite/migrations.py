"""The schema of the database: numbered scripts; the file knows how many were applied."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import WrongSchema
from domain.generation import TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.database.sqlite.connection import SqliteConnection

SCRIPTS = sorted(Path(__file__).parent.glob("[0-9][0-9][0-9][0-9]_*.sql"))
"""In order; the first turns an empty file into version 1."""
VERSION = len(SCRIPTS)


async def migrate(connection: SqliteConnection) -> None:
    """Bring the file to the schema of this code, or raise `WrongSchema` if it is newer."""
    async with connection.changing():
        version = await _version(connection)
        if version > VERSION:
            raise _wrong(version)
        for script in SCRIPTS[version:]:
            for statement in _statements(script.read_text(encoding="utf-8")):
                await connection.rows(statement)
        if version < VERSION:
            await connection.rows(f"PRAGMA user_version = {VERSION}")
        await _state_transitions(connection)


async def is_older(connection: SqliteConnection) -> bool:
    """Tell whether the file has the schema of older code; an empty one has none."""
    async with connection.using():
        return 0 < await _version(connection) < VERSION


async def check(connection: SqliteConnection) -> None:
    """Raise `WrongSchema` unless the file has exactly the schema of this code."""
    async with connection.using():
        version = await _version(connection)
    if version != VERSION:
        raise _wrong(version)


async def _version(connection: SqliteConnection) -> int:
    row = await connection.row("PRAGMA user_version")
    return 0 if row is None else int(row["user_version"])


def _wrong(version: int) -> WrongSchema:
    what = "update the program" if version > VERSION else "start the bot once to update it"
    return WrongSchema(f"the database has version {version}, not {VERSION}: {what}")


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements, so that all of them run in the open transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


async def _state_transitions(connection: SqliteConnection) -> None:
    """Write down which status may follow which, as the domain decides."""
    wanted = {(before, after) for before, allowed in TRANSITIONS.items() for after in allowed}
    rows = await connection.rows("SELECT status_before, status_after FROM legal_transitions")
    if {(row["status_before"], row["status_after"]) for row in rows} == wanted:
        return
    await connection.rows("DELETE FROM legal_transitions")
    for pair in sorted(wanted):
        await connection.rows("INSERT INTO legal_transitions VALUES (?, ?)", pair)
