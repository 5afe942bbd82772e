"""After a restart, what counts is when a generation ended, however long ago it was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.generation import Generation, Status
from domain.matching import match
from domain.slots import Slot
from domain.steps import LATE_RESULTS
from services.database.sqlite import SqliteGenerationStore
from services.generation.tracker import Tracker
from tests.builders import NOW, asked, grid
from tests.contract.databases import LeasedStore, done
from tests.database_template import put_into
from tests.fakes import FakeClock

PAGE = 100
A_DAY = LATE_RESULTS.total_seconds()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def worker(tmp_path: Path, clock: FakeClock) -> AsyncGenerator[LeasedStore]:
    store = await SqliteGenerationStore.open(await put_into(tmp_path), clock=clock)
    yield LeasedStore(store, (await store.acquire_lease("test", 30)).fence)
    await store.close()


async def loaded(worker: LeasedStore, clock: FakeClock) -> Tracker:
    """Return what a new process knows."""
    known = Tracker(clock)
    await known.load(worker.store)
    return known


async def begun(worker: LeasedStore) -> Generation:
    """Return a generation that Midjourney has the job of."""
    row = await worker.claimed()
    return done(await worker.update(row, row.with_step(Slot.GRID, asked(progress_message_id=100))))


async def test_late_result_finds_what_was_asked_for_long_ago(
    worker: LeasedStore, clock: FakeClock
) -> None:
    """Many were asked for after it, and all of them ended before."""
    row = await begun(worker)
    for _ in range(PAGE):
        await worker.moved(await worker.accepted(), Status.CANCELLED)
    clock.jump(30 * A_DAY)
    await worker.moved(row, Status.FAILED)
    clock.jump(3600)
    known = await loaded(worker, clock)
    found = match(grid(reference_id=100), known.candidates())
    assert found is not None
    assert found.generation_id == row.id


async def test_everything_that_ended_lately_is_known(worker: LeasedStore, clock: FakeClock) -> None:
    """Also if more than a page ended at the same moment."""
    rows = [await worker.accepted() for _ in range(PAGE + 1)]
    for row in rows:
        await worker.moved(row, Status.CANCELLED)
    known = await loaded(worker, clock)
    assert {row.id for row in known.candidates()} == {row.id for row in rows}


@pytest.mark.parametrize(("ago", "is_known"), [(A_DAY, True), (A_DAY + 1, False)])
async def test_what_ended_long_ago_is_not(
    worker: LeasedStore, clock: FakeClock, ago: float, is_known: bool
) -> None:
    row = await worker.moved(await begun(worker), Status.FAILED)
    clock.jump(ago)
    assert ((await loaded(worker, clock)).get(row.id) is not None) == is_known
