"""The rules that hold whatever comes: any events, in any order, twice, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.effects import Send, due
from domain.events import (
    Adopted,
    Cancelled,
    Delivered,
    Event,
    GivenUp,
    Heard,
    Intended,
    InteractionCreated,
    InteractionSucceeded,
    JobStopped,
    Matched,
    MessageDeleted,
    MidjourneyNotice,
    NotAccepted,
    NotSent,
    Overdue,
    PictureStored,
    Retried,
    UpscaleWanted,
)
from domain.generation import ACTIVE, TERMINAL, Generation, Problem, ProblemKind, Status, may_follow
from domain.settling import claimed_status
from domain.slots import UPSCALES, Slot
from domain.steps import MAX_ATTEMPTS
from domain.transitions import MAX_PRESSES, apply
from tests.builders import NOW, film, generation, grid, picture, progress, solo, u_buttons, waiting

slots = st.sampled_from(list(Slot))
nonces = st.sampled_from(["n0", "n1", "n2"])
problems = st.builds(Problem, st.sampled_from(list(ProblemKind)), st.just("words"))
GIVEN_UP = [Problem(ProblemKind.NO_BUTTON), Problem(ProblemKind.BAD_PICTURE, "words")]
"""What the worker gives up a step for."""
titles = st.sampled_from(["Job queued", "Queue full", "Banned prompt", "Internal error", "Hm"])


def from_channel(slot: Slot) -> st.SearchStrategy[Heard]:
    """Everything that can be heard about a slot."""
    about_a_job: list[st.SearchStrategy[Heard]] = [
        st.just(waiting()),
        st.builds(progress, st.integers(0, 99)),
        st.just(JobStopped(message_id=100, prompt="a")),
        st.just(grid() if slot == Slot.GRID else solo(slot)),
        st.just(grid(buttons=u_buttons(pressed=(1, 3))) if slot == Slot.GRID else solo(slot)),
        st.builds(MidjourneyNotice, message_id=st.just(5), title=titles, text=st.just("")),
        st.just(film() if slot == Slot.GRID else solo(slot)),
        st.just(MessageDeleted(100)),
        st.builds(InteractionCreated, nonces, st.just(9)),
        st.builds(InteractionSucceeded, nonces, st.just(9)),
    ]
    return st.one_of(about_a_job)


events: st.SearchStrategy[Event] = st.one_of(
    slots.flatmap(lambda slot: st.builds(Matched, st.just(slot), from_channel(slot))),
    st.builds(Intended, slots, nonces, st.just("session")),
    st.builds(Delivered, slots, nonces),
    st.builds(NotAccepted, slots, nonces, problems, st.sampled_from([None, 0.0, 60.0])),
    st.builds(NotSent, slots, nonces, st.booleans()),
    st.builds(Overdue, slots),
    st.builds(GivenUp, slots, st.sampled_from(GIVEN_UP)),
    st.sampled_from([Cancelled(), Retried(), Adopted(grid(message_id=201))]),
    st.builds(UpscaleWanted, st.sampled_from(UPSCALES)),
    slots.map(lambda slot: PictureStored(slot, picture(slot=slot))),
)


def claim(now: Generation) -> Generation:
    """Do what the store does with a waiting generation when its turn has come."""
    return replace(now, status=claimed_status(now)) if now.status == Status.QUEUED else now


def check_step(before: Generation, after: Generation) -> None:
    """Check what must hold between any two states that follow one another."""
    assert may_follow(before.status, after.status)
    assert set(before.stored) <= set(after.stored), "a stored picture was taken away"
    for slot in before.stored:
        assert after.step(slot).picture == before.step(slot).picture
    if before.status in TERMINAL:
        assert after.status in {before.status, Status.QUEUED}


def check_state(now: Generation) -> None:
    """Check what must hold in any state."""
    if now.status == Status.COMPLETED:
        assert not now.missing
    if now.status in {Status.GRID_COMPLETED, Status.VARIATIONS_IN_PROGRESS}:
        assert Slot.GRID in now.stored
    for slot in now.stored:
        stored = now.step(slot).picture
        assert stored is not None
        assert stored.key.endswith(f"/{slot.title}.png")
    assert now.step(Slot.GRID).attempts <= MAX_ATTEMPTS


@given(st.lists(events, max_size=40), st.booleans())
def test_any_events_in_any_order_keep_the_rules(happening: list[Event], claims: bool) -> None:
    now = generation(Status.SUBMITTING)
    time = NOW
    for event in happening:
        time += timedelta(seconds=1)
        after, _ = apply(now, event, time)
        check_step(now, after)
        check_state(after)
        now = claim(after) if claims else after


@given(st.lists(events, max_size=30))
def test_a_paid_request_is_never_intended_again_without_an_explicit_no(
    happening: list[Event],
) -> None:
    """Between two intentions for the grid there is an answer that it was not accepted."""
    now, open_request, refused = generation(Status.SUBMITTING), False, False
    for event in happening:
        before = now.step(Slot.GRID)
        now, _ = apply(now, event, NOW)
        grid_step = now.step(Slot.GRID)
        if grid_step.attempts > before.attempts:
            assert not open_request
            open_request, refused = True, False
        says_no = isinstance(event, NotAccepted | NotSent) or (
            isinstance(event, Matched) and isinstance(event.heard, MidjourneyNotice)
        )
        refused = refused or says_no
        if open_request and grid_step.intended_at is None:
            assert refused, f"{event} is no answer that the request was not accepted"
            open_request = False
        now = claim(now)


def clean_run() -> list[Event]:
    """Return the events of a generation that goes well, but for our own acts."""
    heard: list[Event] = [Matched(Slot.GRID, waiting()), Matched(Slot.GRID, progress(51))]
    heard += [Matched(Slot.GRID, grid()), PictureStored(Slot.GRID, picture())]
    for slot in UPSCALES:
        heard += [Matched(slot, solo(slot)), PictureStored(slot, picture(slot=slot))]
    return heard


@pytest.mark.fault(name="F04")
@given(st.permutations(clean_run() * 2))
def test_the_same_events_twice_and_shuffled_end_the_same(shuffled: list[Event]) -> None:
    """Whatever the order, all pictures are stored once and the generation is completed."""
    now, _ = apply(generation(Status.SUBMITTING), Intended(Slot.GRID, "n0", "s"), NOW)
    for event in shuffled:
        now, _ = apply(now, event, NOW)
    assert now.status == Status.COMPLETED
    assert now.step(Slot.GRID).attempts == 1


@given(st.lists(events, max_size=40))
def test_nothing_is_due_for_what_is_not_active_and_presses_are_limited(
    happening: list[Event],
) -> None:
    now = generation(Status.SUBMITTING)
    for event in happening:
        now, _ = apply(now, event, NOW)
        orders = due(now)
        assert now.status in ACTIVE or orders == ()
        assert len([order for order in orders if isinstance(order, Send)]) <= 1
        for slot in UPSCALES:
            assert now.step(slot).attempts < MAX_ATTEMPTS + MAX_PRESSES
