"""A copy of the folder stores in one file, made while a worker runs, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from domain.errors import StoreRefused
from services.storage import is_picture_key
from services.stores import DATABASE, PICTURES
from services.temporary_files import disk_faults, temporary_file


@dataclass(slots=True)
class Copied:
    """How many pictures were copied, and how many were deleted while that went on."""

    pictures: int = 0
    gone: int = 0


def backup(folder: Path, file: Path) -> Copied:
    """Write database and pictures of `folder` into a new tar file, whole or not at all.

    The database is copied first, so that all its pictures come after it; what is made meanwhile
    may have pictures in the copy, but no row. Raises `StoreRefused` for a file that exists or a
    folder without a database, `StoreUnavailable` if the disk refuses.
    """
    if file.exists():
        raise StoreRefused(f"{file} is there already: name a new file")
    if not (folder / DATABASE).is_file():
        raise StoreRefused(f"there is no database in {folder}")
    copied = Copied()
    beside = file.absolute().parent
    with temporary_file(beside) as part, temporary_file(beside) as snapshot, disk_faults():
        with tarfile.open(part, "w") as tar:
            _snapshot(folder / DATABASE, snapshot)
            tar.add(snapshot, DATABASE)
            for picture in _pictures(folder / PICTURES):
                _add(tar, folder, picture, copied)
        part.replace(file)
    return copied


def restore(file: Path, folder: Path) -> Copied:
    """Put a backup into a folder that has no database yet; the database comes last.

    So if this was cut off, it can be done again. Raises `StoreRefused` for a folder that has a
    database, and for a file that is no whole backup.
    """
    if (folder / DATABASE).exists():
        raise StoreRefused(f"{folder} has a database already: name a new folder (DATA_DIR)")
    copied, database = Copied(), None
    try:
        with disk_faults(), tarfile.open(file, "r:") as tar, temporary_file(folder) as part:
            for member in tar:
                data = tar.extractfile(member)
                if data is not None and member.name == DATABASE:
                    database = _write(data, part)
                elif data is not None and is_picture_key(_key(member.name)):
                    _put(data, folder / member.name)
                    copied.pictures += 1
                else:
                    raise StoreRefused(f"{file} is no backup: it has {member.name!r} in it")
            if database is None:
                raise StoreRefused(f"{file} is no backup: it has no database in it")
            _check(database)
            database.replace(folder / DATABASE)
    except (tarfile.TarError, sqlite3.DatabaseError) as error:
        raise StoreRefused(f"{file} is no whole backup: {error}") from error
    return copied


def _snapshot(source: Path, target: Path) -> None:
    """Copy a database that is in use; its file alone would lack what is in the log beside it."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
    _check(target)


def _check(database: Path) -> None:
    with closing(sqlite3.connect(database)) as opened:
        (found,) = opened.execute("PRAGMA quick_check(1)").fetchone()
        opened.execute("SELECT 1 FROM generations LIMIT 1")  # an empty file is no damaged one
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def _pictures(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*/*")) if is_picture_key(_key_of(path)))


def _key_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _key(name: str) -> str:
    room, _, key = name.partition("/")
    return key if room == PICTURES else ""


def _add(tar: tarfile.TarFile, folder: Path, picture: Path, copied: Copied) -> None:
    try:
        with picture.open("rb") as data:
            name = picture.relative_to(folder).as_posix()
            facts = tar.gettarinfo(arcname=name, fileobj=data)
            tar.addfile(facts, data)
    except FileNotFoundError:
        copied.gone += 1
    else:
        copied.pictures += 1


def _put(data: IO[bytes], path: Path) -> None:
    with temporary_file(path.parent) as part:
        _write(data, part).replace(path)


def _write(data: IO[bytes], part: Path) -> Path:
    with part.open("wb") as file:
        shutil.copyfileobj(data, file)
        file.flush()
        os.fsync(file.fileno())
    return part
