"""A grid belongs to one generation, also when two of them reach for it at the same moment."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from domain.errors import GridTaken
from domain.events import Adopted
from domain.generation import Generation, Status
from domain.matching import Match
from domain.requests import by_hand
from domain.slots import Slot
from services.generation.heard import HeardBefore
from tests.builders import NOW, generation, grid, new_generation, progress, waiting
from tests.builders import asked as step_asked
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import (
    LIMITS,
    OrchestratorHarness,
    asked,
    finish_grid,
    unanswered,
)

A_DOG = by_hand(new_generation(prompt="a dog"), grid(), NOW)
"""Somebody else's, who adopts the grid that a running generation waits for."""


async def begun(harness: OrchestratorHarness) -> None:
    """Let a generation run until Midjourney has its job."""
    nonce = await asked(harness, "a cat")
    harness.orchestrator.hear(waiting(nonce=nonce))
    await harness.until(lambda row: row.status == Status.SUBMITTED)


async def adopted_by_another(harness: OrchestratorHarness) -> Generation:
    """Give the grid to somebody else, in the moment before its message is heard."""
    fence = harness.lease.fence
    return (await harness.store.create_generation(A_DOG, fence=fence)).row


async def test_who_waits_for_a_taken_grid_goes_on_waiting(harness: OrchestratorHarness) -> None:
    await begun(harness)
    holder = await adopted_by_another(harness)
    with capture_logs() as logs:
        for _ in range(3):
            harness.orchestrator.hear(grid())
        await harness.clock.advance(1)
    row = await harness.row()
    assert (row.status, row.step(Slot.GRID).message_id) == (Status.SUBMITTED, None)
    said = [(one["gen"], one["by"]) for one in logs if one["event"] == "grid_taken"]
    assert said == [(row.code, holder.code)]


async def test_taken_grid_is_no_sign_of_life(harness: OrchestratorHarness) -> None:
    """Nothing else comes: it ends as if nothing had been heard, and the other one has its turn."""
    await begun(harness)
    await adopted_by_another(harness)
    for _ in range(4):
        await harness.clock.advance(LIMITS.unchanged / 4)
        harness.orchestrator.hear(grid())
    await harness.clock.advance(2)
    assert (await harness.row()).status == Status.NEEDS_ATTENTION
    await harness.until(lambda row: Slot.GRID in row.stored, "a dog")


def test_taken_grid_stands_in_the_way_of_no_text() -> None:
    """It is told apart from the grid that is waited for, which may say the same."""
    heard = HeardBefore(FakeClock())
    heard.leave_to_holder(Match("g", Slot.GRID), grid())
    assert list(heard.others_grids()) == [grid().message_id]


def test_job_that_began_as_another_is_ruled_out_whatever_its_messages_say() -> None:
    """Its result may say neither what it replies to nor which request it answers."""
    ours = generation().with_step(Slot.GRID, step_asked(progress_message_id=100))
    heard = HeardBefore(FakeClock())
    for one in (progress(message_id=100), progress(message_id=101, job_id="J2")):
        heard.leave(one)
    assert list(heard.ruled_out(ours)) == [101, "J2"]
    assert list(heard.ruled_out(generation())) == []


async def test_who_waits_takes_the_grid_that_is_its_own(harness: OrchestratorHarness) -> None:
    await begun(harness)
    await adopted_by_another(harness)
    harness.orchestrator.hear(grid())
    harness.orchestrator.hear(grid(message_id=201))
    await harness.until(lambda row: Slot.GRID in row.stored)
    assert (await harness.row()).step(Slot.GRID).message_id == 201


async def test_grid_that_came_meanwhile_makes_no_new_generation(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await finish_grid(harness)
    with pytest.raises(GridTaken) as caught:
        await harness.generations.submit(A_DOG, owner=True)
    assert caught.value.holder == await harness.row()


async def test_grid_that_came_meanwhile_is_adopted_for_no_other(
    harness: OrchestratorHarness,
) -> None:
    await unanswered(harness, "a dog")
    await harness.submit()
    await finish_grid(harness)
    before = await harness.row("a dog")
    with pytest.raises(GridTaken) as caught:
        await harness.generations.ask(before, Adopted(grid()), 1)
    assert caught.value.holder == await harness.row()
    assert await harness.row("a dog") == before


async def test_nobody_has_to_hear_whose_it_is(harness: OrchestratorHarness) -> None:
    """The person's command was cut off, as at the end of the process; the work goes on."""
    await unanswered(harness, "a dog")
    await harness.submit()
    await finish_grid(harness)
    row = await harness.row("a dog")
    asking = asyncio.create_task(harness.generations.ask(row, Adopted(grid()), 1))
    await asyncio.sleep(0)
    asking.cancel()
    await harness.sent(Slot.UPSCALE_1)
