"""What Midjourney's messages mean for the step they belong to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from domain.buttons import upscale_button
from domain.events import (
    Action,
    Heard,
    InteractionCreated,
    InteractionSucceeded,
    InteractionTroubled,
    JobFinished,
    JobProgress,
    JobStopped,
    JobWaiting,
    MessageDeleted,
    MidjourneyNotice,
    Trouble,
)
from domain.generation import Generation, NewGeneration, Problem, ProblemKind, Proof, Status, Step
from domain.refusals import UNKNOWN_REFUSAL, Accepted, RefusalClass, classify
from domain.slots import UPSCALES, Slot
from domain.steps import accept, accepted, ask_again, back, give_up, postpone

G = TypeVar("G", bound=NewGeneration)

LATER = 60.0
"""Seconds until a request that Midjourney did not accept at the moment is sent again."""


def hear(generation: Generation, slot: Slot, heard: Heard, now: datetime) -> Generation:
    match heard:
        case MessageDeleted() | InteractionTroubled():
            return _trouble(generation, slot, heard, now)
        case MidjourneyNotice():
            return _notice(generation, slot, heard, now)
        case InteractionCreated() | InteractionSucceeded():
            return _interaction(generation, slot, heard, now)
        case JobWaiting() | JobProgress():
            return _revive(generation, _progress(generation, slot, heard, now), slot)
        case JobStopped():
            return _stopped(generation, slot, heard, now)
        case JobFinished():
            return _finished(generation, slot, heard, now)
        case _:
            assert_never(heard)


def _note_gone(
    generation: Generation, slot: Slot, heard: MessageDeleted, now: datetime
) -> Generation:
    """Note that the progress message was deleted first: the finished one comes now, or never.

    It may still come later if a moderator of the channel deleted the progress message.
    """
    step = generation.step(slot)
    runs = generation.active and step.accepted_at is not None and step.message_id is None
    if not runs or heard.message_id != step.progress_message_id:
        return generation
    return generation.with_step(slot, replace(step, gone_at=step.gone_at or now))


def _trouble(
    generation: Generation,
    slot: Slot,
    heard: MessageDeleted | InteractionTroubled,
    now: datetime,
) -> Generation:
    """Give up only if a form replaces the job; otherwise the limits on silence decide."""
    if isinstance(heard, MessageDeleted):
        return _note_gone(generation, slot, heard, now)
    form = heard.trouble == Trouble.FORM
    if form and slot == Slot.GRID and generation.origin.by_button:
        return give_up(generation, slot, Problem(ProblemKind.FORM), now)
    return generation


def words_of(notice: MidjourneyNotice) -> str:
    ends = notice.title.endswith(("!", "?", ".", "…"))
    return (" " if ends else ": ").join(text for text in (notice.title, notice.text) if text)


def _interaction(
    generation: Generation,
    slot: Slot,
    heard: InteractionCreated | InteractionSucceeded,
    now: datetime,
) -> Generation:
    step = replace(generation.step(slot), interaction_id=heard.interaction_id)
    after = generation.with_step(slot, step)
    if isinstance(heard, InteractionSucceeded):
        return accept(after, slot, Proof.INTERACTION, now)
    return after


def _progress(
    generation: Generation,
    slot: Slot,
    heard: JobWaiting | JobProgress | JobStopped,
    now: datetime,
) -> Generation:
    step = generation.step(slot)
    if _is_left_over(step, heard.message_id):
        return generation
    step = replace(
        step,
        intended_at=step.intended_at or now,
        progress_message_id=heard.message_id,
        gone_at=step.gone_at if heard.message_id == step.progress_message_id else None,
        interaction_id=step.interaction_id or heard.interaction_id,
        job_id=step.job_id or heard.job_id,
        job_queued=False,
    )
    after = accept(generation.with_step(slot, step), slot, Proof.PROGRESS, now)
    return replace(after, echo=heard.prompt) if slot == Slot.GRID else after


def _stopped(generation: Generation, slot: Slot, heard: JobStopped, now: datetime) -> Generation:
    """Give up, unless it was an earlier press that was stopped: the history shows that again."""
    step = generation.step(slot)
    if _is_left_over(step, heard.message_id) or heard.message_id < step.asked_after:
        return generation
    after = _progress(generation, slot, heard, now)
    return give_up(after, slot, Problem(ProblemKind.STOPPED), now)


def _is_left_over(step: Step, message_id: int) -> bool:
    """Whether a progress message belongs to an earlier request, which the history still shows."""
    known = step.progress_message_id
    if known is None:
        return False
    return message_id < known or (message_id == known and step.accepted_at is None)


def _finished(generation: Generation, slot: Slot, heard: JobFinished, now: datetime) -> Generation:
    if heard.action == Action.FILM:
        return _film(generation, heard, now)
    return _revive(generation, finish(generation, slot, heard, now), slot)


def _film(generation: Generation, heard: JobFinished, now: datetime) -> Generation:
    """End it: a film is not kept. If it had ended for another reason, people are told anew.

    The message is not saved as a grid's: though its buttons say U1 to U4, they make no pictures.
    """
    step, film = generation.step(Slot.GRID), Problem(ProblemKind.FILM)
    over = generation.status in {Status.COMPLETED, Status.CANCELLED} or step.problem == film
    if over or step.message_id is not None:
        return generation
    step = replace(step, job_id=heard.job_id or step.job_id, problem=film)
    after = accept(generation.with_step(Slot.GRID, step), Slot.GRID, Proof.RESULT, now)
    return replace(after, status=Status.FAILED, problem=film, notice_message_id=None)


def finish(generation: Generation, slot: Slot, heard: JobFinished, now: datetime) -> Generation:
    if generation.step(slot).message_id not in {None, heard.message_id}:
        return generation
    return accept(with_result(generation, slot, heard, now), slot, Proof.RESULT, now)


def with_result(generation: G, slot: Slot, heard: JobFinished, now: datetime) -> G:
    """Save what a finished message says; a generation of a grid made by hand starts with it."""
    step = generation.step(slot)
    step = replace(
        step,
        intended_at=step.intended_at or now,
        message_id=heard.message_id,
        job_id=heard.job_id or step.job_id,
        picture_url=heard.picture_url,
        problem=None if step.message_id is None else step.problem,
    )
    after = generation.with_step(slot, accepted(step, Proof.RESULT, now))
    return _see_grid(after, heard, now) if slot == Slot.GRID else after


def _see_grid(generation: G, heard: JobFinished, now: datetime) -> G:
    """Save the grid's current buttons; if one is pressed, its picture is on the way."""
    after = replace(
        generation,
        echo=heard.prompt,
        buttons=heard.buttons,
        message_flags=heard.flags,
    )
    for slot in UPSCALES:
        button, step = upscale_button(after, slot), after.step(slot)
        if button is not None and button.pressed and step.intended_at is None:
            after = after.with_step(slot, replace(step, intended_at=now))
    return after


