"""The record: transitions, missing pictures, where a claim puts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.buttons import upscale_button
from domain.effects import TimeLimits, patience
from domain.generation import (
    ACTIVE,
    TERMINAL,
    TRANSITIONS,
    Problem,
    ProblemKind,
    Status,
    Step,
    may_follow,
)
from domain.settling import claimed_status, settle, with_picture
from domain.slots import UPSCALES, Slot, picture_key
from tests.builders import NOW, generation, picture, u_buttons

LIMITS = TimeLimits(unanswered=1, unchanged=2, queued=3, unpressed=4)


def test_every_status_has_its_row_of_transitions() -> None:
    assert set(TRANSITIONS) == set(Status)


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_a_terminal_status_is_left_only_by_the_way_back_into_work(status: Status) -> None:
    assert TRANSITIONS[status] == {Status.QUEUED}


@pytest.mark.parametrize("status", sorted(set(Status) - TERMINAL))
def test_every_other_status_can_fail_and_be_cancelled(status: Status) -> None:
    assert {Status.FAILED, Status.CANCELLED} <= TRANSITIONS[status]
    assert may_follow(status, status)


def test_keys_are_those_of_the_specification() -> None:
    keys = [picture_key("id", slot) for slot in Slot]
    assert keys == ["id/grid.png", *(f"id/upscale_{n}.png" for n in (1, 2, 3, 4))]


@pytest.mark.parametrize("detail", ["", "HTTP 403", "a: b: c"])
def test_a_problem_is_read_as_it_was_written(detail: str) -> None:
    problem = Problem(ProblemKind.NOT_SENT, detail)
    assert Problem.read(str(problem)) == problem


def test_a_request_is_in_doubt_until_something_is_heard_of_it_or_it_is_given_up() -> None:
    sent = Step(intended_at=NOW, nonce="n")
    given_up = replace(sent, problem=Problem(ProblemKind.NO_ANSWER))
    told = [replace(sent, delivered_at=NOW), replace(sent, accepted_at=NOW), given_up, Step()]
    assert sent.in_doubt
    assert not any(step.in_doubt for step in told)


def test_the_grid_and_the_wanted_upscales_are_missing_at_first() -> None:
    fresh = generation(wanted=(Slot.UPSCALE_2,))
    assert fresh.missing == (Slot.GRID, Slot.UPSCALE_2)
    assert fresh.stored == ()


def test_a_button_is_found_by_its_number_and_may_be_absent() -> None:
    seen = generation(buttons=u_buttons()[:1])
    assert upscale_button(seen, Slot.UPSCALE_1) == u_buttons()[0]
    assert upscale_button(seen, Slot.UPSCALE_2) is None


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        (Step(), Status.SUBMITTING),
        (Step(accepted_at=NOW), Status.SUBMITTED),
        (Step(accepted_at=NOW, picture=picture()), Status.VARIATIONS_IN_PROGRESS),
    ],
)
def test_a_claim_goes_to_the_first_missing_step(grid: Step, expected: Status) -> None:
    assert claimed_status(generation().with_step(Slot.GRID, grid)) == expected


def test_a_picture_for_an_ended_generation_is_kept_and_moves_nothing() -> None:
    ended = generation(Status.CANCELLED)
    kept = with_picture(ended, Slot.GRID, picture())
    assert (kept.status, kept.stored) == (Status.CANCELLED, (Slot.GRID,))


def test_the_first_picture_of_a_slot_wins() -> None:
    first = with_picture(generation(Status.SUBMITTED), Slot.GRID, picture(sha256="1" * 64))
    assert with_picture(first, Slot.GRID, picture(sha256="2" * 64)) == first


def test_nothing_is_settled_before_the_grid_is_there() -> None:
    start = generation(Status.SUBMITTED, wanted=())
    assert settle(start, NOW) == start


def test_an_upscale_that_was_given_up_and_then_came_is_no_problem_any_more() -> None:
    problem = Problem(ProblemKind.NO_ANSWER)
    start = generation(Status.VARIATIONS_IN_PROGRESS, wanted=UPSCALES[:1])
    start = start.with_step(Slot.GRID, Step(picture=picture()))
    start = start.with_step(Slot.UPSCALE_1, Step(problem=problem))
    done = with_picture(start, Slot.UPSCALE_1, picture(slot=Slot.UPSCALE_1))
    assert (done.status, done.step(Slot.UPSCALE_1).problem) == (Status.COMPLETED, None)


@pytest.mark.parametrize(
    ("status", "step", "expected"),
    [
        (Status.SUBMITTING, Step(), None),
        (Status.SUBMITTING, Step(intended_at=NOW), 1),
        (Status.SUBMITTED, Step(intended_at=NOW, accepted_at=NOW), 2),
        (Status.SUBMITTED, Step(intended_at=NOW, accepted_at=NOW, job_queued=True), 3),
        (Status.SUBMITTED, Step(intended_at=NOW, picture_url="u"), None),
        (Status.CANCELLED, Step(intended_at=NOW), None),
    ],
)
def test_patience_depends_on_what_was_heard(
    status: Status,
    step: Step,
    expected: float | None,
) -> None:
    now = generation(status).with_step(Slot.GRID, step)
    assert patience(now, Slot.GRID, LIMITS) == expected


def test_a_button_is_waited_for_less_long_than_a_grid() -> None:
    now = generation(Status.VARIATIONS_IN_PROGRESS)
    now = now.with_step(Slot.UPSCALE_1, Step(intended_at=NOW))
    assert patience(now, Slot.UPSCALE_1, LIMITS) == 4


def test_active_is_what_at_most_one_may_be() -> None:
    assert {status for status in Status if generation(status).active} == ACTIVE
    assert not replace(generation(Status.SUBMITTED), status=Status.NEEDS_ATTENTION).active
