"""A backup of a folder at work, and putting it back."""

from __future__ import annotations

import io
import shutil
import tarfile
from argparse import Namespace
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest

from cli.backup import run_backup, run_restore
from cli.exit import Exit
from domain.archive import EventSpan
from domain.errors import StoreRefused
from domain.generation import Status
from domain.slots import Slot, picture_key
from services.backup import backup, restore
from services.database.sqlite import SqliteGenerationStore, open_read_only
from services.settings import StorageSettings
from tests.builders import new_generation
from tests.contract.databases import LeasedStore
from tests.fakes import FakeClock

DATABASE = "atelier.sqlite3"
LOCK = f"{DATABASE}.lock"
FOREVER = datetime(2200, 1, 1, tzinfo=UTC)


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncGenerator[Path]:
    """Give a folder whose database is open, with a row that is only in its log yet."""
    folder = tmp_path / "data"
    store = await SqliteGenerationStore.open(folder / DATABASE, clock=FakeClock())
    lease = await store.acquire_lease("worker", 60)
    await LeasedStore(store, lease.fence).create(new_generation())
    for _ in range(3):
        path = folder / "pictures" / picture_key(str(uuid4()), Slot.GRID)
        path.parent.mkdir(parents=True)
        path.write_bytes(uuid4().bytes * 1000)
    (folder / "pictures" / ".half.part").touch()
    yield folder
    await store.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name the backup."""
    return tmp_path / "backup.tar"


def pictures(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.png")
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def cut_off(file: Path, cut: Path) -> None:
    cut.write_bytes(file.read_bytes()[:-30_000])


async def rows(folder: Path) -> int:
    reader = await open_read_only(folder / DATABASE)
    try:
        return len(await reader.list_newest_of_each(5))
    finally:
        await reader.close()


def with_member(file: Path, name: str, data: bytes = b"x") -> None:
    with tarfile.open(file, "w") as tar:
        facts = tarfile.TarInfo(name)
        facts.size = len(data)
        tar.addfile(facts, io.BytesIO(data))


async def test_what_a_worker_has_is_there_again(folder: Path, file: Path, tmp_path: Path) -> None:
    back = tmp_path / "back"
    assert backup(folder, file).pictures == 3
    assert restore(file, back).pictures == 3
    assert pictures(back) == pictures(folder)
    assert names(back) == [DATABASE, LOCK, "pictures"]
    assert await rows(back) == 1


async def test_a_folder_without_its_old_events_is_there_again(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    store = await SqliteGenerationStore.open(folder / DATABASE, clock=FakeClock())
    worker = LeasedStore(store, 1)
    row = await worker.moved(await worker.accepted(), Status.FAILED)
    span = await store.events.list_old(FOREVER, after=0, limit=9)
    assert span is not None
    assert await store.events.delete(span) == 2
    await store.close()
    backup(folder, file)
    restore(file, tmp_path / "back")
    back = await SqliteGenerationStore.open(tmp_path / "back" / DATABASE, clock=FakeClock())
    worker = LeasedStore(back, (await back.acquire_lease("worker", 60)).fence)
    assert await back.get_generation(row.id) == row
    await worker.moved(row, Status.QUEUED)
    left = await back.events.list_old(FOREVER, after=0, limit=9)
    assert left == EventSpan(FOREVER, 0, 2, 0)
    await back.close()


def test_a_picture_that_is_deleted_meanwhile_is_counted(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = sorted(folder.rglob("*.png"))
    listed = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        found = [] if path == second.parent else list(listed(path))
        if path == first.parent:
            first.unlink()
        if path == second.parent:
            shutil.rmtree(path)
            return listed(path)
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    copied = backup(folder, file)
    assert (copied.pictures, copied.gone) == (1, 1)


async def test_a_restore_that_was_cut_off_can_be_done_again(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    back, cut = tmp_path / "back", tmp_path / "cut.tar"
    backup(folder, file)
    cut_off(file, cut)
    with pytest.raises(StoreRefused, match="no whole backup"):
        restore(cut, back)
    assert not (back / DATABASE).exists()
    restore(file, back)
    assert pictures(back) == pictures(folder)
    assert await rows(back) == 1


def test_nothing_that_exists_is_written_over(folder: Path, file: Path) -> None:
    backup(folder, file)
    with pytest.raises(StoreRefused, match="name a new file"):
        backup(folder, file)
    with pytest.raises(StoreRefused, match="has a database already"):
        restore(file, folder)


def test_a_folder_without_a_database_has_no_backup(tmp_path: Path, file: Path) -> None:
    with pytest.raises(StoreRefused, match="no database"):
        backup(tmp_path, file)
    assert not file.exists()


@pytest.mark.parametrize(
    "name", ["../evil.png", "/evil", "pictures/../../evil.png", "pictures/x/grid.png", "notes.txt"]
)
def test_nothing_else_is_taken_out_of_a_file(name: str, file: Path, tmp_path: Path) -> None:
    with_member(file, name)
    with pytest.raises(StoreRefused, match="is no backup"):
        restore(file, tmp_path / "back")
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {file.name, LOCK}


@pytest.mark.parametrize("data", [b"", b"no database" * 1000])
def test_what_is_no_database_is_not_put_there(data: bytes, file: Path, tmp_path: Path) -> None:
    with_member(file, DATABASE, data)
    with pytest.raises(StoreRefused):
        restore(file, tmp_path / "back")
    assert not (tmp_path / "back" / DATABASE).exists()


class BackedUp:
    """The settings of the two subcommands."""

    def __init__(self, folder: Path, supabase_url: str | None = None) -> None:
        self.data_dir = folder
        self.supabase_url = supabase_url


async def test_the_subcommands_say_what_they_did(
    folder: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, here, back = Namespace(file=file), BackedUp(folder), BackedUp(tmp_path / "back")
    assert await run_backup(cast("StorageSettings", here), asked) is Exit.DONE
    assert await run_restore(cast("StorageSettings", back), asked) is Exit.DONE
    assert capsys.readouterr().out == (
        f"The database and 3 pictures are in {file}.\n"
        f"The database and 3 pictures are in {back.data_dir}.\n"
    )
    assert names(tmp_path) == ["back", "backup.tar", "data"]


@pytest.mark.parametrize("run", [run_backup, run_restore])
async def test_a_project_has_backups_of_its_own(
    run: Callable[[StorageSettings, Namespace], Awaitable[Exit]],
    file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = cast("StorageSettings", BackedUp(tmp_path, "https://abc.supabase.co"))
    assert await run(settings, Namespace(file=file)) is Exit.FAILED
    assert "Backups in its dashboard" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_another_file_is_no_backup(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"hello" * 1000)
    with pytest.raises(StoreRefused, match="no whole backup"):
        restore(file, tmp_path / "back")
