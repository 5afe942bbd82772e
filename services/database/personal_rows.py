"""Rows of the tables of what people keep for themselves, and back: one mapping for every database.

A row is as in `services.database.rows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.collection import Favourite
from domain.prompt_parts import Preset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.database.rows import Row


def favourite_row(favourite: Favourite) -> Row:
    """Return the columns of the table of favourites."""
    return {
        "person_id": favourite.person_id,
        "generation_id": favourite.generation_id,
        "kept": favourite.kept,
        "command_message_id": favourite.command,
    }


def favourite(row: Mapping[str, Any]) -> Favourite:
    """Read a row of the table of favourites."""
    command = row["command_message_id"]
    return Favourite(
        person_id=int(row["person_id"]),
        generation_id=row["generation_id"],
        kept=bool(row["kept"]),
        command=None if command is None else int(command),
    )


def preference(row: Mapping[str, Any]) -> tuple[int, str]:
    """Read a row of the table of preferences: a person's id, and their parameters."""
    return int(row["person_id"]), row["parameters"]


def preset_row(preset: Preset) -> Row:
    """Return the columns of the table of presets."""
    return {
        "channel_id": preset.channel_id,
        "name": preset.name,
        "words": preset.words,
        "by_id": preset.by,
        "by_name": preset.by_name,
    }


def preset(row: Mapping[str, Any]) -> Preset:
    """Read a row of the table of presets."""
    return Preset(
        channel_id=int(row["channel_id"]),
        name=row["name"],
        words=row["words"],
        by=int(row["by_id"]),
        by_name=row["by_name"],
    )
