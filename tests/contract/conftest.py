"""Runs every test of the store's contract once for each database."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from domain.ports import GenerationStore
from tests.contract.databases import (
    Database,
    LeasedStore,
    MemoryDatabase,
    SqliteDatabase,
    SupabaseDatabase,
)
from tests.fakes import FakeClock
from tests.supabase_server import SupabaseServer
from tools.postgres import Cluster


@pytest.fixture(params=["sqlite", "memory", pytest.param("supabase", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Database]:
    if request.param == "sqlite":
        yield SqliteDatabase(tmp_path / "atelier.sqlite3", FakeClock())
        return
    if request.param == "memory":
        yield MemoryDatabase(FakeClock())
        return
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    cluster: Cluster = request.getfixturevalue("cluster")
    supabase = SupabaseDatabase(server.url, server.secret_key, server.database_url)
    before = cluster.complaints()
    supabase.empty()
    yield supabase
    assert cluster.complaints() == before
    supabase.empty()  # above all the lease, which other tests need


@pytest.fixture
async def store(database: Database) -> AsyncGenerator[GenerationStore]:
    opened = await database.open()
    yield opened
    await opened.close()


@pytest.fixture
async def worker(store: GenerationStore) -> LeasedStore:
    return LeasedStore(store, (await store.acquire_lease("the first", 30)).fence)


@pytest.fixture
async def twin(database: Database, worker: LeasedStore) -> AsyncGenerator[LeasedStore]:
    """Yield a second connection with the same fence; the two share only the database."""
    opened = await database.open()
    yield LeasedStore(opened, worker.fence)
    await opened.close()