def _revive(before: Generation, after: Generation, slot: Slot) -> Generation:
    """Put an ended generation back into the queue when a missing result arrives late.

    Only once: its messages are edited later, and the history shows them again and again.
    """
    was, now = before.step(slot), after.step(slot)
    finished = now.message_id != was.message_id
    begun = finished or now.progress_message_id != was.progress_message_id
    late = (after.status == Status.NEEDS_ATTENTION and begun) or (
        after.status == Status.FAILED and finished
    )
    if not late or not after.missing:
        return after
    steps = tuple(
        replace(step, problem=None) if step.picture_url is not None else step
        for step in after.steps
    )
    return back(replace(after, steps=steps))


def _notice(
    generation: Generation, slot: Slot, notice: MidjourneyNotice, now: datetime
) -> Generation:
    step = generation.step(slot)
    if not generation.active or step.settled or step.message_id is not None:
        return generation
    failure = classify(notice)
    blame = ProblemKind.REFUSED if failure.kind == RefusalClass.USER else ProblemKind.BROKEN
    words = Problem(blame, words_of(notice))
    begun = step.progress_message_id is not None
    repeatable = slot != Slot.GRID or (failure.accepted == Accepted.NO and not begun)
    match failure.kind:
        case RefusalClass.NOTICE:
            return generation
        case RefusalClass.WAIT:
            after = accept(generation, slot, Proof.QUEUED, now)
            return after.with_step(slot, replace(after.step(slot), job_queued=True))
        case RefusalClass.FULL | RefusalClass.LATER | RefusalClass.STOP if repeatable:
            return _again(generation, slot, words, failure.kind, now)
        case _ if failure.accepted == Accepted.UNKNOWN and failure is not UNKNOWN_REFUSAL:
            return _doubt(generation, slot)
        case (
            RefusalClass.FULL
            | RefusalClass.LATER
            | RefusalClass.USER
            | RefusalClass.STOP
            | RefusalClass.EXISTS
            | RefusalClass.UNKNOWN
        ):
            return give_up(generation, slot, words, now)
        case _:
            assert_never(failure.kind)


def _again(
    generation: Generation, slot: Slot, words: Problem, kind: RefusalClass, now: datetime
) -> Generation:
    """Have it sent again, at once when a person has let the queue go on."""
    if kind == RefusalClass.LATER:
        return ask_again(generation, slot, words, now + timedelta(seconds=LATER))
    return postpone(generation, slot, requeue=kind == RefusalClass.STOP)


def _doubt(generation: Generation, slot: Slot) -> Generation:
    """Keep waiting: the result may still come, and the limit on silence ends the wait.

    A button that must not be pressed was most likely pressed before. The wait for its picture is
    as short as after a press without any answer.
    """
    if slot == Slot.GRID:
        return generation
    step = replace(generation.step(slot), accepted_at=None, accepted_by=None)
    return generation.with_step(slot, step)
