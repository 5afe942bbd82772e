"""Acknowledgements that come together are committed together; what counts does not wait."""

from __future__ import annotations

from dataclasses import replace

from domain.events import InteractionCreated, InteractionSucceeded, MessageDeleted
from domain.generation import Generation, Status
from domain.ports import Outcome, Query
from domain.slots import UPSCALES, Slot
from services.generation.unsaved import LONGEST
from tests.builders import grid, progress, solo, u_buttons, waiting
from tests.unit.services.orchestrator_harness import OrchestratorHarness, finish_grid


async def committed(harness: OrchestratorHarness) -> Generation:
    """Return the row as the database has it."""
    (row,) = await harness.store.list_generations(Query())
    return row


async def pressed(harness: OrchestratorHarness) -> tuple[Generation, str]:
    """Have a grid made and its first button pressed; return the row and the nonce of the press."""
    await harness.submit()
    await finish_grid(harness)
    await harness.sent(Slot.UPSCALE_1)
    row = await committed(harness)
    return row, row.step(Slot.UPSCALE_1).nonce or ""


async def test_the_answer_to_a_press_goes_with_the_next_intention(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    harness.sender.about_to_send.clear()
    await finish_grid(harness)
    before = await committed(harness)
    assert before.step(Slot.UPSCALE_1).intended_at is not None
    harness.sender.about_to_send.set()
    await harness.sent(Slot.UPSCALE_4)
    row = await committed(harness)
    assert row.version == before.version + 3
    delivered = [slot for slot in UPSCALES if row.step(slot).delivered_at is not None]
    assert delivered == [Slot.UPSCALE_1, Slot.UPSCALE_2, Slot.UPSCALE_3]


async def test_what_nothing_takes_along_is_committed_some_seconds_later(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await harness.clock.advance(1)
    assert (await committed(harness)).step(Slot.GRID).delivered_at is None
    assert (await committed(harness)).step(Slot.GRID).intended_at is not None
    await harness.clock.advance(LONGEST + 1)
    assert (await committed(harness)).step(Slot.GRID).delivered_at is not None


async def test_that_a_grid_is_paid_for_and_its_first_message_are_committed_at_once(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await harness.clock.advance(1)
    nonce = (await committed(harness)).step(Slot.GRID).nonce or ""
    harness.orchestrator.hear(InteractionCreated(nonce, 40))
    harness.orchestrator.hear(InteractionSucceeded(nonce, 40))
    await harness.clock.advance(0)
    row = await committed(harness)
    assert (row.status, row.step(Slot.GRID).interaction_id) == (Status.SUBMITTED, 40)
    harness.orchestrator.hear(waiting(nonce=nonce))
    await harness.clock.advance(0)
    assert (await committed(harness)).step(Slot.GRID).progress_message_id == 100
    harness.orchestrator.hear(progress(15, job_id="0f0e0d0c-1111-4222-8333-444455550000"))
    harness.orchestrator.hear(MessageDeleted(100))
    await harness.clock.advance(0)
    assert (await committed(harness)).step(Slot.GRID).gone_at is None
    await harness.clock.advance(LONGEST + 1)
    assert (await committed(harness)).step(Slot.GRID).gone_at is not None


async def test_a_coloured_button_alone_is_not_worth_a_commit(harness: OrchestratorHarness) -> None:
    await pressed(harness)
    await harness.clock.advance(LONGEST + 1)
    version = (await committed(harness)).version
    harness.orchestrator.hear(grid(buttons=u_buttons(pressed=(1,))))
    await harness.clock.advance(LONGEST + 1)
    assert (await committed(harness)).version == version
    harness.orchestrator.hear(solo(Slot.UPSCALE_1))
    await harness.clock.advance(0)
    assert (await committed(harness)).buttons == u_buttons(pressed=(1,))


async def test_a_change_by_somebody_else_takes_nothing_of_them(
    harness: OrchestratorHarness,
) -> None:
    _, nonce = await pressed(harness)
    harness.orchestrator.hear(InteractionSucceeded(nonce, 40))
    await harness.clock.advance(0)
    row = await committed(harness)
    fence = harness.lease.fence
    change = await harness.store.update_generation(
        row, replace(row, status_message_id=77), event="by hand", fence=fence
    )
    assert change.outcome == Outcome.DONE
    await harness.clock.advance(LONGEST + 1)
    row = await committed(harness)
    assert (row.status_message_id, row.step(Slot.UPSCALE_1).interaction_id) == (77, 40)


async def test_a_picture_that_is_stored_meanwhile_takes_nothing_of_them(
    harness: OrchestratorHarness,
) -> None:
    await pressed(harness)
    await harness.sent(Slot.UPSCALE_2)
    nonce = (await committed(harness)).step(Slot.UPSCALE_2).nonce or ""
    harness.orchestrator.hear(solo(Slot.UPSCALE_1))
    harness.orchestrator.hear(InteractionSucceeded(nonce, 41))
    await harness.clock.advance(0)
    assert Slot.UPSCALE_1 in (await committed(harness)).stored
    await harness.clock.advance(LONGEST + 1)
    assert (await committed(harness)).step(Slot.UPSCALE_2).interaction_id == 41


async def test_what_is_known_is_committed_at_the_end(harness: OrchestratorHarness) -> None:
    await harness.submit()
    await harness.clock.advance(1)
    await harness.orchestrator.drain(1)
    assert (await committed(harness)).step(Slot.GRID).delivered_at is not None
