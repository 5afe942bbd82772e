"""Who holds the lease acts while it lasts, by a clock of its own; who has lost it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
import stamina

from domain.errors import StaleFence, StoreUnavailable
from domain.ports import GenerationStore, Lease
from services.letters import Away
from services.tenure import Tenure
from tests.fakes import FakeClock

SECONDS = 30.0


class Store:
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
        self.released.append(lease)


class Office:
    """A tenure at work."""

    def __init__(self, clock: FakeClock, store: Store, tenure: Tenure) -> None:
        self.clock, self.store, self.tenure = clock, store, tenure
        self.told: list[Away] = []
        self.work = asyncio.create_task(tenure.run(self.told.append))

    async def may_act(self) -> bool:
        """Whether an act would be carried out at once."""
        act = asyncio.create_task(self.tenure.assured())
        await self.clock.advance(0)
        act.cancel()
        return act.done()


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Let retries follow at once."""
    with stamina.set_testing(testing=True, attempts=10_000):
        yield


@asynccontextmanager
async def holding(slow: float = 0) -> AsyncGenerator[Office]:
    """Take the lease, which takes so many seconds."""
    clock = FakeClock()
    store = Store(clock, slow)
    tenure = await Tenure.begin(cast("GenerationStore", store), clock, SECONDS)
    office = Office(clock, store, tenure)
    await clock.advance(0)
    yield office
    office.work.cancel()
    await asyncio.gather(office.work, return_exceptions=True)


async def test_the_lease_is_renewed_each_third_of_its_time_and_acts_need_not_wait() -> None:
    async with holding() as office:
        for _ in range(60):
            assert await office.may_act()
            await office.clock.advance(1)
        assert office.store.renewed == [10, 20, 30, 40, 50, 60]


async def test_nothing_is_done_when_less_than_a_third_is_left() -> None:
    """The renewal is under way; it counts from when it was asked for."""
    async with holding() as office:
        office.store.answers.clear()
        await office.clock.advance(20)
        assert await office.may_act()
        await office.clock.advance(0.5)
        assert not await office.may_act()
        act = asyncio.create_task(office.tenure.assured())
        office.store.answers.set()
        await office.clock.advance(0)
        assert act.done()
        await office.clock.advance(0)
        assert office.store.renewed == [10, 20.5]


async def test_a_database_that_is_away_is_told_once_and_acts_wait_for_it() -> None:
    async with holding() as office:
        office.store.away = True
        await office.clock.advance(SECONDS)
        assert not await office.may_act()
        assert len(office.told) == 1
        office.store.away = False
        await office.clock.advance(0)
        assert await office.may_act()
        assert not office.work.done()


async def test_who_was_frozen_and_replaced_does_nothing_more_and_ends() -> None:
    async with holding() as office:
        office.store.taken = True
        office.clock.jump(SECONDS * 2)
        act = asyncio.create_task(office.tenure.assured())
        answer = asyncio.create_task(office.tenure.may_speak())
        await office.clock.advance(0)
        with pytest.raises(StaleFence):
            await office.work
        await asyncio.wait([act, answer], timeout=5)
        assert act.cancelled()
        assert answer.cancelled()


async def test_people_are_answered_while_anything_of_the_lease_is_left() -> None:
    async with holding() as office:
        office.store.answers.clear()
        await office.clock.advance(29)
        assert not await office.may_act()
        await asyncio.wait_for(office.tenure.may_speak(), 5)
        assert office.store.renewed == [10]


async def test_who_woke_up_too_late_answers_when_the_lease_is_renewed() -> None:
    """It may not know that yet; so it asks before the first answer."""
    async with holding() as office:
        office.work.cancel()
        office.clock.jump(SECONDS)
        for _ in range(2):
            await office.tenure.may_speak()
        assert office.store.renewed == [SECONDS]


async def test_people_are_told_that_the_database_is_away_however_long_that_takes() -> None:
    async with holding() as office:
        office.work.cancel()
        office.store.away = True
        office.clock.jump(SECONDS * 10)
        await office.tenure.may_speak()


async def test_who_was_frozen_and_not_replaced_goes_on_with_a_renewed_lease() -> None:
    async with holding() as office:
        office.clock.jump(SECONDS * 2)
        act = asyncio.create_task(office.tenure.assured())
        await office.clock.advance(0)
        await act
        assert office.store.renewed == [SECONDS * 2]


async def test_a_lease_that_was_long_in_coming_counts_from_when_it_was_asked_for() -> None:
    async with holding(slow=15) as office:
        assert office.store.renewed == [15]


async def test_who_must_not_wait_is_told_to_come_again() -> None:
    async with holding() as office:
        office.store.away = True
        await office.clock.advance(20)
        office.tenure.check()
        await office.clock.advance(0.5)
        with pytest.raises(StoreUnavailable):
            office.tenure.check()


async def test_nothing_is_done_after_the_lease_was_given_back() -> None:
    """Whoever waits for it then waits no longer."""
    async with holding() as office:
        office.work.cancel()
        office.clock.jump(SECONDS)
        waits = asyncio.create_task(office.tenure.assured())
        await office.clock.advance(0)
        await office.tenure.end()
        late = asyncio.create_task(office.tenure.assured())
        answer = asyncio.create_task(office.tenure.may_speak())
        await asyncio.wait([waits, late, answer], timeout=5)
        assert all(task.cancelled() for task in (waits, late, answer))
        assert office.store.renewed == []
        with pytest.raises(StoreUnavailable):
            office.tenure.check()
        assert office.store.released == [office.tenure.lease]
