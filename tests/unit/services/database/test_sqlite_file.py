"""The file of the database: who may read it beside the bot, and what if it cannot be had."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import StoreRefused, StoreUnavailable
from domain.generation import Status
from domain.ports import Query
from services.database.sqlite import SqliteGenerationStore, open_read_only
from services.database.sqlite.connection import SqliteConnection
from tests.builders import NOW
from tests.contract.databases import LeasedStore
from tests.fakes import FakeClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "atelier.sqlite3"


@pytest.fixture
async def worker(path: Path) -> AsyncGenerator[LeasedStore]:
    store = await SqliteGenerationStore.open(path, clock=FakeClock())
    yield LeasedStore(store, (await store.acquire_lease("the first", 30)).fence)
    await store.close()


async def test_times_are_those_of_the_clock(path: Path) -> None:
    clock = FakeClock()
    store = await SqliteGenerationStore.open(path, clock=clock)
    worker = LeasedStore(store, (await store.acquire_lease("the first", 30)).fence)
    created = await worker.accepted()
    await clock.advance(5)
    changed = await worker.moved(created, Status.CANCELLED)
    assert (changed.created_at - NOW).total_seconds() == 0
    assert (changed.updated_at - NOW).total_seconds() == 5
    await store.close()


async def test_everything_is_there_after_a_restart(worker: LeasedStore, path: Path) -> None:
    row = await worker.with_grid()
    await worker.store.close()
    again = await SqliteGenerationStore.open(path)
    assert await again.get_generation(row.id) == row
    await again.close()


async def test_what_comes_after_the_end_finds_it_unavailable(worker: LeasedStore) -> None:
    """A command may be under way while the process ends; the next one finds it again."""
    row = await worker.with_grid()
    await worker.store.close()
    with pytest.raises(StoreUnavailable):
        await worker.store.get_generation(row.id)
    with pytest.raises(StoreUnavailable):
        await worker.store.set_mark(1, fence=worker.fence)


async def test_the_file_is_read_beside_a_running_bot(worker: LeasedStore, path: Path) -> None:
    active = await worker.claimed()
    waiting = await worker.accepted()
    reader = await open_read_only(path)
    assert await reader.list_generations(Query()) == [waiting, active]
    assert await reader.get_generation(waiting.code) == waiting
    assert await reader.get_processing_generation() == active
    assert await reader.place_in_queue(waiting.id) == 1
    newer = await worker.accepted()
    assert await reader.get_generation(newer.id) == newer
    await reader.close()


async def test_reading_beside_does_not_hold_up_the_bot(worker: LeasedStore, path: Path) -> None:
    row = await worker.accepted()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM generations").fetchone() == (1,)
        await worker.moved(row, Status.CANCELLED)


async def test_the_file_is_read_when_no_bot_runs(worker: LeasedStore, path: Path) -> None:
    row = await worker.accepted()
    await worker.store.close()
    reader = await open_read_only(path)
    assert await reader.list_generations(Query()) == [row]
    await reader.close()


async def test_reading_makes_no_file(path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"atelier\.sqlite3"):
        await open_read_only(path)
    assert not path.exists()  # noqa: ASYNC240 -- nothing else runs that could be held up


async def test_a_reader_writes_nothing(worker: LeasedStore, path: Path) -> None:
    await worker.accepted()
    beside = await SqliteConnection.open_read_only(path)
    with pytest.raises(StoreUnavailable, match="readonly"):
        async with beside.changing():
            await beside.rows("DELETE FROM generations")
    await beside.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "atelier.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreRefused, match=r"not a database; move it away, with"):
        await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3")


async def test_a_database_that_is_damaged_is_refused_and_not_tried_for_ever(
    worker: LeasedStore, path: Path
) -> None:
    await worker.accepted()
    await worker.store.close()
    await asyncio.to_thread(damage, path)
    with pytest.raises(StoreRefused, match=r"malformed; move it away, with"):
        await read_all(path)


def damage(path: Path) -> None:
    """Leave the first page alone, so that it still looks like a database."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


async def read_all(path: Path) -> None:
    store = await SqliteGenerationStore.open(path)
    try:
        await store.list_generations(Query())
    finally:
        await store.close()


async def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        await SqliteGenerationStore.open(tmp_path / "file" / "atelier.sqlite3")


async def test_a_lock_file_that_cannot_be_opened_is_unavailable(path: Path) -> None:
    lock = path.with_name(f"{path.name}.lock")
    lock.mkdir(parents=True)
    with pytest.raises(StoreUnavailable, match="lock"):
        await SqliteGenerationStore.open(path)
    await asyncio.to_thread(path.touch)  # as a process leaves it that is killed at once
    store = await SqliteGenerationStore.open(path)
    with pytest.raises(StoreUnavailable, match="lock"):
        await store.acquire_lease("the first", 30)
    await store.close()


async def test_a_lease_that_could_not_be_written_is_not_kept(
    worker: LeasedStore, path: Path
) -> None:
    await worker.store.close()
    store = await SqliteGenerationStore.open(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("ALTER TABLE leases RENAME TO away")
        with pytest.raises(StoreUnavailable):
            await store.acquire_lease("the first", 30)
        other.execute("ALTER TABLE away RENAME TO leases")
    second = await SqliteGenerationStore.open(path)
    assert (await second.acquire_lease("the second", 30)).fence == worker.fence + 1
    await second.close()
    await store.close()


async def test_a_lease_that_cannot_be_given_back_is_no_obstacle(path: Path) -> None:
    store = await SqliteGenerationStore.open(path)
    lease = await store.acquire_lease("the first", 30)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("ALTER TABLE leases RENAME TO away")
        with pytest.raises(StoreUnavailable):
            await store.release_lease(lease)
        other.execute("ALTER TABLE away RENAME TO leases")
    next_one = await SqliteGenerationStore.open(path)
    await next_one.acquire_lease("the second", 30)
    await next_one.close()
    await store.close()
