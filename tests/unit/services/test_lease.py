"""The lease holder acts while the lease lasts, by its own clock, and ends when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
import stamina

from domain.errors import StaleFence, StoreUnavailable
from domain.ports import GenerationStore, Lease
from services.lease import FIRST_PAUSE, LONGEST_PAUSE, TOLD_EVERY, LeaseKeeper
from services.updates import DatabaseAway, DatabaseBack
from tests.fakes import FakeClock

SECONDS = 30.0


class FakeLeaseStore:
    """Renews a lease, unless it is away, frozen, or another process has taken it."""

    def __init__(self, clock: FakeClock, slow: float) -> None:
        self.clock, self.slow = clock, slow
        self.taken = self.away = False
        self.answers = asyncio.Event()
        self.answers.set()
        self.renewed: list[float] = []
        self.released: list[Lease] = []

    async def acquire_lease(self, owner: str, seconds: float) -> Lease:
        self.clock.jump(self.slow)
        return Lease(owner, 1)

    async def renew_lease(self, lease: Lease, seconds: float) -> bool:
        self.renewed.append(self.clock.monotonic())
        await self.answers.wait()
        if self.away:
            raise StoreUnavailable("away")
        return not self.taken

    async def release_lease(self, lease: Lease) -> None:
        if self.away:
            raise StoreUnavailable("away")
        self.released.append(lease)


class LeaseHarness:
    """A lease at work."""

    def __init__(self, clock: FakeClock, store: FakeLeaseStore, lease_keeper: LeaseKeeper) -> None:
        self.clock, self.store, self.lease_keeper = clock, store, lease_keeper
        self.told: list[DatabaseAway | DatabaseBack] = []
        self.at_work = True
        self.work = asyncio.create_task(lease_keeper.run(self.told.append, lambda: self.at_work))

    async def may_act(self) -> bool:
        """Whether an act would be carried out at once."""
        act = asyncio.create_task(self.lease_keeper.assured())
        await self.clock.advance(0)
        act.cancel()
        return act.done()


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Let retries follow at once."""
    with stamina.set_testing(testing=True, attempts=2):
        yield


@asynccontextmanager
async def holding(slow: float = 0) -> AsyncGenerator[LeaseHarness]:
    """Take the lease, which takes so many seconds."""
    clock = FakeClock()
    store = FakeLeaseStore(clock, slow)
    lease_keeper = await LeaseKeeper.begin(cast("GenerationStore", store), clock, SECONDS)
    harness = LeaseHarness(clock, store, lease_keeper)
    await clock.advance(0)
    yield harness
    harness.work.cancel()
    await asyncio.gather(harness.work, return_exceptions=True)


async def test_the_lease_is_renewed_each_third_of_its_time_and_acts_need_not_wait() -> None:
    async with holding() as harness:
        for _ in range(60):
            assert await harness.may_act()
            await harness.clock.advance(1)
        assert harness.store.renewed == [10, 20, 30, 40, 50, 60]


async def test_an_idle_lease_is_renewed_more_rarely_and_acts_need_not_wait_either() -> None:
    async with holding() as harness:
        harness.at_work = False
        await harness.clock.advance(10)  # it was at work when this sleep began
        for _ in range(54):
            assert await harness.may_act()
            await harness.clock.advance(1)
        assert harness.store.renewed == [10, 28, 46, 64]


async def test_an_outage_while_nothing_is_at_work_is_told_when_the_lease_is_over() -> None:
    async with holding() as harness:
        harness.at_work = False
        await harness.clock.advance(10)
        harness.store.away = True
        await harness.clock.advance(SECONDS - 1)
        assert harness.told == []
        await harness.clock.advance(LONGEST_PAUSE)
        assert harness.told == [DatabaseAway()]


async def test_nothing_is_done_when_less_than_a_third_is_left() -> None:
    """The renewal is under way; it counts from when it was asked for."""
    async with holding() as harness:
        harness.store.answers.clear()
        await harness.clock.advance(20)
        assert await harness.may_act()
        await harness.clock.advance(0.5)
        assert not await harness.may_act()
        act = asyncio.create_task(harness.lease_keeper.assured())
        harness.store.answers.set()
        await harness.clock.advance(0)
        assert act.done()
        await harness.clock.advance(0)
        assert harness.store.renewed == [10, 20.5]


