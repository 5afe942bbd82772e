"""What every event means for a generation: `apply(generation, event, now)`.

Total and pure: events may come late, twice, out of order or not at all; what does not fit changes
nothing. Live events, history after a gap and recorded fixtures all come through here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from domain.effects import Effect, Halt, ShowProgress, announcements, due
from domain.events import (
    Claimed,
    Delivered,
    Event,
    FinalNoticeSent,
    GivenUp,
    Heard,
    Intended,
    InteractionCreated,
    InteractionSucceeded,
    InteractionTroubled,
    JobFinished,
    JobProgress,
    JobStopped,
    JobWaiting,
    Matched,
    MessageDeleted,
    NotAccepted,
    Notice,
    Overdue,
    PictureStored,
    StatusMessageSent,
    Trouble,
)
from domain.failures import UNKNOWN_FAILURE, Accepted, FailureClass, classify
from domain.generation import (
    UPSCALES,
    Generation,
    Problem,
    ProblemKind,
    Proof,
    Slot,
    Status,
    Step,
    settle,
    with_picture,
)

MAX_ATTEMPTS = 5
"""How often a request may be sent that was explicitly not accepted each time before."""
MAX_PRESSES = 2
"""How often a U button is pressed when its picture does not come."""
LATER = 60.0
"""Seconds until a request is sent again that Midjourney did not accept for the moment."""


def apply(
    generation: Generation,
    event: Event,
    now: datetime,
) -> tuple[Generation, tuple[Effect, ...]]:
    """Return the generation after the event, and what is to be done now.

    The effects are the announcements of what changed and everything that is due, also what was
    due before: whoever carries them out knows what is already under way.
    """
    after = _change(generation, event, now)
    shown = (*_percent(generation, event), *_halts(generation, event))
    return after, (*announcements(generation, after), *shown, *due(after, now))


def _change(generation: Generation, event: Event, now: datetime) -> Generation:
    match event:
        case Matched():
            return _hear(generation, event.slot, event.heard, now)
        case PictureStored():
            return with_picture(generation, event.slot, event.picture)
        case StatusMessageSent():
            return replace(generation, status_message_id=event.message_id)
        case FinalNoticeSent():
            return replace(generation, notice_message_id=event.message_id)
        case Claimed():
            return settle(generation, now)
        case Intended() | Delivered() | NotAccepted() | Overdue() | GivenUp():
            return _act(generation, event, now)
        case _:
            assert_never(event)


def _act(
    generation: Generation,
    event: Intended | Delivered | NotAccepted | Overdue | GivenUp,
    now: datetime,
) -> Generation:
    """Apply what became of our own acts; they only concern the generation that is active."""
    if not generation.active:
        return generation
    match event:
        case Intended():
            return _intend(generation, event, now)
        case Delivered():
            return _deliver(generation, event, now)
        case NotAccepted():
            return _not_accepted(generation, event, now)
        case Overdue():
            return _overdue(generation, event.slot, now)
        case GivenUp():
            return _give_up(generation, event.slot, event.problem, now)
        case _:
            assert_never(event)


def _percent(generation: Generation, event: Event) -> tuple[Effect, ...]:
    """Return the percent to show: the grid's only, since an upscale has none."""
    match event:
        case Matched(Slot.GRID, JobProgress(percent=percent)) if generation.active:
            return (ShowProgress(percent),)
        case _:
            return ()


def _halts(generation: Generation, event: Event) -> tuple[Effect, ...]:
    """Return the order to stop everything, when the account is what is wrong."""
    if not generation.active:
        return ()
    match event:
        case NotAccepted(problem=Problem(ProblemKind.ACCOUNT, words)):
            return (Halt(words),)
        case Matched(heard=InteractionTroubled(trouble=Trouble.HUMAN_CHECK)):
            return (Halt("a check that wants a human"),)
        case Matched(heard=Notice() as notice) if classify(notice).kind == FailureClass.STOP:
            return (Halt(_words(notice)),)
        case _:
            return ()


def _words(notice: Notice) -> str:
    return ": ".join(text for text in (notice.title, notice.text) if text)


