"""What a move meets: a dry run, a full disk, another process, Ctrl-C between."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from cli.exit import Exit
from cli.moving import READY
from domain.errors import LeaseHeld, StoreRefused
from services.database.rows import Row
from services.database.sqlite.connection import SqliteConnection
from services.database.sqlite.migrations import migrate
from services.moving.folder import NewSqliteRows
from services.moving.journal import NAME, Journal
from services.settings import StorageSettings
from services.stores import open_stores
from services.web_server import WebServer
from tests.contract.databases import SupabaseDatabase
from tests.fakes import FakeClock
from tests.fault_proxy import Fault, FaultProxy
from tests.storage.moving_harness import (
    DATABASE,
    MovingSettings,
    held,
    move,
    try_out,
    unpaused,
    worker_begins,
)

UPLOAD = "POST /storage/v1/object/"

pytestmark = pytest.mark.postgres


async def test_a_dry_run_counts_and_changes_neither_end(
    settings: MovingSettings, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, back = await held(folder), replace(settings, data_dir=tmp_path / "back")
    missing = min((folder / "pictures").rglob("*.png"))
    missing.rename(tmp_path / "missing.png")
    assert await try_out(settings, "supabase") is Exit.DONE
    key = f"{missing.parent.name}/{missing.name}"
    said = f"4 pictures (0 MB).\n{key} is not there.\n{READY}\n"
    assert (
        capsys.readouterr().out == f"7 generations with 7 events, 7 favourites, 2 presets.\n{said}"
    )
    (tmp_path / "missing.png").rename(missing)
    assert await held(folder) == before
    assert not (folder / NAME).exists()
    assert await move(settings, "supabase") is Exit.DONE
    assert await try_out(back, "folder") is Exit.DONE
    assert f"2 presets.\n5 pictures (0 MB).\n{READY}\n" in capsys.readouterr().out
    assert [path.name for path in back.data_dir.iterdir()] == [f"{DATABASE}.lock"]
    await worker_begins(settings)


async def test_a_dry_run_says_what_would_keep_a_move_from_beginning(
    settings: MovingSettings, database: SupabaseDatabase
) -> None:
    with pytest.raises(StoreRefused, match="has a database already"):
        await try_out(settings, "folder")
    database.run("UPDATE leases SET owner = 'it', expires_at = now() + interval '1 minute'")
    with pytest.raises(LeaseHeld, match="a worker is at work on the project"):
        await try_out(settings, "supabase")
    database.run("UPDATE leases SET expires_at = now()")
    database.run("INSERT INTO presets VALUES (1, 'noir', 'rain', 1, 'Ann', now())")
    with pytest.raises(StoreRefused, match="needs an empty one"):
        await try_out(settings, "supabase")


async def test_a_dry_run_knows_what_an_interrupted_move_has_brought(
    settings: MovingSettings, fault_proxy: FaultProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    fault_proxy.arm(*[Fault.answer(503)] * 3, only="POST /rest/v1/rpc/write_rows")
    assert await move(settings, "supabase") is Exit.FAILED
    assert await try_out(settings, "supabase") is Exit.DONE
    assert "5 pictures (0 MB), 5 of them in an earlier run." in capsys.readouterr().out
    with pytest.raises(LeaseHeld, match="was interrupted: run it again"):
        await worker_begins(settings)
    assert await move(settings, "supabase") is Exit.DONE


@pytest.mark.parametrize("begin", [move, try_out])
async def test_a_picture_that_the_bucket_does_not_take_is_told_before_any_is_copied(
    settings: MovingSettings, folder: Path, fault_proxy: FaultProxy, begin: Callable[..., Any]
) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as plain, plain:
        plain.execute(
            "UPDATE generations SET grid_step = json_set(grid_step, '$.size', 50000001)"
            " WHERE status = 'completed'"
        )
    with pytest.raises(StoreRefused, match="largest picture has 50000001 bytes, but the bucket"):
        await begin(settings, "supabase")
    assert not [line for line in fault_proxy.seen if line.startswith(UPLOAD) and "grid" in line]


@pytest.fixture
async def back(settings: MovingSettings, tmp_path: Path) -> MovingSettings:
    """Give the settings of a move back, after one there."""
    assert await move(settings, "supabase") is Exit.DONE
    return replace(settings, data_dir=tmp_path / "back")


@pytest.mark.fault(name="F17")
async def test_a_disk_that_is_full_in_the_middle_loses_nothing(
    back: MovingSettings,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arrived = count(1)

    def full(*_: object) -> None:
        if next(arrived) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("services.storage.folder.flush", full)
        assert await move(back, "folder") is Exit.FAILED
    assert "No space left on device. Run the same again" in capsys.readouterr().err
    await worker_begins(back)
    assert await move(back, "folder") is Exit.DONE
    assert unpaused(await held(back.data_dir)) == unpaused(await held(folder))


@pytest.mark.fault(name="F17")
async def test_a_disk_that_takes_no_rows_loses_nothing(
    back: MovingSettings,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    migrated = migrate

    async def no_more_pages(connection: SqliteConnection) -> None:
        await migrated(connection)
        async with connection.using():
            await connection.rows("PRAGMA max_page_count = 1")  # as many as there are

    with monkeypatch.context() as patched:
        patched.setattr("services.moving.folder.migrate", no_more_pages)
        assert await move(back, "folder") is Exit.FAILED
    assert "disk is full. Run the same again" in capsys.readouterr().err
    assert await move(back, "folder") is Exit.DONE
    assert unpaused(await held(back.data_dir)) == unpaused(await held(folder))


async def test_two_moves_into_a_folder_do_not_disturb_each_other(
    back: MovingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second must not give away the project's lease, which has the same name for both."""

    async def finish(rows: NewSqliteRows, state: Row) -> None:
        with pytest.raises(LeaseHeld, match="another process works on"):
            await move(back, "folder")
        with pytest.raises(LeaseHeld, match="a move is at work on it"):
            await worker_begins(back)
        await finished(rows, state)

    finished = NewSqliteRows.finish
    monkeypatch.setattr(NewSqliteRows, "finish", finish)
    assert await move(back, "folder") is Exit.DONE


async def test_a_worker_does_not_begin_with_a_folder_that_is_being_filled(
    back: MovingSettings, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(*[Fault.answer(503)] * 3, only="POST /rest/v1/rpc/list_rows")
    assert await move(back, "folder") is Exit.FAILED
    here = cast("StorageSettings", replace(back, supabase_url=None))
    async with AsyncExitStack() as opened:
        with pytest.raises(LeaseHeld, match=r"a move into .* is at work, or was interrupted"):
            await open_stores(here, FakeClock(), opened, WebServer("127.0.0.1:0"))
    assert not (back.data_dir / DATABASE).exists()


async def test_a_database_that_came_between_is_not_taken_for_the_one_that_was_brought(
    back: MovingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = Journal.note_end

    def another(journal: Journal) -> None:
        noted(journal)
        (back.data_dir / DATABASE).touch()

    monkeypatch.setattr(Journal, "note_end", another)
    for _ in range(2):
        with pytest.raises(StoreRefused, match="has a database already"):
            await move(back, "folder")
    (back.data_dir / DATABASE).unlink()
    monkeypatch.undo()
    assert await move(back, "folder") is Exit.DONE
