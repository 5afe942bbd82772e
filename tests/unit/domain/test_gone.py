"""A progress message is deleted: the finished one comes before, soon after, late, or never."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.effects import Send, is_gone
from domain.events import Action, Matched, MessageDeleted, MidjourneyNotice, Overdue
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.matching import match
from domain.slots import Slot
from domain.transitions import apply
from tests.builders import NOW, grid, progress, solo, waiting
from tests.unit.domain.story_harness import U1, after, heard, pressed, sent, stored, with_grid

GONE = heard(MessageDeleted(100))
LOST = Overdue(Slot.GRID, gone=True)
STOPPED = Problem(ProblemKind.STOPPED)


def running() -> Generation:
    return after(sent(), heard(progress(51)))


def waiting_for(slot: Slot, message_id: int) -> Matched:
    """Return the waiting message of a press."""
    first = waiting(
        message_id=message_id, action=Action.UPSCALE, index=slot.value, reference_id=200
    )
    return heard(first, slot)


def test_only_the_history_can_have_the_result_until_it_comes() -> None:
    gone = after(running(), GONE)
    assert gone.active
    assert is_gone(gone, Slot.GRID)
    assert not is_gone(running(), Slot.GRID)
    assert not is_gone(after(gone, heard(grid())), Slot.GRID)


def test_a_second_word_that_it_is_gone_is_no_longer_patience() -> None:
    gone = after(running(), GONE)
    assert apply(gone, GONE, NOW + timedelta(seconds=8))[0] == gone


def test_without_a_result_in_the_history_it_was_stopped_and_is_not_paid_for_again() -> None:
    failed = after(running(), GONE, LOST)
    assert (failed.status, failed.problem) == (Status.FAILED, STOPPED)


def test_a_result_that_comes_all_the_same_brings_it_back() -> None:
    """Somebody has tidied up the channel: the job ran on."""
    failed = after(running(), GONE, LOST)
    final = grid(reference_id=100, job_id=None)
    found = match(final, [failed])
    assert found is not None
    back = after(failed, Matched(found.slot, final))
    assert (back.status, back.problem) == (Status.QUEUED, None)
    back = replace(back, status=Status.SUBMITTED)
    assert after(back, stored(Slot.GRID)).status == Status.GRID_COMPLETED


@pytest.mark.parametrize(
    "start",
    [
        after(running(), heard(grid())),
        with_grid(),
        sent(),
        replace(running(), status=Status.NEEDS_ATTENTION),
    ],
    ids=["finished", "stored", "not begun", "ended"],
)
def test_what_lacks_no_result_or_awaits_none_lacks_nothing_by_it(start: Generation) -> None:
    assert after(start, GONE) == start


def test_other_messages_may_go() -> None:
    """Such as "Job queued": the progress message is another one, and comes later."""
    queued = after(sent(), heard(MidjourneyNotice(message_id=90, title="Job queued", text="")))
    assert match(MessageDeleted(90), [queued]) is None
    assert after(queued, heard(MessageDeleted(90))) == queued
    start = running()
    assert after(start, heard(MessageDeleted(90))) == start


def test_a_new_progress_message_takes_the_place_of_the_one_that_is_gone() -> None:
    again = after(running(), GONE, heard(progress(20, message_id=150)))
    assert again.step(Slot.GRID).gone_at is None
    assert after(again, GONE) == again


def test_an_edit_that_comes_after_the_end_of_its_message_does_not_bring_that_back() -> None:
    assert after(running(), GONE, heard(progress(79))).step(Slot.GRID).gone_at == NOW


def test_a_press_whose_waiting_message_went_is_repeated_once() -> None:
    lost = Overdue(U1, gone=True)
    start = after(with_grid(wanted=(U1,)), pressed(U1), waiting_for(U1, 300))
    start = after(start, heard(MessageDeleted(300), U1))
    assert is_gone(start, U1)
    start, effects = apply(start, lost, NOW)
    assert Send(U1) in effects
    assert start.step(U1).gone_at is None
    again = replace(pressed(U1), nonce="again")
    start = after(start, again, waiting_for(U1, 301), heard(MessageDeleted(301), U1), lost)
    assert (start.status, start.problem) == (Status.FAILED, STOPPED)
    assert after(start, heard(solo(U1), U1)).status == Status.QUEUED


def test_what_an_earlier_press_left_behind_may_go() -> None:
    start = after(with_grid(wanted=(U1,)), pressed(U1), waiting_for(U1, 300), Overdue(U1))
    again = after(start, replace(pressed(U1), nonce="again"))
    assert after(again, heard(MessageDeleted(300), U1)) == again
