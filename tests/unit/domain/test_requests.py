"""What people may ask for a generation, and what it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.buttons import child_button
from domain.effects import AnnounceProblem, Copy, Send, StopJob, due
from domain.events import (
    Adopted,
    Cancelled,
    Claimed,
    Deleted,
    Intended,
    InteractionTroubled,
    Matched,
    PictureStored,
    Request,
    Retried,
    Trouble,
    UpscaleWanted,
)
from domain.generation import (
    ACTIVE,
    TERMINAL,
    Generation,
    Origin,
    OriginKind,
    Problem,
    ProblemKind,
    Status,
    Step,
)
from domain.requests import Objection, by_hand, child_objection, objection
from domain.settling import claimed_status
from domain.slots import UPSCALES, Slot
from domain.transitions import apply
from tests.builders import NOW, asked, generation, grid, new_generation, picture, u_buttons

STORED_GRID = Step(intended_at=NOW, accepted_at=NOW, message_id=200, picture=picture())
UPSCALE_FAILED = Step(intended_at=NOW, attempts=2, problem=Problem(ProblemKind.NO_ANSWER))


def ended(status: Status = Status.FAILED, *steps: Step, **changes: object) -> Generation:
    """Return a generation with these first steps."""
    all_steps = (*steps, *(Step() for _ in Slot))[: len(Slot)]
    return generation(status, steps=all_steps, buttons=u_buttons(), **changes)


def after(before: Generation, request: Request) -> Generation:
    """Fulfil a request, which nothing must speak against."""
    assert objection(before, request) is None
    return apply(before, request, NOW)[0]


def claimed(waiting: Generation) -> Generation:
    """Do what the store and the loop do when its turn has come."""
    assert waiting.status == Status.QUEUED
    return apply(replace(waiting, status=claimed_status(waiting)), Claimed(), NOW)[0]


def refused(before: Generation, request: Request) -> Objection:
    """Ask for what cannot be; it must change nothing."""
    found = objection(before, request)
    assert found is not None
    assert apply(before, request, NOW)[0] == before
    return found


@pytest.mark.parametrize("status", sorted(set(Status) - TERMINAL))
def test_what_has_not_ended_can_be_cancelled(status: Status) -> None:
    after_it = after(generation(status), Cancelled())
    assert after_it.status == Status.CANCELLED
    assert due(after_it) == ()


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_what_has_ended_cannot_be_cancelled(status: Status) -> None:
    assert refused(generation(status), Cancelled()) == Objection.ENDED


def test_nothing_is_intended_for_what_was_cancelled() -> None:
    cancelled = after(generation(Status.SUBMITTING), Cancelled())
    assert apply(cancelled, Intended(Slot.GRID, "n", "s"), NOW)[0] == cancelled


def test_a_copy_under_way_is_recorded_after_a_cancel() -> None:
    cancelled = after(ended(Status.SUBMITTED, asked(picture_url="u", message_id=200)), Cancelled())
    stored, effects = apply(cancelled, PictureStored(Slot.GRID, picture()), NOW)
    assert stored.stored == (Slot.GRID,)
    assert stored.status == Status.CANCELLED
    assert not any(isinstance(effect, Send) for effect in effects)


def test_midjourneys_own_cancel_is_pressed_while_the_job_runs() -> None:
    running = asked(progress_message_id=100)
    for steps, status, expected in [
        ([running], Status.SUBMITTED, True),
        ([asked()], Status.SUBMITTING, False),
        ([replace(running, message_id=200)], Status.SUBMITTED, False),
        ([running], Status.NEEDS_ATTENTION, False),
    ]:
        _, effects = apply(ended(status, *steps), Cancelled(), NOW)
        assert (StopJob() in effects) == expected


@pytest.mark.parametrize("status", sorted({*ACTIVE, Status.QUEUED}))
def test_what_is_under_way_is_not_retried(status: Status) -> None:
    assert refused(generation(status), Retried()) == Objection.RUNNING


def test_nothing_is_retried_where_nothing_is_missing() -> None:
    everything = [replace(STORED_GRID, picture=picture(slot=slot)) for slot in Slot]
    complete = ended(Status.COMPLETED, *everything)
    assert refused(complete, Retried()) == Objection.NOTHING_MISSING


def test_a_retry_presses_only_what_is_missing() -> None:
    stored = replace(STORED_GRID, picture=picture(slot=Slot.UPSCALE_1))
    failed = ended(
        Status.FAILED, STORED_GRID, stored, UPSCALE_FAILED, problem=UPSCALE_FAILED.problem
    )
    wanted = replace(failed, wanted=UPSCALES[:2], notice_message_id=7)
    again = claimed(after(wanted, Retried()))
    assert again.status == Status.VARIATIONS_IN_PROGRESS
    assert (again.problem, again.notice_message_id) == (None, None)
    assert due(again) == (Send(Slot.UPSCALE_2),)
    assert again.step(Slot.UPSCALE_2).attempts == 0


def test_a_retry_copies_again_what_was_finished() -> None:
    bad = asked(
        accepted_at=NOW,
        message_id=200,
        picture_url="u",
        problem=Problem(ProblemKind.STORAGE),
    )
    again = claimed(after(ended(Status.FAILED, bad), Retried()))
    assert again.status == Status.SUBMITTED
    assert due(again) == (Copy(Slot.GRID),)


@pytest.mark.parametrize(
    ("steps", "problem", "expected"),
    [
        ([Step()], None, None),
        ([asked()], ProblemKind.NOT_SENT, None),
        ([asked()], ProblemKind.ACCOUNT, None),
        ([asked()], ProblemKind.FORM, None),
        ([asked()], ProblemKind.REFUSED, Objection.REFUSED),
        ([asked()], ProblemKind.BROKEN, Objection.COST_ALREADY),
        ([asked()], ProblemKind.STOPPED, Objection.COST_ALREADY),
        ([asked()], ProblemKind.FILM, Objection.COST_ALREADY),
        ([asked()], None, Objection.COST_ALREADY),
    ],
)
def test_a_grid_is_asked_for_again_only_when_nothing_was_accepted(
    steps: list[Step],
    problem: ProblemKind | None,
    expected: Objection | None,
) -> None:
    reason = None if problem is None else Problem(problem)
    before = ended(Status.FAILED, *steps, problem=reason)
    if expected is not None:
        assert refused(before, Retried()) == expected
        return
    again = claimed(after(before, Retried()))
    assert due(again) == (Send(Slot.GRID),)


def test_an_unknown_outcome_is_never_retried_by_itself() -> None:
    unknown = ended(Status.NEEDS_ATTENTION, asked(), problem=Problem(ProblemKind.NO_ANSWER))
    assert refused(unknown, Retried()) == Objection.MAY_COST_TWICE


def test_a_request_that_was_cancelled_after_it_was_sent_is_never_retried_by_itself() -> None:
    assert refused(ended(Status.CANCELLED, asked()), Retried()) == Objection.CANCELLED_LATE


def test_an_upscale_is_added_to_what_is_wanted() -> None:
    complete = ended(Status.COMPLETED, STORED_GRID, wanted=(), completed_at=NOW)
    wanted = after(complete, UpscaleWanted(Slot.UPSCALE_3))
    assert wanted.completed_at is None
    again = claimed(wanted)
    assert again.wanted == (Slot.UPSCALE_3,)
    assert due(again) == (Send(Slot.UPSCALE_3),)


def test_an_upscale_can_be_wanted_while_others_are_fetched() -> None:
    active = ended(Status.VARIATIONS_IN_PROGRESS, STORED_GRID, wanted=(Slot.UPSCALE_4,))
    more = after(active, UpscaleWanted(Slot.UPSCALE_2))
    assert more.status == Status.VARIATIONS_IN_PROGRESS
    assert more.wanted == (Slot.UPSCALE_2, Slot.UPSCALE_4)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (ended(Status.FAILED), Objection.NO_GRID),
        (generation(Status.QUEUED), Objection.NO_GRID_YET),
        (generation(Status.SUBMITTED), Objection.NO_GRID_YET),
        (ended(Status.COMPLETED, STORED_GRID, STORED_GRID), Objection.STORED),
        (ended(Status.VARIATIONS_IN_PROGRESS, STORED_GRID), Objection.RUNNING),
        (ended(Status.QUEUED, STORED_GRID), Objection.RUNNING),
        (replace(ended(Status.COMPLETED, STORED_GRID), buttons=()), Objection.NO_BUTTON),
    ],
)
def test_an_upscale_that_cannot_be_had(before: Generation, expected: Objection) -> None:
    assert refused(before, UpscaleWanted(Slot.UPSCALE_1)) == expected


def test_an_upscale_that_failed_is_pressed_again_while_others_are_fetched() -> None:
    active = ended(Status.VARIATIONS_IN_PROGRESS, STORED_GRID, UPSCALE_FAILED)
    again = after(active, UpscaleWanted(Slot.UPSCALE_1))
    assert again.step(Slot.UPSCALE_1) == Step()


@pytest.mark.parametrize("status", [Status.NEEDS_ATTENTION, Status.FAILED, Status.CANCELLED])
def test_a_persons_word_gives_a_generation_its_grid(status: Status) -> None:
    before = ended(status, asked(), problem=Problem(ProblemKind.NO_ANSWER), notice_message_id=7)
    again = claimed(after(before, Adopted(grid())))
    assert again.problem is None
    assert again.step(Slot.GRID).message_id == grid().message_id
    assert due(again) == (Copy(Slot.GRID),)


def test_an_active_generation_may_be_given_its_grid() -> None:
    adopted = after(ended(Status.SUBMITTING, asked()), Adopted(grid()))
    assert adopted.status == Status.SUBMITTED
    assert due(adopted) == (Copy(Slot.GRID),)


def test_a_generation_has_one_grid() -> None:
    has_one = ended(Status.FAILED, STORED_GRID)
    assert refused(has_one, Adopted(grid())) == Objection.HAS_GRID


def test_what_waits_for_its_turn_takes_no_grid() -> None:
    assert refused(generation(Status.QUEUED), Adopted(grid())) == Objection.RUNNING


def test_a_grid_made_by_hand_becomes_a_generation_without_asking_midjourney() -> None:
    new = by_hand(new_generation(), grid(buttons=u_buttons(pressed=(2,))), NOW)
    facts = {name: getattr(new, name) for name in new.__dataclass_fields__}
    adopted = claimed(generation(Status.QUEUED, **facts))
    assert adopted.status == Status.SUBMITTED
    assert adopted.origin == Origin(kind=OriginKind.ADOPTED)
    assert adopted.step(Slot.UPSCALE_2) == Step(intended_at=NOW)
    assert due(adopted) == (Copy(Slot.GRID),)


def test_a_grid_made_by_hand_that_is_gone_is_never_asked_for_and_can_be_shown_again() -> None:
    lacks = generation(Status.SUBMITTING, origin=Origin(kind=OriginKind.ADOPTED))
    lost, orders = apply(lacks, Claimed(), NOW)
    assert lost.status == Status.FAILED
    assert lost.problem == Problem(ProblemKind.NO_GRID)
    assert orders == (AnnounceProblem(),)
    assert claimed(after(lost, Adopted(grid()))).status == Status.SUBMITTED


def test_a_form_in_place_of_a_variation_ends_it_and_a_retry_may_press_again() -> None:
    origin = Origin(kind=OriginKind.VARIATION, parent_id="p", index=2)
    form = Matched(Slot.GRID, InteractionTroubled("n", Trouble.FORM))
    pressed = ended(Status.SUBMITTING, asked(nonce="n"), origin=origin)
    failed, _ = apply(pressed, form, NOW)
    assert failed.status == Status.FAILED
    assert failed.problem == Problem(ProblemKind.FORM)
    assert due(claimed(after(failed, Retried()))) == (Send(Slot.GRID),)


def test_the_button_for_a_child_is_read_from_the_grid() -> None:
    job = "0f0e0d0c-1111-4222-8333-444455556666"
    buttons = grid().buttons
    assert buttons
    parent = generation(
        buttons=(
            *u_buttons(),
            replace(buttons[0], custom_id=f"MJ::JOB::variation::2::{job}"),
            replace(buttons[0], custom_id=f"MJ::JOB::reroll::0::{job}::SOLO"),
        )
    )
    second = Origin(kind=OriginKind.VARIATION, parent_id=parent.id, index=2)
    third = replace(second, index=3)
    reroll = Origin(kind=OriginKind.REROLL, parent_id=parent.id)
    found = [child_button(parent, origin) for origin in (second, third, reroll)]
    assert [b and b.custom_id.split("::")[2] for b in found] == ["variation", None, "reroll"]


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_what_has_ended_can_be_deleted_with_its_words(status: Status) -> None:
    gone = after(generation(status, echo="a lighthouse"), Deleted())
    assert (gone.prompt, gone.echo, gone.status) == ("", None, status)


@pytest.mark.parametrize("status", sorted(set(Status) - TERMINAL))
def test_what_has_not_ended_is_not_deleted(status: Status) -> None:
    assert refused(generation(status), Deleted()) == Objection.RUNNING


@pytest.mark.parametrize("request_", [Retried(), Cancelled(), UpscaleWanted(Slot.UPSCALE_1)])
def test_what_was_archived_comes_back_to_nothing(request_: Request) -> None:
    archived = ended(Status.FAILED, STORED_GRID, archived_at=NOW)
    assert refused(archived, request_) == Objection.ARCHIVED
    assert after(archived, Deleted()).prompt == ""


def test_a_child_needs_a_grid_that_is_there_and_has_the_button() -> None:
    origin = Origin(kind=OriginKind.REROLL, parent_id="p")
    reroll = replace(u_buttons()[0], custom_id="MJ::JOB::reroll::0::x::SOLO")
    parent = replace(ended(Status.COMPLETED, STORED_GRID), buttons=(reroll,))
    assert child_objection(parent, origin) is None
    variation = replace(origin, kind=OriginKind.VARIATION, index=1)
    assert child_objection(parent, variation) == Objection.NO_BUTTON
    assert child_objection(ended(Status.FAILED), origin) == Objection.NO_GRID
    assert child_objection(generation(Status.SUBMITTED), origin) == Objection.NO_GRID_YET
    assert child_objection(replace(parent, archived_at=NOW), origin) == Objection.ARCHIVED
