"""After a gap: what a message replies to says as much as its words."""

from typing import Any

import pytest

from domain.events import Action
from domain.generation import Origin, OriginKind
from domain.matching import Match
from domain.slots import Slot
from tests import mj
from tests.unit.domain.history_harness import asked, at, grid, look, progress


def test_while_our_progress_message_lives_the_same_prompt_is_not_ours() -> None:
    ours = asked(step={"progress_message_id": at(5)})
    assert look(grid(), [ours]) is None
    assert look(grid(), [ours], gone=frozenset({at(4)})) is None
    assert look(grid(), [ours], gone=frozenset({at(5)})) == Match(ours.id, Slot.GRID)


def test_a_second_progress_message_is_never_ours() -> None:
    ours = asked(step={"progress_message_id": at(5)})
    assert look(progress(6), [ours], gone=frozenset({at(5)})) is None


def test_a_grid_that_replies_to_another_progress_message_is_not_ours() -> None:
    ours = asked(step={"progress_message_id": at(5)})
    assert look(grid(reference_id=at(6)), [ours], gone=frozenset({at(5)})) is None


def test_progress_that_replies_to_something_came_from_a_button() -> None:
    assert look(progress(reference_id=at(1)), [asked()]) is None


def test_a_grid_that_replies_to_a_finished_message_came_from_a_button() -> None:
    """A person rerolled a grid with the same prompt, ours of before or a foreign one."""
    done = asked(step={"message_id": 200})
    assert look(grid(reference_id=200), [asked(), done]) is None
    foreign = grid(10, job_id="foreign", mentioned_id=mj.PERSON_ID)
    assert look(grid(reference_id=at(10)), [asked()], foreign) is None


VARIATION = Origin(kind=OriginKind.VARIATION, parent_id="p", index=2)
REROLL = Origin(kind=OriginKind.REROLL, parent_id="p")
ADOPTED = Origin(kind=OriginKind.ADOPTED)


@pytest.mark.parametrize(
    ("origin", "facts", "ours"),
    [
        (VARIATION, {"action": Action.VARIATION, "index": 2, "reference_id": 200}, True),
        (VARIATION, {"action": Action.VARIATION, "reference_id": 200}, True),
        (VARIATION, {"action": Action.REMIX, "reference_id": 200}, True),
        (VARIATION, {"action": Action.VARIATION, "index": 3, "reference_id": 200}, False),
        (VARIATION, {"action": Action.IMAGINE, "reference_id": 200}, False),
        (REROLL, {"action": Action.IMAGINE, "reference_id": 200}, True),
        (REROLL, {"action": Action.VARIATION, "reference_id": 200}, True),
        (REROLL, {"action": Action.REMIX, "reference_id": 200}, False),
        (ADOPTED, {"action": Action.IMAGINE}, False),
    ],
)
def test_what_came_from_a_button_is_found_by_its_kind(
    origin: Origin, facts: dict[str, Any], ours: bool
) -> None:
    generation = asked(origin=origin)
    expected = Match(generation.id, Slot.GRID) if ours else None
    assert look(progress(**facts), [generation]) == expected
    assert look(grid(**facts), [generation]) == expected


def test_what_came_from_a_button_replies_to_its_parent_which_is_finished() -> None:
    ours, parent = asked(origin=REROLL), asked(step={"message_id": 200})
    assert look(grid(reference_id=200), [ours, parent]) == Match(ours.id, Slot.GRID)


def test_a_variation_whose_progress_message_is_gone_replies_to_its_parent() -> None:
    ours = asked(origin=VARIATION, step={"progress_message_id": at(5)})
    heard = grid(action=Action.VARIATION, reference_id=200)
    assert look(heard, [ours], gone=frozenset({at(5)})) == Match(ours.id, Slot.GRID)


@pytest.mark.parametrize(
    ("reference", "ours"), [(200, True), (None, True), (201, False)], ids=["its", "none", "another"]
)
def test_what_came_from_a_button_of_a_known_grid_replies_to_no_other(
    reference: int | None, ours: bool
) -> None:
    """That grid belongs to a generation that is complete, so that no other job may be its own."""
    generation = asked(origin=REROLL)
    parents, foreign = {generation.id: 200}, frozenset({200})
    found = look(grid(reference_id=reference), [generation], parents=parents, foreign=foreign)
    assert found == (Match(generation.id, Slot.GRID) if ours else None)
