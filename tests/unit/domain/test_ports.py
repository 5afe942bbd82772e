"""What a change of the store gives back."""

from __future__ import annotations

import pytest

from domain.errors import RowGone, StaleFence
from domain.events import Claimed, Matched, name_of
from domain.ports import Change, Outcome
from domain.slots import Slot
from tests.builders import generation, grid


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.STALE_FENCE}))
def test_a_change_has_the_row_as_it_is_now(outcome: Outcome) -> None:
    row = generation()
    assert Change(outcome, row).row is row


def test_an_outdated_fence_is_no_row() -> None:
    with pytest.raises(StaleFence):
        assert Change(Outcome.STALE_FENCE, generation()).row


def test_a_row_that_somebody_deleted_is_named_as_such() -> None:
    with pytest.raises(RowGone, match="deleted"):
        assert Change(Outcome.CONFLICT, None).row


def test_an_event_is_called_after_what_was_heard() -> None:
    assert name_of(Claimed()) == "Claimed"
    assert name_of(Matched(Slot.GRID, grid())) == "JobFinished"
