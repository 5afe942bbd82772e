"""What each event means for a generation, from the claim to the last picture, and astray."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.effects import (
    AnnounceAll,
    AnnounceGrid,
    AnnounceProblem,
    AnnounceUpscale,
    Copy,
    Halt,
    Send,
    due,
)
from domain.events import (
    Claimed,
    Delivered,
    Event,
    FinalNoticeSent,
    GivenUp,
    Intended,
    Matched,
    NotAccepted,
    NotSent,
    Overdue,
    Retried,
    StatusMessageSent,
)
from domain.generation import Problem, ProblemKind, Status, Step
from domain.slots import UPSCALES, Slot
from domain.steps import MAX_ATTEMPTS
from domain.transitions import MAX_PRESSES, apply
from tests.builders import NOW, grid, notice, solo, waiting
from tests.unit.domain.story_harness import (
    REFUSED,
    U1,
    U2,
    after,
    claimed,
    effects_of,
    heard,
    pressed,
    sent,
    stored,
    with_grid,
)


def test_a_claimed_generation_is_to_be_sent_once() -> None:
    intended, effects = apply(claimed(), Intended(Slot.GRID, "n0", "s"), NOW)
    assert (intended.step(Slot.GRID).nonce, intended.step(Slot.GRID).attempts) == ("n0", 1)
    assert effects == ()


def test_a_second_intention_for_the_same_request_changes_nothing() -> None:
    """Whoever asks the row before sending is told no: money is spent once."""
    start = sent()
    assert after(start, Intended(Slot.GRID, "other", "s")) == start


def test_http_204_is_noted_and_proves_no_more() -> None:
    delivered = after(sent(), Delivered(Slot.GRID, "n0"))
    assert delivered.status == Status.SUBMITTING
    assert delivered.step(Slot.GRID).delivered_at == NOW
    assert after(delivered, Delivered(Slot.GRID, "n0")) == delivered


def test_a_204_for_another_nonce_is_nobody_s() -> None:
    start = sent()
    assert after(start, Delivered(Slot.GRID, "other")) == start


def test_the_stored_grid_is_announced_and_the_first_button_is_next() -> None:
    start = after(sent(), heard(grid()))
    done, effects = apply(start, stored(Slot.GRID), NOW)
    assert done.status == Status.GRID_COMPLETED
    assert effects == (AnnounceGrid(), Send(U1))


def test_the_first_press_moves_it_on_and_the_next_waits_for_its_answer() -> None:
    first, effects = apply(with_grid(), pressed(U1), NOW)
    assert first.status == Status.VARIATIONS_IN_PROGRESS
    assert effects == ()
    assert effects_of(first, Delivered(U1, "n1")) == (Send(U2),)


def test_presses_do_not_wait_for_the_pictures_before() -> None:
    start = with_grid()
    for slot in UPSCALES:
        assert Send(slot) in apply(start, StatusMessageSent(1), NOW)[1]
        start = after(start, pressed(slot), Delivered(slot, f"n{slot.value}"))
    assert all(start.step(slot).nonce for slot in UPSCALES)


def test_four_stored_upscales_complete_it() -> None:
    start = with_grid()
    for slot in UPSCALES:
        start = after(start, pressed(slot), Delivered(slot, f"n{slot.value}"))
    for slot in UPSCALES[:3]:
        start = after(start, heard(solo(slot), slot), stored(slot))
        assert start.status == Status.VARIATIONS_IN_PROGRESS
    start = after(start, heard(solo(Slot.UPSCALE_4), Slot.UPSCALE_4))
    done, effects = apply(start, stored(Slot.UPSCALE_4), NOW)
    assert (done.status, done.completed_at) == (Status.COMPLETED, NOW)
    assert effects == (AnnounceUpscale(Slot.UPSCALE_4), AnnounceAll())


def test_without_wanted_upscales_the_stored_grid_completes_it() -> None:
    done = with_grid(wanted=())
    assert done.status == Status.COMPLETED


def test_the_second_copy_of_a_picture_changes_nothing() -> None:
    start = with_grid()
    assert after(start, stored(Slot.GRID)) == start


@pytest.mark.parametrize("slot", [Slot.GRID, U1])
def test_an_explicit_no_for_ever_ends_the_step(slot: Slot) -> None:
    start = sent() if slot == Slot.GRID else after(with_grid(wanted=(U1,)), pressed(U1))
    failed, effects = apply(start, NotAccepted(slot, f"n{slot.value}", REFUSED), NOW)
    assert (failed.status, failed.problem) == (Status.FAILED, REFUSED)
    assert effects == (AnnounceProblem(),)


def test_an_explicit_not_now_puts_the_grid_back_into_its_turn() -> None:
    start = sent()
    again = after(start, NotAccepted(Slot.GRID, "n0", REFUSED, retry_after=30))
    assert (again.status, again.turn, again.seq) == (Status.QUEUED, start.turn, start.seq)
    assert again.not_before == NOW + timedelta(seconds=30)
    assert again.step(Slot.GRID).nonce is None
    assert again.step(Slot.GRID).attempts == 1


def test_a_press_that_was_not_accepted_is_sent_again_after_its_time() -> None:
    start = after(with_grid(), pressed(U1))
    again, effects = apply(start, NotAccepted(U1, "n1", REFUSED, retry_after=30), NOW)
    assert effects == (Send(U1),)
    assert again.not_before == NOW + timedelta(seconds=30)
    assert again.status == Status.VARIATIONS_IN_PROGRESS


@pytest.mark.parametrize("slot", [Slot.GRID, U1])
def test_what_was_not_sent_is_sent_later_and_counts_for_nothing(slot: Slot) -> None:
    start = sent() if slot == Slot.GRID else after(with_grid(wanted=(U1,)), pressed(U1))
    for _ in range(2 * MAX_ATTEMPTS):
        nonce = start.step(slot).nonce or ""
        again = after(start, NotSent(slot, nonce))
        assert (again.status, again.step(slot)) == (start.status, Step())
        assert Send(slot) in due(again)
        start = after(again, Intended(slot, "next", "s"))


def test_what_was_withdrawn_waits_in_the_queue() -> None:
    again = after(sent(), NotSent(Slot.GRID, "n0", withdrawn=True))
    assert (again.status, again.step(Slot.GRID)) == (Status.QUEUED, Step())


def test_what_was_not_sent_is_forgotten_only_for_its_own_request() -> None:
    start = sent()
    assert after(start, NotSent(Slot.GRID, "another")) == start


def test_after_too_many_no_the_generation_fails() -> None:
    start = claimed()
    for _ in range(MAX_ATTEMPTS):
        start = replace(start, status=Status.SUBMITTING)
        start = after(start, Intended(Slot.GRID, "n", "s"))
        start = after(start, NotAccepted(Slot.GRID, "n", REFUSED, retry_after=0))
    assert start.status == Status.FAILED


@pytest.mark.parametrize("slot", [Slot.GRID, U1])
@pytest.mark.parametrize("by_midjourney", [True, False])
def test_what_stops_the_queue_counts_for_nothing(slot: Slot, *, by_midjourney: bool) -> None:
    """It is about the account, and each time a person has to resume."""
    start = sent() if slot == Slot.GRID else after(with_grid(), pressed(U1))
    for _ in range(2 * MAX_ATTEMPTS):
        nonce = start.step(slot).nonce or ""
        refused = Matched(slot, notice(title="Credits exhausted", nonce=nonce))
        captcha = NotAccepted(slot, nonce, Problem(ProblemKind.ACCOUNT, "captcha"), retry_after=0)
        again, effects = apply(start, refused if by_midjourney else captcha, NOW)
        assert any(isinstance(effect, Halt) for effect in effects)
        assert again.step(slot) == Step()
        if slot == Slot.GRID:
            assert again.status == Status.QUEUED
            again = after(replace(again, status=Status.SUBMITTING), Claimed())
        start = after(again, Intended(slot, "next", "s"))


def test_a_silent_grid_is_asked_about_and_never_sent_again() -> None:
    start = after(sent(), Overdue(Slot.GRID))
    assert start.status == Status.NEEDS_ATTENTION
    assert start.problem == Problem(ProblemKind.NO_ANSWER)
    assert effects_of(start, StatusMessageSent(1)) == ()


def test_a_silent_button_is_pressed_once_more_and_then_given_up() -> None:
    start = with_grid(wanted=(U1,))
    for _ in range(MAX_PRESSES):
        assert Send(U1) in apply(start, StatusMessageSent(1), NOW)[1]
        start = after(start, pressed(U1), Overdue(U1))
    assert start.status == Status.FAILED
    assert start.problem == Problem(ProblemKind.NO_ANSWER)


def test_a_silence_that_ended_meanwhile_changes_nothing() -> None:
    start = after(sent(), heard(grid()))
    assert after(start, Overdue(Slot.GRID)) == start
    assert after(start, Overdue(U1)) == start


def test_one_upscale_given_up_leaves_the_others_and_fails_at_the_end() -> None:
    start = with_grid(wanted=(U1, U2))
    start = after(start, GivenUp(U1, Problem(ProblemKind.NO_BUTTON, "upscale_1")))
    assert start.status == Status.GRID_COMPLETED
    start = after(start, pressed(U2), heard(solo(U2), U2), stored(U2))
    assert start.status == Status.FAILED
    assert start.stored == (Slot.GRID, U2)
    assert start.problem == Problem(ProblemKind.NO_BUTTON, "upscale_1")


def test_a_grid_that_cannot_be_stored_costs_none_of_its_upscales() -> None:
    """They need the grid's message, not its file."""
    problem = Problem(ProblemKind.BAD_PICTURE, "html")
    start = after(sent(wanted=(U1,)), heard(grid()))
    without, effects = apply(start, GivenUp(Slot.GRID, problem), NOW)
    assert (without.status, effects) == (Status.SUBMITTED, (Send(U1),))
    ended = after(without, pressed(U1), heard(solo(U1), U1), stored(U1))
    assert (ended.status, ended.problem, ended.stored) == (Status.FAILED, problem, (U1,))
    again = replace(after(ended, Retried()), status=Status.SUBMITTED)
    assert due(again) == (Copy(Slot.GRID),)
    assert after(again, stored(Slot.GRID)).status == Status.COMPLETED


