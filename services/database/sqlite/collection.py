"""Whose favourites the generations in the database file are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.collection import Favourite
from domain.ports import Clock, Outcome
from services.database.personal_rows import favourite, favourite_row
from services.database.rows import from_rows, time_text
from services.database.sqlite.reader import decoded

if TYPE_CHECKING:
    from domain.generation import Generation
    from services.database.sqlite.changes import SqliteChanges
    from services.database.sqlite.connection import SqliteConnection

_FAVOURITE = "SELECT * FROM favourites WHERE person_id = ? AND generation_id = ?"
_MAY_BE_ONE = """
    SELECT 1 FROM generations WHERE id = :generation_id AND (archiving_at IS NULL OR NOT :kept)
"""
_SET = """
    INSERT INTO favourites AS known (person_id, generation_id, kept, since, command_message_id)
    VALUES (:person_id, :generation_id, :kept, :now, :command_message_id)
    ON CONFLICT (person_id, generation_id) DO UPDATE
    SET kept = excluded.kept, since = excluded.since,
        command_message_id = coalesce(excluded.command_message_id, known.command_message_id)
    WHERE known.kept <> excluded.kept RETURNING person_id
"""
_OF_PERSON = """
    SELECT generations.*
    FROM favourites INDEXED BY favourites_of_person
    CROSS JOIN generations ON generations.id = generation_id
    WHERE person_id = :person_id AND kept = 1
        AND channel_id = :channel_id AND archiving_at IS NULL
    ORDER BY since DESC, generation_id DESC LIMIT :limit OFFSET :offset
"""
_OF_ALL = """
    SELECT generations.*
    FROM favourites AS one INDEXED BY favourites_of_all
    CROSS JOIN generations ON generations.id = one.generation_id
    WHERE one.kept = 1 AND channel_id = :channel_id AND archiving_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM favourites AS other INDEXED BY favourites_of_generation
            WHERE other.generation_id = one.generation_id AND other.kept = 1
                AND (other.since, other.person_id) > (one.since, one.person_id)
        )
    ORDER BY one.since DESC, one.generation_id DESC LIMIT :limit OFFSET :offset
"""


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

    async def set_favourite(self, favourite: Favourite, *, fence: int) -> Outcome:
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