def _hear(generation: Generation, slot: Slot, heard: Heard, now: datetime) -> Generation:
    match heard:
        case MessageDeleted() | InteractionTroubled():
            return generation  # no proof of anything: the limit on silence decides
        case Notice():
            return _notice(generation, slot, heard, now)
        case InteractionCreated() | InteractionSucceeded():
            return _interaction(generation, slot, heard, now)
        case JobWaiting() | JobProgress():
            known = generation.step(slot).progress_message_id == heard.message_id
            after = _progress(generation, slot, heard, now)
            return after if known else _revive(after, heard)
        case JobStopped():
            after = _progress(generation, slot, heard, now)
            return _give_up(after, slot, Problem(ProblemKind.STOPPED), now)
        case JobFinished():
            return _revive(_finish(generation, slot, heard, now), heard)
        case _:
            assert_never(heard)


def _interaction(
    generation: Generation,
    slot: Slot,
    heard: InteractionCreated | InteractionSucceeded,
    now: datetime,
) -> Generation:
    step = replace(generation.step(slot), interaction_id=heard.interaction_id)
    after = generation.with_step(slot, step)
    if isinstance(heard, InteractionSucceeded):
        return _accept(after, slot, Proof.INTERACTION, now)
    return after


def _accept(generation: Generation, slot: Slot, proof: Proof, now: datetime) -> Generation:
    """Note the first proof that Midjourney accepted; the grid's is the one that was paid for."""
    step = generation.step(slot)
    if step.accepted_at is None:
        step = replace(step, accepted_at=now, accepted_by=proof)
        generation = generation.with_step(slot, step)
    if slot == Slot.GRID and generation.status == Status.SUBMITTING:
        return replace(generation, status=Status.SUBMITTED, submitted_at=now)
    return generation


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
        interaction_id=step.interaction_id or heard.interaction_id,
        job_id=step.job_id or heard.job_id,
        job_queued=False,
    )
    after = _accept(generation.with_step(slot, step), slot, Proof.PROGRESS, now)
    return replace(after, echo=heard.prompt) if slot == Slot.GRID else after


def _is_left_over(step: Step, message_id: int) -> bool:
    """Whether a progress message is that of an earlier request, which the history still shows."""
    known = step.progress_message_id
    if known is None:
        return False
    return message_id < known or (message_id == known and step.accepted_at is None)


def _finish(generation: Generation, slot: Slot, heard: JobFinished, now: datetime) -> Generation:
    step = generation.step(slot)
    if step.message_id not in {None, heard.message_id}:
        return generation
    step = replace(
        step,
        intended_at=step.intended_at or now,
        message_id=heard.message_id,
        job_id=heard.job_id or step.job_id,
        picture_url=heard.picture_url,
        problem=None if step.message_id is None else step.problem,
    )
    after = _accept(generation.with_step(slot, step), slot, Proof.RESULT, now)
    return _see_grid(after, heard, now) if slot == Slot.GRID else after


def _see_grid(generation: Generation, heard: JobFinished, now: datetime) -> Generation:
    """Keep the grid's live buttons; one that is pressed already has its picture on the way."""
    after = replace(
        generation,
        echo=heard.prompt,
        buttons=heard.buttons,
        message_flags=heard.flags,
    )
    for slot in UPSCALES:
        button, step = after.upscale_button(slot), after.step(slot)
        if button is not None and button.pressed and step.intended_at is None:
            after = after.with_step(slot, replace(step, intended_at=now))
    return after


def _revive(generation: Generation, heard: JobWaiting | JobProgress | JobFinished) -> Generation:
    """Bring an ended generation back into the queue when what it lacked arrives late."""
    late = generation.status == Status.NEEDS_ATTENTION or (
        generation.status == Status.FAILED and isinstance(heard, JobFinished)
    )
    if not late or not generation.missing:
        return generation
    steps = tuple(
        replace(step, problem=None) if step.picture_url is not None else step
        for step in generation.steps
    )
    # Its new end will have a notice of its own.
    back = replace(generation, steps=steps, problem=None, notice_message_id=None)
    return replace(back, status=Status.QUEUED)


