"""Which button of a grid makes which picture, and which one makes a new grid.

Midjourney says it at the beginning of a button's custom id; what follows is the job's id.
"""

from __future__ import annotations

from domain.generation import Button, NewGeneration, Origin, OriginKind
from domain.slots import Slot

UPSCALE = {
    Slot.UPSCALE_1: "MJ::JOB::upsample::1::",
    Slot.UPSCALE_2: "MJ::JOB::upsample::2::",
    Slot.UPSCALE_3: "MJ::JOB::upsample::3::",
    Slot.UPSCALE_4: "MJ::JOB::upsample::4::",
}
REROLL = "MJ::JOB::reroll::0::"
VARIATION = "MJ::JOB::variation::{index}::"


def upscale_button(generation: NewGeneration, slot: Slot) -> Button | None:
    """Return the U button of `slot` as last seen on the grid, if the grid has it."""
    return _seen(generation, UPSCALE[slot])


def child_button(generation: NewGeneration, origin: Origin) -> Button | None:
    """Return the button on this grid that makes a generation of such an origin."""
    if origin.kind == OriginKind.REROLL:
        return _seen(generation, REROLL)
    return _seen(generation, VARIATION.format(index=origin.index))


def _seen(generation: NewGeneration, beginning: str) -> Button | None:
    return next((b for b in generation.buttons if b.custom_id.startswith(beginning)), None)
