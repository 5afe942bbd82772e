"""The image store in a folder, and how its pictures are served over HTTP."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import web

from domain.archive import StoredObject
from services.storage import (
    CACHE_SECONDS,
    CONTENT_TYPE,
    checked_key,
    is_generation,
    is_picture_key,
)
from services.temporary_files import disk_faults, flush, temporary_name

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection
    from pathlib import Path

    from services.web_server import WebServer

PAGE = 500
"""How many generations are listed per page."""


class FolderImageStore:
    """Keeps `<folder>/<generation>/grid.png` and so on."""

    def __init__(self, folder: Path, server: WebServer) -> None:
        """Keep the server that serves `picture_routes`, here or in another process."""
        self._folder = folder
        self._server = server
        self._on_disk = ""  # the generation that was last written to: its folder is flushed

    async def put(self, key: str, source: Path) -> None:
        """Keep a PNG file under a key, replacing what is there: whole, or not at all.

        The file may get a second name only, so it must not be changed afterwards.
        """
        generation = checked_key(key).partition("/")[0]
        known = generation == self._on_disk
        await asyncio.to_thread(_store, self._folder, key, source, known=known)
        self._on_disk = generation

    async def url(self, key: str) -> str:
        """Return the picture's address on this machine, even if it does not exist."""
        return str(self._server.here / checked_key(key))

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
        """Do nothing: whoever started the server closes it."""


def picture_routes(folder: Path, *, cache_seconds: int = CACHE_SECONDS) -> list[web.RouteDef]:
    """Return how the pictures of a folder are served; caches may keep them for `cache_seconds`."""
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Cache-Control": f"public, max-age={cache_seconds}, immutable",
    }

    async def picture(request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        if not is_picture_key(key) or not (folder / key).is_file():
            raise web.HTTPNotFound
        return web.FileResponse(folder / key, headers=headers)

    return [web.get("/{key:.+}", picture)]


def _store(folder: Path, key: str, source: Path, *, known: bool) -> None:
    """Flush the file, then give it its name: readers and crashes see the old or the new file.

    If the generation's folder is not `known` to be on the disk, its own name is flushed, too.
    """
    target = folder / key
    with disk_faults(), temporary_name(folder) as beside:
        known = known and target.parent.is_dir()
        if not known:
            target.parent.mkdir(parents=True, exist_ok=True)
        _duplicate(source, beside)
        flush(beside)
        beside.replace(target)
        flush(target.parent)  # the file's name in it
        if not known:
            flush(folder)


def _duplicate(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it to another disk, or where a file has one name only."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


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
