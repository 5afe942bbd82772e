"""Whose messages are whose over a whole story, in any order: nothing is ever swapped."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.events import Action, Heard, JobFinished, JobProgress, JobWaiting
from domain.generation import Generation, Status
from domain.matching import match
from domain.messages import parse
from domain.slots import Slot
from tests import builders, mj
from tests.builders import asked

GRID, ONE, TWO = Slot.GRID, Slot.UPSCALE_1, Slot.UPSCALE_2


def remember(generation: Generation, heard: Heard) -> Generation:
    """Note the ids of a message in the step it belongs to, as the record does."""
    found = match(heard, [generation])
    if found is None:
        return generation
    step = generation.step(found.slot)
    if isinstance(heard, JobWaiting | JobProgress):
        step = replace(
            step, progress_message_id=heard.message_id, job_id=step.job_id or heard.job_id
        )
    elif isinstance(heard, JobFinished):
        step = replace(step, message_id=heard.message_id)
    return generation.with_step(found.slot, step)


def remember_all(generations: Sequence[Generation], heard: Heard) -> list[Generation]:
    found = match(heard, generations)
    return [remember(g, heard) if found and g.id == found.generation_id else g for g in generations]


def test_the_recorded_imagine_and_upscale_find_their_steps_one_by_one() -> None:
    steps = (asked(nonce=mj.GRID_NONCE), asked(nonce=mj.SOLO_NONCE), *[asked()] * 3)
    ours = builders.generation(Status.SUBMITTED, steps=steps)
    told = {
        "imagine_waiting": GRID,
        "imagine_progress_preview": GRID,
        "imagine_final": GRID,
        "u_waiting": ONE,
        "grid_after_press": GRID,
        "u_solo": ONE,
        "u_solo_edited_later": ONE,
    }
    for name, slot in told.items():
        heard = parse(mj.snapshot(name))
        assert heard is not None
        found = match(heard, [ours])
        assert found is not None
        assert (name, found.slot) == (name, slot)
        ours = remember(ours, heard)


def story(number: int) -> tuple[Generation, list[Heard]]:
    """Return a generation and all that Midjourney says of it; the prompt is always the same."""
    base = number * 1000
    steps = tuple(asked(nonce=f"{base + slot}") for slot in Slot)
    heard: list[Heard] = [
        builders.waiting(message_id=base + 100, nonce=f"{base}"),
        builders.progress(message_id=base + 100, job_id=f"{base}"),
        builders.grid(message_id=base + 200, reference_id=base + 100, job_id=f"{base}"),
    ]
    for slot in (ONE, TWO):
        facts: dict[str, Any] = {"reference_id": base + 200, "job_id": f"{base + slot}"}
        upscale: dict[str, Any] = {
            "action": Action.UPSCALE,
            "index": slot.value,
            "nonce": f"{base + slot}",
        }
        heard += [
            builders.waiting(message_id=base + 300 + slot, **facts, **upscale),
            builders.solo(slot, message_id=base + 400 + slot, **facts),
        ]
    return builders.generation(Status.SUBMITTED, steps=steps), heard


STORIES = [story(1), story(2)]
OWNER = {id(each): made.id for made, said in STORIES for each in said}
EVERYTHING = [each for _, said in STORIES for each in said]


@given(st.permutations(EVERYTHING * 2))
def test_the_same_prompt_twice_is_never_swapped_in_any_order(order: list[Heard]) -> None:
    """In any order, each message twice: at every moment it is its own generation's or nobody's.

    And when all is known, in whatever order it was learned, everything has its place.
    """
    generations = [made for made, _ in STORIES]
    for heard in order:
        found = match(heard, generations)
        assert found is None or found.generation_id == OWNER[id(heard)]
        generations = remember_all(generations, heard)
    for heard in EVERYTHING * 3:
        generations = remember_all(generations, heard)
    found = [match(heard, generations) for heard in EVERYTHING]
    assert [each and each.generation_id for each in found] == [OWNER[id(h)] for h in EVERYTHING]
    assert [each and each.slot for each in found] == [GRID, GRID, GRID, ONE, ONE, TWO, TWO] * 2


def test_the_order_of_the_generations_says_nothing() -> None:
    generations = [made for made, _ in STORIES] + [builders.generation()]
    for heard in EVERYTHING:
        found = {match(heard, order) for order in permutations(generations)}
        assert len(found) == 1