async def test_a_database_that_is_away_is_told_once_and_acts_wait_for_it() -> None:
    async with holding() as harness:
        harness.store.away = True
        await harness.clock.advance(SECONDS)
        assert not await harness.may_act()
        assert harness.told == [DatabaseAway()]
        harness.store.away = False
        await harness.clock.advance(LONGEST_PAUSE)
        assert await harness.may_act()
        assert harness.told == [DatabaseAway(), DatabaseBack()]
        assert not harness.work.done()


async def test_a_renewal_that_fails_is_nobodys_matter_while_the_lease_lasts() -> None:
    async with holding() as harness:
        for _ in range(20):
            harness.store.away = True
            await harness.clock.advance(SECONDS / 3 + FIRST_PAUSE)
            harness.store.away = False
            await harness.clock.advance(SECONDS / 3)
            assert await harness.may_act()
        assert harness.told == []


async def test_a_database_that_is_away_again_and_again_is_told_every_ten_minutes() -> None:
    async with holding() as harness:
        began = harness.clock.monotonic()
        while harness.clock.monotonic() < began + 3 * TOLD_EVERY:
            harness.store.away = True
            await harness.clock.advance(SECONDS)
            harness.store.away = False
            await harness.clock.advance(SECONDS)
        assert harness.told == [DatabaseAway(), DatabaseBack()] * 3


async def test_who_was_frozen_and_replaced_does_nothing_more_and_ends() -> None:
    async with holding() as harness:
        harness.store.taken = True
        harness.clock.jump(SECONDS * 2)
        act = asyncio.create_task(harness.lease_keeper.assured())
        answer = asyncio.create_task(harness.lease_keeper.may_speak())
        await harness.clock.advance(0)
        with pytest.raises(StaleFence):
            await harness.work
        await asyncio.wait([act, answer])
        assert act.cancelled()
        assert answer.cancelled()


async def test_people_are_answered_while_anything_of_the_lease_is_left() -> None:
    async with holding() as harness:
        harness.store.answers.clear()
        await harness.clock.advance(29)
        assert not await harness.may_act()
        await harness.lease_keeper.may_speak()
        assert harness.store.renewed == [10]


async def test_who_woke_up_too_late_answers_when_the_lease_is_renewed() -> None:
    """It may not know that yet; so it asks before the first answer."""
    async with holding() as harness:
        harness.work.cancel()
        harness.clock.jump(SECONDS)
        for _ in range(2):
            await harness.lease_keeper.may_speak()
        assert harness.store.renewed == [SECONDS]


async def test_people_are_told_that_the_database_is_away_however_long_that_takes() -> None:
    async with holding() as harness:
        harness.work.cancel()
        harness.store.away = True
        harness.clock.jump(SECONDS * 10)
        await harness.lease_keeper.may_speak()


async def test_who_was_frozen_and_not_replaced_goes_on_with_a_renewed_lease() -> None:
    async with holding() as harness:
        harness.clock.jump(SECONDS * 2)
        act = asyncio.create_task(harness.lease_keeper.assured())
        await harness.clock.advance(0)
        await act
        assert harness.store.renewed == [SECONDS * 2]


async def test_a_lease_that_was_long_in_coming_counts_from_when_it_was_asked_for() -> None:
    async with holding(slow=15) as harness:
        assert harness.store.renewed == [15]


async def test_who_must_not_wait_is_told_to_come_again() -> None:
    async with holding() as harness:
        harness.store.away = True
        await harness.clock.advance(20)
        harness.lease_keeper.check()
        await harness.clock.advance(0.5)
        with pytest.raises(StoreUnavailable):
            harness.lease_keeper.check()


async def test_nothing_is_done_after_the_lease_was_given_back() -> None:
    """Tasks that wait for it stop waiting."""
    async with holding() as harness:
        harness.work.cancel()
        harness.clock.jump(SECONDS)
        waits = asyncio.create_task(harness.lease_keeper.assured())
        await harness.clock.advance(0)
        await harness.lease_keeper.end()
        late = asyncio.create_task(harness.lease_keeper.assured())
        answer = asyncio.create_task(harness.lease_keeper.may_speak())
        await asyncio.wait([waits, late, answer])
        assert all(task.cancelled() for task in (waits, late, answer))
        assert harness.store.renewed == []
        with pytest.raises(StoreUnavailable):
            harness.lease_keeper.check()
        assert harness.store.released == [harness.lease_keeper.lease]


async def test_an_end_while_the_database_is_away_is_no_error() -> None:
    clock = FakeClock()
    store = FakeLeaseStore(clock, 0.0)
    keeper = await LeaseKeeper.begin(cast("GenerationStore", store), clock, SECONDS)
    store.away = True
    await keeper.end()
    assert not keeper.lasts()
