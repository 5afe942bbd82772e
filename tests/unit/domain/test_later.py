"""Which pictures the next notice is of, and how long they took."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.events import Cancelled, Retried, UpscaleWanted
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.later import asked_later, lasted, lasted_at_first, to_tell
from domain.requests import fulfil
from domain.slots import Slot
from tests.builders import NOW, asked, generation, picture, u_buttons

U1, U2, U3, U4 = Slot.UPSCALE_1, Slot.UPSCALE_2, Slot.UPSCALE_3, Slot.UPSCALE_4


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def stored(row: Generation, slot: Slot, second: float) -> Generation:
    """Return a row with one more picture."""
    there = picture(row.id, slot, stored_at=at(second))
    return row.with_step(slot, replace(row.step(slot), picture=there))


def told(row: Generation, second: float, status: Status = Status.COMPLETED) -> Generation:
    """Return a row that has ended, and whose notice was sent."""
    return replace(
        row,
        status=status,
        completed_at=at(second) if status == Status.COMPLETED else None,
        updated_at=at(second),
        notice_message_id=9,
    )


@pytest.fixture
def whole() -> Generation:
    """Return one that was told with its grid and U1, 30 seconds after it was asked for."""
    row = generation(wanted=(U1,), buttons=u_buttons())
    row = row.with_step(Slot.GRID, asked(message_id=5))
    return told(stored(stored(row, Slot.GRID, 20), U1, 30), 30)


def test_the_first_notice_is_of_everything(whole: Generation) -> None:
    assert asked_later(whole) is None
    assert to_tell(whole) == (Slot.GRID, U1)
    assert lasted(whole, at(99)) == lasted_at_first(whole, at(99)) == timedelta(seconds=30)


def test_each_later_one_is_of_what_was_asked_for_since(whole: Generation) -> None:
    row = fulfil(whole, UpscaleWanted(U3), at(1000))
    assert to_tell(row) == ()
    assert lasted(row, at(1004)) == timedelta(seconds=4)
    row = told(stored(row, U3, 1010), 1010)
    assert (to_tell(row), lasted(row, at(9999))) == ((U3,), timedelta(seconds=10))
    row = told(stored(fulfil(row, UpscaleWanted(U4), at(2000)), U4, 2005), 2005)
    assert (to_tell(row), lasted(row, at(9999))) == ((U4,), timedelta(seconds=5))
    assert lasted_at_first(row, at(9999)) == timedelta(seconds=30)


def test_what_is_asked_for_in_the_meantime_is_told_with_the_rest(whole: Generation) -> None:
    row = stored(fulfil(whole, UpscaleWanted(U2), at(1000)), U2, 1010)
    row = fulfil(replace(row, status=Status.VARIATIONS_IN_PROGRESS), UpscaleWanted(U3), at(1020))
    row = told(stored(row, U3, 1030), 1030)
    assert (to_tell(row), lasted(row, at(9999))) == ((U2, U3), timedelta(seconds=30))


def test_all_is_told_if_nothing_was_told_before(whole: Generation) -> None:
    """As when it was cancelled after its grid."""
    row = replace(whole, status=Status.CANCELLED, notice_message_id=None, completed_at=None)
    row = told(stored(fulfil(row, UpscaleWanted(U2), at(1000)), U2, 1010), 1010)
    assert to_tell(row) == (Slot.GRID, U1, U2)


def test_one_that_was_cancelled_is_told_with_the_next(whole: Generation) -> None:
    row = fulfil(whole, UpscaleWanted(U2), at(1000))
    row = fulfil(stored(row, U2, 1010), Cancelled(), at(1011))
    row = told(stored(fulfil(row, UpscaleWanted(U3), at(2000)), U3, 2010), 2010)
    assert to_tell(row) == (U2, U3)


def test_retry_of_an_upscale_that_was_asked_for_later_is_of_it_alone(whole: Generation) -> None:
    row = fulfil(whole, UpscaleWanted(U3), at(1000))
    refused = replace(row.step(U3), problem=Problem(ProblemKind.BROKEN))
    row = told(row.with_step(U3, refused), 1010, Status.FAILED)
    assert (to_tell(row), lasted(row, at(9999))) == ((), timedelta(seconds=10))
    row = told(stored(fulfil(row, Retried(), at(2000)), U3, 2007), 2007)
    assert (to_tell(row), lasted(row, at(9999))) == ((U3,), timedelta(seconds=7))


def test_retry_of_the_rest_is_told_as_a_whole(whole: Generation) -> None:
    row = told(replace(whole, wanted=(U1, U2)), 40, Status.FAILED)
    row = told(stored(fulfil(row, Retried(), at(1000)), U2, 1010), 1010)
    assert to_tell(row) == (Slot.GRID, U1, U2)
