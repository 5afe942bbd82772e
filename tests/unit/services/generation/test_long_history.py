"""A history of months: nothing is compared twice over, and what is old is found all the same."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from domain import text_matching
from domain.slots import Slot
from services.generation.loop import AT_ONCE
from tests.builders import notice, progress, solo
from tests.unit.services.generation.test_history import looked
from tests.unit.services.orchestrator_harness import OrchestratorHarness, finish_grid, snowflake


async def test_much_history_lets_others_have_their_turn(
    harness: OrchestratorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a thousand jobs with our prompt are compared with it a few times each."""
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    now = snowflake(harness.clock.now())
    same: dict[str, Any] = {"prompt": "a cat", "mentioned_id": 7, "job_id": None}
    page = looked(harness, *(progress(message_id=now + n, **same) for n in range(1000)))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    compared = Mock(side_effect=text_matching.resembles)
    monkeypatch.setattr(text_matching, "resembles", compared)
    harness.orchestrator.look_back(page)
    await harness.orchestrator.caught_up()
    beside.cancel()
    assert turns >= 1000 // AT_ONCE
    assert compared.call_count <= 4 * 1000


async def test_an_upscale_that_exists_already_is_found_before_the_next_press(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await finish_grid(harness)
    await harness.sent(Slot.UPSCALE_1)
    row = await harness.row()
    pressed = row.step(Slot.UPSCALE_1)
    said = notice(message_id=int(pressed.nonce or 0) + 1, reference_id=200)
    assert not harness.orchestrator.misses()
    harness.orchestrator.hear(said)
    await harness.clock.advance_until(harness.orchestrator.misses)
    assert harness.orchestrator.first_unknown() == row.step(Slot.GRID).message_id
    harness.orchestrator.look_back(looked(harness, solo(Slot.UPSCALE_1)))
    await harness.until(lambda row: Slot.UPSCALE_1 in row.stored)
    assert [slot for _, slot in harness.sender.sent].count(Slot.UPSCALE_1) == 1
