"""The version of an SQLite database: made, brought up to date, and refused where it is another."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import LeaseHeld, StoreUnavailable, WrongSchema
from services.database.sqlite import SqliteGenerationStore, open_read_only
from services.database.sqlite import migrations as migrations_module
from services.database.sqlite.connection import SqliteConnection
from services.database.sqlite.migrations import SCRIPTS, VERSION, migrate
from tests.unit.services.database.sqlite_harness import insert


def test_the_file_says_its_version(plain: sqlite3.Connection) -> None:
    assert plain.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_scripts_are_numbered_without_a_gap() -> None:
    assert [int(script.name[:4]) for script in SCRIPTS] == list(range(1, VERSION + 1))


async def test_a_database_of_newer_code_is_refused(path: Path, plain: sqlite3.Connection) -> None:
    plain.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(WrongSchema, match="update the program"):
        await SqliteGenerationStore.open(path)
    with pytest.raises(WrongSchema, match="update the program"):
        await open_read_only(path)


async def test_a_database_of_older_code_is_not_read_beside(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "empty.sqlite3")) as empty:
        empty.execute("CREATE TABLE other (a)")
    with pytest.raises(WrongSchema, match="start the bot once"):
        await open_read_only(tmp_path / "empty.sqlite3")


async def test_a_further_script_is_run_once_on_what_is_there(
    path: Path, plain: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = insert(plain)
    further = tmp_path / "0002_mood.sql"
    further.write_text("-- Moods; all of them.\nALTER TABLE generations ADD COLUMN mood TEXT;\n")
    monkeypatch.setattr(migrations_module, "SCRIPTS", [*SCRIPTS, further])
    monkeypatch.setattr(migrations_module, "VERSION", VERSION + 1)
    for _ in range(2):
        await (await SqliteGenerationStore.open(path)).close()
    assert plain.execute("SELECT id, mood FROM generations").fetchall() == [(kept, None)]
    assert plain.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


async def test_a_database_is_not_changed_under_older_code_that_works_on_it(
    path: Path, plain: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = await SqliteGenerationStore.open(path)
    await older.acquire_lease("older code", 30)
    further = tmp_path / "0002_mood.sql"
    further.write_text("ALTER TABLE generations ADD COLUMN mood TEXT;\n")
    monkeypatch.setattr(migrations_module, "SCRIPTS", [*SCRIPTS, further])
    monkeypatch.setattr(migrations_module, "VERSION", VERSION + 1)
    with pytest.raises(LeaseHeld):
        await SqliteGenerationStore.open(path)
    assert plain.execute("PRAGMA user_version").fetchone() == (VERSION,)
    await older.close()
    newer = await SqliteGenerationStore.open(path)
    await newer.acquire_lease("newer code", 30)
    assert plain.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    await newer.close()


async def test_a_script_that_fails_leaves_nothing_behind(
    path: Path, plain: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "0002_broken.sql"
    broken.write_text("CREATE TABLE half (a);\nCREATE TABLE generations (a);\n")
    monkeypatch.setattr(migrations_module, "SCRIPTS", [*SCRIPTS, broken])
    monkeypatch.setattr(migrations_module, "VERSION", VERSION + 1)
    with pytest.raises(StoreUnavailable, match="already exists"):
        await SqliteGenerationStore.open(path)
    assert plain.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert plain.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []


async def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    """Both have seen an empty file before the first of them makes its tables."""
    first, second = [await SqliteConnection.open(tmp_path / "new.sqlite3") for _ in range(2)]
    await migrate(first)
    await migrate(second)
    await first.close()
    await second.close()
