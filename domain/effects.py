"""What to do next about a generation, as plain records for the orchestrator.

`due` derives the work from the record alone, so it returns the same after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.generation import Generation, Proof, Status, Step
from domain.reasons import Reason
from domain.slots import Slot
from domain.snowflakes import created_at

TOLD = frozenset({Status.COMPLETED, Status.FAILED, Status.NEEDS_ATTENTION})
"""The statuses that a person is told in a separate message, the final notice."""


@dataclass(frozen=True, slots=True)
class Send:
    """Ask for a picture: by `/imagine` or a button of the parent's grid, or by a U button."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy a finished picture to the image store."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Halt:
    """Pause the queue and call the owners: only a person can help; `words` as in `Pause`."""

    words: str


@dataclass(frozen=True, slots=True)
class HoldBack:
    """Send nothing for a while, for a reason that concerns every request."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class StopJob:
    """Press Midjourney's own Cancel button, if the running job has one."""


@dataclass(frozen=True, slots=True)
class ShowProgress:
    """Show Midjourney's own percentage; it is not stored."""

    percent: int


@dataclass(frozen=True, slots=True)
class AnnounceGrid:
    """The grid is stored."""


@dataclass(frozen=True, slots=True)
class AnnounceUpscale:
    """An upscale is stored."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class AnnounceAll:
    """Every wanted picture is stored."""


@dataclass(frozen=True, slots=True)
class AnnounceProblem:
    """The generation ended without its pictures, or a person is asked."""


Announcement = AnnounceGrid | AnnounceUpscale | AnnounceAll | AnnounceProblem
Effect = Send | Copy | StopJob | Halt | HoldBack | ShowProgress | Announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """How many seconds of silence a step may have before something is done about it."""

    unanswered: float = 180.0  #: a grid asked for, no sign of acceptance
    unpressed: float = 45.0  #: a button pressed, no sign of it; usually there is one in a second
    unchanged: float = 900.0  #: accepted, no change since
    queued: float = 1800.0  #: Midjourney said "Job queued"
    gone: float = 10.0  #: its progress message was deleted, and no result came


def due(generation: Generation) -> tuple[Effect, ...]:
    """Return what to do next; nothing for a generation that is not active.

    Whether it is time to send something is not decided here: `not_before` may say otherwise.
    """
    if not generation.active:
        return ()
    if not generation.step(Slot.GRID).settled:
        return _grid_due(generation)
    return (*_copies(generation, generation.wanted), *_next_press(generation))


def _grid_due(generation: Generation) -> tuple[Effect, ...]:
    grid = generation.step(Slot.GRID)
    if grid.picture_url is not None:
        return _copies(generation, (Slot.GRID,))
    may_send = generation.status == Status.SUBMITTING and grid.intended_at is None
    return (Send(Slot.GRID),) if may_send else ()


def _copies(generation: Generation, slots: tuple[Slot, ...]) -> tuple[Effect, ...]:
    return tuple(
        Copy(slot)
        for slot in slots
        if generation.step(slot).picture_url is not None and not generation.step(slot).settled
    )


def _next_press(generation: Generation) -> tuple[Effect, ...]:
    """Press one button after another: none while an earlier press may still be on its way."""
    if any(step.in_doubt for step in generation.steps[1:]):
        return ()
    unasked = (slot for slot in generation.wanted if _unasked(generation.step(slot)))
    return tuple(Send(slot) for slot in list(unasked)[:1])


def is_to_be_sent(generation: Generation) -> bool:
    """Whether the next thing for it to do is to ask Midjourney, now or later."""
    if not generation.active:
        return False
    grid = generation.step(Slot.GRID)
    if not grid.settled:
        return _unasked(grid)
    return any(_unasked(generation.step(slot)) for slot in generation.wanted)


def _unasked(step: Step) -> bool:
    return step.intended_at is None and step.picture_url is None and not step.settled


def announcements(before: Generation, after: Generation) -> tuple[Announcement, ...]:
    """Return what to announce about the change from one state of a generation to another."""
    fresh = [slot for slot in after.stored if slot not in before.stored]
    told: list[Announcement] = [
        AnnounceGrid() if slot == Slot.GRID else AnnounceUpscale(slot) for slot in fresh
    ]
    if after.status != before.status:
        if after.status == Status.COMPLETED:
            told.append(AnnounceAll())
        if after.status in {Status.FAILED, Status.NEEDS_ATTENTION}:
            told.append(AnnounceProblem())
    return tuple(told)


def patience(generation: Generation, slot: Slot, limits: TimeLimits) -> float | None:
    """Return how many seconds of silence a step may have; None if it waits for nothing."""
    step = generation.step(slot)
    if not is_awaited(generation, slot):
        return None
    if step.job_queued:
        return limits.queued
    if slot == Slot.GRID:
        return limits.unanswered if step.accepted_at is None else limits.unchanged
    return limits.unchanged if _is_shown(step) else limits.unpressed


def _is_shown(step: Step) -> bool:
    """Whether a message shows the job of a press: an acknowledged one may still be refused."""
    acknowledged = step.accepted_by in {None, Proof.INTERACTION}
    return step.accepted_at is not None and (step.job_id is not None or not acknowledged)


def last_stored_sign(step: Step) -> datetime | None:
    """Return when the row last noted something of a request; None if it was not made.

    A job that makes progress has given later signs, which are not stored.
    """
    shown = None if step.progress_message_id is None else created_at(step.progress_message_id)
    signs = (step.intended_at, step.delivered_at, step.accepted_at, shown)
    return max((sign for sign in signs if sign is not None), default=None)


def is_awaited(generation: Generation, slot: Slot) -> bool:
    """Whether the picture of an active generation was asked for and has not come yet."""
    step = generation.step(slot)
    asked = step.intended_at is not None
    return generation.active and asked and step.picture_url is None and not step.settled


def is_gone(generation: Generation, slot: Slot) -> bool:
    """Whether its progress message was deleted, so that only the history can have its result."""
    return is_awaited(generation, slot) and generation.step(slot).gone_at is not None
