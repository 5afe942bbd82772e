"""What has to wait waits as long as was said, whatever the clock on the wall does meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.events import MessageDeleted
from domain.generation import Problem, ProblemKind, Status
from domain.sender import Rejected
from domain.slots import Slot
from services.generation.history_reading import HistoryReading
from services.generation.inbox import HistoryPage
from tests.builders import progress
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import (
    LIMITS,
    OrchestratorHarness,
    finish_grid,
    working,
)

REFUSED = Rejected(Problem(ProblemKind.NOT_SENT, "HTTP 400"), retry_after=60)
LITTLE_MORE = 65
"""Seconds: the wait, and a few ticks."""


@pytest.mark.fault(name="F16")
@pytest.mark.parametrize("hours", [1, -1], ids=["back", "ahead"])
@pytest.mark.parametrize("slot", [Slot.GRID, Slot.UPSCALE_1], ids=["in the queue", "at work"])
async def test_request_is_sent_again_after_its_time(
    harness: OrchestratorHarness, slot: Slot, hours: int
) -> None:
    await harness.submit()
    if slot != Slot.GRID:
        await finish_grid(harness)
        await harness.sent(slot)
    sent = len(harness.sender.sent)
    harness.sender.answers = [REFUSED]
    await harness.clock.advance_until(lambda: len(harness.sender.sent) > sent)
    await harness.until(lambda row: row.not_before is not None)
    sent = len(harness.sender.sent)
    await harness.clock.advance(2)
    harness.clock.put_back(hours)
    await harness.clock.advance(50)
    assert len(harness.sender.sent) == sent
    await harness.clock.advance(LITTLE_MORE - 50)
    assert len(harness.sender.sent) > sent


async def test_what_the_last_process_put_off_is_sent_when_its_time_comes(tmp_path: Path) -> None:
    clock = FakeClock()
    async with working(tmp_path, clock) as first:
        first.sender.answers = [REFUSED]
        await first.submit()
        await first.until(lambda row: row.not_before is not None)
    async with working(tmp_path, clock) as second:
        await clock.advance(LITTLE_MORE)
        assert len(second.sender.sent) == 1


@pytest.mark.fault(name="F16")
async def test_the_queue_is_looked_at_though_the_clock_was_put_back(
    harness: OrchestratorHarness,
) -> None:
    await harness.clock.advance(2)
    harness.clock.put_back(1)
    await harness.submit()
    await harness.sent(Slot.GRID)


@pytest.mark.fault(name="F16")
async def test_a_result_has_its_time_though_the_clock_was_put_ahead(
    harness: OrchestratorHarness,
) -> None:
    """After a progress message is gone, the first look into the history may come too early."""
    await harness.submit()
    await harness.until(lambda row: row.step(Slot.GRID).delivered_at is not None)
    nonce = (await harness.row()).step(Slot.GRID).nonce
    harness.orchestrator.hear(progress(51, nonce=nonce))
    harness.orchestrator.hear(MessageDeleted(100))
    await harness.until(lambda row: row.step(Slot.GRID).gone_at is not None)
    harness.clock.put_back(-1)
    for ends in (Status.SUBMITTED, Status.FAILED):
        clock = harness.clock
        reading = HistoryReading(since=1, account_id=7, at=clock.now(), began=clock.monotonic())
        harness.orchestrator.look_back(HistoryPage(reading, is_last=True))
        await harness.clock.advance(LIMITS.gone + 1)
        assert (await harness.row()).status == ends
