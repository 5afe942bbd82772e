"""What people can ask of a generation: whether it is possible, and what it changes.

`objection` says why a request is not possible now; then `fulfil` changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from domain.buttons import child_button, upscale_button
from domain.events import Adopted, Cancelled, Deleted, JobFinished, Request, Retried, UpscaleWanted
from domain.generation import (
    TERMINAL,
    Generation,
    NewGeneration,
    Origin,
    OriginKind,
    ProblemKind,
    Status,
    Step,
)
from domain.hearing import finish, with_result
from domain.later import as_asked, asked_anew
from domain.slots import Slot
from domain.steps import anew, back


class Objection(StrEnum):
    """Why a request cannot be fulfilled now."""

    ENDED = "ended"  #: there is nothing to cancel
    RUNNING = "running"  #: it is already waiting or active
    NOTHING_MISSING = "nothing_missing"  #: everything wanted is stored
    REFUSED = "refused"  #: Midjourney refused the prompt and would refuse it again
    MAY_COST_TWICE = "may_cost_twice"  #: it may have been accepted, and so paid for
    CANCELLED_LATE = "cancelled_late"  #: the same; a person has cancelled it since
    COST_ALREADY = "cost_already"  #: it ended at Midjourney, which may have charged for it
    NO_GRID = "no_grid"  #: it has no grid
    NO_GRID_YET = "no_grid_yet"  #: its grid is not there yet
    HAS_GRID = "has_grid"  #: it already has a grid
    STORED = "stored"  #: that upscale is stored
    NO_BUTTON = "no_button"  #: the grid has no button for it
    ARCHIVED = "archived"  #: its pictures were deleted


def objection(generation: Generation, request: Request) -> Objection | None:
    """Return why a request is not possible, or None."""
    ended = generation.status in TERMINAL
    if generation.archived and not isinstance(request, Deleted):
        return Objection.ARCHIVED
    match request:
        case Deleted():
            return None if ended else Objection.RUNNING
        case Cancelled():
            return Objection.ENDED if ended else None
        case Retried():
            return _against_retry(generation)
        case UpscaleWanted(slot):
            return _against_upscale(generation, slot)
        case Adopted():
            return _against_adoption(generation)
        case _:
            assert_never(request)


def child_objection(parent: Generation, origin: Origin) -> Objection | None:
    """Return why a button of this grid cannot start a new generation, or None."""
    if parent.archived:
        return Objection.ARCHIVED
    if not parent.has_grid:
        return _without_grid(parent)
    return None if child_button(parent, origin) is not None else Objection.NO_BUTTON


def by_hand(new: NewGeneration, grid: JobFinished, now: datetime) -> NewGeneration:
    """Return a new generation for a grid that a person made by hand."""
    return with_result(replace(new, origin=Origin(kind=OriginKind.ADOPTED)), Slot.GRID, grid, now)


def fulfil(generation: Generation, request: Request, now: datetime) -> Generation:
    """Return the generation after the request; unchanged if it is not possible."""
    if objection(generation, request) is not None:
        return generation
    match request:
        case Cancelled():
            return replace(generation, status=Status.CANCELLED, problem=None)
        case Retried():
            asked = asked_anew(generation, now)
            steps = tuple(
                _afresh(step) if slot in asked.missing else step
                for slot, step in zip(Slot, asked.steps, strict=True)
            )
            return back(replace(asked, steps=steps))
        case UpscaleWanted(slot):
            asked = as_asked(generation, slot, now)
            wanted = tuple(sorted({*generation.wanted, slot}))
            return back(replace(asked, wanted=wanted).with_step(slot, _afresh(asked.step(slot))))
        case Adopted(heard):
            return back(finish(generation, Slot.GRID, heard, now))
        case Deleted():
            return replace(generation, prompt="", echo=None)
        case _:
            assert_never(request)


def _against_retry(generation: Generation) -> Objection | None:
    if generation.active or generation.status == Status.QUEUED:
        return Objection.RUNNING
    if not generation.missing:
        return Objection.NOTHING_MISSING
    grid = generation.step(Slot.GRID)
    if grid.message_id is not None or grid.intended_at is None:
        return None
    reason = generation.problem.kind if generation.problem is not None else None
    if reason == ProblemKind.REFUSED:
        return Objection.REFUSED
    if reason in _NEVER_ACCEPTED:
        return None
    return _KNOWN_TO_BE_SENT.get(generation.status, Objection.MAY_COST_TWICE)


_KNOWN_TO_BE_SENT = {
    Status.FAILED: Objection.COST_ALREADY,
    Status.CANCELLED: Objection.CANCELLED_LATE,
}
"""What it means that a request was sent whose generation ended so, without a grid."""
_NEVER_ACCEPTED = {ProblemKind.NOT_SENT, ProblemKind.ACCOUNT, ProblemKind.FORM}
"""These problems mean that the request was explicitly not accepted."""


def _without_grid(generation: Generation) -> Objection:
    comes = generation.active or generation.status == Status.QUEUED
    return Objection.NO_GRID_YET if comes else Objection.NO_GRID


def _against_upscale(generation: Generation, slot: Slot) -> Objection | None:
    step = generation.step(slot)
    if not generation.has_grid:
        return _without_grid(generation)
    if step.picture is not None:
        return Objection.STORED
    under_way = generation.active or generation.status == Status.QUEUED
    if under_way and slot in generation.wanted and not step.settled:
        return Objection.RUNNING
    return Objection.NO_BUTTON if upscale_button(generation, slot) is None else None


def _against_adoption(generation: Generation) -> Objection | None:
    if generation.step(Slot.GRID).message_id is not None:
        return Objection.HAS_GRID
    return Objection.RUNNING if generation.status == Status.QUEUED else None


def _afresh(step: Step) -> Step:
    """Forget how a step ended: a finished picture is copied again, others are requested again."""
    if step.picture_url is not None:
        return replace(step, problem=None)
    return replace(anew(step), attempts=0, unanswered=0)
