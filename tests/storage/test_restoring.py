"""What `restore` refuses, and what it says of pictures that are not those of their rows."""

from __future__ import annotations

import hashlib
import sqlite3
import tarfile
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from cli.backup import run_restore
from cli.exit import Exit
from domain.errors import LeaseHeld, StoreRefused, StoreUnavailable
from domain.slots import Slot, picture_key
from services.backup import backup, restore
from services.database.sqlite import SqliteGenerationStore
from services.database.sqlite.placing import reserved
from services.moving.folder import folder_target
from services.moving.journal import Journal
from services.settings import StorageSettings
from services.stores import DATABASE, PICTURES
from tests.builders import new_generation
from tests.contract.databases import LeasedStore
from tests.fakes import FakeClock


class RestoredHere:
    """The settings of `restore` and of a move."""

    supabase_url = None
    pictures_address = "127.0.0.1:0"

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder


@pytest.fixture
async def key(tmp_path: Path) -> str:
    """Fill a folder with a row and all its five pictures; return the key of the grid."""
    folder = tmp_path / "data"
    store = await SqliteGenerationStore.open(folder / DATABASE, clock=FakeClock())
    lease = await store.acquire_lease("worker", 60)
    await LeasedStore(store, lease.fence).create(new := new_generation())
    await store.release_lease(lease)
    await store.close()
    for slot in Slot:
        write(folder, picture_key(new.id, slot), bytes([slot]) * 20_000)
    return picture_key(new.id, Slot.GRID)


@pytest.fixture
def file(key: str, tmp_path: Path) -> Path:
    """Return a backup of it."""
    backup(tmp_path / "data", tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


def write(folder: Path, key: str, content: bytes) -> None:
    path = folder / PICTURES / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    name, digest = path.stem, hashlib.sha256(content).hexdigest()
    with closing(sqlite3.connect(folder / DATABASE)) as opened, opened:
        opened.execute(
            f"UPDATE generations SET {name}_url = ?, "  # noqa: S608 -- names of ours
            f"{name}_step = json_set({name}_step, '$.sha256', ?)",
            (key, digest),
        )


def fourth(file: Path) -> tarfile.TarInfo:
    with tarfile.open(file) as tar:
        return tar.getmembers()[3]


def cut_before(content: bytearray, member: tarfile.TarInfo) -> bytearray:
    return content[: member.offset]


def cut_in_header(content: bytearray, member: tarfile.TarInfo) -> bytearray:
    return content[: member.offset + 100]


def change_header(content: bytearray, member: tarfile.TarInfo) -> bytearray:
    content[member.offset + 3] ^= 1
    return content


@pytest.mark.parametrize("damage", [cut_before, cut_in_header, change_header])
def test_a_backup_that_ends_early_is_no_whole_one(
    damage: Callable[[bytearray, tarfile.TarInfo], bytearray], file: Path, tmp_path: Path
) -> None:
    file.write_bytes(damage(bytearray(file.read_bytes()), fourth(file)))
    with pytest.raises(StoreRefused, match="no whole backup: it is cut or changed"):
        restore(file, tmp_path / "back")
    assert not (tmp_path / "back" / DATABASE).exists()


def test_a_whole_backup_has_what_the_rows_tell_of(file: Path, tmp_path: Path) -> None:
    copied = restore(file, tmp_path / "back")
    assert (copied.pictures, copied.missing, copied.changed) == (5, [], [])


async def test_pictures_that_are_missing_or_others_are_named(
    file: Path, tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = change_a_picture(file)
    (tmp_path / "data" / PICTURES / key).unlink()
    settings, again = RestoredHere(tmp_path / "back"), tmp_path / "again.tar"
    backup(tmp_path / "data", again)
    assert await restored(settings, file) is Exit.DONE
    said = f"{changed} differs from what its row says; it was restored as it is.\n"
    assert capsys.readouterr().out.endswith(f" in {settings.data_dir}.\n{said}")
    settings = RestoredHere(tmp_path / "second")
    assert await restored(settings, again) is Exit.DONE
    assert capsys.readouterr().out.endswith(f"{key} is not in the backup.\n")


def change_a_picture(file: Path) -> str:
    content, member = bytearray(file.read_bytes()), fourth(file)
    content[member.offset_data + 1000] ^= 1
    file.write_bytes(content)
    return member.name.removeprefix(f"{PICTURES}/")


async def restored(settings: RestoredHere, file: Path) -> Exit:
    return await run_restore(cast("StorageSettings", settings), Namespace(file=file))


@pytest.mark.parametrize("column", ["archiving_at", "archived_at"])
def test_pictures_that_were_cleaned_away_are_not_missed(
    column: str, key: str, tmp_path: Path
) -> None:
    folder, file = tmp_path / "data", tmp_path / "backup.tar"
    with closing(sqlite3.connect(folder / DATABASE)) as opened, opened:
        opened.execute("UPDATE generations SET status = 'cancelled'")
        opened.execute(f"UPDATE generations SET {column} = '2026-01-01T00:00:00.000Z'")  # noqa: S608 -- names of ours
    (folder / PICTURES / key).unlink()
    backup(folder, file)
    assert restore(file, tmp_path / "back").missing == []


def test_each_picture_has_its_own_bytes_whatever_other_names_its_file_has(
    key: str, tmp_path: Path
) -> None:
    folder, file = tmp_path / "data", tmp_path / "backup.tar"
    other = folder / PICTURES / key.replace("grid", "upscale_1")
    other.unlink()
    other.hardlink_to(folder / PICTURES / key)
    backup(folder, file)
    with tarfile.open(file) as tar:
        assert all(member.isreg() for member in tar)


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_the_last_changes_of_another_database_are_not_brought_into_this_one(
    end: str, file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    (folder / f"{DATABASE}{end}").write_bytes(b"changes")
    with pytest.raises(StoreRefused, match="of the database that was beside it"):
        restore(file, folder)
    assert not (folder / DATABASE).exists()


async def test_nobody_begins_a_database_where_one_is_being_put(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    with reserved(path), pytest.raises(LeaseHeld):
        await SqliteGenerationStore.open(path)
    assert not path.exists()


async def test_nothing_is_put_where_somebody_begins(file: Path, tmp_path: Path) -> None:
    with reserved(tmp_path / "back" / DATABASE), pytest.raises(LeaseHeld):
        restore(file, tmp_path / "back")


async def test_a_database_that_was_begun_meanwhile_is_not_the_moved_one(tmp_path: Path) -> None:
    settings = cast("StorageSettings", RestoredHere(tmp_path))
    journal = Journal.open(tmp_path, "folder")
    async with folder_target(settings, journal) as target:
        state = await target.rows.state()
        journal.note_end()
        (tmp_path / DATABASE).touch()
        with pytest.raises(StoreRefused, match="has a database already"):
            await target.rows.finish(state)
    with pytest.raises(StoreRefused, match="has a database already"):
        async with folder_target(settings, journal):
            pass


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="there is no file"):
        restore(tmp_path / "nowhere.tar", tmp_path / "back")


@pytest.mark.parametrize(
    ("damage", "error", "why"),
    [
        (sqlite3.OperationalError("database or disk is full"), StoreUnavailable, "disk is full"),
        (sqlite3.DatabaseError("database disk image is malformed"), StoreRefused, "is damaged"),
    ],
)
def test_why_a_database_cannot_be_copied_is_said(
    damage: Exception,
    error: type[Exception],
    why: str,
    key: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert key

    def refuse(*_: object, **__: object) -> None:
        raise damage

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(error, match=why):
        backup(tmp_path / "data", tmp_path / "backup.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
