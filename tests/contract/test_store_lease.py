"""The store's contract: only the holder of the highest fence changes anything."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace

import pytest

from domain.errors import LeaseHeld
from domain.generation import Status
from domain.ports import Change, GenerationStore, Outcome
from domain.slots import Slot
from tests.builders import generation, new_generation
from tests.contract.databases import Database, LeasedStore, done


@pytest.fixture
async def second(database: Database) -> AsyncGenerator[GenerationStore]:
    opened = await database.open()
    yield opened
    await opened.close()


async def test_a_held_lease_is_refused(store: GenerationStore, second: GenerationStore) -> None:
    lease = await store.acquire_lease("the first", 30)
    with pytest.raises(LeaseHeld):
        await second.acquire_lease("the second", 30)
    assert await store.renew_lease(lease, 30)


async def test_a_released_lease_is_taken_at_once_with_a_higher_fence(
    store: GenerationStore, second: GenerationStore
) -> None:
    first_lease = await store.acquire_lease("the first", 30)
    await store.release_lease(first_lease)
    second_lease = await second.acquire_lease("the second", 30)
    assert second_lease.owner == "the second"
    assert second_lease.fence > first_lease.fence


async def test_the_lease_of_a_dead_process_is_taken_with_a_higher_fence(
    database: Database, store: GenerationStore, second: GenerationStore
) -> None:
    lease = await store.acquire_lease("the first", 30)
    await database.holder_dies(store)
    assert (await second.acquire_lease("the second", 30)).fence > lease.fence


async def test_a_restart_with_the_same_name_has_a_higher_fence(
    database: Database, store: GenerationStore, second: GenerationStore
) -> None:
    lease = await store.acquire_lease("the same", 30)
    await database.holder_dies(store)
    assert (await second.acquire_lease("the same", 30)).fence > lease.fence


async def test_only_the_holder_renews(database: Database, second: GenerationStore) -> None:
    first = await database.open()
    old = await first.acquire_lease("the first", 30)
    await database.holder_dies(first)
    new = await second.acquire_lease("the second", 30)
    assert await second.renew_lease(new, 30)
    assert not await second.renew_lease(old, 30)
    for ours_in_part in (replace(new, owner=old.owner), replace(new, fence=old.fence)):
        assert not await second.renew_lease(ours_in_part, 30)


async def test_a_lease_that_is_gone_releases_nothing(
    database: Database, store: GenerationStore, second: GenerationStore
) -> None:
    first = await database.open()
    old = await first.acquire_lease("the first", 30)
    await database.holder_dies(first)
    await second.acquire_lease("the second", 30)
    await second.release_lease(old)
    with pytest.raises(LeaseHeld):
        await store.acquire_lease("the third", 30)


Call = Callable[[LeasedStore], Awaitable[Change]]


async def create(by: LeasedStore) -> Change:
    return await by.create(new_generation())


async def claim(by: LeasedStore) -> Change:
    return await by.claim()


async def update(by: LeasedStore) -> Change:
    row = (await by.store.get_generation("waits2")) or generation()
    return await by.update(row, replace(row, status=Status.CANCELLED))


async def record(by: LeasedStore) -> Change:
    row = (await by.store.get_generation("waits2")) or generation()
    return await by.record(row, Slot.GRID)


@pytest.mark.parametrize("call", [create, claim, update, record])
async def test_an_outdated_fence_changes_nothing(
    worker: LeasedStore, database: Database, second: GenerationStore, call: Call
) -> None:
    await worker.accepted(code="waits2")
    await database.holder_dies(worker.store)
    holder = LeasedStore(second, (await second.acquire_lease("the second", 30)).fence)
    tables = ("generations", "generation_events")
    before = [await database.rows(table) for table in tables]
    for fence in (worker.fence, holder.fence + 1, 0):
        change = await call(LeasedStore(second, fence))
        assert (change.outcome, change.generation) == (Outcome.STALE_FENCE, None)
    assert [await database.rows(table) for table in tables] == before
    done(await call(holder))


@pytest.mark.parametrize("call", [create, claim, update, record])
async def test_nothing_changes_before_anybody_has_the_lease(
    store: GenerationStore, database: Database, call: Call
) -> None:
    change = await call(LeasedStore(store, 0))
    assert change.outcome == Outcome.STALE_FENCE
    assert await database.rows("generations") == []
