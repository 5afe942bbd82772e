"""The beginnings of stories about one generation, and what follows."""

from __future__ import annotations

from dataclasses import replace

from domain.effects import (
    Effect,
)
from domain.events import (
    Event,
    Heard,
    Intended,
    Matched,
    PictureStored,
)
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.slots import Slot
from domain.transitions import apply
from tests.builders import NOW, generation, grid, picture, waiting

U1, U2 = Slot.UPSCALE_1, Slot.UPSCALE_2
REFUSED = Problem(ProblemKind.NOT_SENT, "HTTP 403")


def after(start: Generation, *events: Event) -> Generation:
    """Apply events one after another."""
    for event in events:
        start, _ = apply(start, event, NOW)
    return start


def effects_of(start: Generation, event: Event) -> tuple[Effect, ...]:
    return apply(start, event, NOW)[1]


def heard(something: Heard, slot: Slot = Slot.GRID) -> Matched:
    return Matched(slot, something)


def stored(slot: Slot) -> PictureStored:
    return PictureStored(slot, picture(slot=slot))


def claimed(**changes: object) -> Generation:
    return generation(Status.SUBMITTING, **changes)


def sent(**changes: object) -> Generation:
    return after(claimed(**changes), Intended(Slot.GRID, "n0", "s"))


def with_grid(**changes: object) -> Generation:
    """Return a generation whose grid is stored and whose buttons are free."""
    start = replace(sent(), **changes)  # pyright: ignore[reportArgumentType] -- any field of the record
    return after(start, heard(waiting()), heard(grid()), stored(Slot.GRID))


def pressed(slot: Slot) -> Intended:
    return Intended(slot, f"n{slot.value}", "s")
