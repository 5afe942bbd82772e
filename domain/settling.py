"""Which status and progress follow from the pictures that are stored or given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.generation import Generation, Picture, Problem, Status
from domain.slots import Slot


def overall(generation: Generation, percent: int | None) -> float:
    """Return 0 to 100: the row's progress, with Midjourney's own percentage from 25 to 50."""
    if generation.status == Status.SUBMITTED and percent is not None:
        return generation.progress + percent / 100 * 25
    return generation.progress


def claimed_status(generation: Generation) -> Status:
    """Return the status a claim puts a queued generation in: that of its first missing step."""
    grid = generation.step(Slot.GRID)
    if grid.picture is not None:
        return Status.VARIATIONS_IN_PROGRESS
    return Status.SUBMITTING if grid.accepted_at is None else Status.SUBMITTED


def with_picture(generation: Generation, slot: Slot, picture: Picture) -> Generation:
    """Return the generation with one more stored picture, and the status that follows from it.

    The first picture of a slot wins; a second is ignored. Only an active generation moves.
    """
    step = generation.step(slot)
    if step.picture is not None:
        return generation
    after = generation.with_step(slot, replace(step, picture=picture, problem=None))
    return settle(after, picture.stored_at)


def settle(generation: Generation, now: datetime) -> Generation:
    """Return the generation in the status that its stored and given-up pictures imply."""
    if not generation.active or not generation.step(Slot.GRID).settled:
        return generation
    if not generation.missing:
        return replace(generation, status=Status.COMPLETED, completed_at=now)
    if all(generation.step(slot).settled for slot in generation.missing):
        return replace(generation, status=Status.FAILED, problem=_first_problem(generation))
    if generation.status == Status.SUBMITTED and generation.step(Slot.GRID).picture is not None:
        return replace(generation, status=Status.GRID_COMPLETED)
    return generation


def _first_problem(generation: Generation) -> Problem | None:
    problems: Iterable[Problem | None] = (generation.step(s).problem for s in generation.missing)
    return next((problem for problem in problems if problem is not None), None)
