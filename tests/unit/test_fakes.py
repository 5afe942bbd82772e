"""Time in tests: sleepers wake in order, and no time passes while anything is running."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import aiosqlite
import pytest

from tests.fakes import FakeClock


async def test_sleepers_wake_in_order_each_at_its_own_time() -> None:
    clock, woken = FakeClock(), list[tuple[str, float]]()

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, clock.monotonic()))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeper("late", 3))
        tasks.create_task(sleeper("early", 1, 1, 0))
        await clock.advance(2.5)
        assert woken == [("early", 1), ("early", 2), ("early", 2)]
        await clock.advance(0.5)
    assert woken[-1] == ("late", 3)


async def test_clock_tells_the_same_time_in_both_ways() -> None:
    clock = FakeClock()
    before = clock.now()
    await clock.advance(1.5)
    assert ((clock.now() - before).total_seconds(), clock.monotonic()) == (1.5, 1.5)


async def test_sleeper_that_gave_up_wakes_nobody() -> None:
    clock = FakeClock()
    nap = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    nap.cancel()
    await clock.advance(2)
    assert nap.cancelled()


async def test_jump_wakes_whoever_overslept_at_its_end() -> None:
    clock = FakeClock()
    nap = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    clock.jump(5)
    assert not nap.done()
    await clock.advance(0)
    assert nap.done()
    assert clock.monotonic() == 5


async def test_no_time_passes_while_a_thread_works() -> None:
    clock = FakeClock()

    async def work() -> float:
        await clock.sleep(1)
        await asyncio.to_thread(time.sleep, 0.05)
        return clock.monotonic()

    ended = asyncio.create_task(work())
    await clock.advance(10)
    assert ended.result() == 1


async def test_no_time_passes_while_a_database_works(tmp_path: Path) -> None:
    clock = FakeClock()

    async def work() -> float:
        await clock.sleep(1)
        async with aiosqlite.connect(tmp_path / "file") as database:
            for _ in range(100):
                await database.execute("SELECT 1")
        return clock.monotonic()

    ended = asyncio.create_task(work())
    await clock.advance(10)
    assert ended.result() == 1


async def test_no_time_passes_while_tasks_hand_on_to_each_other() -> None:
    clock = FakeClock()

    async def work(depth: int) -> float:
        if depth == 0:
            return clock.monotonic()
        return await asyncio.create_task(work(depth - 1))

    async def begin() -> float:
        await clock.sleep(1)
        return await work(100)

    ended = asyncio.create_task(begin())
    await clock.advance(10)
    assert ended.result() == 1


async def test_what_never_comes_is_waited_for_in_this_time_alone() -> None:
    clock = FakeClock()
    with pytest.raises(AssertionError, match="not so within 3600 seconds"):
        await clock.advance_until(lambda: False)
    assert clock.monotonic() == 3600
    await clock.advance_until(lambda: clock.monotonic() > 3600)
    assert clock.monotonic() == 3601
