"""The table at the end: what was asked, what is stored, and how long each step took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import wcwidth

from domain.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from domain.generation import Generation

_TITLES = ("Stored", "Waiting", "Grid", "Upscales")
_GAP = "  "
_NARROWEST = 16  # cells for a prompt
_MINUTE = 60


def table(generations: Iterable[Generation], width: int) -> list[str]:
    """Return rows of at most `width` cells (but at least 49), the first being the titles.

    `Waiting` is until Midjourney accepted the prompt, `Grid` from then until the grid was stored,
    `Upscales` from then until the last of them was. What did not happen is a dash.
    """
    rows = [("Asked", *_TITLES), *((shown.prompt, *_facts(shown)) for shown in generations)]
    facts = [[wcwidth.width(row[at]) for row in rows] for at in range(1, len(rows[0]))]
    widths = [max(column) for column in facts]
    room = max(_NARROWEST, width - sum(widths) - len(_GAP) * len(widths))
    prompts = min(room, max(wcwidth.width(row[0]) for row in rows))
    return [
        _GAP.join(
            [
                wcwidth.ljust(_cut(prompt, prompts), prompts),
                *(fact.rjust(each) for fact, each in zip(further, widths, strict=True)),
            ]
        )
        for prompt, *further in rows
    ]


def _cut(text: str, width: int) -> str:
    return text if wcwidth.width(text) <= width else f"{wcwidth.clip(text, 0, width - 1)}…"


def _facts(generation: Generation) -> tuple[str, ...]:
    stored = [step.picture.stored_at for step in generation.steps if step.picture is not None]
    grid = generation.step(Slot.GRID).picture
    accepted, kept = generation.submitted_at, None if grid is None else grid.stored_at
    complete = bool(generation.wanted) and not generation.missing
    return (
        f"{len(stored)} of {1 + len(generation.wanted)}",
        _between(generation.created_at, accepted),
        _between(accepted, kept),
        _between(kept, max(stored) if complete else None),
    )


def _between(start: datetime | None, end: datetime | None) -> str:
    """Return `12.3 s` or `1:02 min`."""
    if start is None or end is None:
        return "-"
    seconds = max(0.0, (end - start).total_seconds())
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes}:{rest:02} min"
