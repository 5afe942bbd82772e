"""The command queue keeps the order, runs each command once, and loses none; on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import pytest

from domain.errors import ChannelUnavailable, StaleFence, StoreUnavailable, Transient
from services.command_queue import AGAIN_SECONDS, CommandQueue
from services.database.sqlite import SqliteGenerationStore
from tests.builders import NOW
from tests.database_template import put_into
from tests.fakes import FakeClock
from tests.unit.services.command_queue_harness import CommandQueueHarness

BEN = 1002


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[CommandQueueHarness]:
    """Open a command queue of small limits, which holds the lease."""
    clock = FakeClock(NOW)
    store = await SqliteGenerationStore.open(await put_into(tmp_path), clock=clock)
    lease = await store.acquire_lease("test", 30)
    yield CommandQueueHarness(store, CommandQueue(store, lease, clock), clock)
    await store.close()


async def test_commands_are_handled_one_after_another_in_their_order(
    harness: CommandQueueHarness,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        for message_id in (1, 2, 3):
            tasks.create_task(harness.command(message_id))
    assert harness.log == [1, 2, 3]


async def test_second_delivery_is_noticed(harness: CommandQueueHarness) -> None:
    assert [await harness.command(message_id) for message_id in (1, 1, 2, 1)] == [
        True,
        False,
        True,
        False,
    ]
    assert harness.log == [1, 2]


async def test_mark_moves_with_each_command_and_never_back(harness: CommandQueueHarness) -> None:
    marks: list[int | None] = [await harness.mark()]
    for message_id in (10, 30, 20):
        await harness.command(message_id)
        marks.append(await harness.mark())
    assert marks == [None, 10, 30, 30]


async def test_command_that_fails_is_handled_all_the_same(harness: CommandQueueHarness) -> None:
    await harness.failing(10, ValueError())
    assert await harness.mark() == 10
    assert not await harness.command(10)


async def test_command_that_cannot_be_saved_is_left_for_later(harness: CommandQueueHarness) -> None:
    await harness.command(9)
    await harness.failing(10, StoreUnavailable())
    assert await harness.mark() == 9
    assert harness.command_queue.is_deferred(10)
    assert not harness.command_queue.is_deferred(9)


async def test_nothing_passes_a_command_that_is_left(harness: CommandQueueHarness) -> None:
    """Otherwise the mark would pass it, and it would never be found."""
    waiting = asyncio.create_task(harness.failing(10, StoreUnavailable()))
    await asyncio.sleep(0)
    behind = [asyncio.create_task(harness.command(message_id)) for message_id in (11, 12)]
    await waiting
    results = await asyncio.gather(*behind, return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailable] * 2
    with pytest.raises(StoreUnavailable):
        await harness.command(13)
    assert harness.log == [10]
    assert await harness.mark() is None
    assert all(harness.command_queue.is_deferred(message_id) for message_id in (10, 11, 12, 13))


async def test_second_delivery_is_no_trouble_while_another_is_left(
    harness: CommandQueueHarness,
) -> None:
    await harness.command(9)
    await harness.failing(10, StoreUnavailable())
    assert not await harness.command(9)


async def test_what_is_left_is_handed_in_again_in_a_gap(harness: CommandQueueHarness) -> None:
    await harness.command(9)
    await harness.failing(10, StoreUnavailable())

    async def catch_up() -> None:
        async with harness.command_queue.catching_up() as mark:
            harness.log.append(f"after {mark}")
            await harness.command(10)
            await harness.command(11)

    harness.command_queue.when_missed(catch_up)
    work = asyncio.create_task(harness.command_queue.run())
    await harness.clock.advance(0)
    work.cancel()
    assert harness.log == [9, 10, "after 9", 10, 11]
    assert await harness.mark() == 11
    assert not harness.command_queue.is_deferred(10)
    assert await harness.command(12)


async def test_what_was_done_without_an_answer_is_handed_in_again(
    harness: CommandQueueHarness,
) -> None:
    """The database has moved the mark, but whoever asked does not know what was done."""
    await harness.command(9)
    with suppress(StoreUnavailable):
        async with harness.command_queue.turn(10):
            await harness.command_queue.mark(10)
            raise StoreUnavailable
    async with harness.command_queue.catching_up() as mark:
        assert mark == 9
        await harness.command(10)
    async with harness.command_queue.catching_up() as mark:
        assert mark == 10


async def test_gap_that_could_not_be_caught_up_with_is_looked_at_again(
    harness: CommandQueueHarness,
) -> None:
    """The pauses grow, because a long or permanent outage would fill the log."""
    errors: list[Exception] = [ChannelUnavailable(), StoreUnavailable()] * 3
    tries: list[float] = []

    async def catch_up() -> None:
        tries.append(harness.clock.monotonic())
        if errors:
            raise errors.pop()

    harness.command_queue.when_missed(catch_up)
    harness.command_queue.missed()
    work = asyncio.create_task(harness.command_queue.run())
    await harness.clock.advance(1000)
    assert tries == [0, 5, 15, 35, 75, 135, 195]
    errors.append(ChannelUnavailable())
    harness.command_queue.missed()
    await harness.clock.advance(1000)
    assert tries[7:] == [1000, 1000 + AGAIN_SECONDS]
    work.cancel()


async def test_one_that_is_still_left_after_a_try_holds_the_others_up(
    harness: CommandQueueHarness,
) -> None:
    await harness.failing(10, StoreUnavailable())
    with pytest.raises(StoreUnavailable):
        async with harness.command_queue.catching_up():
            await harness.command(10, StoreUnavailable())
    with pytest.raises(StoreUnavailable):
        await harness.command(11)


async def test_one_whose_message_is_gone_holds_nobody_up_for_ever(
    harness: CommandQueueHarness,
) -> None:
    await harness.failing(10, StoreUnavailable())

    async def catch_up() -> None:
        async with harness.command_queue.catching_up():
            pass

    async with harness.at_work(catch_up):
        await harness.caught_up()
        assert await harness.command(11)


@pytest.mark.parametrize("trouble", [ChannelUnavailable, StoreUnavailable])
async def test_nothing_passes_a_gap_that_could_not_be_looked_at(
    harness: CommandQueueHarness, trouble: type[Transient]
) -> None:
    """The mark would pass the commands in it; so the command is left for the next catch-up."""
    looks = [trouble(), None]

    async def catch_up() -> None:
        async with harness.command_queue.catching_up() as mark:
            harness.log.append(f"after {mark}")
            if error := looks.pop(0):
                raise error
            await harness.command(11)
            await harness.command(12)

    await harness.command(10)
    harness.command_queue.missed()  # 11 was typed meanwhile
    waits = asyncio.create_task(harness.command(12))
    await harness.clock.advance(0)
    assert harness.log == [10]
    async with harness.at_work(catch_up):
        with pytest.raises(trouble):
            await waits
        with pytest.raises(trouble):
            await harness.command(13)
        assert await harness.mark() == 10
        await harness.clock.advance(AGAIN_SECONDS)
        await harness.caught_up()
        assert await harness.command(14)
    assert harness.log == [10, "after 10", "after 10", 11, 12, 14]


async def test_command_waits_from_the_moment_on_that_a_gap_is_known(
    harness: CommandQueueHarness,
) -> None:
    """Even one whose turn comes before the catch-up, and even if another gap follows at once."""
    gaps = [10, 20]

    async def catch_up() -> None:
        missed = gaps.pop(0)
        if gaps:
            harness.command_queue.missed()
        async with harness.command_queue.catching_up():
            await harness.command(missed)

    harness.command_queue.missed()
    live = [asyncio.create_task(harness.command(message_id)) for message_id in (30, 31)]
    async with harness.at_work(catch_up):
        assert await asyncio.gather(*live) == [True, True]
    assert harness.log == [10, 20, 30, 31]


async def test_commands_wait_while_a_gap_is_caught_up_with(harness: CommandQueueHarness) -> None:
    async with harness.command_queue.catching_up():
        live = asyncio.create_task(harness.command(12))
        await harness.clock.advance(0)
        await harness.command(11)
        await harness.command(12)
    assert not await live
    assert harness.log == [11, 12]


async def test_mark_is_refused_to_whoever_lost_the_lease(harness: CommandQueueHarness) -> None:
    harness.clock.jump(60)
    await harness.store.acquire_lease("another", 30)
    with pytest.raises(StaleFence):
        await harness.command_queue.mark(10)
    assert await harness.mark() is None
