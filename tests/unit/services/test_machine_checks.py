"""What `bot.py check` says of the machine and of the folder of the embedded stores."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.checks.finding import Health
from services.checks.machine import check_disk, check_memory, check_secrets_file
from services.checks.stores import check_stores
from services.database.sqlite import SqliteGenerationStore
from tests.fakes import FakeClock


@pytest.mark.parametrize(
    ("free", "health"),
    [(50_000_000, Health.WRONG), (500_000_000, Health.DOUBTFUL), (5_000_000_000, Health.GOOD)],
)
def test_a_disk_that_is_nearly_full(
    free: int, health: Health, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(free=free)

    def disk_usage(_: Path) -> SimpleNamespace:
        return usage

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    found = check_disk(tmp_path / "not" / "there yet")
    assert found.health is health
    assert f"{free // 1_000_000:,} MB" in found.words


@pytest.mark.parametrize(
    ("limit", "health"),
    [("268435456\n", Health.DOUBTFUL), ("536870912\n", Health.GOOD), ("max\n", Health.GOOD)],
)
def test_the_memory_that_a_container_gives(limit: str, health: Health, tmp_path: Path) -> None:
    group = tmp_path / "memory.max"
    group.write_text(limit)
    assert check_memory((group, tmp_path / "no such group")).health is health


@pytest.mark.skipif(os.name != "posix", reason="the rights of files mean other things there")
@pytest.mark.parametrize(
    ("mode", "health"),
    [(0o600, Health.GOOD), (0o640, Health.DOUBTFUL), (0o644, Health.DOUBTFUL)],
)
def test_a_file_of_secrets_that_others_may_read(mode: int, health: Health, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.touch()
    file.chmod(mode)
    found = check_secrets_file(file)
    assert found.health is health
    assert (f"chmod 600 {file}" in found.words) == (health is Health.DOUBTFUL)


class WithoutProject:
    """The settings without a project."""

    supabase_url = None
    supabase_key = None

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder


async def store_checks(folder: Path) -> dict[str, Health]:
    settings: Any = WithoutProject(folder)
    return {one.what: one.health for one in await check_stores(settings)}


async def test_a_new_folder_is_fine_and_stays_empty(tmp_path: Path) -> None:
    found = await store_checks(tmp_path / "data")
    assert found == {"database": Health.GOOD, "pictures": Health.GOOD}
    assert not any(files for _, _, files in os.walk(tmp_path))


async def test_a_database_at_work_can_be_read(tmp_path: Path) -> None:
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3", clock=FakeClock())
    try:
        assert (await store_checks(tmp_path))["database"] is Health.GOOD
    finally:
        await store.close()


async def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "atelier.sqlite3").write_bytes(b"no database" * 1000)
    assert (await store_checks(tmp_path))["database"] is Health.WRONG


async def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "pictures").touch()
    assert (await store_checks(tmp_path))["pictures"] is Health.WRONG
