"""An empty SQLite database, and a connection to it by hand."""

import asyncio
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from services.database.sqlite import SqliteGenerationStore


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty database once; each test gets a copy."""

    async def make(at: Path) -> None:
        await (await SqliteGenerationStore.open(at)).close()

    at = tmp_path_factory.mktemp("empty") / "atelier.sqlite3"
    asyncio.run(make(at))
    return at


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path))


@pytest.fixture
def plain(path: Path) -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection
