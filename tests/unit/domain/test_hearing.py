"""What Midjourney says, and what it means for a generation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.effects import (
    Copy,
    Halt,
    HoldBack,
    Send,
    ShowProgress,
)
from domain.events import (
    Event,
    GivenUp,
    Heard,
    InteractionCreated,
    InteractionSucceeded,
    InteractionTroubled,
    JobStopped,
    Matched,
    MessageDeleted,
    MidjourneyNotice,
    NotAccepted,
    StatusMessageSent,
    Trouble,
)
from domain.generation import Problem, ProblemKind, Proof, Status, Step
from domain.reasons import Reason
from domain.slots import Slot
from domain.transitions import apply
from tests.builders import NOW, grid, progress, solo, u_buttons, waiting
from tests.unit.domain.story_harness import (
    REFUSED,
    U1,
    U2,
    after,
    effects_of,
    heard,
    pressed,
    sent,
    stored,
    with_grid,
)


@pytest.mark.parametrize(
    ("proof", "by"),
    [
        (InteractionSucceeded("n0", 9), Proof.INTERACTION),
        (waiting(), Proof.PROGRESS),
        (progress(20), Proof.PROGRESS),
        (MidjourneyNotice(message_id=1, title="Job queued", text=""), Proof.QUEUED),
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


def test_a_button_that_somebody_pressed_before_us_is_waited_for() -> None:
    seen = after(sent(), heard(grid(buttons=u_buttons(pressed=(1,)))), stored(Slot.GRID))
    assert seen.step(U1).intended_at == NOW
    assert Send(U2) in apply(seen, StatusMessageSent(1), NOW)[1]


def test_a_picture_of_such_a_press_is_taken() -> None:
    start = with_grid()
    assert Copy(U1) in effects_of(start, heard(solo(U1), U1))


def test_a_no_after_the_proof_of_acceptance_is_not_believed() -> None:
    start = after(sent(), heard(waiting()))
    assert after(start, NotAccepted(Slot.GRID, "n0", REFUSED)) == start


def test_a_stopped_job_fails_with_its_reason() -> None:
    stopped = JobStopped(message_id=100, prompt="a")
    failed = after(sent(), heard(waiting()), heard(stopped))
    assert (failed.status, failed.problem) == (Status.FAILED, Problem(ProblemKind.STOPPED))


def test_a_deleted_message_alone_decides_nothing() -> None:
    start = after(sent(), heard(waiting()))
    noted = replace(start.step(Slot.GRID), gone_at=NOW)
    assert after(start, heard(MessageDeleted(100))) == start.with_step(Slot.GRID, noted)


def test_a_refusal_fails_with_midjourneys_own_words() -> None:
    notice = MidjourneyNotice(
        message_id=1, title="Banned prompt", text="no such word", colour=16711680
    )
    failed = after(sent(), heard(notice))
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.REFUSED, "Banned prompt: no such word")


def test_a_full_queue_at_midjourney_is_tried_again_later() -> None:
    notice = MidjourneyNotice(message_id=1, title="Queue full", text="")
    again = after(sent(), heard(InteractionSucceeded("n0", 9)), heard(notice))
    assert again.status == Status.QUEUED
    assert again.step(Slot.GRID) == Step()


def test_a_full_queue_at_midjourney_concerns_everybody() -> None:
    notice = MidjourneyNotice(message_id=1, title="Slow down", text="")
    again, effects = apply(sent(), heard(notice), NOW)
    assert again.status == Status.SUBMITTING
    assert HoldBack(Reason.MIDJOURNEY_FULL) in effects
    assert HoldBack(Reason.MIDJOURNEY_FULL) not in apply(again, heard(notice), NOW)[1]


@pytest.mark.parametrize("title", ["Internal error", "Job action restricted"])
def test_what_leaves_the_outcome_open_is_waited_for(title: str) -> None:
    start = after(sent(), heard(waiting()))
    assert after(start, heard(MidjourneyNotice(message_id=1, title=title, text=""))) == start


@pytest.mark.parametrize("title", ["Queue full", "Slow down", "Credits exhausted", "Blocked"])
def test_not_accepted_is_not_believed_once_the_job_was_seen(title: str) -> None:
    """It was paid for, whatever the words say; and what is paid is not asked for twice."""
    notice = MidjourneyNotice(message_id=100, title=title, text="words")
    failed = after(sent(), heard(InteractionSucceeded("n0", 9)), heard(progress(45)), heard(notice))
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.BROKEN, f"{title}: words")


def test_a_job_that_broke_after_acceptance_is_not_paid_for_again() -> None:
    notice = MidjourneyNotice(message_id=1, title="Sorry! Could not complete the job!", text="")
    failed = after(sent(), heard(waiting()), heard(notice))
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.BROKEN, notice.title)


def test_a_title_that_is_a_sentence_is_kept_as_one() -> None:
    notice = MidjourneyNotice(
        message_id=1, title="Sorry! Could not complete the job!", text="Try again."
    )
    failed = after(sent(), heard(waiting()), heard(notice))
    told = "Sorry! Could not complete the job! Try again."
    assert failed.problem == Problem(ProblemKind.BROKEN, told)


def test_a_mere_warning_changes_nothing() -> None:
    start = sent()
    notice = MidjourneyNotice(message_id=1, title="Mind the gap", text="", colour=16776960)
    assert after(start, heard(notice)) == start


def test_a_refusal_of_a_stored_picture_is_too_late() -> None:
    start = with_grid()
    assert (
        after(start, heard(MidjourneyNotice(message_id=1, title="Banned prompt", text=""))) == start
    )


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


@pytest.mark.parametrize("again", [heard(grid()), heard(solo(U2), U2)], ids=["grid", "upscale"])
def test_what_is_shown_again_of_a_failed_generation_leaves_it_failed(again: Matched) -> None:
    """Messages are edited with every press, and the history shows them again and again."""
    start = after(with_grid(wanted=(U1, U2)), heard(solo(U2), U2), stored(U2), GivenUp(U1, REFUSED))
    assert start.status == Status.FAILED
    assert after(start, again).status == Status.FAILED


def test_a_message_that_an_earlier_request_left_behind_brings_nothing_back() -> None:
    start = after(sent(), heard(progress(20, message_id=150)))
    start = replace(start, status=Status.NEEDS_ATTENTION)
    assert after(start, heard(progress(20, message_id=149))) == start


@pytest.mark.parametrize("late", [heard(solo(U1), U1), stored(U1)])
def test_nothing_comes_late_for_what_was_removed(late: Event) -> None:
    start = after(with_grid(wanted=(U1,)), GivenUp(U1, REFUSED))
    start = replace(start, archiving_at=NOW)
    assert after(start, late) == start


def test_an_edit_of_a_completed_grid_leaves_it_completed() -> None:
    start = with_grid(wanted=())
    assert after(start, heard(grid())).status == Status.COMPLETED


def stop_notice(title: str = "Blocked") -> MidjourneyNotice:
    return MidjourneyNotice(message_id=1, title=title, text="see a person")


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
    problem = Problem(ProblemKind.ACCOUNT, Reason.CAPTCHA)
    again, effects = apply(sent(), NotAccepted(Slot.GRID, "n0", problem, 0), NOW)
    assert again.status == Status.QUEUED
    assert Halt(Reason.CAPTCHA) in effects


def test_a_human_check_halts_everything_and_decides_nothing() -> None:
    start = sent()
    troubled = heard(InteractionTroubled("n0", Trouble.HUMAN_CHECK))
    again, effects = apply(start, troubled, NOW)
    assert again == start
    assert effects == (Halt(Reason.HUMAN_CHECK),)


@pytest.mark.parametrize("trouble", [Trouble.FAILURE, Trouble.FORM])
def test_a_failed_interaction_is_no_answer_that_it_was_not_accepted(trouble: Trouble) -> None:
    start = sent()
    again, effects = apply(start, heard(InteractionTroubled("n0", trouble)), NOW)
    assert (again, effects) == (start, ())


@pytest.mark.parametrize(
    "said", [stop_notice(), InteractionTroubled("n0", Trouble.HUMAN_CHECK)], ids=["notice", "frame"]
)
def test_a_stop_that_is_heard_of_an_ended_generation_concerns_all_others(said: Heard) -> None:
    """It was cancelled while its request was on its way; the next one would be stopped, too."""
    ended = replace(sent(), status=Status.CANCELLED)
    again, effects = apply(ended, heard(said), NOW)
    assert again == ended
    assert any(isinstance(effect, Halt) for effect in effects)


def test_what_the_history_says_of_an_ended_generation_halts_nothing() -> None:
    ended = replace(sent(), status=Status.FAILED)
    assert effects_of(ended, replace(heard(stop_notice()), live=False)) == ()
