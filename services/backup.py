"""A copy of the folder stores in one file, made while a worker runs, and put back."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from domain.errors import StoreRefused, StoreUnavailable
from domain.slots import Slot
from services.database.sqlite.placing import give_name, refuse_database, reserved
from services.storage import is_generation, is_picture_key
from services.stores import DATABASE, PICTURES
from services.temporary_files import disk_faults, flush, temporary_file

_NO_MORE = bytes(tarfile.BLOCKSIZE)
"""What is behind the last file of a tar."""


@dataclass(slots=True)
class Copied:
    """How many pictures were copied, and how many were deleted while that went on.

    After `restore`, also the keys of those that rows name: missing from the backup, or not the
    bytes that the row tells of.
    """

    pictures: int = 0
    gone: int = 0
    missing: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])


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
        # Every picture has its bytes, even one that has another name elsewhere just now.
        with tarfile.open(part, "w", dereference=True) as tar:
            _snapshot(folder / DATABASE, snapshot)
            tar.add(snapshot, DATABASE)
            for picture in _pictures(folder / PICTURES):
                _add(tar, folder, picture, copied)
        flush(part)
        part.replace(file)
        flush(beside)
    return copied


def restore(file: Path, folder: Path) -> Copied:
    """Put a backup into a folder that has no database yet; the database comes last.

    So if this was cut off, it can be done again. Raises `StoreRefused` for a folder that has a
    database, and for a file that is no whole backup.
    """
    path = folder / DATABASE
    refuse_database(path)
    if not file.is_file():
        raise StoreRefused(f"there is no file {file}")
    with (
        _whole(file),
        disk_faults(),
        file.open("rb") as raw,
        tarfile.open(fileobj=raw, mode="r:") as tar,
        reserved(path),
        temporary_file(folder) as part,
    ):
        found = _unpack(tar, file, folder, part)
        raw.seek(tar.offset)
        if raw.read(len(_NO_MORE)) != _NO_MORE:  # the library takes anything else for the end
            raise tarfile.ReadError("it is cut or changed")
        if found.pop(DATABASE, None) is None:
            raise StoreRefused(f"{file} is no backup: it has no database in it")
        _check(part)
        copied = _compared(part, found)
        give_name(part, path)
    return copied


@contextmanager
def _whole(file: Path) -> Generator[None]:
    try:
        yield
    except (tarfile.TarError, sqlite3.DatabaseError) as error:
        raise StoreRefused(f"{file} is no whole backup: {error}") from error


def _unpack(tar: tarfile.TarFile, file: Path, folder: Path, part: Path) -> dict[str, str]:
    """Put the pictures where they belong, and the database into `part`; return their hashes."""
    found: dict[str, str] = {}
    for member in tar:
        data, key = tar.extractfile(member), _key(member.name)
        if data is not None and member.name == DATABASE:
            found[DATABASE] = _write(data, part)
        elif data is not None and is_picture_key(key):
            with temporary_file((folder / member.name).parent) as picture:
                found[key] = _write(data, picture)
                picture.replace(folder / member.name)
        else:
            raise StoreRefused(f"{file} is no backup: it has {member.name!r} in it")
    return found


def _compared(database: Path, found: dict[str, str]) -> Copied:
    """Compare the pictures with what their rows tell of them, unless they were cleaned away."""
    copied = Copied(len(found))
    with closing(_opened(database)) as opened:
        opened.row_factory = sqlite3.Row
        for row in map(dict, opened.execute("SELECT * FROM generations ORDER BY seq")):
            if row.get("archiving_at") or row.get("archived_at"):
                continue
            for slot in Slot:
                key, step = row[f"{slot.title}_url"], json.loads(row[f"{slot.title}_step"])
                if key is not None and key not in found:
                    copied.missing.append(key)
                elif key is not None and found[key] != step.get("sha256"):
                    copied.changed.append(key)
    return copied


def _snapshot(source: Path, target: Path) -> None:
    """Copy a database that is in use; its file alone would lack what is in the log beside it."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(address, uri=True)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
        _check(target)
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"{source} cannot be copied: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreRefused(f"{source} is damaged: {error}") from error


def _check(database: Path) -> None:
    with closing(_opened(database)) as opened:
        (found,) = opened.execute("PRAGMA quick_check(1)").fetchone()
        opened.execute("SELECT 1 FROM generations LIMIT 1")  # an empty file is no damaged one
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def _opened(database: Path) -> sqlite3.Connection:
    """Open a database that nobody else has open, without any file beside it."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _pictures(folder: Path) -> Iterator[Path]:
    for generation in sorted(folder.iterdir()) if folder.is_dir() else ():
        if is_generation(generation.name):
            try:
                files = sorted(generation.iterdir())
            except (FileNotFoundError, NotADirectoryError):  # deleted meanwhile, or not ours
                continue
            yield from (path for path in files if is_picture_key(f"{generation.name}/{path.name}"))


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


def _write(data: IO[bytes], part: Path) -> str:
    """Write what comes into a file, onto the disk, and return its SHA-256."""
    with part.open("wb") as file:
        shutil.copyfileobj(data, file)
    flush(part)
    with part.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
