"""Generations as text and JSON, outside Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.generation import Generation
from domain.slots import Slot
from services.database.rows import time_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from domain.ports import ImageStore

PROMPT_WIDTH = 60
"""How many characters of a prompt the table shows."""
_HEADER = ("CODE", "STATUS", "PROGRESS", "CREATED (UTC)", "AUTHOR", "PROMPT")


def counted(number: int, what: str) -> str:
    """Return `1 picture`, or `5 pictures`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


async def as_json(generation: Generation, images: ImageStore) -> dict[str, object]:
    """Return a flat object with all of the table's column names, always in the same order.

    Discord's ids are text, since JavaScript rounds numbers of that size. A picture's URL is None
    while it is not stored, and after it was deleted (`archived_at`); times are ISO 8601 in UTC.
    What only the bot needs (turn, version, buttons, requests) is left out.
    """
    return {
        "id": generation.id,
        "code": generation.code,
        "status": generation.status.value,
        "progress": generation.progress,
        "prompt": generation.prompt,
        "author_id": str(generation.author_id),
        "author_name": generation.author_name,
        "guild_id": str(generation.guild_id),
        "channel_id": str(generation.channel_id),
        "command_message_id": str(generation.command_message_id),
        "status_message_id": _text(generation.status_message_id),
        "notice_message_id": _text(generation.notice_message_id),
        "origin_kind": generation.origin.kind.value,
        "parent_id": generation.origin.parent_id,
        "parent_index": generation.origin.index,
        "wanted": [slot.value for slot in generation.wanted],
        **{f"{slot.title}_url": await _url(generation, slot, images) for slot in Slot},
        "error": _text(generation.problem),
        "created_at": time_text(generation.created_at),
        "updated_at": time_text(generation.updated_at),
        "submitted_at": _time(generation.submitted_at),
        "completed_at": _time(generation.completed_at),
        "archived_at": _time(generation.archived_at or generation.archiving_at),
    }


async def _url(generation: Generation, slot: Slot, images: ImageStore) -> str | None:
    picture = generation.step(slot).picture
    return None if picture is None or generation.archived else await images.url(picture.key)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _time(time: datetime | None) -> str | None:
    return None if time is None else time_text(time)


def as_table(generations: Iterable[Generation]) -> str:
    """Return a table with a heading and a line for each; prompts are cut."""
    rows = [_HEADER, *(_cells(generation) for generation in generations)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cells(generation: Generation) -> tuple[str, ...]:
    return (
        generation.code,
        generation.status.value + (", archived" if generation.archived else ""),
        f"{generation.progress:g} %",
        f"{generation.created_at:%Y-%m-%d %H:%M}",
        _for_terminal(generation.author_name),
        _cut(_for_terminal(generation.prompt)),
    )


def _for_terminal(text: str) -> str:
    """Replace characters that move the cursor or hide text, as others wrote names and prompts."""
    return "".join(character if character.isprintable() else " " for character in text)


def _cut(text: str) -> str:
    return text if len(text) <= PROMPT_WIDTH else f"{text[: PROMPT_WIDTH - 1]}…"
