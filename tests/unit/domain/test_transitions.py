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
    Effect,
    Halt,
    Send,
    ShowProgress,
)
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
    JobStopped,
    Matched,
    MessageDeleted,
    NotAccepted,
    Notice,
    Overdue,
    PictureStored,
    StatusMessageSent,
    Trouble,
)
from domain.generation import (
    UPSCALES,
    Generation,
    Problem,
    ProblemKind,
    Proof,
    Slot,
    Status,
)
from domain.hearing import LATER
from domain.steps import MAX_ATTEMPTS
from domain.transitions import MAX_PRESSES, apply
from tests.builders import NOW, generation, grid, picture, progress, solo, u_buttons, waiting

U1, U2 = Slot.UPSCALE_1, Slot.UPSCALE_2
REFUSED = Problem(ProblemKind.NOT_SENT, "HTTP 403")


def after(start: Generation, *events: Event) -> Generation:
    """Apply events one after another."""
    for event in events:
        start, _ = apply(start, event, NOW)
    return start


def effects_of(start: Generation, event: Event) -> tuple[Effect, ...]:
    return apply(start, event, NOW)[1]


def heard(something: Heard, slot: Slot = Slot.GRID) -> Matched:
    return Matched(slot, something)


def stored(slot: Slot) -> PictureStored:
    return PictureStored(slot, picture(slot=slot))


def claimed(**changes: object) -> Generation:
    return generation(Status.SUBMITTING, **changes)


def sent() -> Generation:
    return after(claimed(), Intended(Slot.GRID, "n0", "s"))


def with_grid(**changes: object) -> Generation:
    """Return a generation whose grid is stored and whose buttons are free."""
    start = replace(sent(), **changes)  # pyright: ignore[reportArgumentType] -- any field of the record
    return after(start, heard(waiting()), heard(grid()), stored(Slot.GRID))


def pressed(slot: Slot) -> Intended:
    return Intended(slot, f"n{slot.value}", "s")


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


@pytest.mark.parametrize(
    ("proof", "by"),
    [
        (InteractionSucceeded("n0", 9), Proof.INTERACTION),
        (waiting(), Proof.PROGRESS),
        (progress(20), Proof.PROGRESS),
        (Notice(message_id=1, title="Job queued", text=""), Proof.QUEUED),
        (grid(), Proof.RESULT),
    ],
)
def test_the_first_proof_of_acceptance_makes_it_submitted(proof: Heard, by: Proof) -> None:
    accepted = after(sent(), heard(proof))
    assert accepted.status == Status.SUBMITTED
    assert accepted.submitted_at == NOW
    assert accepted.step(Slot.GRID).accepted_by == by


def test_an_interaction_id_alone_proves_nothing() -> None:
    created = after(sent(), heard(InteractionCreated("n0", 9)))
    assert created.status == Status.SUBMITTING
    assert created.step(Slot.GRID).interaction_id == 9


def test_the_first_proof_stays_when_others_follow() -> None:
    both = after(sent(), heard(InteractionSucceeded("n0", 9)), heard(waiting()))
    assert both.step(Slot.GRID).accepted_by == Proof.INTERACTION
    assert both.step(Slot.GRID).progress_message_id == 100


def test_progress_keeps_the_echoed_prompt_and_shows_the_percent() -> None:
    start = sent()
    event = heard(progress(51, prompt="a lighthouse at dusk --ar 3:2 --v 7.0", job_id="j"))
    shown, effects = apply(start, event, NOW)
    assert shown.echo == "a lighthouse at dusk --ar 3:2 --v 7.0"
    assert shown.step(Slot.GRID).job_id == "j"
    assert ShowProgress(51) in effects


def test_a_repeated_percent_changes_no_fact() -> None:
    start = after(sent(), heard(progress(20)))
    assert after(start, heard(progress(35)), heard(progress(17))) == start


def test_the_finished_grid_is_to_be_copied_with_its_buttons_kept() -> None:
    finished, effects = apply(sent(), heard(grid()), NOW)
    assert finished.buttons == u_buttons()
    assert finished.step(Slot.GRID).message_id == 200
    assert Copy(Slot.GRID) in effects


def test_a_second_finished_message_does_not_replace_the_first() -> None:
    start = after(sent(), heard(grid()))
    assert after(start, heard(grid(message_id=999))) == start


