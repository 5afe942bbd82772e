"""When it is not known what became of a request: how long, and of what, an answer is awaited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.effects import Copy, Send, TimeLimits, patience
from domain.events import (
    Action,
    Claimed,
    Event,
    GivenUp,
    Heard,
    Intended,
    InteractionSucceeded,
    JobStopped,
    Matched,
    MidjourneyNotice,
    NotAccepted,
    Overdue,
    PictureStored,
    Retried,
)
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.slots import Slot
from domain.steps import perhaps_made
from domain.transitions import MAX_PRESSES, apply
from tests.builders import NOW, generation, grid, picture, progress, solo, u_buttons, waiting

U1, U2 = Slot.UPSCALE_1, Slot.UPSCALE_2
REFUSED = Problem(ProblemKind.NOT_SENT, "HTTP 403")
BAD = Problem(ProblemKind.BAD_PICTURE, "upscale_1: broken")
RED = 16711680
LIMITS = TimeLimits()


def after(start: Generation, *events: Event) -> Generation:
    """Apply events one after another."""
    for event in events:
        start, _ = apply(start, event, NOW)
    return start


def heard(something: Heard, slot: Slot = Slot.GRID) -> Matched:
    return Matched(slot, something)


def sent(**changes: object) -> Generation:
    return after(generation(Status.SUBMITTING, **changes), Intended(Slot.GRID, "n0", "s"))


def with_grid(**changes: object) -> Generation:
    """Return a generation whose grid is stored and whose buttons are free."""
    come = (heard(waiting()), heard(grid()), PictureStored(Slot.GRID, picture()))
    return after(sent(**changes), *come)


def pressed(slot: Slot) -> Intended:
    return Intended(slot, f"n{slot.value}", "s")


@pytest.mark.parametrize(
    "last_word",
    [Overdue(U1), NotAccepted(U1, "n1", REFUSED)],
    ids=["silence", "an explicit no"],
)
def test_a_button_that_is_given_up_does_not_hold_up_the_next(
    last_word: Overdue | NotAccepted,
) -> None:
    start = with_grid(wanted=(U1, U2))
    for _ in range(MAX_PRESSES - 1):
        start = after(start, pressed(U1), Overdue(U1))
    assert Send(U2) in apply(after(start, pressed(U1)), last_word, NOW)[1]


def test_a_press_that_was_refused_counts_for_none_without_an_answer() -> None:
    later = NotAccepted(U1, "n1", REFUSED, retry_after=0)
    start = after(with_grid(wanted=(U1,)), pressed(U1), later, pressed(U1), later, pressed(U1))
    again = after(start, Overdue(U1))
    assert Send(U1) in apply(again, Claimed(), NOW)[1]
    assert after(again, pressed(U1), Overdue(U1)).status == Status.FAILED


def test_a_request_that_midjourney_could_not_process_is_sent_again_in_a_minute() -> None:
    asked = sent()
    words = "There was an error processing your request"
    refused = after(asked, heard(MidjourneyNotice(message_id=100, title="", text=words)))
    assert refused.status == Status.QUEUED
    assert refused.not_before == NOW + timedelta(minutes=1)
    assert refused.step(Slot.GRID).attempts == asked.step(Slot.GRID).attempts


def test_what_a_first_press_left_behind_is_not_taken_for_a_sign_of_the_second() -> None:
    """The history shows the waiting message of a job that never went on."""
    left = waiting(message_id=300, action=Action.UPSCALE, index=1, reference_id=200)
    start = after(with_grid(), pressed(U1), heard(left, U1), Overdue(U1))
    assert Send(U1) in apply(start, heard(left, U1), NOW)[1]
    again = after(start, Intended(U1, "again", "s"))
    assert after(again, heard(left, U1)) == again
    fresh = after(again, heard(replace(left, message_id=301), U1))
    assert fresh.step(U1).accepted_at == NOW
    assert after(fresh, heard(left, U1)) == fresh


@pytest.mark.parametrize("seen", [True, False], ids=["seen before", "missed in a gap"])
def test_stop_of_an_earlier_press_does_not_end_the_second(*, seen: bool) -> None:
    """The history shows it again."""
    left = waiting(message_id=300, action=Action.UPSCALE, index=1, reference_id=200)
    end = heard(JobStopped(message_id=300, prompt="a", reference_id=200), U1)
    first = after(with_grid(), pressed(U1), *([heard(left, U1), end] if seen else []), Overdue(U1))
    again = after(replace(first, status=Status.VARIATIONS_IN_PROGRESS), Intended(U1, "310", "s"))
    assert after(again, end) == again
    own = heard(JobStopped(message_id=311, prompt="a", reference_id=200), U1)
    assert after(again, own).step(U1).problem == Problem(ProblemKind.STOPPED)


def test_a_job_that_was_given_up_is_not_brought_back_by_what_was_known_of_it() -> None:
    """The history shows its last percent for ever."""
    start = after(sent(), heard(progress(79)), Overdue(Slot.GRID))
    assert start.status == Status.NEEDS_ATTENTION
    assert after(start, heard(progress(79))) == start
    assert after(start, heard(grid())).status == Status.QUEUED


@pytest.mark.parametrize("title", ["Something odd", "Invalid request"])
@pytest.mark.parametrize("slot", [Slot.GRID, U1])
def test_an_error_that_nobody_knows_fails_with_its_words(title: str, slot: Slot) -> None:
    start = sent() if slot == Slot.GRID else after(with_grid(wanted=(U1,)), pressed(U1))
    failed = after(
        start, heard(MidjourneyNotice(message_id=1, title=title, text="", colour=RED), slot)
    )
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.BROKEN, title)


def test_a_button_is_waited_for_as_long_as_for_a_job_only_when_its_job_was_seen() -> None:
    """It may be refused after it was acknowledged, and who hears of it once may not hear it."""
    restricted = MidjourneyNotice(message_id=1, title="Job action restricted", text="")
    start = after(with_grid(wanted=(U1,)), pressed(U1), heard(InteractionSucceeded("n1", 9), U1))
    assert patience(start, U1, LIMITS) == LIMITS.unpressed
    start = after(start, heard(waiting(action=Action.UPSCALE, index=1, job_id="u1"), U1))
    assert patience(start, U1, LIMITS) == LIMITS.unchanged
    start = after(start, heard(restricted, U1))
    assert start.status == Status.VARIATIONS_IN_PROGRESS


def test_a_button_that_must_not_be_pressed_is_waited_for_as_one_without_an_answer() -> None:
    restricted = MidjourneyNotice(message_id=1, title="Job action restricted", text="")
    start = after(with_grid(wanted=(U1,)), pressed(U1), heard(InteractionSucceeded("n1", 9), U1))
    start = after(start, heard(restricted, U1))
    assert patience(start, U1, LIMITS) == LIMITS.unpressed


def test_an_upscale_that_comes_after_it_was_given_up_is_taken() -> None:
    start = after(with_grid(), GivenUp(U1, Problem(ProblemKind.NO_ANSWER)))
    came, effects = apply(start, heard(solo(U1), U1), NOW)
    assert came.step(U1).problem is None
    assert Copy(U1) in effects


def test_an_upscale_that_cannot_be_stored_stays_given_up_though_its_message_is_read_again() -> None:
    start = after(with_grid(), heard(solo(U1), U1), GivenUp(U1, BAD))
    assert after(start, heard(solo(U1), U1)).step(U1).problem == BAD


def made(start: Generation, event: Event) -> object:
    """Return what may have been made before, as an event shows."""
    return perhaps_made(start, after(start, event), event)


@pytest.mark.parametrize("event", [Overdue(U1), Retried()])
def test_what_a_forgotten_press_has_made_may_be_in_the_history(event: Event) -> None:
    start = after(with_grid(wanted=(U1,)), pressed(U1))
    if isinstance(event, Retried):
        start = after(start, GivenUp(U1, REFUSED))
    assert made(start, event) == {U1: NOW}


def test_what_others_have_pressed_may_have_been_made_for_long() -> None:
    start = with_grid(wanted=(U1, U2))
    event = heard(grid(buttons=u_buttons(pressed=(1,))))
    assert made(start, event) == {U1: None}
    assert made(after(start, pressed(U1)), event) == {}


def test_a_refused_press_has_made_nothing() -> None:
    start = after(with_grid(wanted=(U1,)), pressed(U1))
    assert made(start, NotAccepted(U1, "n1", REFUSED, retry_after=1.0)) == {}
    assert made(with_grid(wanted=(U1,)), pressed(U1)) == {}
