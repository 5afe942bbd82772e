"""Rows and event rows are shown as either database has them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from demo.page.databases import SqliteView
from demo.page.parts import Contents
from demo.page.project_view import ProjectView
from demo.page.state import database_state
from domain.generation import Status
from tests.contract.databases import Database, LeasedStore, SqliteDatabase, SupabaseDatabase
from tests.fakes import FakeClock
from tests.supabase_server import SupabaseServer

View = SqliteView | ProjectView
Opened = tuple[Database, View]


def sqlite(request: pytest.FixtureRequest) -> Opened:
    path: Path = request.getfixturevalue("tmp_path") / "atelier.sqlite3"
    return SqliteDatabase(path, FakeClock()), SqliteView(path)


def project(request: pytest.FixtureRequest) -> Opened:
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    supabase = SupabaseDatabase(server.url, server.secret_key, server.database_url)
    supabase.empty()
    return supabase, ProjectView(server.url, server.secret_key)


@pytest.fixture(params=[sqlite, pytest.param(project, marks=pytest.mark.postgres)])
def opened(request: pytest.FixtureRequest) -> Generator[Opened]:
    make: Callable[[pytest.FixtureRequest], Opened] = request.param
    database, view = make(request)
    yield database, view
    if isinstance(database, SupabaseDatabase):
        database.empty()  # above all the lease, which other tests need


async def test_a_row_and_its_events_are_read_while_another_process_writes(opened: Opened) -> None:
    database, view = opened
    store = await database.open()
    worker = LeasedStore(store, (await store.acquire_lease("the bot", 30)).fence)
    await worker.accepted(prompt="a cat")
    await worker.accepted(prompt="a dog", command_message_id=4002)
    assert [row["prompt"] for row in (await view.read()).rows] == ["a dog", "a cat"]
    await worker.claim()
    contents = await view.read()
    told = database_state(contents, lambda _: 31)
    assert told["work"]["prompt"] == "a cat"
    assert [each["prompt"] for each in told["queue"]] == ["a dog"]
    newest = told["events"][0]
    assert newest["code"] == told["work"]["code"]
    assert (newest["status_before"], newest["status_after"]) == (Status.QUEUED, Status.SUBMITTING)
    await view.close()
    await store.close()


async def test_where_there_is_no_database_yet_nothing_is_shown(tmp_path: Path) -> None:
    assert await SqliteView(tmp_path / "none.sqlite3").read() == Contents()


async def test_a_project_that_does_not_answer_shows_nothing() -> None:
    view = ProjectView("http://127.0.0.1:9", "sb_secret_x")
    assert await view.read() == Contents()
    await view.close()
