"""What every event means for a generation: `apply(generation, event, now)`.

A pure function that accepts every event: they may come late, twice, out of order or not at all, and
what does not fit changes nothing. Live events, history after a gap and recorded fixtures all use
it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from domain.effects import (
    Effect,
    Halt,
    HoldBack,
    ShowProgress,
    StopJob,
    announcements,
    due,
)
from domain.events import (
    Adopted,
    Cancelled,
    Claimed,
    Deleted,
    Delivered,
    Event,
    FinalNoticeSent,
    GivenUp,
    Intended,
    InteractionTroubled,
    JobProgress,
    Matched,
    MidjourneyNotice,
    NotAccepted,
    NotSent,
    Overdue,
    PictureStored,
    Retried,
    StatusMessageSent,
    Trouble,
    UpscaleWanted,
)
from domain.generation import Generation, OriginKind, Problem, ProblemKind, Status
from domain.hearing import hear, words_of
from domain.reasons import Reason
from domain.refusals import RefusalClass, classify
from domain.requests import fulfil
from domain.settling import settle, with_picture
from domain.slots import Slot
from domain.steps import anew, ask_again, give_up, postpone

MAX_PRESSES = 2
"""How often a U button is pressed when its picture does not come. A press that was refused counts
for none of them."""


def apply(
    generation: Generation,
    event: Event,
    now: datetime,
) -> tuple[Generation, tuple[Effect, ...]]:
    """Return the generation after the event, and what to do now.

    The effects are announcements of the change and everything that is due, including what was due
    before: the worker knows what it is already doing.
    """
    after = generation if _is_too_late(generation, event) else _change(generation, event, now)
    shown = (
        *_percent(generation, event),
        *_halts(generation, event),
        *_holds_back(generation, after, event),
        *_stops(generation, after, event),
    )
    return after, (*announcements(generation, after), *shown, *due(after))


def _is_too_late(generation: Generation, event: Event) -> bool:
    """Whether it is about a picture of a generation whose pictures were deleted."""
    return generation.archived and isinstance(event, Matched | PictureStored)


def _change(generation: Generation, event: Event, now: datetime) -> Generation:
    match event:
        case Matched():
            return hear(generation, event.slot, event.heard, now)
        case PictureStored():
            return with_picture(generation, event.slot, event.picture)
        case StatusMessageSent() | FinalNoticeSent():
            return _say(generation, event)
        case Claimed():
            return _take_up(generation, now)
        case Cancelled() | Retried() | UpscaleWanted() | Adopted() | Deleted():
            return fulfil(generation, event, now)
        case Intended() | Delivered() | NotAccepted() | NotSent() | Overdue() | GivenUp():
            return _act(generation, event, now)
        case _:
            assert_never(event)


def _take_up(generation: Generation, now: datetime) -> Generation:
    """Start or continue it; a grid that a person made by hand is never requested."""
    by_hand = generation.origin.kind == OriginKind.ADOPTED
    if by_hand and generation.step(Slot.GRID).message_id is None:
        return give_up(generation, Slot.GRID, Problem(ProblemKind.NO_GRID), now)
    return settle(generation, now)


def _say(generation: Generation, event: StatusMessageSent | FinalNoticeSent) -> Generation:
    if isinstance(event, StatusMessageSent):
        known = {None, event.message_id}
        replaced = generation.status_replaced or generation.status_message_id not in known
        return replace(generation, status_message_id=event.message_id, status_replaced=replaced)
    return replace(generation, notice_message_id=event.message_id)


def _act(
    generation: Generation,
    event: Intended | Delivered | NotAccepted | NotSent | Overdue | GivenUp,
    now: datetime,
) -> Generation:
    """Apply the results of our own actions; they only concern the active generation."""
    if not generation.active:
        return generation
    match event:
        case Intended():
            return _intend(generation, event, now)
        case Delivered():
            return _deliver(generation, event, now)
        case NotAccepted() | NotSent():
            return _not_accepted(generation, event, now)
        case Overdue():
            return _overdue(generation, event, now)
        case GivenUp():
            return give_up(generation, event.slot, event.problem, now)
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
    """Return the order to stop the queue, if the problem is the account.

    That concerns all generations, even if this one has ended; but what the history says of an ended
    one, or of a picture that is stored, was already handled.
    """
    live = isinstance(event, Matched) and event.live
    over = not generation.active or (
        isinstance(event, Matched) and generation.step(event.slot).settled
    )
    if over and not live:
        return ()
    match event:
        case NotAccepted(problem=Problem(ProblemKind.ACCOUNT, words)):
            return (Halt(words),)
        case Matched(heard=InteractionTroubled(trouble=Trouble.HUMAN_CHECK)):
            return (Halt(Reason.HUMAN_CHECK),)
        case Matched(heard=MidjourneyNotice() as notice) if (
            classify(notice).kind == RefusalClass.STOP
        ):
            return (Halt(words_of(notice)),)
        case _:
            return ()


def _holds_back(before: Generation, after: Generation, event: Event) -> tuple[Effect, ...]:
    """Return the order to send nothing for a while, if Midjourney put off this request."""
    match event:
        case Matched(slot, MidjourneyNotice() as notice) if (
            after != before and before.step(slot).nonce is not None
        ):
            full = classify(notice).kind == RefusalClass.FULL
            return (HoldBack(Reason.MIDJOURNEY_FULL),) if full else ()
        case _:
            return ()


def _stops(before: Generation, after: Generation, event: Event) -> tuple[Effect, ...]:
    """Return the order to stop the job of a grid that is no longer wanted."""
    grid = after.step(Slot.GRID)
    runs = before.active and grid.progress_message_id is not None and grid.message_id is None
    return (StopJob(),) if isinstance(event, Cancelled) and runs else ()


def _intend(generation: Generation, event: Intended, now: datetime) -> Generation:
    """Record what is about to be sent; if nothing changes, it must not be sent."""
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


def _not_accepted(
    generation: Generation, event: NotAccepted | NotSent, now: datetime
) -> Generation:
    step = generation.step(event.slot)
    if step.nonce != event.nonce or step.accepted_at is not None or step.settled:
        return generation
    if isinstance(event, NotSent):  # it keeps its turn while nobody else could send anything
        return postpone(generation, event.slot, requeue=event.withdrawn)
    if event.problem.kind == ProblemKind.ACCOUNT:
        return postpone(generation, event.slot, requeue=True)
    if event.retry_after is None:
        return give_up(generation, event.slot, event.problem, now)
    again = now + timedelta(seconds=event.retry_after)
    return ask_again(generation, event.slot, event.problem, again)


def _overdue(generation: Generation, event: Overdue, now: datetime) -> Generation:
    """End a silence: a paid request is never sent twice, a button is pressed once more."""
    slot, step = event.slot, generation.step(event.slot)
    if step.intended_at is None or step.settled or step.picture_url is not None:
        return generation
    detail = Reason.NO_HISTORY if event.unread and not event.gone else ""
    problem = Problem(ProblemKind.STOPPED if event.gone else ProblemKind.NO_ANSWER, detail)
    if slot == Slot.GRID and not event.gone:
        return replace(generation, status=Status.NEEDS_ATTENTION, problem=problem)
    unanswered = step.unanswered + 1
    if slot != Slot.GRID and unanswered < MAX_PRESSES:
        return generation.with_step(slot, replace(anew(step), unanswered=unanswered))
    return give_up(generation, slot, problem, now)