def test_a_refetched_grid_brings_a_fresh_link() -> None:
    start = after(sent(), heard(grid()), heard(grid(picture_url="https://fresh")))
    assert start.step(Slot.GRID).picture_url == "https://fresh"


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


def test_a_button_that_somebody_pressed_before_us_is_waited_for() -> None:
    seen = after(sent(), heard(grid(buttons=u_buttons(pressed=(1,)))), stored(Slot.GRID))
    assert seen.step(U1).intended_at == NOW
    assert Send(U2) in apply(seen, StatusMessageSent(1), NOW)[1]


def test_a_picture_of_such_a_press_is_taken() -> None:
    start = with_grid()
    assert Copy(U1) in effects_of(start, heard(solo(U1), U1))


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
    assert effects == ()
    assert again.status == Status.VARIATIONS_IN_PROGRESS
    later = NOW + timedelta(seconds=31)
    assert Send(U1) in apply(again, StatusMessageSent(1), later)[1]


def test_after_too_many_no_the_generation_fails() -> None:
    start = claimed()
    for _ in range(MAX_ATTEMPTS):
        start = replace(start, status=Status.SUBMITTING)
        start = after(start, Intended(Slot.GRID, "n", "s"))
        start = after(start, NotAccepted(Slot.GRID, "n", REFUSED, retry_after=0))
    assert start.status == Status.FAILED


def test_a_no_after_the_proof_of_acceptance_is_not_believed() -> None:
    start = after(sent(), heard(waiting()))
    assert after(start, NotAccepted(Slot.GRID, "n0", REFUSED)) == start


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


def test_a_grid_that_cannot_be_stored_fails_the_generation() -> None:
    start = after(sent(), heard(grid()))
    failed = after(start, GivenUp(Slot.GRID, Problem(ProblemKind.BAD_PICTURE, "html")))
    assert failed.status == Status.FAILED


def test_a_stopped_job_fails_with_its_reason() -> None:
    stopped = JobStopped(message_id=100, prompt="a")
    failed = after(sent(), heard(waiting()), heard(stopped))
    assert (failed.status, failed.problem) == (Status.FAILED, Problem(ProblemKind.STOPPED))


def test_a_deleted_message_alone_decides_nothing() -> None:
    start = after(sent(), heard(waiting()))
    assert after(start, heard(MessageDeleted(100))) == start


def test_a_refusal_fails_with_midjourneys_own_words() -> None:
    notice = Notice(message_id=1, title="Banned prompt", text="no such word", colour=16711680)
    failed = after(sent(), heard(notice))
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.REFUSED, "Banned prompt: no such word")


def test_a_full_queue_at_midjourney_is_tried_again_later() -> None:
    notice = Notice(message_id=1, title="Queue full", text="")
    again = after(sent(), heard(InteractionSucceeded("n0", 9)), heard(notice))
    assert again.status == Status.QUEUED
    assert again.not_before == NOW + timedelta(seconds=LATER)


@pytest.mark.parametrize("title", ["Internal error", "Job action restricted"])
def test_what_leaves_the_outcome_open_is_waited_for(title: str) -> None:
    start = after(sent(), heard(waiting()))
    assert after(start, heard(Notice(message_id=1, title=title, text=""))) == start


def test_a_job_that_broke_after_acceptance_is_not_paid_for_again() -> None:
    notice = Notice(message_id=1, title="Sorry! Could not complete the job!", text="")
    failed = after(sent(), heard(waiting()), heard(notice))
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.BROKEN, notice.title)


def test_a_mere_warning_changes_nothing() -> None:
    start = sent()
    notice = Notice(message_id=1, title="Mind the gap", text="", colour=16776960)
    assert after(start, heard(notice)) == start


def test_a_refusal_of_a_stored_picture_is_too_late() -> None:
    start = with_grid()
    assert after(start, heard(Notice(message_id=1, title="Banned prompt", text=""))) == start


