"""Pictures that a person asks for after the others were told: the next notice is of these alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.generation import ENDED, Generation, Status
from domain.slots import Slot


def asked_later(generation: Generation) -> datetime | None:
    """Return when somebody last asked for more, after the rest was told; None if nobody did."""
    return max((step.asked_at for step in generation.steps if step.asked_at), default=None)


def to_tell(generation: Generation) -> tuple[Slot, ...]:
    """Return the stored pictures that no notice before the next one is about."""
    later = asked_later(generation)
    return tuple(slot for slot in generation.stored if generation.step(slot).asked_at == later)


def as_asked(generation: Generation, slot: Slot, now: datetime) -> Generation:
    """Return a generation of which a person asks for one more picture.

    While it is at work, that picture is told with those that it is at work on.
    """
    told = generation.status in ENDED and generation.notice_message_id is not None
    since = now if told else asked_later(generation)
    return generation.with_step(slot, replace(generation.step(slot), asked_at=since))


def asked_anew(generation: Generation, now: datetime) -> Generation:
    """Return a generation of which a person asks once more for what came of no such request."""
    late = [slot for slot in generation.missing if generation.step(slot).asked_at is not None]
    for slot in late:
        generation = as_asked(generation, slot, now)
    return generation


def lasted(generation: Generation, now: datetime) -> timedelta:
    """Return how long the pictures that are to tell took, since they were asked for, or until now.

    The pictures that were told before count only as long as nobody asked for more.
    """
    over = generation.status in {Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION}
    ended = generation.updated_at if over else generation.completed_at
    return (ended or now) - (asked_later(generation) or generation.created_at)


def lasted_at_first(generation: Generation, now: datetime) -> timedelta:
    """Return how long those pictures took that were not asked for later."""
    if asked_later(generation) is None:
        return lasted(generation, now)
    first = (step.picture for step in generation.steps if step.asked_at is None)
    stored = [picture.stored_at for picture in first if picture is not None]
    return max(stored, default=generation.created_at) - generation.created_at
