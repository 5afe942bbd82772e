"""What is special to SQLite: its errors, the thread behind it, how statements find rows."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import StoreUnavailable
from domain.generation import Status
from domain.pause import Pause
from domain.ports import Person, Query
from domain.slots import Slot
from services.database.sqlite import SqliteGenerationStore
from services.database.sqlite.connection import Parameters, SqliteConnection
from services.database.sqlite.lease import SqliteLease
from services.database.sqlite.migrations import migrate
from tests.builders import ANN, CHANNEL, NOW, new_generation
from tests.contract.databases import LeasedStore, done
from tests.fakes import FakeClock

LARGEST = 2**63 - 1


class WatchedConnection(SqliteConnection):
    """A connection that keeps what it was asked, and may cancel its task with one statement."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.asked: list[tuple[str, Parameters]] = []
        self.until_cancelled: int | None = None

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        self.asked.append((sql, parameters))
        if self.until_cancelled is not None:
            self.until_cancelled -= 1
            if self.until_cancelled == 0:
                cancel_this_task()
        return await super().rows(sql, parameters)


def cancel_this_task() -> None:
    """Have the next `await` of this task raise `CancelledError`."""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "atelier.sqlite3"


@pytest.fixture
async def connection(path: Path) -> AsyncGenerator[WatchedConnection]:
    opened = await WatchedConnection.open(path)
    await migrate(opened)
    opened.asked.clear()
    yield opened
    await opened.close()


@pytest.fixture
async def worker(connection: WatchedConnection, path: Path) -> AsyncGenerator[LeasedStore]:
    store = SqliteGenerationStore(connection, SqliteLease(connection, path), FakeClock())
    yield LeasedStore(store, (await store.acquire_lease("the first", 30)).fence)
    await store.close()


async def one(connection: SqliteConnection, pragma: str) -> object:
    async with connection.using():
        (row,) = await connection.rows(f"PRAGMA {pragma}")
    return next(iter(row.values()))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("fullfsync", 1), ("foreign_keys", 1)],
)
async def test_a_commit_is_on_the_disk(
    pragma: str,
    value: object,
    path: Path,
    pragmas_that_flush: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.database.sqlite.connection._PRAGMAS", pragmas_that_flush)
    opened = await SqliteConnection.open(path)
    assert await one(opened, pragma) == value
    await opened.close()


async def test_a_database_that_somebody_else_writes_to_is_unavailable(
    worker: LeasedStore, connection: WatchedConnection, path: Path
) -> None:
    await one(connection, "busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            await worker.accepted()
    await worker.accepted()


@pytest.mark.fault(name="F17")
async def test_a_full_disk_is_unavailable_and_changes_nothing(
    worker: LeasedStore, connection: WatchedConnection
) -> None:
    row = await worker.accepted()
    pages = await one(connection, "page_count")
    await one(connection, f"max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="full"):
        await worker.update(row, replace(row, echo="x" * 100_000))
    assert await worker.store.get_generation(row.id) == row
    await one(connection, "max_page_count = 1000000")
    assert done(await worker.update(row, replace(row, echo="x" * 100_000))).version == 2


async def test_a_mistake_of_ours_is_not_taken_for_an_outage(connection: WatchedConnection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with connection.changing():
            await connection.rows("INSERT INTO generation_events DEFAULT VALUES")


async def test_a_reader_sees_nothing_of_a_change_under_way(
    connection: WatchedConnection, worker: LeasedStore
) -> None:
    """There is one connection, so a reader of the same process has to wait."""
    row = await worker.accepted()
    async with connection.changing():
        await connection.rows("UPDATE generations SET echo = 'half'")
        reading = asyncio.create_task(worker.store.get_generation(row.id))
        await connection.rows("UPDATE generations SET echo = NULL")
    assert await reading == row


Call = Callable[[LeasedStore], Awaitable[object]]


async def create(worker: LeasedStore) -> object:
    return await worker.create(new_generation(id="new"))


async def claim(worker: LeasedStore) -> object:
    return await worker.claim()


async def record(worker: LeasedStore) -> object:
    (row,) = await worker.store.list_generations(Query())
    return await worker.record(row, Slot.GRID)


async def cancel(worker: LeasedStore) -> object:
    (row,) = await worker.store.list_generations(Query())
    after = replace(row, status=Status.CANCELLED)
    return await worker.store.update_generation(
        row, after, event="test", fence=worker.fence, command=LARGEST
    )


async def pause(worker: LeasedStore) -> object:
    wanted = Pause(words="a moment", since=NOW)
    return await worker.store.set_pause(wanted, fence=worker.fence, command=LARGEST)


async def allow(worker: LeasedStore) -> object:
    person = Person(id=ANN, allowed=True, by=1, since=NOW)
    return await worker.store.set_person(person, fence=worker.fence, command=LARGEST)


@pytest.mark.parametrize("statement", range(1, 9))
@pytest.mark.parametrize("call", [create, claim, record, cancel, pause, allow])
async def test_a_change_that_is_cancelled_is_not_made_by_half(
    worker: LeasedStore, connection: WatchedConnection, call: Call, statement: int
) -> None:
    await worker.accepted()
    before = await everything(connection)
    connection.until_cancelled = statement
    with suppress(asyncio.CancelledError):
        await asyncio.create_task(as_coroutine(call(worker)))
        connection.until_cancelled = None
        assert await everything(connection) != before
        return
    connection.until_cancelled = None
    assert await everything(connection) == before
    await call(worker)
    assert await everything(connection) != before


async def as_coroutine(call: Awaitable[object]) -> None:
    await call


async def everything(connection: SqliteConnection) -> list[list[dict[str, Any]]]:
    async with connection.using():
        return [
            await connection.rows(f"SELECT * FROM {table}")  # noqa: S608 -- the names below
            for table in ("generations", "generation_events", "queue_state", "people")
        ]


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_a_change_cancelled_at_its_beginning_leaves_nothing_open(
    worker: LeasedStore, turns: int
) -> None:
    task = asyncio.create_task(worker.accepted())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(await worker.store.list_generations(Query())) == 0
    await worker.accepted()


async def test_a_commit_that_is_cancelled_leaves_nothing_open(
    connection: WatchedConnection, worker: LeasedStore
) -> None:
    async def changing() -> None:
        async with connection.changing():
            await connection.rows("UPDATE queue_state SET last_claimed_turn = 7")
            cancel_this_task()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(changing())
    assert (await worker.accepted()).turn in {1, 8}
    assert done(await worker.claim()).status == Status.SUBMITTING


async def test_a_commit_that_fails_is_undone(
    connection: WatchedConnection, worker: LeasedStore
) -> None:
    nobodys = "INSERT INTO generation_events VALUES (1, 'nobody', 'now', '', '', '', 1, '')"

    async def changing() -> None:
        async with connection.changing():
            await connection.rows("PRAGMA defer_foreign_keys = ON")
            await connection.rows(nobodys)

    with pytest.raises(sqlite3.IntegrityError):
        await changing()
    await worker.accepted()


def slow_parts(plan: Iterable[dict[str, Any]]) -> list[str]:
    """Return what of a plan takes longer, the more generations have ended.

    What subqueries read is in the plan as well; those here stop at a limit.
    """
    fine = re.compile(
        r"SCAN (queue_state|people|CONSTANT ROW|\(subquery-\d+\)"
        r"|generations USING .*INDEX (one_active|queue)|one USING .*INDEX favourites_of_all"
        r"|generations USING .*INDEX finished|prompts VIRTUAL TABLE)"
    )
    return [
        step["detail"]
        for step in plan
        if ("SCAN" in step["detail"] and not fine.match(step["detail"]))
        or "TEMP B-TREE" in step["detail"]
    ]


async def test_nothing_gets_slower_with_the_number_of_generations(
    worker: LeasedStore, connection: WatchedConnection
) -> None:
    row = await worker.with_grid()
    await worker.update(row, replace(row, echo="x"))
    waiting = await worker.accepted()
    await worker.create(new_generation(command_message_id=waiting.command_message_id))
    store = worker.store
    await store.get_generation(row.code)
    await store.get_processing_generation()
    await store.place_in_queue(waiting.id)
    await store.list_queue(9)
    await store.get_load(ANN, NOW)
    await store.get_mark()
    await store.list_people()
    for call in (pause, allow):
        await call(worker)
    for author_id in (None, ANN):
        for statuses in (frozenset[Status](), frozenset({Status.FAILED}), frozenset(Status)):
            query = Query(author_id=author_id, statuses=statuses, before_seq=9)
            await store.list_generations(query)
    await store.list_ended(NOW, limit=9)
    await worker.keep(row)
    await store.collection.get_favourite(ANN, row.id)
    for person in (None, ANN):
        await store.collection.list_favourites(CHANNEL, person, offset=3, limit=9)
    await store.collection.search(CHANNEL, ["dusk"], offset=3, limit=9)
    await store.collection.draw(CHANNEL, 0.5)
    asked = [*connection.asked]
    assert len(asked) > 20
    async with connection.using():
        for sql, parameters in asked:
            plan = await connection.rows(f"EXPLAIN QUERY PLAN {sql}", parameters)
            assert (sql, slow_parts(plan)) == (sql, [])


async def test_the_clean_up_reads_nothing_of_the_archived(
    worker: LeasedStore, connection: WatchedConnection
) -> None:
    row = await worker.moved(await worker.accepted(), Status.FAILED)
    connection.asked.clear()
    await worker.store.list_candidates(before_seq=9, limit=9)
    await worker.store.begin_archiving([row.id], unchanged_since=row.updated_at)
    await worker.store.finish_archiving([row.id])
    await worker.store.unarchived([row.id])
    asked = [(sql, parameters) for sql, parameters in connection.asked if "generations" in sql]
    assert len(asked) == 7
    async with connection.using():
        for sql, parameters in asked:
            plan = await connection.rows(f"EXPLAIN QUERY PLAN {sql}", parameters)
            assert (sql, [p for p in slow_parts(plan) if "json_each" not in p]) == (sql, [])
    assert "USING INDEX unarchived (seq<?)" in await plan_of(connection, *asked[0])


async def plan_of(connection: SqliteConnection, sql: str, parameters: Parameters) -> str:
    async with connection.using():
        steps = await connection.rows(f"EXPLAIN QUERY PLAN {sql}", parameters)
    return " ".join(step["detail"] for step in steps)


async def test_rare_statuses_are_found_without_reading_the_others(
    worker: LeasedStore, connection: WatchedConnection
) -> None:
    statuses = frozenset({Status.FAILED, Status.NEEDS_ATTENTION})
    await worker.store.list_generations(Query(statuses=statuses))
    sql, parameters = connection.asked[-1]
    async with connection.using():
        plan = await connection.rows(f"EXPLAIN QUERY PLAN {sql}", parameters)
    searches = [step["detail"] for step in plan if "generations" in step["detail"]]
    assert searches == ["SEARCH generations USING INDEX by_status (status=? AND seq<?)"] * 2