@pytest.mark.parametrize(
    ("status", "late", "expected"),
    [
        (Status.NEEDS_ATTENTION, progress(20), Status.QUEUED),
        (Status.NEEDS_ATTENTION, grid(), Status.QUEUED),
        (Status.FAILED, grid(), Status.QUEUED),
        (Status.FAILED, progress(20), Status.FAILED),
        (Status.CANCELLED, grid(), Status.CANCELLED),
    ],
)
def test_a_late_message_brings_back_what_lacked_it(
    status: Status,
    late: Heard,
    expected: Status,
) -> None:
    start = replace(sent(), status=status, problem=Problem(ProblemKind.NO_ANSWER))
    assert after(start, heard(late)).status == expected


def test_a_late_upscale_comes_back_without_its_old_problem() -> None:
    start = with_grid(wanted=(U1,))
    start = after(start, GivenUp(U1, Problem(ProblemKind.NO_ANSWER)))
    assert start.status == Status.FAILED
    back = after(start, heard(solo(U1), U1))
    assert (back.status, back.problem, back.step(U1).problem) == (Status.QUEUED, None, None)


def test_what_came_back_gets_a_notice_of_its_new_end() -> None:
    start = replace(sent(), status=Status.NEEDS_ATTENTION, notice_message_id=12)
    assert after(start, heard(grid())).notice_message_id is None


def test_an_edit_of_a_completed_grid_leaves_it_completed() -> None:
    start = with_grid(wanted=())
    assert after(start, heard(grid())).status == Status.COMPLETED


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


def test_a_request_out_of_its_time_is_not_intended() -> None:
    """After the acceptance nothing is sent for the grid any more, whoever asks."""
    start = after(claimed(), heard(waiting()))
    assert start.status == Status.SUBMITTED
    assert after(start, Intended(Slot.GRID, "n", "s")) == start


def stop_notice(title: str = "Blocked") -> Notice:
    return Notice(message_id=1, title=title, text="see a person")


def test_a_stop_halts_everything_and_keeps_the_generation_in_its_turn() -> None:
    again, effects = apply(sent(), heard(stop_notice()), NOW)
    assert again.status == Status.QUEUED
    assert again.step(Slot.GRID).nonce is None
    assert Halt("Blocked: see a person") in effects


def test_a_stop_of_a_press_halts_everything_and_keeps_what_is_stored() -> None:
    start = after(with_grid(), pressed(U1))
    again, effects = apply(start, heard(stop_notice(), U1), NOW)
    assert (again.status, again.stored) == (Status.VARIATIONS_IN_PROGRESS, (Slot.GRID,))
    assert Halt("Blocked: see a person") in effects


def test_a_stop_that_leaves_the_outcome_open_is_not_sent_again() -> None:
    start = sent()
    again, effects = apply(start, heard(stop_notice("Action required to continue")), NOW)
    assert again == start
    assert Halt("Action required to continue: see a person") in effects


def test_an_answer_of_discord_about_the_account_halts_everything() -> None:
    problem = Problem(ProblemKind.ACCOUNT, "Discord: captcha")
    again, effects = apply(sent(), NotAccepted(Slot.GRID, "n0", problem, 0), NOW)
    assert again.status == Status.QUEUED
    assert Halt("Discord: captcha") in effects


def test_a_human_check_halts_everything_and_decides_nothing() -> None:
    start = sent()
    troubled = heard(InteractionTroubled("n0", Trouble.HUMAN_CHECK))
    again, effects = apply(start, troubled, NOW)
    assert again == start
    assert any(isinstance(effect, Halt) for effect in effects)


@pytest.mark.parametrize("trouble", [Trouble.FAILURE, Trouble.FORM])
def test_a_failed_interaction_is_no_answer_that_it_was_not_accepted(trouble: Trouble) -> None:
    start = sent()
    again, effects = apply(start, heard(InteractionTroubled("n0", trouble)), NOW)
    assert (again, effects) == (start, ())


def test_what_is_said_of_an_ended_generation_halts_nothing() -> None:
    ended = replace(sent(), status=Status.FAILED)
    assert effects_of(ended, heard(stop_notice())) == ()


def test_a_claim_of_what_is_complete_by_now_completes_it() -> None:
    """A copy that ended while the generation waited for its turn left nothing to do."""
    waits = replace(with_grid(wanted=()), status=Status.VARIATIONS_IN_PROGRESS)
    assert after(waits, Claimed()).status == Status.COMPLETED


def test_a_claim_of_what_still_lacks_something_changes_nothing() -> None:
    start = with_grid()
    assert apply(start, Claimed(), NOW) == (start, (Send(U1),))