def _notice(generation: Generation, slot: Slot, notice: Notice, now: datetime) -> Generation:
    if not generation.active or generation.step(slot).settled:
        return generation
    failure = classify(notice)
    blame = ProblemKind.REFUSED if failure.kind == FailureClass.USER else ProblemKind.BROKEN
    words = Problem(blame, _words(notice))
    repeatable = failure.accepted == Accepted.NO or slot != Slot.GRID
    match failure.kind:
        case FailureClass.NOTICE:
            return generation
        case FailureClass.WAIT:
            after = _accept(generation, slot, Proof.QUEUED, now)
            return after.with_step(slot, replace(after.step(slot), job_queued=True))
        case FailureClass.LATER | FailureClass.STOP if repeatable:
            wait = LATER if failure.kind == FailureClass.LATER else 0
            return _ask_again(generation, slot, words, now + timedelta(seconds=wait))
        case _ if failure.accepted == Accepted.UNKNOWN and failure is not UNKNOWN_FAILURE:
            return _doubt(generation, slot)
        case FailureClass.LATER | FailureClass.USER | FailureClass.STOP | FailureClass.UNKNOWN:
            return _give_up(generation, slot, words, now)
        case _:
            assert_never(failure.kind)


def _doubt(generation: Generation, slot: Slot) -> Generation:
    """Go on waiting: the result may still come, and the limit on silence ends the wait.

    A button that must not be pressed was most likely pressed before. Its picture is looked for
    only as long as after a press of which nothing was heard.
    """
    if slot == Slot.GRID:
        return generation
    step = replace(generation.step(slot), accepted_at=None, accepted_by=None)
    return generation.with_step(slot, step)


def _intend(generation: Generation, event: Intended, now: datetime) -> Generation:
    """Take down what is about to be sent; unchanged means that it must not be sent."""
    step = generation.step(event.slot)
    wrong_time = event.slot == Slot.GRID and generation.status != Status.SUBMITTING
    if step.intended_at is not None or step.settled or wrong_time:
        return generation
    step = replace(
        step,
        intended_at=now,
        nonce=event.nonce,
        session_id=event.session_id,
        attempts=step.attempts + 1,
    )
    after = generation.with_step(event.slot, step)
    if generation.status == Status.GRID_COMPLETED:
        return replace(after, status=Status.VARIATIONS_IN_PROGRESS)
    return after


def _deliver(generation: Generation, event: Delivered, now: datetime) -> Generation:
    step = generation.step(event.slot)
    if step.nonce != event.nonce or step.delivered_at is not None:
        return generation
    return generation.with_step(event.slot, replace(step, delivered_at=now))


def _not_accepted(generation: Generation, event: NotAccepted, now: datetime) -> Generation:
    step = generation.step(event.slot)
    if step.nonce != event.nonce or step.accepted_at is not None or step.settled:
        return generation
    if event.retry_after is None:
        return _give_up(generation, event.slot, event.problem, now)
    again = now + timedelta(seconds=event.retry_after)
    return _ask_again(generation, event.slot, event.problem, again)


def _ask_again(
    generation: Generation,
    slot: Slot,
    problem: Problem,
    not_before: datetime,
) -> Generation:
    """Forget a request that was explicitly not accepted: it is sent anew, with a new nonce."""
    step = generation.step(slot)
    if step.attempts >= MAX_ATTEMPTS:
        return _give_up(generation, slot, problem, not_before)
    after = generation.with_step(slot, _anew(step))
    after = replace(after, not_before=not_before)
    return replace(after, status=Status.QUEUED) if slot == Slot.GRID else after


def _overdue(generation: Generation, slot: Slot, now: datetime) -> Generation:
    """End a silence: what was paid is never asked for twice, a button is pressed once more."""
    step = generation.step(slot)
    if step.intended_at is None or step.settled or step.picture_url is not None:
        return generation
    problem = Problem(ProblemKind.NO_ANSWER)
    if slot == Slot.GRID:
        return replace(generation, status=Status.NEEDS_ATTENTION, problem=problem)
    if step.attempts < MAX_PRESSES:
        return generation.with_step(slot, _anew(step))
    return _give_up(generation, slot, problem, now)


def _anew(step: Step) -> Step:
    """Forget a request, but not the message that it left behind."""
    return Step(attempts=step.attempts, progress_message_id=step.progress_message_id)


def _give_up(generation: Generation, slot: Slot, problem: Problem, now: datetime) -> Generation:
    """Do without a picture: without the grid all has failed, without one upscale not yet."""
    step = generation.step(slot)
    if step.settled or not generation.active:
        return generation
    after = generation.with_step(slot, replace(step, problem=problem))
    if slot == Slot.GRID:
        return replace(after, status=Status.FAILED, problem=problem)
    return settle(after, now)
