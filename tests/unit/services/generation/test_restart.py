"""What a new process does first, for a generation in each status that the last one left behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.effects import TimeLimits
from domain.generation import Generation, Status
from domain.sender import Unknown
from domain.slots import UPSCALES, Slot
from services.database.sqlite import SqliteGenerationStore
from services.generation.timeouts import AFTER_START
from tests.builders import NOW, asked, grid, new_generation, picture, progress, u_buttons
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import LIMITS, OrchestratorHarness, working

Rule = Callable[[OrchestratorHarness, Generation], Awaitable[None]]


async def sends_it(harness: OrchestratorHarness, left: Generation) -> None:
    """Nothing was intended, so nothing can have been paid."""
    await harness.sent(Slot.GRID)


async def waits_for_the_grid(harness: OrchestratorHarness, left: Generation) -> None:
    harness.orchestrator.hear(grid(reference_id=left.step(Slot.GRID).progress_message_id))
    await harness.sent(Slot.UPSCALE_1)
    assert (left.prompt, Slot.GRID) not in harness.sender.sent


async def presses_what_is_missing(harness: OrchestratorHarness, left: Generation) -> None:
    await harness.sent(next(slot for slot in UPSCALES if slot not in left.stored))


async def leaves_it_alone(harness: OrchestratorHarness, left: Generation) -> None:
    await harness.clock.advance(LIMITS.unchanged * 2)
    assert harness.sender.sent == []
    row = await harness.store.get_generation(left.id)
    assert row is not None
    assert row.status == left.status


RULES: dict[Status, Rule] = {
    Status.QUEUED: sends_it,
    Status.SUBMITTING: sends_it,
    Status.SUBMITTED: waits_for_the_grid,
    Status.GRID_COMPLETED: presses_what_is_missing,
    Status.VARIATIONS_IN_PROGRESS: presses_what_is_missing,
    Status.COMPLETED: leaves_it_alone,
    Status.FAILED: leaves_it_alone,
    Status.CANCELLED: leaves_it_alone,
    Status.NEEDS_ATTENTION: leaves_it_alone,
}
"""A status that lacks here has no rule: the test below fails for it."""
_PAINTED = (Status.SUBMITTED, Status.GRID_COMPLETED)
WAYS: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (),
    Status.SUBMITTING: (),
    Status.SUBMITTED: (Status.SUBMITTED,),
    Status.GRID_COMPLETED: _PAINTED,
    Status.VARIATIONS_IN_PROGRESS: (*_PAINTED, Status.VARIATIONS_IN_PROGRESS),
    Status.COMPLETED: (*_PAINTED, Status.COMPLETED),
    Status.FAILED: (Status.FAILED,),
    Status.CANCELLED: (Status.CANCELLED,),
    Status.NEEDS_ATTENTION: (Status.NEEDS_ATTENTION,),
}
"""How it came there, after it was claimed."""


def in_status(row: Generation, status: Status) -> Generation:
    """Return a row as it is in a status."""
    running = asked(nonce="n", accepted_at=NOW, progress_message_id=100)
    painted = replace(running, message_id=200, picture_url="u", picture=picture(row.id))
    if status == Status.SUBMITTED:
        row = row.with_step(Slot.GRID, running)
    elif status == Status.GRID_COMPLETED:
        row = replace(row.with_step(Slot.GRID, painted), buttons=u_buttons())
    return replace(row, status=status)


async def left_in(folder: Path, status: Status, clock: FakeClock) -> Generation:
    """Have a process die that left a generation in this status, and return the row."""
    store = await SqliteGenerationStore.open(folder / "atelier.sqlite3", clock=clock)
    fence = (await store.acquire_lease("killed", 30)).fence
    row = (await store.create_generation(new_generation(prompt="a cat"), fence=fence)).row
    if status != Status.QUEUED:
        row = (await store.claim_next(now=NOW, fence=fence)).row
    for step in WAYS[status]:
        after = in_status(row, step)
        row = (await store.update_generation(row, after, event="test", fence=fence)).row
    await store.close()
    return row


@pytest.mark.parametrize("status", list(Status))
async def test_each_status_has_its_rule_after_a_restart(tmp_path: Path, status: Status) -> None:
    rule, clock = RULES[status], FakeClock(NOW)
    left = await left_in(tmp_path, status, clock)
    async with working(tmp_path, clock) as harness:
        await rule(harness, left)


async def test_what_was_intended_and_perhaps_sent_is_never_sent_again(tmp_path: Path) -> None:
    """It may have been accepted: it is waited for, and in the end a person is asked."""
    clock = FakeClock(NOW)
    async with working(tmp_path, clock) as first:
        first.sender.answers = [Unknown("killed before the answer")]
        await first.submit()
        await first.until(lambda row: row.step(Slot.GRID).intended_at is not None)
    async with working(tmp_path, clock) as second:
        await second.until(lambda row: row.status == Status.NEEDS_ATTENTION)
        assert second.sender.sent == []


async def test_what_was_on_its_way_when_the_process_was_killed_is_never_sent_again(
    tmp_path: Path,
) -> None:
    """So it was written down before."""
    clock = FakeClock(NOW)
    async with working(tmp_path, clock) as first:
        first.sender.reachable.clear()
        await first.submit()
        await first.clock.advance_until(lambda: bool(first.sender.sent))
    async with working(tmp_path, clock) as second:
        await second.until(lambda row: row.status == Status.NEEDS_ATTENTION)
        assert second.sender.sent == []


@pytest.mark.parametrize("alive", [False, True])
async def test_a_silence_from_before_a_restart_counts_until_something_is_heard(
    tmp_path: Path, *, alive: bool
) -> None:
    clock, limits = FakeClock(NOW), TimeLimits(unchanged=900)
    left = await left_in(tmp_path, Status.SUBMITTED, clock)
    clock.jump(3600)
    async with working(tmp_path, clock, limits=limits) as harness:
        await clock.advance(AFTER_START - 10)
        if alive:
            harness.orchestrator.hear(progress(51, message_id=100))
        await clock.advance(20)
        row = await harness.store.get_generation(left.id)
        assert row is not None
        assert row.active == alive
        await clock.advance(900 - 30)
        row = await harness.store.get_generation(left.id)
        assert row is not None
        assert row.active == alive
