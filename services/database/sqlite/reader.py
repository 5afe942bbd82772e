"""Reads the database, also from a second process beside the running bot."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.acceptance import MOST_COUNTED, REFUSALS, Load, Standing
from domain.generation import Status
from domain.hang_ups import HangUps
from domain.pause import Pause
from domain.ports import Query
from services.database.rows import JSON_COLUMNS, below, from_row, from_rows, load, person, time_text
from services.database.sqlite.connection import SqliteConnection
from services.database.sqlite.migrations import check

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from domain.generation import Generation
    from domain.ports import Person

# A statement fails if it cannot use the index it names, so none gets slow unnoticed.
ACTIVE = """
    SELECT * FROM generations INDEXED BY one_active
    WHERE status IN ('submitting', 'submitted', 'grid_completed', 'variations_in_progress')
"""
_PAUSE = "SELECT paused_since, paused_words, paused_by FROM queue_state"
BY_GRID = """
    SELECT * FROM generations INDEXED BY one_grid
    WHERE json_extract(grid_step, '$.message_id') = ? ORDER BY grid_copy LIMIT 1
"""
_ENDED = """
    SELECT * FROM generations INDEXED BY ended
    WHERE status IN ('completed', 'failed', 'cancelled', 'needs_attention')
        AND (updated_at, seq) > (?, ?)
    ORDER BY updated_at, seq LIMIT ?
"""
_BY_ID_OR_CODE = "SELECT * FROM generations WHERE id = ? OR code = ?"
_PLACE = """
    SELECT (
        SELECT count(*) FROM generations INDEXED BY queue
        WHERE status = 'queued' AND (turn, seq) < (own.turn, own.seq)
    ) + (
        SELECT count(*) FROM generations INDEXED BY one_active
        WHERE status IN ('submitting', 'submitted', 'grid_completed', 'variations_in_progress')
    ) AS place
    FROM generations AS own WHERE own.id = ? AND own.status = 'queued'
"""
_QUEUE = """
    SELECT * FROM generations INDEXED BY queue
    WHERE status = 'queued' ORDER BY turn, seq LIMIT ?
"""
_LOAD = """
    SELECT
        (
            SELECT count(*) FROM (
                SELECT 1 FROM generations INDEXED BY queue
                WHERE status = 'queued' LIMIT :most
            )
        ) AS waiting,
        (
            SELECT count(*) FROM (
                SELECT 1 FROM generations INDEXED BY waiting_by_author
                WHERE status = 'queued' AND author_id = :author_id LIMIT :most
            )
        ) AS own_waiting,
        (
            SELECT count(*) FROM (
                SELECT 1 FROM generations INDEXED BY by_author_and_time
                WHERE author_id = :author_id AND created_at >= :since LIMIT :most
            )
        ) AS own_lately,
        (
            SELECT max(created_at) FROM generations INDEXED BY by_author_and_time
            WHERE author_id = :author_id AND created_at >= :since
        ) AS own_last
"""
_MARK = "SELECT handled_message_id FROM queue_state"
_HANG_UPS = "SELECT hang_ups, hung_up_at FROM queue_state"
_CHILDREN = """
    SELECT * FROM generations INDEXED BY children WHERE parent_id = ? ORDER BY seq LIMIT ?
"""
_NEWEST_OF_EACH = """
    WITH RECURSIVE author (id) AS (
        SELECT min(author_id) FROM generations INDEXED BY by_author
        UNION ALL
        SELECT (
            SELECT min(author_id) FROM generations INDEXED BY by_author
            WHERE author_id > author.id
        ) FROM author WHERE author.id IS NOT NULL
    )
    SELECT * FROM generations WHERE seq IN (
        SELECT (SELECT max(seq) FROM generations INDEXED BY by_author WHERE author_id = author.id)
        FROM author
    )
    ORDER BY seq DESC LIMIT ?
"""
_UNARCHIVED = """
    SELECT id FROM generations
    WHERE id IN (SELECT value FROM json_each(?)) AND archived_at IS NULL
