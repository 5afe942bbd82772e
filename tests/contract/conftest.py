"""Every test of the store's contract runs once for each database."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.ports import GenerationStore
from tests.contract.databases import Database, SqliteDatabase, Worker
from tests.fakes import FakeClock


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    match request.param:
        case "sqlite":
            return SqliteDatabase(tmp_path / "atelier.sqlite3", FakeClock())
        case _:
            raise AssertionError(request.param)


@pytest.fixture
async def store(database: Database) -> AsyncGenerator[GenerationStore]:
    opened = await database.open()
    yield opened
    await opened.close()


@pytest.fixture
async def worker(store: GenerationStore) -> Worker:
    return Worker(store, (await store.acquire_lease("the first", 30)).fence)


@pytest.fixture
async def twin(database: Database, worker: Worker) -> AsyncGenerator[Worker]:
    """Give a second connection with the same fence: only the database is between the two."""
    opened = await database.open()
    yield Worker(opened, worker.fence)
    await opened.close()
