"""The page can take the database away: the bot cannot write, and the page goes on reading."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest

from demo.page.databases import SqliteView
from demo.page.project_view import ProjectView
from demo.page.requests import BadRequest
from demo.page.store_outage import locked_file, locked_project, store_outage
from tests.contract.databases import LeasedStore, SqliteDatabase, SupabaseDatabase
from tests.fakes import FakeClock
from tests.postgres.cluster import Provoked
from tests.supabase_server import SupabaseServer

CHANGE = "UPDATE generations SET prompt = 'a dog'"


@dataclass(frozen=True)
class LockedDatabase:
    """A database, its lock, and a try of another process to write to it, without waiting."""

    database: SqliteDatabase | SupabaseDatabase
    view: SqliteView | ProjectView
    lock: Callable[[], AbstractAsyncContextManager[None]]
    write: Callable[[], None]


def of_file(request: pytest.FixtureRequest) -> LockedDatabase:
    path: Path = request.getfixturevalue("tmp_path") / "atelier.sqlite3"

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=0)) as file, file:
            file.execute(CHANGE)

    database = SqliteDatabase(path, FakeClock())
    return LockedDatabase(database, SqliteView(path), partial(locked_file, path), write)


def of_project(request: pytest.FixtureRequest) -> LockedDatabase:
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    provoked: Provoked = request.getfixturevalue("provoked")
    provoked("canceling statement due to lock timeout")
    database = SupabaseDatabase(server.url, server.secret_key, server.database_url)
    database.empty()

    def write() -> None:
        with psycopg.connect(server.database_url, options="-c lock_timeout=50") as connection:
            connection.execute(CHANGE)

    view = ProjectView(server.url, server.secret_key)
    return LockedDatabase(database, view, partial(locked_project, server.database_url), write)


@pytest.fixture(params=[of_file, pytest.param(of_project, marks=pytest.mark.postgres)])
def locked(request: pytest.FixtureRequest) -> Generator[LockedDatabase]:
    make: Callable[[pytest.FixtureRequest], LockedDatabase] = request.param
    locked = make(request)
    yield locked
    if isinstance(locked.database, SupabaseDatabase):
        locked.database.empty()


async def test_nobody_else_can_write_until_it_is_over(locked: LockedDatabase) -> None:
    store = await locked.database.open()
    worker = LeasedStore(store, (await store.acquire_lease("the bot", 30)).fence)
    await worker.accepted(prompt="a cat")
    async with locked.lock():
        with pytest.raises((sqlite3.OperationalError, psycopg.errors.LockNotAvailable)):
            await asyncio.to_thread(locked.write)
        assert [row["prompt"] for row in (await locked.view.read()).rows] == ["a cat"]
    await asyncio.to_thread(locked.write)
    assert [row["prompt"] for row in (await locked.view.read()).rows] == ["a dog"]
    await locked.view.close()
    await store.close()


async def test_it_is_taken_away_once_at_a_time_and_given_back_at_the_end() -> None:
    begun, over = asyncio.Event(), list[str]()

    @asynccontextmanager
    async def lock() -> AsyncGenerator[None]:
        begun.set()
        try:
            yield
        finally:
            over.append("given back")

    control = store_outage(lock, 3600.0)
    first = asyncio.ensure_future(control.run())
    await begun.wait()
    with pytest.raises(BadRequest, match="already"):
        await control.run()
    first.cancel()
    await asyncio.wait([first])
    assert over == ["given back"]