"""
_PEOPLE = "SELECT * FROM people ORDER BY user_id"


class SqliteReader:
    """The reading half of the store."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection

    async def get_generation(self, id_or_code: str) -> Generation | None:
        """Return one generation by its id or its code (in any case)."""
        if not id_or_code.isascii():  # not all that a shell hands over can be asked for
            return None
        return await self._one(_BY_ID_OR_CODE, (id_or_code, id_or_code.lower()))

    async def get_generation_of_grid(self, message_id: int) -> Generation | None:
        """Return the generation whose finished grid is this message."""
        return await self._one(BY_GRID, (message_id,))

    async def list_generations(self, query: Query) -> list[Generation]:
        """Return a page of generations, newest first."""
        return await self._several(*page(query))

    async def list_ended(
        self, since: datetime, *, after_seq: int = 0, limit: int
    ) -> list[Generation]:
        """Return a page of those that ended or need attention, by their last change."""
        return await self._several(_ENDED, (time_text(since), after_seq, limit))

    async def list_children(self, parent_id: str, limit: int) -> list[Generation]:
        """Return what was made of a generation, in the order in which it was asked for."""
        return await self._several(_CHILDREN, (parent_id, limit))

    async def list_newest_of_each(self, limit: int) -> list[Generation]:
        """Return everybody's newest generation, newest first."""
        return await self._several(_NEWEST_OF_EACH, (limit,))

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these are in the database, and not archived."""
        async with self._connection.using():
            return ids_of(await self._connection.rows(_UNARCHIVED, (json.dumps([*ids]),)))

    async def get_processing_generation(self) -> Generation | None:
        """Return the active generation."""
        return await self._one(ACTIVE)

    async def get_pause(self) -> Pause | None:
        """Return the pause of the queue; None while it runs."""
        async with self._connection.using():
            row = await self._connection.row(_PAUSE)
        if row is None or row["paused_since"] is None:
            return None
        since = datetime.fromisoformat(row["paused_since"])
        return Pause(words=row["paused_words"], since=since, by=row["paused_by"])

    async def place_in_queue(self, generation_id: str) -> int:
        """Return how many are ahead of this one; 0 for one that is not waiting."""
        async with self._connection.using():
            return await self._place(generation_id)

    async def list_queue(self, limit: int) -> list[Generation]:
        """Return the first waiting generations, in the order in which they will be claimed."""
        return await self._several(_QUEUE, (limit,))

    async def get_load(self, author_id: int, since: datetime) -> Load:
        """Return how much is waiting, and how much a person has requested since a time."""
        async with self._connection.using():
            return await self._load(author_id, since)

    async def get_mark(self) -> int | None:
        """Return the latest command message that was handled; None before the first."""
        async with self._connection.using():
            row = await self._connection.row(_MARK)
        return None if row is None else row["handled_message_id"]

    async def get_hang_ups(self) -> HangUps | None:
        """Return how Discord's gateway hung up; None if it did not, or lasted since."""
        async with self._connection.using():
            row = await self._connection.row(_HANG_UPS)
        if row is None or row["hang_ups"] is None:
            return None
        last_at = datetime.fromisoformat(row["hung_up_at"])
        return HangUps(in_a_row=row["hang_ups"], last_at=last_at)

    async def list_people(self) -> list[Person]:
        """Return everybody who was allowed or denied by command, ordered by id."""
        async with self._connection.using():
            return [person(row) for row in await self._connection.rows(_PEOPLE)]

    async def close(self) -> None:
        """Close the file."""
        await self._connection.close()

    async def _standing(self, author_id: int, since: datetime) -> Standing:
        """Return how a person stands; used inside a transaction, as the two after it."""
        failed = Query(author_id=author_id, statuses=frozenset({Status.FAILED}), limit=REFUSALS)
        return Standing(
            load=await self._load(author_id, since),
            failed=from_rows(await self._connection.rows(*page(failed)), decoded),
        )

    async def _load(self, author_id: int, since: datetime) -> Load:
        asked = {"author_id": author_id, "since": time_text(since), "most": MOST_COUNTED}
        (row,) = await self._connection.rows(_LOAD, asked)
        return load(row)

    async def _place(self, generation_id: str) -> int:
        row = await self._connection.row(_PLACE, (generation_id,))
        return 0 if row is None else row["place"]

    async def _one(self, sql: str, parameters: tuple[object, ...] = ()) -> Generation | None:
        async with self._connection.using():
            row = await self._connection.row(sql, parameters)
        return None if row is None else decoded(row)

    async def _several(self, sql: str, parameters: Sequence[object]) -> list[Generation]:
        async with self._connection.using():
            return from_rows(await self._connection.rows(sql, parameters), decoded)


async def open_read_only(path: Path) -> SqliteReader:
    """Open the database of a bot that may be running; raise `StoreUnavailable` without one."""
    connection = await SqliteConnection.open_read_only(path)
    try:
        await check(connection)
    except BaseException:
        await connection.close()
        raise
    return SqliteReader(connection)


def ids_of(rows: list[dict[str, Any]]) -> frozenset[str]:
    """Return the ids of rows."""
    return frozenset(row["id"] for row in rows)


def page(query: Query) -> tuple[str, list[Any]]:
    """Return the statement for one page and its parameters.

    Each status is a search of its own in the order of the index; SQLite merges them without
    sorting, and stops at the limit.
    """
    terms: dict[str, Any] = {
        "seq < ?": below(query.before_seq),
    }
    if query.author_id is not None:
        terms["author_id = ?"] = query.author_id
    searches = [{**terms, "status = ?": status.value} for status in query.statuses] or [terms]
    selects = [
        f"SELECT * FROM generations WHERE {' AND '.join(search)}"  # noqa: S608 -- the terms above
        for search in searches
    ]
    sql = " UNION ALL ".join(selects) + " ORDER BY seq DESC LIMIT ?"
    return sql, [*(value for search in searches for value in search.values()), query.limit]


def decoded(row: Mapping[str, Any]) -> Generation:
    """Read a row, in which SQLite stores JSON as text."""
    return from_row({**row, **{column: json.loads(row[column]) for column in JSON_COLUMNS}})


def encoded(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as SQLite stores them."""
    return {
        column: json.dumps(value) if column in JSON_COLUMNS else value
        for column, value in columns.items()
    }
