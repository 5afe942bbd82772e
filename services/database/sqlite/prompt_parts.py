"""What people prefer, and the presets of channels, in the database file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.database.personal_rows import preference, preset, preset_row
from services.database.rows import time_text

if TYPE_CHECKING:
    from domain.ports import Clock, Outcome
    from domain.prompt_parts import Preset
    from services.database.sqlite.changes import SqliteChanges
    from services.database.sqlite.connection import SqliteConnection

_PREFERENCES = "SELECT * FROM preferences"
_PREFER = """
    INSERT INTO preferences (person_id, parameters, since)
    VALUES (:person_id, :parameters, :now)
    ON CONFLICT (person_id) DO UPDATE
    SET parameters = excluded.parameters, since = excluded.since
    WHERE parameters <> excluded.parameters RETURNING person_id
"""
_PREFER_NOTHING = "DELETE FROM preferences WHERE person_id = :person_id RETURNING person_id"
_PRESETS = "SELECT * FROM presets WHERE channel_id = ? ORDER BY name"
_SET = """
    INSERT INTO presets (channel_id, name, words, by_id, by_name, since)
    VALUES (:channel_id, :name, :words, :by_id, :by_name, :now)
    ON CONFLICT (channel_id, name) DO UPDATE
    SET words = excluded.words, since = excluded.since
    WHERE words <> excluded.words RETURNING name
"""
_REMOVE = "DELETE FROM presets WHERE channel_id = :channel_id AND name = :name RETURNING name"


class SqlitePromptParts:
    """The part of the store for parts of prompts."""

    def __init__(self, connection: SqliteConnection, changes: SqliteChanges, clock: Clock) -> None:
        self._connection = connection
        self._changes = changes
        self._clock = clock

    async def list_preferences(self) -> dict[int, str]:
        """Return what people prefer, by their ids."""
        async with self._connection.using():
            return dict(preference(row) for row in await self._connection.rows(_PREFERENCES))

    async def set_preference(
        self, person_id: int, parameters: str, *, fence: int, command: int
    ) -> Outcome:
        """Keep what a person prefers, nothing if it is empty."""
        values = {"person_id": person_id, "parameters": parameters, "now": self._now()}
        sql = _PREFER if parameters else _PREFER_NOTHING
        return await self._changes.set(sql, values, fence, command)

    async def list_presets(self, channel_id: int) -> list[Preset]:
        """Return the presets of a channel, by name."""
        async with self._connection.using():
            return [preset(row) for row in await self._connection.rows(_PRESETS, (channel_id,))]

    async def set_preset(self, preset: Preset, *, fence: int, command: int) -> Outcome:
        """Keep a preset, or take it away if it has no words; its first author stays."""
        values = preset_row(preset) | {"now": self._now()}
        sql = _SET if preset.words else _REMOVE
        return await self._changes.set(sql, values, fence, command)

    def _now(self) -> str:
        return time_text(self._clock.now())