def test_nothing_is_left_of_a_grid_that_never_came() -> None:
    failed = after(sent(), GivenUp(Slot.GRID, Problem(ProblemKind.STOPPED)))
    assert failed.status == Status.FAILED


@pytest.mark.parametrize(
    "event",
    [
        Intended(Slot.GRID, "n", "s"),
        Delivered(Slot.GRID, "n0"),
        NotAccepted(Slot.GRID, "n0", REFUSED),
        Overdue(Slot.GRID),
        GivenUp(Slot.GRID, REFUSED),
    ],
)
def test_our_own_acts_concern_only_the_active_generation(event: Event) -> None:
    ended = replace(sent(), status=Status.CANCELLED)
    assert after(ended, event) == ended


def test_the_ids_of_our_own_messages_are_kept() -> None:
    start = after(with_grid(), StatusMessageSent(11), FinalNoticeSent(12))
    assert (start.status_message_id, start.notice_message_id) == (11, 12)


def test_a_second_status_message_replaces_the_first_which_stays_known() -> None:
    first = after(with_grid(), StatusMessageSent(11), StatusMessageSent(11))
    assert not first.status_replaced
    second = after(first, StatusMessageSent(12), StatusMessageSent(12))
    assert (second.status_message_id, second.status_replaced) == (12, True)


def test_a_request_out_of_its_time_is_not_intended() -> None:
    """After the acceptance nothing is sent for the grid any more, whoever asks."""
    start = after(claimed(), heard(waiting()))
    assert start.status == Status.SUBMITTED
    assert after(start, Intended(Slot.GRID, "n", "s")) == start


def test_a_claim_of_what_is_complete_by_now_completes_it() -> None:
    """A copy that ended while the generation waited for its turn left nothing to do."""
    waits = replace(with_grid(wanted=()), status=Status.VARIATIONS_IN_PROGRESS)
    assert after(waits, Claimed()).status == Status.COMPLETED


def test_a_claim_of_what_still_lacks_something_changes_nothing() -> None:
    start = with_grid()
    assert apply(start, Claimed(), NOW) == (start, (Send(U1),))
