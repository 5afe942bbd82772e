"""Favourites, searching and statistics in the database file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from domain.collection import MOST_PEOPLE, Favourite, Statistics
from domain.ports import Clock, Outcome
from services.database.personal_rows import favourite, favourite_row
from services.database.rows import from_rows, time_text
from services.database.sqlite.reader import decoded
from services.database.statistics import statistics

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from domain.generation import Generation
    from services.database.sqlite.changes import SqliteChanges
    from services.database.sqlite.connection import SqliteConnection

_FAVOURITE = "SELECT * FROM favourites WHERE person_id = ? AND generation_id = ?"
_AMONG = """
    SELECT generation_id FROM favourites
    WHERE person_id = ? AND generation_id IN (SELECT value FROM json_each(?)) AND kept = 1
"""
_MAY_BE_ONE = """
    SELECT 1 FROM generations WHERE id = :generation_id AND (archiving_at IS NULL OR NOT :kept)
"""
_SET = """
    INSERT INTO favourites AS known (
        person_id, generation_id, kept, number, since, command_message_id
    ) VALUES (
        :person_id, :generation_id, :kept, (SELECT coalesce(max(number), 0) + 1 FROM favourites),
        :now, :command_message_id
    )
    ON CONFLICT (person_id, generation_id) DO UPDATE
    SET kept = excluded.kept, number = excluded.number, since = excluded.since,
        command_message_id = coalesce(excluded.command_message_id, known.command_message_id)
    WHERE known.kept <> excluded.kept RETURNING person_id
"""
_OF_PERSON = """
    SELECT generations.*
    FROM favourites INDEXED BY favourites_of_person
    CROSS JOIN generations ON generations.id = generation_id
    WHERE person_id = :person_id AND kept = 1
        AND channel_id = :channel_id AND archiving_at IS NULL
    ORDER BY number DESC LIMIT :limit OFFSET :offset
"""
_OF_ALL = """
    SELECT generations.*
    FROM favourites AS one INDEXED BY favourites_of_all
    CROSS JOIN generations ON generations.id = one.generation_id
    WHERE one.kept = 1 AND channel_id = :channel_id AND archiving_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM favourites AS other INDEXED BY favourites_of_generation
            WHERE other.generation_id = one.generation_id AND other.kept = 1
                AND other.number > one.number
        )
    ORDER BY one.number DESC LIMIT :limit OFFSET :offset
"""
_SEARCH = """
    SELECT generations.* FROM prompts CROSS JOIN generations ON generations.seq = prompts.rowid
    WHERE prompts MATCH :query AND channel_id = :channel_id
    ORDER BY prompts.rowid DESC LIMIT :limit OFFSET :offset
"""
_FINISHED = """
    FROM generations INDEXED BY finished
    WHERE channel_id = :channel_id AND status = 'completed' AND archiving_at IS NULL
"""
_DRAW = f"""
    SELECT * {_FINISHED} AND seq >= (
        SELECT first + CAST(:at * (last - first + 1) AS INTEGER) FROM (
            SELECT
                (SELECT min(seq) {_FINISHED}) AS first,
                (SELECT max(seq) {_FINISHED}) AS last
        )
    )
    ORDER BY seq LIMIT 1
"""  # noqa: S608 -- the text above
_MONTH = """
    SELECT {} FROM generations INDEXED BY by_channel_and_time
    WHERE channel_id = :channel_id AND created_at >= :since AND created_at < :until
"""
_STATUSES = _MONTH.format("status, count(*) AS count") + "GROUP BY status"
_PROBLEMS = (
    _MONTH.format("substr(error, 1, instr(error || ': ', ': ') - 1) AS kind, count(*) AS count")
    + "AND status IN ('failed', 'needs_attention') AND error IS NOT NULL GROUP BY kind"
)
_PEOPLE = (
    _MONTH.format("max(author_name) AS name, count(*) AS count, count() OVER () AS people")
    + "GROUP BY author_id ORDER BY count DESC, author_id LIMIT :most"
)
_WAITED = _MONTH.format(
    "avg(max(0, julianday(submitted_at) - julianday(created_at))) * 86400 AS average, "
    "max(max(0, julianday(submitted_at) - julianday(created_at))) * 86400 AS longest"
)


class SqliteCollection:
    """The part of the store for the collection."""

    def __init__(self, connection: SqliteConnection, changes: SqliteChanges, clock: Clock) -> None:
        self._connection = connection
        self._changes = changes
        self._clock = clock

    async def get_favourite(self, person_id: int, generation_id: str) -> Favourite | None:
        """Return what somebody said last; None if nothing was ever said."""
        async with self._connection.using():
            row = await self._connection.row(_FAVOURITE, (person_id, generation_id))
        return None if row is None else favourite(row)

    async def favourites_among(self, person_id: int, ids: Collection[str]) -> frozenset[str]:
        """Return which of these generations are somebody's favourites."""
        async with self._connection.using():
            rows = await self._connection.rows(_AMONG, (person_id, json.dumps(sorted(ids))))
        return frozenset(row["generation_id"] for row in rows)

    async def set_favourite(self, favourite: Favourite, *, fence: int | None) -> Outcome:
        """Keep a favourite, or keep it no longer; CONFLICT where there is nothing to keep."""
        wanted = favourite_row(favourite)
        async with self._changes.fenced(fence) as allowed:
            if not allowed:
                return Outcome.STALE_FENCE
            if await self._connection.row(_MAY_BE_ONE, wanted) is None:
                return Outcome.CONFLICT
            now = time_text(self._clock.now())
            changed = await self._connection.rows(_SET, wanted | {"now": now})
            outcome = Outcome.DONE if changed else Outcome.ALREADY
            await self._changes.handled(favourite.command, outcome)
        return outcome

    async def list_favourites(
        self, channel_id: int, person_id: int | None, *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of somebody's favourites, or of everybody's, the last one kept first."""
        asked = {"channel_id": channel_id, "offset": offset, "limit": limit}
        sql = _OF_ALL if person_id is None else _OF_PERSON
        async with self._connection.using():
            rows = await self._connection.rows(sql, asked | {"person_id": person_id})
        return from_rows(rows, decoded)

    async def search(
        self, channel_id: int, words: Sequence[str], *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of those whose prompts have such words, the newest first."""
        query = " ".join(f'"{word}"*' for word in words)
        asked = {"channel_id": channel_id, "query": query, "offset": offset, "limit": limit}
        async with self._connection.using():
            return from_rows(await self._connection.rows(_SEARCH, asked), decoded)

    async def draw(self, channel_id: int, at: float) -> Generation | None:
        """Return one that is completed and not deleted, or None without any."""
        async with self._connection.using():
            row = await self._connection.row(_DRAW, {"channel_id": channel_id, "at": at})
        return None if row is None else decoded(row)

    async def get_statistics(self, channel_id: int, since: datetime, until: datetime) -> Statistics:
        """Return what was asked for from one time until before another."""
        asked = {
            "channel_id": channel_id,
            "since": time_text(since),
            "until": time_text(until),
            "most": MOST_PEOPLE,
        }
        async with self._connection.using():
            found = {name: await self._connection.rows(sql, asked) for name, sql in _PARTS.items()}
        return statistics(found | {"waited": found["waited"][0]})


_PARTS = {"statuses": _STATUSES, "problems": _PROBLEMS, "people": _PEOPLE, "waited": _WAITED}
