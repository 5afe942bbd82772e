"""The end of the process: what is under way is stored, and nothing more begins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from domain.events import GivenUp, PictureStored
from domain.generation import Generation
from domain.slots import Slot
from tests.builders import grid, picture, waiting
from tests.unit.services.orchestrator_harness import OrchestratorHarness, asked, finish_grid


class SlowCopier:
    """Stores a picture when the test lets it."""

    def __init__(self) -> None:
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()

    async def copy(
        self, generation: Generation, slot: Slot, delayed: Callable[[int], Awaitable[None]]
    ) -> PictureStored | GivenUp:
        self.begun.set()
        await self.goes_on.wait()
        return PictureStored(slot, picture(generation.id, slot))


async def copying(harness: OrchestratorHarness) -> SlowCopier:
    """Have a grid made whose copy has begun."""
    slow = SlowCopier()
    harness.use(slow)
    harness.orchestrator.hear(waiting(nonce=await asked(harness, "a cat")))
    harness.orchestrator.hear(grid())
    await slow.begun.wait()
    return slow


async def test_at_the_end_a_picture_under_way_is_stored_and_nothing_more_begins(
    harness: OrchestratorHarness,
) -> None:
    slow = await copying(harness)
    draining = asyncio.create_task(harness.orchestrator.drain(50))
    await harness.clock.advance(0)
    assert not draining.done()
    slow.goes_on.set()
    await draining
    row = await harness.row()
    assert row.stored == (Slot.GRID,)
    await harness.clock.advance(5)
    assert [slot for _, slot in harness.sender.sent] == [Slot.GRID]


async def test_at_the_end_a_picture_that_takes_too_long_is_left_to_the_next_process(
    harness: OrchestratorHarness,
) -> None:
    await copying(harness)
    await harness.orchestrator.drain(0.01)
    assert (await harness.row()).stored == ()


async def test_at_the_end_nothing_under_way_needs_no_waiting(harness: OrchestratorHarness) -> None:
    await harness.submit()
    await finish_grid(harness)
    await harness.orchestrator.drain(0)


async def test_at_the_end_a_request_that_is_written_down_is_sent_and_its_answer_taken(
    harness: OrchestratorHarness,
) -> None:
    """Otherwise the next process could not know whether it was sent, and would wait."""
    harness.sender.about_to_send.clear()
    await harness.submit()
    await harness.until(lambda row: row.step(Slot.GRID).intended_at is not None)
    draining = asyncio.create_task(harness.orchestrator.drain(50))
    await harness.clock.advance(0)
    assert not draining.done()
    harness.sender.about_to_send.set()
    await draining
    assert [slot for _, slot in harness.sender.sent] == [Slot.GRID]


async def test_at_the_end_a_request_that_is_not_written_down_is_left_to_the_next_process(
    harness: OrchestratorHarness,
) -> None:
    harness.sender.prepared.clear()
    await harness.submit()
    await harness.clock.advance(1)
    await harness.orchestrator.drain(50)
    harness.sender.prepared.set()
    await harness.clock.advance(5)
    assert harness.sender.sent == []
    assert (await harness.row()).step(Slot.GRID).intended_at is None
