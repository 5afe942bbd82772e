"""Where commands come in: in their order, once each, and none is lost; on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.errors import ChannelUnavailable, OverQuota, StaleFence, StoreUnavailable, Transient
from domain.generation import Status
from domain.pause import Pause
from domain.ports import Person
from services.database.sqlite import SqliteGenerationStore
from services.desk import AGAIN_SECONDS
from tests.builders import ANN, NOW
from tests.fakes import FakeClock
from tests.unit.services.office import Office, at, new

BEN = 1002


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office]:
    """Open a desk of small limits, which holds the lease."""
    clock = FakeClock(NOW)
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3", clock=clock)
    lease = await store.acquire_lease("test", 30)
    desk = at(store, clock, lease)
    yield Office(store, desk, clock)
    await store.close()


async def test_commands_are_handled_one_after_another_in_their_order(office: Office) -> None:
    async with asyncio.TaskGroup() as tasks:
        for message_id in (1, 2, 3):
            tasks.create_task(office.command(message_id))
    assert office.log == [1, 2, 3]


async def test_second_delivery_is_noticed(office: Office) -> None:
    assert [await office.command(message_id) for message_id in (1, 1, 2, 1)] == [
        True,
        False,
        True,
        False,
    ]
    assert office.log == [1, 2]


async def test_mark_moves_with_each_command_and_never_back(office: Office) -> None:
    marks: list[int | None] = [await office.mark()]
    for message_id in (10, 30, 20):
        await office.command(message_id)
        marks.append(await office.mark())
    assert marks == [None, 10, 30, 30]


async def test_command_that_fails_is_handled_all_the_same(office: Office) -> None:
    await office.failing(10, ValueError())
    assert await office.mark() == 10
    assert not await office.command(10)


async def test_command_that_cannot_be_saved_is_left_for_later(office: Office) -> None:
    await office.command(9)
    await office.failing(10, StoreUnavailable())
    assert await office.mark() == 9
    assert office.desk.left(10)
    assert not office.desk.left(9)


async def test_nothing_passes_a_command_that_is_left(office: Office) -> None:
    """The mark would pass it as well, and it would never be found."""
    waiting = asyncio.create_task(office.failing(10, StoreUnavailable()))
    await asyncio.sleep(0)
    behind = [asyncio.create_task(office.command(message_id)) for message_id in (11, 12)]
    await waiting
    results = await asyncio.gather(*behind, return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailable] * 2
    with pytest.raises(StoreUnavailable):
        await office.command(13)
    assert office.log == [10]
    assert await office.mark() is None
    assert all(office.desk.left(message_id) for message_id in (10, 11, 12, 13))


async def test_second_delivery_is_no_trouble_while_another_is_left(office: Office) -> None:
    await office.command(9)
    await office.failing(10, StoreUnavailable())
    assert not await office.command(9)


async def test_what_is_left_is_handed_in_again_in_a_gap(office: Office) -> None:
    await office.command(9)
    await office.failing(10, StoreUnavailable())
    tried = asyncio.Event()

    async def catch_up() -> None:
        async with office.desk.catching_up() as mark:
            office.log.append(f"after {mark}")
            await office.command(10)
            await office.command(11)
        tried.set()

    office.desk.when_missed(catch_up)
    work = asyncio.create_task(office.desk.run())
    await asyncio.wait_for(tried.wait(), 5)
    work.cancel()
    assert office.log == [9, 10, "after 9", 10, 11]
    assert await office.mark() == 11
    assert not office.desk.left(10)
    assert await office.command(12)


async def test_gap_that_could_not_be_caught_up_with_is_looked_at_again(office: Office) -> None:
    """Ever more rarely, since what is away for long, or is never there, would fill the log."""
    errors: list[Exception] = [ChannelUnavailable(), StoreUnavailable()] * 3
    tries: asyncio.Queue[float] = asyncio.Queue()

    async def catch_up() -> None:
        tries.put_nowait(office.clock.monotonic())
        if errors:
            raise errors.pop()

    office.desk.when_missed(catch_up)
    office.desk.missed()
    work = asyncio.create_task(office.desk.run())
    assert await asyncio.wait_for(tries.get(), 5) == 0
    await office.clock.advance(1000)
    assert [tries.get_nowait() for _ in range(6)] == [5, 15, 35, 75, 135, 195]
    errors.append(ChannelUnavailable())
    office.desk.missed()
    await office.clock.advance(1000)
    assert [tries.get_nowait() for _ in range(2)] == [1000, 1000 + AGAIN_SECONDS]
    assert tries.empty()
    work.cancel()


async def test_one_that_is_still_left_after_a_try_holds_the_others_up(office: Office) -> None:
    await office.failing(10, StoreUnavailable())
    with pytest.raises(StoreUnavailable):
        async with office.desk.catching_up():
            await office.command(10, StoreUnavailable())
    with pytest.raises(StoreUnavailable):
        await office.command(11)


async def test_one_whose_message_is_gone_holds_nobody_up_for_ever(office: Office) -> None:
    await office.failing(10, StoreUnavailable())

    async def catch_up() -> None:
        async with office.desk.catching_up():
            pass

    async with office.at_work(catch_up):
        await office.caught_up()
        assert await office.command(11)


@pytest.mark.parametrize("trouble", [ChannelUnavailable, StoreUnavailable])
async def test_nothing_passes_a_gap_that_could_not_be_looked_at(
    office: Office, trouble: type[Transient]
) -> None:
    """The mark would pass what is in it; so a command is left for the next look instead."""
    looks = [trouble(), None]

    async def catch_up() -> None:
        async with office.desk.catching_up() as mark:
            office.log.append(f"after {mark}")
            if error := looks.pop(0):
                raise error
            await office.command(11)
            await office.command(12)

    await office.command(10)
    office.desk.missed()  # 11 was typed meanwhile
    waits = asyncio.create_task(office.command(12))
    await office.clock.advance(0)
    assert office.log == [10]
    async with office.at_work(catch_up):
        with pytest.raises(trouble):
            await waits
        with pytest.raises(trouble):
            await office.command(13)
        assert await office.mark() == 10
        await office.clock.advance(AGAIN_SECONDS)
        await office.caught_up()
        assert await office.command(14)
    assert office.log == [10, "after 10", "after 10", 11, 12, 14]


async def test_command_waits_from_the_moment_on_that_a_gap_is_known(office: Office) -> None:
    """Also one that would have its turn before the look, and when another gap follows at once."""
    gaps = [10, 20]

    async def catch_up() -> None:
        missed = gaps.pop(0)
        if gaps:
            office.desk.missed()
        async with office.desk.catching_up():
            await office.command(missed)

    office.desk.missed()
    live = [asyncio.create_task(office.command(message_id)) for message_id in (30, 31)]
    async with office.at_work(catch_up):
        assert await asyncio.gather(*live) == [True, True]
    assert office.log == [10, 20, 30, 31]


async def test_commands_wait_while_a_gap_is_caught_up_with(office: Office) -> None:
    async with office.desk.catching_up():
        live = asyncio.create_task(office.command(12))
        await office.clock.advance(0)
        await office.command(11)
        await office.command(12)
    assert not await live
    assert office.log == [11, 12]


async def test_mark_is_refused_to_whoever_lost_the_lease(office: Office) -> None:
    office.clock.jump(60)
    await office.store.acquire_lease("another", 30)
    with pytest.raises(StaleFence):
        await office.desk.mark(10)
    assert await office.mark() is None


async def test_accepted_command_is_a_row_with_its_place(office: Office) -> None:
    places: list[int] = []
    for person in (ANN, BEN):
        accepted = await office.desk.submit(new(author_id=person, command_message_id=person))
        assert accepted.new
        places.append(accepted.place)
    assert places == [0, 1]
    assert await office.mark() == BEN


async def test_message_that_was_accepted_before_gives_its_own_row(office: Office) -> None:
    first = await office.desk.submit(new(command_message_id=7))
    second = await office.desk.submit(new(command_message_id=7))
    assert (first.new, second.new) == (True, False)
    assert second.generation.id == first.generation.id


async def test_code_that_is_taken_is_drawn_again(office: Office) -> None:
    taken = (await office.submit(command_message_id=1)).code
    assert (await office.submit(command_message_id=2, code=taken)).code != taken


async def test_limits_count_what_is_in_the_database(office: Office) -> None:
    await office.desk.check_quota(ANN, owner=False)
    await office.submit(command_message_id=1)
    with pytest.raises(OverQuota, check=lambda error: error.wait == 10):
        await office.desk.check_quota(ANN, owner=False)
    await office.desk.check_quota(ANN, owner=True)
    await office.desk.check_quota(BEN, owner=False)
    office.clock.jump(10)
    await office.desk.check_quota(ANN, owner=False)
    await office.submit(command_message_id=2)
    with pytest.raises(OverQuota, check=lambda error: error.kind == "waiting"):
        await office.desk.check_quota(ANN, owner=False)
    for message_id in (3, 4):
        await office.submit(command_message_id=message_id, author_id=BEN)
    with pytest.raises(OverQuota, check=lambda error: error.kind == "queue"):
        await office.desk.check_quota(ANN, owner=True)


async def test_who_was_allowed_or_denied_is_known_after_a_restart(office: Office) -> None:
    for person, allowed in ((ANN, False), (BEN, True)):
        said = Person(id=person, allowed=allowed, by=1, since=NOW)
        assert await office.desk.set_person(said, person)
        assert not await office.desk.set_person(said, person)
    assert office.desk.people == {ANN: False, BEN: True}
    assert await office.mark() == BEN
    restarted = at(office.store, office.clock)
    await restarted.load()
    assert restarted.people == office.desk.people


async def test_pause_moves_the_mark_and_is_said_once(office: Office) -> None:
    pause = Pause(words="noon", since=NOW, by=1)
    assert await office.desk.pause(pause, 5)
    assert not await office.desk.pause(pause, 6)
    assert office.desk.paused == pause
    assert await office.desk.resume(7)
    assert not await office.desk.resume(8)
    assert office.desk.paused is None
    assert await office.mark() == 8


async def test_accepted_one_waits(office: Office) -> None:
    assert (await office.submit(command_message_id=1)).status == Status.QUEUED
