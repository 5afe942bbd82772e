"""`move`, `backup` and `restore` are killed in the middle and run again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from services.stores import PICTURES
from tests.storage.moving_harness import DATABASE, MovingSettings, held, unpaused

pytestmark = [pytest.mark.postgres, pytest.mark.long]

ROOT = Path(__file__).parents[2]
NOTED, SENT = "services.moving.journal:Journal.note", "services.storage.folder:_store"
PROJECT, FOLDER = "services.moving.project:NewProjectRows", "services.moving.folder:NewSqliteRows"
LAST = "services.moving.move:retire"


async def ended(settings: MovingSettings, folder: Path, *command: str) -> tuple[int, str]:
    """Run a process with these settings, and return its exit code and what it said."""
    environment = os.environ | {"DATA_DIR": str(folder), "SUPABASE_BUCKET_PUBLIC": "true"}
    environment |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ['PYTHONPATH']}"}
    if settings.supabase_url is not None:
        environment |= {
            "SUPABASE_URL": settings.supabase_url,
            "SUPABASE_KEY": settings.supabase_key.get_secret_value(),
            "SUPABASE_BUCKET": settings.supabase_bucket,
        }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command),
        cwd=folder.parent,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def killed(settings: MovingSettings, folder: Path, point: str, *command: str) -> None:
    """Run a subcommand that is killed after the nth call of a function: `function*nth`."""
    function, _, nth = point.partition("*")
    code, said = await ended(
        settings, folder, "tests.storage.killed", function, nth or "1", *command
    )
    assert code == -signal.SIGKILL, said


async def done(settings: MovingSettings, folder: Path, *command: str) -> str:
    code, said = await ended(settings, folder, "bot", *command)
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
        await killed(settings, folder, point, "move", "--to", "supabase")
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
        await killed(settings, back, point, "move", "--to", "folder")
        assert (back / DATABASE).exists() is point.endswith("finish")
    await done(settings, back, "move", "--to", "folder")
    assert await held(back) == before


async def test_a_backup_is_killed_and_is_no_file(
    settings: MovingSettings, folder: Path, tmp_path: Path
) -> None:
    here, file = without_project(settings), tmp_path / "backup.tar"
    await killed(here, folder, "services.backup:_add*2", "backup", str(file))
    assert not file.exists()
    await done(here, folder, "backup", str(file))
    assert "5 pictures" in await done(here, tmp_path / "back", "restore", str(file))


@pytest.mark.parametrize("point", ["_write", "_write*3", "_compared"])
async def test_a_restore_is_killed_and_leaves_no_database(
    settings: MovingSettings, folder: Path, tmp_path: Path, point: str
) -> None:
    here, file, back = without_project(settings), tmp_path / "backup.tar", tmp_path / "back"
    await done(here, folder, "backup", str(file))
    await killed(here, back, f"services.backup:{point}", "restore", str(file))
    assert not (back / DATABASE).exists()
    await done(here, back, "restore", str(file))
    assert await held(back) == await held(folder)
    assert len([*(back / PICTURES).rglob("*.png")]) == 5


def without_project(settings: MovingSettings) -> Any:
    return MovingSettings(settings.data_dir, None, None, "")
