"""Everything goes from the folder to a project and back, also after kills in the middle."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from cli.exit import Exit
from domain.errors import LeaseHeld, StoreRefused
from domain.reasons import Reason
from services.database.sqlite import SqliteGenerationStore
from services.moving.journal import NAME, Journal
from services.moving.tables import NOT_MOVED, STATE, TABLES
from tests.contract.databases import SupabaseDatabase
from tests.fault_proxy import Fault, FaultProxy
from tests.storage.moving_harness import (
    DATABASE,
    MovingSettings,
    filled,
    held,
    move,
    unpaused,
    worker_begins,
)
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

DOCS = Path(__file__).parents[2] / "docs"
UPLOAD = "POST /storage/v1/object/"


async def test_all_that_a_folder_has_is_there_again_after_both_moves(
    settings: MovingSettings, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, back = await held(folder), replace(settings, data_dir=tmp_path / "back")
    assert await move(settings, "supabase") is Exit.DONE
    assert "7 generations with 7 events, 7 favourites, 2 presets." in capsys.readouterr().out
    assert await move(back, "folder") is Exit.DONE
    names = sorted(path.name for path in back.data_dir.iterdir())
    assert names == [DATABASE, f"{DATABASE}.lock", "pictures"]
    after = await held(back.data_dir)
    assert after == before
    assert len([name for name in after if name.endswith(".png")]) == 5
    left = await held(folder)
    assert unpaused(left) == unpaused(before)
    assert left[STATE]["paused_words"] == Reason.MOVED


async def test_what_has_lost_its_old_events_goes_there_and_back(
    settings: MovingSettings, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = await SqliteGenerationStore.open(folder / DATABASE)
    span = await store.events.list_old(datetime.max.replace(tzinfo=UTC), after=0, limit=99)
    assert span is not None
    assert await store.events.delete(span) == 4
    await store.close()
    before = await held(folder)
    assert await move(settings, "supabase") is Exit.DONE
    assert "7 generations with 3 events" in capsys.readouterr().out
    back = replace(settings, data_dir=tmp_path / "back")
    assert await move(back, "folder") is Exit.DONE
    assert await held(back.data_dir) == before


async def test_each_table_of_both_databases_is_moved_or_known_not_to_be(
    settings: MovingSettings, folder: Path, supabase_server: SupabaseServer
) -> None:
    """A table, or a column of one, that is new in one database must be handled here."""
    columns: dict[str, dict[str, set[str]]] = {"sqlite": {}, "supabase": {}}
    with closing(sqlite3.connect(folder / DATABASE)) as plain:
        tables = plain.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'prompts%'"  # the words of prompts follow the prompts
        )
        for (table,) in tables.fetchall():
            found = plain.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
            columns["sqlite"][table] = {column for (column,) in found}
    with psycopg.connect(supabase_server.database_url) as connection:
        for table, column in connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ):
            columns["supabase"].setdefault(table, set()).add(column)
    moved = {table.name for table in TABLES} | {STATE}
    assert columns["sqlite"] == columns["supabase"]
    assert columns["sqlite"].keys() == moved | NOT_MOVED.keys()


async def test_every_column_has_a_value_somewhere_in_what_is_compared(folder: Path) -> None:
    everything = await held(folder)
    for table in TABLES:
        rows = everything[table.name]
        assert {name for name in rows[0] if all(row[name] is None for row in rows)} == set()


async def test_a_move_goes_on_where_an_outage_cut_it_off(
    settings: MovingSettings,
    folder: Path,
    fault_proxy: FaultProxy,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault_proxy.arm(*[Fault.answer(503)] * 12, only="POST /rest/v1/rpc/write_rows")
    assert await move(settings, "supabase") is Exit.FAILED
    assert "Run the same again" in capsys.readouterr().err
    assert (folder / NAME).exists()
    with pytest.raises(LeaseHeld, match="was interrupted: run it again"):
        await worker_begins(settings)
    while fault_proxy.armed:
        await move(settings, "supabase")
    fault_proxy.seen.clear()
    assert await move(settings, "supabase") is Exit.DONE
    assert "5 pictures (0 MB), 5 of them in an earlier run" in capsys.readouterr().out
    uploads = [
        line
        for line in fault_proxy.seen
        if line.startswith(f"{UPLOAD}{settings.supabase_bucket}/") and "grid" in line
    ]
    assert uploads == []
    assert not (folder / NAME).exists()
    await worker_begins(settings)


async def test_a_project_that_has_something_is_not_written_to(
    settings: MovingSettings, folder: Path, database: SupabaseDatabase
) -> None:
    database.run("INSERT INTO people VALUES (1, true, 1, now())")
    with pytest.raises(StoreRefused, match="needs an empty one"):
        await move(settings, "supabase")
    assert (await held(folder))[STATE]["paused_words"] == "tea"


async def test_a_project_that_was_emptied_as_the_page_says_is_moved_to_again(
    settings: MovingSettings, folder: Path, tmp_path: Path, supabase_server: SupabaseServer
) -> None:
    before = await held(folder)
    assert await move(settings, "supabase") is Exit.DONE
    page = (DOCS / "operating.md").read_text(encoding="utf-8")
    (statements,) = (part for part in page.split("```") if part.strip().startswith("truncate"))
    with psycopg.connect(supabase_server.database_url) as connection:
        for statement in filter(str.strip, statements.split(";")):
            connection.execute(statement.encode())
    assert await move(settings, "supabase") is Exit.DONE
    back = replace(settings, data_dir=tmp_path / "back")
    assert await move(back, "folder") is Exit.DONE
    assert unpaused(await held(back.data_dir)) == unpaused(before)


async def test_another_folder_does_not_go_on_with_an_unfinished_move(
    settings: MovingSettings, tmp_path: Path, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(*[Fault.answer(503)] * 3, only="POST /rest/v1/rpc/write_rows")
    assert await move(settings, "supabase") is Exit.FAILED
    (tmp_path / "other").mkdir()
    other = replace(settings, data_dir=await filled(tmp_path / "other"))
    with pytest.raises(StoreRefused, match="another move into this project"):
        await move(other, "supabase")


async def test_nothing_is_moved_from_under_a_worker(
    settings: MovingSettings, folder: Path, tmp_path: Path, database: SupabaseDatabase
) -> None:
    worker = await SqliteGenerationStore.open(folder / DATABASE)
    await worker.acquire_lease("worker", 30)
    with pytest.raises(LeaseHeld, match="a worker is at work on this database"):
        await move(settings, "supabase")
    await worker.close()
    database.run("INSERT INTO leases VALUES ('worker', 'it', 1, now() + interval '1 minute')")
    with pytest.raises(LeaseHeld, match="a worker is at work on the project"):
        await move(settings, "supabase")
    with pytest.raises(LeaseHeld, match="a worker is at work on the project"):
        await move(replace(settings, data_dir=tmp_path / "back"), "folder")


async def test_a_folder_with_a_database_is_not_written_to(settings: MovingSettings) -> None:
    with pytest.raises(StoreRefused, match="has a database already"):
        await move(settings, "folder")


async def test_a_folder_without_one_has_nothing_to_move(
    settings: MovingSettings, tmp_path: Path
) -> None:
    with pytest.raises(StoreRefused, match="nothing to move"):
        await move(replace(settings, data_dir=tmp_path / "empty"), "supabase")


async def test_without_a_project_the_settings_are_named(
    settings: MovingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await move(replace(settings, supabase_url=None), "folder") is Exit.SETTINGS_WRONG
    assert "SUPABASE_URL and SUPABASE_KEY" in capsys.readouterr().err


async def test_what_a_folder_lacks_and_what_was_changed_by_hand_is_named(
    settings: MovingSettings, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, changed, *_ = sorted((folder / "pictures").rglob("*.png"))
    missing.unlink()
    changed.write_bytes(b"by hand")
    assert await move(settings, "supabase") is Exit.DONE
    said = capsys.readouterr().out
    assert f"{missing.parent.name}/{missing.name} was not there." in said
    assert f"{changed.parent.name}/{changed.name} differs from what its row says" in said


def test_a_journal_with_a_line_that_was_cut_off_goes_on_without_it(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, "there")
    journal.note("a/grid.png", "1" * 64)
    with (tmp_path / NAME).open("a") as file:
        file.write(f"\n{'2' * 64} b/grid.png")
    again = Journal.open(tmp_path, "there")
    again.note("c/grid.png", "3" * 64)
    third = Journal.open(tmp_path, "there")
    assert third.id == journal.id
    assert third.has("a/grid.png", "1" * 64)
    assert third.has("c/grid.png", "3" * 64)
    assert not third.has("b/grid.png", "2" * 64)
    assert Journal.open(tmp_path, "elsewhere").id != journal.id
