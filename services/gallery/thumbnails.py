"""Small pictures for lists: made once, off the event loop, and kept on disk within a limit."""

from __future__ import annotations

import asyncio
import math
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO
from weakref import WeakValueDictionary

# Registers the format that is written: otherwise Pillow would import all its plugins.
import PIL.WebPImagePlugin  # noqa: F401  # pyright: ignore[reportUnusedImport]
import structlog
from PIL import Image, ImageOps

from domain.errors import NotAPicture, StoreUnavailable
from services.pictures.png import PngHeader
from services.pictures.png_reader import strips
from services.pictures.transcoding import decoding
from services.temporary_files import disk_faults, temporary_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from domain.generation import Picture
    from domain.ports import Clock, GenerationReader
    from services.gallery.originals import Originals

SIDE = 288
"""Of a thumbnail, in pixels."""
QUALITY = 50
"""Of WebP. Measured of grids: 4 to 13 kB."""
LIMIT = 200_000_000
"""Bytes of all thumbnails, of some 20,000 generations."""
_KEPT = 0.9
"""The part of the limit down to which the oldest are removed."""
MOST_PIXELS = 16_000_000
"""Of a picture that has to be in memory as a whole."""
MOST_IN_STRIP = 4_000_000
"""Of the rows that are decoded at a time. A strip of a grid in HD has a million."""
SWEEP_SECONDS = 3600.0
BATCH = 500
_ROWS = 16

log = structlog.get_logger(__name__)


class Thumbnails:
    """The cache of an installation: `<folder>/<generation>/grid.webp`."""

    def __init__(self, folder: Path, originals: Originals, limit: int = LIMIT) -> None:
        """Keep what has the pictures; `limit` is in bytes."""
        self._folder = folder
        self._originals = originals
        self._limit = limit
        self._size: int | None = None
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._decoding = asyncio.Lock()  # one at a time: others need the processor, too

    async def of(self, picture: Picture) -> Path | None:
        """Return the thumbnail's file; None if the picture is not there, or is none.

        Raises `StoreUnavailable` if it cannot be had now.
        """
        path = self._folder / picture.key.replace(".png", ".webp")
        lock = self._locks.setdefault(picture.key, asyncio.Lock())
        async with lock:
            if await asyncio.to_thread(path.is_file):
                return path
            async with self._originals.file(picture.key) as source:
                if source is None:
                    return None
                return await self._made(source, path)

    def remove(self, ids: Collection[str]) -> None:
        """Remove the thumbnails of generations whose pictures are gone."""
        for one in ids:
            shutil.rmtree(self._folder / one, ignore_errors=True)

    async def run(self, reader: GenerationReader, clock: Clock) -> None:
        """Remove what has lost its pictures, now and every hour, until cancelled."""
        while True:
            with suppress(StoreUnavailable):
                await self.sweep(reader)
            await clock.sleep(SWEEP_SECONDS)

    async def sweep(self, reader: GenerationReader) -> None:
        """Remove the thumbnails of generations that are archived, or not in the database."""
        ids = await asyncio.to_thread(_generations, self._folder)
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            gone = set(some) - await reader.unarchived(some)
            await asyncio.to_thread(self.remove, gone)

    async def _made(self, source: Path, path: Path) -> Path | None:
        try:
            with temporary_file(self._folder) as small:
                async with self._decoding:
                    await asyncio.to_thread(make_thumbnail, source, small)
                size = await asyncio.to_thread(_move, small, path)
        except NotAPicture as error:
            log.warning("no_thumbnail", picture=path.parent.name, why=str(error))
            return None
        await self._keep_limit(size)
        return path

    async def _keep_limit(self, more: int) -> None:
        """Count bytes that were added; above the limit, remove the oldest thumbnails."""
        if self._size is None:
            self._size = await asyncio.to_thread(_size, self._folder)
        else:
            self._size += more
        if self._size > self._limit:
            room = int(self._limit * _KEPT)
            self._size = await asyncio.to_thread(_shrink, self._folder, room)


def make_thumbnail(source: Path, target: Path) -> None:
    """Write a square of the picture's middle as WebP, or raise `NotAPicture`.

    Most PNGs are read some rows at a time: a grid in HD would take 120 MB of memory.
    """
    with source.open("rb") as file:
        header = PngHeader.of(file)
        small = _reduced(file, header) if header.is_plain else _opened(file, header)
    side = min(*small.size, SIDE)
    square = ImageOps.fit(small, (side, side), Image.Resampling.LANCZOS)
    with disk_faults():
        square.save(target, "WEBP", quality=QUALITY)


def _reduced(file: BinaryIO, header: PngHeader) -> Image.Image:
    """Return the picture with each square of pixels as one, but not smaller than needed."""
    factor = max(1, min(header.width, header.height) // SIDE)
    if header.width * factor * _ROWS > MOST_IN_STRIP:
        raise NotAPicture("too wide to be read some rows at a time")
    height = math.ceil(header.height / factor)
    whole: Image.Image | None = None
    rows = 0
    for strip in strips(file, factor * _ROWS):
        part = strip.reduce(factor)
        if whole is None:
            whole = Image.new(part.mode, (part.width, height))
        whole.paste(part, (0, rows // factor))
        rows += strip.height
        if rows > header.height:
            break
    if whole is None or rows != header.height:
        raise NotAPicture("a PNG with more or fewer rows than it says")
    return whole


def _opened(file: BinaryIO, header: PngHeader) -> Image.Image:
    if header.width * header.height > MOST_PIXELS:
        raise NotAPicture("too many pixels for a PNG of its kind")
    with decoding(), Image.open(file, formats=["PNG"]) as image:
        return image.convert("RGBA")


def _move(small: Path, path: Path) -> int:
    """Put a thumbnail in its place; return its size in bytes."""
    with disk_faults():
        path.parent.mkdir(exist_ok=True)
        size = small.stat().st_size
        small.replace(path)
        return size


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/"))


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """Return all thumbnails with their ages and sizes, the oldest first."""
    found: list[tuple[float, int, Path]] = []
    for path in folder.glob("*/*"):
        with suppress(OSError):  # gone meanwhile
            about = path.stat()
            found.append((about.st_mtime, about.st_size, path))
    return sorted(found)


def _size(folder: Path) -> int:
    return sum(size for _, size, _ in _files(folder))


def _shrink(folder: Path, room: int) -> int:
    """Remove the oldest until the rest has room; return how many bytes it has."""
    files = _files(folder)
    left = sum(size for _, size, _ in files)
    for _, size, path in files:
        if left <= room:
            break
        path.unlink(missing_ok=True)
        with suppress(OSError):  # it has others
            path.parent.rmdir()
        left -= size
    return left
