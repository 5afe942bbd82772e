"""The image store in a folder, served over HTTP on this machine."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import structlog
from aiohttp import web
from yarl import URL

from domain.archive import StoredObject
from domain.errors import StoreUnavailable
from services.storage import (
    CACHE_SECONDS,
    CONTENT_TYPE,
    checked_key,
    is_generation,
    is_picture_key,
)
from services.temporary_files import disk_faults, sweep, temporary_file

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection
    from pathlib import Path

PAGE = 500
"""How many generations are listed per page."""

_log = structlog.stdlib.get_logger(__name__)


class FolderImageStore:
    """Keeps `<folder>/<generation>/grid.png` and so on, and serves nothing else."""

    def __init__(self, folder: Path, runner: web.AppRunner | None, base: URL) -> None:
        self._folder = folder
        self._runner = runner
        self._base = base

    @classmethod
    async def open(cls, folder: Path, address: str, *, cache_seconds: int = CACHE_SECONDS) -> Self:
        """Serve `folder` at `host:port`; if that port is taken, at a free one of the same host.

        Caches may keep the pictures for `cache_seconds`. Raises `StoreUnavailable` if the address
        cannot be used.
        """
        sweep(folder)
        runner = web.AppRunner(
            _application(folder, cache_seconds), access_log=None, shutdown_timeout=1.0
        )
        await runner.setup()
        try:
            base = await _listen(runner, URL(f"http://{address}"))
        except OSError as error:
            await runner.cleanup()
            why = f"PICTURES_ADDRESS: cannot listen at {address}: {_reason(error)}"
            raise StoreUnavailable(why) from error
        return cls(folder, runner, base)

    @classmethod
    def unserved(cls, folder: Path, address: str) -> Self:
        """Return the store without a server, to get addresses while another process serves them."""
        return cls(folder, None, URL(f"http://{address}"))

    async def put(self, key: str, source: Path) -> None:
        """Copy a PNG file under a key, replacing what is there: written whole, or not at all."""
        await asyncio.to_thread(_store, self._folder, checked_key(key), source)

    async def url(self, key: str) -> str:
        """Return the loopback address of the picture, even if it does not exist."""
        return str(self._base / checked_key(key))

    def path(self, key: str) -> Path | None:
        """Return the picture's file, if it exists."""
        path = self._folder / checked_key(key)
        return path if path.is_file() else None

    async def list_generations(self) -> AsyncGenerator[frozenset[str]]:
        """Yield the ids of the generations that have folders, in pages."""
        found = await asyncio.to_thread(_generations, self._folder)
        for start in range(0, len(found), PAGE):
            yield frozenset(found[start : start + PAGE])

    async def list_objects(self, generation_id: str) -> list[StoredObject]:
        """Return the pictures of one generation."""
        return await asyncio.to_thread(_objects, self._folder, generation_id)

    async def delete(self, keys: Collection[str]) -> None:
        """Delete pictures, and folders that become empty."""
        await asyncio.to_thread(_delete, self._folder, [checked_key(key) for key in keys])

    async def close(self) -> None:
        """Stop serving; the pictures stay."""
        if self._runner is not None:
            await self._runner.cleanup()


async def _listen(runner: web.AppRunner, wanted: URL) -> URL:
    """Start serving and return the address."""
    try:
        await web.TCPSite(runner, wanted.host, wanted.port).start()
    except OSError as error:
        await web.TCPSite(runner, wanted.host, 0).start()
        using = _address(runner, wanted)
        _log.warning(
            "pictures_address_taken", wanted=str(wanted), using=str(using), why=_reason(error)
        )
    return _address(runner, wanted)


def _reason(error: OSError) -> str:
    """Return the reason; asyncio skips addresses that cannot be used without an error."""
    return error.strerror or "this machine has no such address"


def _address(runner: web.AppRunner, wanted: URL) -> URL:
    return wanted.with_port(runner.addresses[0][1])


def _application(folder: Path, cache_seconds: int) -> web.Application:
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Cache-Control": f"public, max-age={cache_seconds}, immutable",
    }

    async def picture(request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        if not is_picture_key(key) or not (folder / key).is_file():
            raise web.HTTPNotFound
        return web.FileResponse(folder / key, headers=headers)

    application = web.Application()
    application.router.add_get("/{key:.+}", picture)
    return application


def _store(folder: Path, key: str, source: Path) -> None:
    """Write a copy, flush it, then rename: readers and crashes see the old or the new file."""
    target = folder / key
    with disk_faults(), temporary_file(folder) as copy:
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, copy)
        _sync(copy)
        copy.replace(target)
        _sync(target.parent)  # the file's name in it
        _sync(folder)  # and the folder's own name


def _generations(folder: Path) -> list[str]:
    with disk_faults():
        return sorted(path.name for path in folder.glob("*/") if is_generation(path.name))


def _objects(folder: Path, generation_id: str) -> list[StoredObject]:
    with disk_faults():
        return [
            StoredObject(
                key=key,
                size=about.st_size,
                changed_at=datetime.fromtimestamp(about.st_mtime, UTC),
            )
            for path in sorted((folder / generation_id).glob("*"))
            if is_picture_key(key := f"{generation_id}/{path.name}")
            for about in [path.stat()]
        ]


def _delete(folder: Path, keys: list[str]) -> None:
    with disk_faults():
        for key in keys:
            (folder / key).unlink(missing_ok=True)
        for generation in {(folder / key).parent for key in keys}:
            with suppress(OSError):  # missing, or has files that are not ours
                generation.rmdir()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
