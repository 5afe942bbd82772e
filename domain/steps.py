"""What can become of one request to Midjourney: accepted, to be asked again, or given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.generation import Generation, Problem, ProblemKind, Proof, Slot, Status, Step, settle

MAX_ATTEMPTS = 5
"""How often a request may be sent that was explicitly not accepted each time before."""
LATE_RESULTS = timedelta(hours=24)
"""How long an ended generation may still find its own pictures."""


def accept(generation: Generation, slot: Slot, proof: Proof, now: datetime) -> Generation:
    """Note the first proof that Midjourney accepted; the grid's is the one that was paid for."""
    generation = generation.with_step(slot, accepted(generation.step(slot), proof, now))
    if slot == Slot.GRID and generation.status == Status.SUBMITTING:
        return replace(generation, status=Status.SUBMITTED, submitted_at=now)
    return generation


def accepted(step: Step, proof: Proof, now: datetime) -> Step:
    """Note it in one step; a proof that is known already stays."""
    known = step.accepted_at is not None
    return step if known else replace(step, accepted_at=now, accepted_by=proof)


def ask_again(
    generation: Generation,
    slot: Slot,
    problem: Problem,
    not_before: datetime,
) -> Generation:
    """Forget a request that was explicitly not accepted: it is sent anew, with a new nonce."""
    step = generation.step(slot)
    if step.attempts >= MAX_ATTEMPTS:
        return give_up(generation, slot, problem, not_before)
    after = generation.with_step(slot, anew(step))
    after = replace(after, not_before=not_before)
    return replace(after, status=Status.QUEUED) if slot == Slot.GRID else after


def anew(step: Step) -> Step:
    """Forget a request, but not the message that it left behind."""
    return Step(attempts=step.attempts, progress_message_id=step.progress_message_id)


def give_up(generation: Generation, slot: Slot, problem: Problem, now: datetime) -> Generation:
    """Do without a picture: without the grid all has failed, without one upscale not yet."""
    step = generation.step(slot)
    if step.settled or not generation.active:
        return generation
    after = generation.with_step(slot, replace(step, problem=problem))
    if slot == Slot.GRID:
        return replace(after, status=Status.FAILED, problem=problem)
    return settle(after, now)


def unresolved(generation: Generation) -> bool:
    """Whether it ended without anybody saying what became of a request that was perhaps paid.

    Its grid may be there, or still come: also where only its progress message was deleted.
    """
    grid = generation.step(Slot.GRID)
    vanished = grid.gone_at is not None and grid.message_id is None
    stopped = generation.problem is not None and generation.problem.kind == ProblemKind.STOPPED
    failed = generation.status == Status.FAILED and stopped and vanished
    return failed or generation.status == Status.NEEDS_ATTENTION


def back(generation: Generation) -> Generation:
    """Put an ended generation back into the queue, on its old turn; it will end anew."""
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
