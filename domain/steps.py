"""How a request to Midjourney can end: accepted, to be sent again, or given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.events import Event, Overdue, Retried
from domain.generation import Generation, Problem, ProblemKind, Proof, Status, Step
from domain.settling import settle
from domain.slots import UPSCALES, Slot

MAX_ATTEMPTS = 5
"""How often a request may be sent if it was explicitly not accepted each time."""
LATE_RESULTS = timedelta(hours=24)
"""How long an ended generation may still receive late pictures."""


def accept(generation: Generation, slot: Slot, proof: Proof, now: datetime) -> Generation:
    """Note the first proof that Midjourney accepted; the grid's is the one that was paid for."""
    generation = generation.with_step(slot, accepted(generation.step(slot), proof, now))
    if slot == Slot.GRID and generation.status == Status.SUBMITTING:
        return replace(generation, status=Status.SUBMITTED, submitted_at=now)
    return generation


def accepted(step: Step, proof: Proof, now: datetime) -> Step:
    """Note it in one step; an earlier proof is kept."""
    known = step.accepted_at is not None
    return step if known else replace(step, accepted_at=now, accepted_by=proof)


def ask_again(
    generation: Generation,
    slot: Slot,
    problem: Problem,
    not_before: datetime,
) -> Generation:
    """Forget a request that was explicitly not accepted: it is sent again, with a new nonce."""
    step = generation.step(slot)
    if step.attempts >= MAX_ATTEMPTS:
        return give_up(generation, slot, problem, not_before)
    after = generation.with_step(slot, anew(step))
    after = replace(after, not_before=not_before)
    return replace(after, status=Status.QUEUED) if slot == Slot.GRID else after


def postpone(generation: Generation, slot: Slot, *, requeue: bool = False) -> Generation:
    """Forget a request that no other would have fared better than: it counts for no attempt.

    It stays its turn, or it waits in the queue again. For how long nothing is sent is no matter of
    this row.
    """
    step = generation.step(slot)
    after = generation.with_step(slot, replace(anew(step), attempts=max(0, step.attempts - 1)))
    # An interaction may have been accepted before its refusal.
    requeued = slot == Slot.GRID and (requeue or generation.status == Status.SUBMITTED)
    return replace(after, status=Status.QUEUED) if requeued else after


def anew(step: Step) -> Step:
    """Forget a request, but not its message, nor when a person asked for it."""
    return Step(
        asked_at=step.asked_at,
        attempts=step.attempts,
        unanswered=step.unanswered,
        progress_message_id=step.progress_message_id,
    )


def perhaps_made(
    before: Generation, after: Generation, event: Event
) -> dict[Slot, datetime | None]:
    """Return the upscales that may have been made before, as an event shows, and since when.

    A press that nobody heard of is forgotten: the history would only be read from the next one on.
    Or a button is found pressed, and nobody knows since when (None).
    """
    found: dict[Slot, datetime | None] = {}
    for slot in UPSCALES:
        was, now = before.step(slot), after.step(slot)
        if now.intended_at == was.intended_at or now.message_id is not None:
            continue
        if now.intended_at is not None and now.nonce is None:
            found[slot] = None
        elif now.intended_at is None and isinstance(event, Overdue | Retried):
            found[slot] = was.intended_at
    return found


def give_up(generation: Generation, slot: Slot, problem: Problem, now: datetime) -> Generation:
    """Give up a picture: without a grid in the channel everything has failed, otherwise not yet.

    The upscales need the grid's message, not its file.
    """
    step = generation.step(slot)
    if step.settled or not generation.active:
        return generation
    after = generation.with_step(slot, replace(step, problem=problem))
    if slot == Slot.GRID and step.message_id is None:
        return replace(after, status=Status.FAILED, problem=problem)
    return settle(after, now)


def unresolved(generation: Generation) -> bool:
    """Whether it ended without knowing the outcome of a request that may have been paid for.

    Its grid may exist or still come, for instance if only its progress message was deleted.
    """
    grid = generation.step(Slot.GRID)
    vanished = grid.gone_at is not None and grid.message_id is None
    stopped = generation.problem is not None and generation.problem.kind == ProblemKind.STOPPED
    failed = generation.status == Status.FAILED and stopped and vanished
    return failed or generation.status == Status.NEEDS_ATTENTION


def back(generation: Generation) -> Generation:
    """Put an ended generation back into the queue, at its old place."""
    if generation.active or generation.status == Status.QUEUED:
        return generation
    return replace(
        generation,
        status=Status.QUEUED,
        problem=None,
        not_before=None,
        completed_at=None,
        notice_message_id=None,
    )
