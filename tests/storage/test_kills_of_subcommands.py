"""`move`, `backup` and `restore` are killed in the middle and run again."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bot
from cli.moving import GO_ON
from services.stores import PICTURES
from tests.forked import Main, forked
from tests.storage import killed
from tests.storage.moving_harness import (
    DATABASE,
    MovingSettings,
    held,
    unpaused,
    worker_begins,
)
from tests.supabase_server import SupabaseServer

pytestmark = [pytest.mark.postgres, pytest.mark.long]

HUNG = 60.0
NOTED, SENT = "services.moving.journal:Journal.note", "services.storage.folder:_store"
PROJECT, FOLDER = "services.moving.project:NewProjectRows", "services.moving.folder:NewSqliteRows"
LAST = "services.moving.move:retire"


@pytest.fixture
def settings(settings: MovingSettings, supabase_server: SupabaseServer) -> MovingSettings:
    """Return them without the proxy, which hears nothing of a kill."""
    return replace(settings, supabase_url=supabase_server.url)


async def ended(
    settings: MovingSettings, folder: Path, main: Main, *words: str
) -> tuple[int | None, str]:
    """Run a process with these settings, and return its exit code and what it said."""
    environment = os.environ | {"DATA_DIR": str(folder), "SUPABASE_BUCKET_PUBLIC": "true"}
    if settings.supabase_url is not None:
        environment |= {
            "SUPABASE_URL": settings.supabase_url,
            "SUPABASE_KEY": settings.supabase_key.get_secret_value(),
            "SUPABASE_BUCKET": settings.supabase_bucket,
        }
    with forked(main, words, environment, folder.parent) as process:
        return await process.ended(HUNG)


async def is_killed(settings: MovingSettings, folder: Path, point: str, *command: str) -> None:
    """Run a subcommand that is killed after the nth call of a function: `function*nth`."""
    function, _, nth = point.partition("*")
    words = ("SIGKILL", function, nth or "1", *command)
    code, said = await ended(settings, folder, killed.main, *words)
    assert code == -signal.SIGKILL, said


async def interrupted(settings: MovingSettings, folder: Path, function: str, to: str) -> None:
    """Press Ctrl-C after the second call of a function in a move."""
    words = ("SIGINT", function, "2", "move", "--to", to)
    code, said = await ended(settings, folder, killed.main, *words)
    assert (code, said.splitlines()[-1]) == (1, f"Interrupted. {GO_ON}".strip())
    assert "Traceback" not in said


def run(*command: str) -> int:
    """Be `bot.py` with these words."""
    return bot.main(command)


async def done(settings: MovingSettings, folder: Path, *command: str) -> str:
    code, said = await ended(settings, folder, run, *command)
    assert code == 0, said
    return said


@pytest.mark.parametrize(
    "points",
    [
        (f"{NOTED}*2", f"{PROJECT}.write*3"),
        (f"{PROJECT}.write*6",),
        (f"{PROJECT}.finish",),
        (LAST,),
    ],
    ids=["pictures, rows", "all rows", "before the source is paused", "at the very end"],
)
async def test_a_move_to_the_project_is_killed_and_goes_on(
    settings: MovingSettings, folder: Path, tmp_path: Path, points: tuple[str, ...]
) -> None:
    before, back = await held(folder), tmp_path / "back"
    for point in points:
        await is_killed(settings, folder, point, "move", "--to", "supabase")
    if points != (LAST,):
        await done(settings, folder, "move", "--to", "supabase")
    await done(settings, back, "move", "--to", "folder")
    assert await held(back) == before
    assert unpaused(await held(folder)) == unpaused(before)


@pytest.mark.parametrize(
    "points",
    [
        (f"{SENT}*2", f"{NOTED}*2", f"{FOLDER}.write*3"),
        ("services.moving.journal:Journal.note_end",),
        (f"{FOLDER}.finish",),
    ],
    ids=["pictures, rows", "before it has its name", "before the source is paused"],
)
async def test_a_move_to_the_folder_is_killed_and_goes_on(
    settings: MovingSettings, folder: Path, tmp_path: Path, points: tuple[str, ...]
) -> None:
    before, back = await held(folder), tmp_path / "back"
    await done(settings, folder, "move", "--to", "supabase")
    for point in points:
        await is_killed(settings, back, point, "move", "--to", "folder")
        assert (back / DATABASE).exists() is point.endswith("finish")
    await done(settings, back, "move", "--to", "folder")
    assert await held(back) == before


@pytest.mark.parametrize("function", [NOTED, f"{PROJECT}.write"])
async def test_ctrl_c_in_a_move_to_the_project_gives_the_folder_back(
    settings: MovingSettings, folder: Path, function: str
) -> None:
    await interrupted(settings, folder, function, "supabase")
    with closing(sqlite3.connect(folder / DATABASE)) as plain:
        (free,) = plain.execute(
            "SELECT expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM leases"
        ).fetchone()
    assert free
    said = await done(settings, folder, "move", "--to", "supabase")
    assert "in an earlier run" in said


@pytest.mark.parametrize("function", [NOTED, f"{FOLDER}.write"])
async def test_ctrl_c_in_a_move_to_the_folder_gives_the_project_back(
    settings: MovingSettings, folder: Path, tmp_path: Path, function: str
) -> None:
    before, back = await held(folder), tmp_path / "back"
    await done(settings, folder, "move", "--to", "supabase")
    await interrupted(settings, back, function, "folder")
    await worker_begins(settings)
    assert "in an earlier run" in await done(settings, back, "move", "--to", "folder")
    assert await held(back) == before


async def test_a_backup_is_killed_and_is_no_file(
    settings: MovingSettings, folder: Path, tmp_path: Path
) -> None:
    here, file = without_project(settings), tmp_path / "backup.tar"
    await is_killed(here, folder, "services.backup:_add*2", "backup", str(file))
    assert not file.exists()
    await done(here, folder, "backup", str(file))
    assert "5 pictures" in await done(here, tmp_path / "back", "restore", str(file))


@pytest.mark.parametrize("point", ["_write", "_write*3", "_compared"])
async def test_a_restore_is_killed_and_leaves_no_database(
    settings: MovingSettings, folder: Path, tmp_path: Path, point: str
) -> None:
    here, file, back = without_project(settings), tmp_path / "backup.tar", tmp_path / "back"
    await done(here, folder, "backup", str(file))
    await is_killed(here, back, f"services.backup:{point}", "restore", str(file))
    assert not (back / DATABASE).exists()
    await done(here, back, "restore", str(file))
    assert await held(back) == await held(folder)
    assert len([*(back / PICTURES).rglob("*.png")]) == 5


def without_project(settings: MovingSettings) -> Any:
    return MovingSettings(settings.data_dir, None, None, "")
