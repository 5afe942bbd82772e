"""Whose a stop is that only replies to our grid: everybody may press the buttons there."""

from __future__ import annotations

from typing import Any

import pytest

from domain.effects import Halt
from domain.events import MidjourneyNotice
from domain.generation import Problem, ProblemKind, Status, Step
from domain.hearing import hear
from domain.matching import Match, match
from domain.slots import Slot
from domain.transitions import apply
from tests import builders
from tests.builders import NOW, asked, notice
from tests.unit.domain.story_harness import effects_of, heard, with_grid

GRID, ONE, TWO = Slot.GRID, Slot.UPSCALE_1, Slot.UPSCALE_2
WAITING = asked(nonce="N1", interaction_id=250, progress_message_id=300, accepted_at=NOW)
WAITING_TOO = asked(nonce="N2", progress_message_id=301, accepted_at=NOW)
SILENT = asked(nonce="N2")
BY_SOMEBODY = asked(progress_message_id=302, accepted_at=NOW)
"""What is seen of a button that we did not press."""


def stop(**changes: Any) -> MidjourneyNotice:
    return notice(**{"title": "Credits exhausted", "reference_id": 200} | changes)


def slot_of(
    said: MidjourneyNotice, steps: dict[Slot, Step], status: Status = Status.SUBMITTED
) -> Slot | None:
    """Return what it is matched to in a generation whose grid is the message 200."""
    ours = builders.generation(status).with_step(GRID, asked(message_id=200))
    for slot, step in steps.items():
        ours = ours.with_step(slot, step)
    found = match(said, [builders.generation(), ours])
    assert found is None or found == Match(ours.id, found.slot)
    return found.slot if found else None


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({TWO: WAITING}, TWO),
        ({ONE: WAITING, TWO: SILENT}, TWO),
        ({ONE: WAITING, TWO: WAITING_TOO}, GRID),
    ],
    ids=["waits", "one is silent", "two wait"],
)
def test_a_stop_is_about_what_we_pressed(
    steps: dict[Slot, Step], expected: Slot, private: bool
) -> None:
    assert slot_of(stop(private=private), steps) == expected


@pytest.mark.parametrize(
    "steps",
    [
        {},
        {ONE: BY_SOMEBODY},
        {ONE: asked()},
        {ONE: WAITING, TWO: BY_SOMEBODY},
        {ONE: asked(nonce="N1", message_id=310)},
        {ONE: asked(nonce="N1", problem=Problem(ProblemKind.STOPPED))},
        {ONE: asked(nonce="N1", picture=builders.picture())},
    ],
)
def test_a_stop_that_all_can_see_may_be_somebody_elses(steps: dict[Slot, Step]) -> None:
    assert slot_of(stop(), steps) is None


def test_a_press_of_ours_that_nobody_waits_for_any_more_makes_no_stop_ours() -> None:
    assert slot_of(stop(), {ONE: asked(nonce="N1")}, Status.CANCELLED) is None


@pytest.mark.parametrize("status", [Status.VARIATIONS_IN_PROGRESS, Status.FAILED])
def test_a_stop_that_we_alone_are_shown_is_ours_without_a_press_of_ours(status: Status) -> None:
    """The account's owner pressed by hand: it is the same account."""
    assert slot_of(stop(private=True), {}, status) == GRID
    assert slot_of(stop(private=True), {ONE: BY_SOMEBODY}, status) == GRID
    assert slot_of(stop(private=True), {ONE: WAITING, TWO: BY_SOMEBODY}, status) == ONE


@pytest.mark.parametrize(
    "other",
    [
        {"nonce": "by hand"},
        {"interaction_id": 777},
        {"message_id": 299},
        {"reference_id": 201},
        {"title": "Job action restricted"},
    ],
    ids=["another nonce", "another request", "before the press", "another grid", "no stop"],
)
def test_what_tells_that_it_is_about_something_else_is_believed(other: dict[str, Any]) -> None:
    assert slot_of(stop(**other), {ONE: WAITING}) is None


def test_a_stop_before_the_press_was_even_taken_is_not_about_it() -> None:
    """The history shows it again, when the button is pressed once more."""
    pressed_again = asked(nonce="N3", interaction_id=950)
    assert slot_of(stop(message_id=900), {ONE: pressed_again}) is None
    assert slot_of(stop(message_id=951), {ONE: pressed_again}) == ONE


def test_what_is_older_than_a_press_is_no_answer_to_it() -> None:
    """Also when nothing was heard of the press yet: its nonce has a snowflake's form."""
    unheard = asked(nonce="950")
    for said in (stop, full):
        assert slot_of(said(message_id=900), {ONE: unheard}) is None
        assert slot_of(said(message_id=951), {ONE: unheard}) == ONE


def full(message_id: int) -> MidjourneyNotice:
    return stop(title="Queue full", message_id=message_id)


def test_a_stop_that_does_not_say_which_press_changes_nothing_and_halts_everything() -> None:
    start = with_grid()
    again, effects = apply(start, heard(stop(text="words")), NOW)
    assert again == start
    assert Halt("Credits exhausted: words") in effects


def test_what_the_history_says_of_a_picture_that_is_there_halts_nothing() -> None:
    """Somebody has let the queue go on since."""
    again = builders.generation(Status.SUBMITTED).with_step(GRID, asked(picture=builders.picture()))
    event = heard(stop())
    assert any(isinstance(each, Halt) for each in effects_of(again, event))
    history = type(event)(event.slot, event.heard, live=False)
    assert not any(isinstance(each, Halt) for each in effects_of(again, history))


@pytest.mark.parametrize("title", ["Credits exhausted", "Banned prompt", "Queue full"])
def test_a_finished_message_is_not_refused_any_more(title: str) -> None:
    """Also when its picture is still being stored."""
    start = builders.generation(Status.SUBMITTED).with_step(GRID, asked(message_id=200))
    assert hear(start, GRID, stop(title=title), NOW) == start
