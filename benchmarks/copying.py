"""Copies of pictures from a host into the folder, beside a bare GET into a file.

The bare copy is what any program does: the answer's pieces are written to a file, which is flushed
to the disk and given its name. Ours also verifies and hashes, and survives a power cut.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Self
from uuid import uuid4

import aiohttp

from benchmarks.cdn import CHANNEL, serving
from benchmarks.figures import Figure, paired, spread
from benchmarks.pairs import TimeTaken, in_pairs
from benchmarks.stalls import Stalls
from domain.slots import Slot, picture_key
from sandbox.pictures import Scene, grid_file
from services.pictures.download import PictureFetcher
from services.storage.folder import FolderImageStore
from services.web_server import WebServer

GOAL, STRETCH = 1.5, 1.15
MOST_STALL_MS, STRETCH_STALL_MS = 100.0, 25.0
SMALL, LARGE = (1024, 0.07), (2048, 0.3)
"""Side and grain of squares whose files have about 1.7 and 11 MB."""
LINK = 8_000_000
"""Bytes a second of a slow link."""
_CHUNK = 64 * 1024
_SLOTS = tuple(Slot)[1:]


@dataclass(frozen=True, slots=True)
class Link:
    """How fast the host sends: for each connection, or for all together."""

    name: str
    query: str


FAST = Link("as fast as it goes", "rate=0")
SLOW = Link("8 MB/s for each", f"rate={LINK}")
SHARED = Link("8 MB/s together", f"rate={LINK}&shared=1")


async def figures(pairs: int) -> list[Figure]:
    """Measure one picture of both sizes, and four at once over each kind of link."""
    found: list[Figure] = []
    for kind in (SMALL, LARGE):
        with tempfile.TemporaryDirectory() as path:
            folder = Path(path)
            size = await asyncio.to_thread(_draw, folder / "source.png", *kind)
            name = f"{size / 1e6:.1f} MB"
            async with serving(folder / "source.png") as origin, _Copies(origin, folder) as copies:
                found += await _of_one(copies, name, pairs)
                if kind == SMALL:
                    for link in (FAST, SLOW, SHARED):
                        found += await _of_four(copies, name, link, pairs)
                else:
                    found.append(await _stall(copies, name))
    return found


async def _of_one(copies: _Copies, name: str, pairs: int) -> list[Figure]:
    taken = await in_pairs(lambda: copies.ours(FAST), lambda: copies.bare(FAST), pairs)
    return _both(f"copy of {name}", taken)


async def _of_four(copies: _Copies, name: str, link: Link, pairs: int) -> list[Figure]:
    times = pairs if link == FAST else max(3, pairs // 5)
    taken = await in_pairs(
        lambda: asyncio.gather(*(copies.ours(link, slot) for slot in _SLOTS)),
        lambda: asyncio.gather(*(copies.bare(link) for _ in _SLOTS)),
        times,
    )
    found = _both(f"four copies of {name}, {link.name}", taken)
    return found if link == FAST else found[:1]


def _both(name: str, taken: list[tuple[TimeTaken, TimeTaken]]) -> list[Figure]:
    wall = [(ours.wall, bare.wall) for ours, bare in taken]
    cpu = [(ours.cpu, bare.cpu) for ours, bare in taken]
    return [
        paired(name, "ms", wall, goal=GOAL, stretch=STRETCH),
        paired(f"{name}: CPU", "ms", cpu, goal=GOAL),
    ]


async def _stall(copies: _Copies, name: str) -> Figure:
    """Let four large pictures flow at once, some times."""
    longest: list[float] = []
    for _ in range(5):
        async with Stalls() as stalls:
            await asyncio.gather(*(copies.ours(FAST, slot) for slot in _SLOTS))
        longest.append(1000 * stalls.longest)
    return Figure(
        name=f"longest stall of the loop while four of {name} are kept",
        unit="ms",
        ours=spread(longest),
        goal=MOST_STALL_MS,
        stretch=STRETCH_STALL_MS,
    )


class _Copies:
    """Both ways to copy, each into its own folder."""

    def __init__(self, origin: str, folder: Path) -> None:
        self._target = f"{origin}/attachments/{CHANNEL}/1/a.png"
        self._origin = origin
        self._folder = folder
        self._images = FolderImageStore(folder / "pictures", WebServer("127.0.0.1:1"))
        self._numbers, self._copies = count(), count()
        self._generation = ""
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._session = await self._opened.enter_async_context(aiohttp.ClientSession())
        self._fetcher = PictureFetcher(
            channel_id=CHANNEL,
            folder=self._folder / "incoming",
            allowed_origins=frozenset({self._origin}),
        )
        self._opened.push_async_callback(self._fetcher.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    async def ours(self, link: Link, slot: Slot | None = None) -> None:
        number = next(self._copies)
        if number % len(_SLOTS) == 0:
            self._generation = str(uuid4())
        key = picture_key(self._generation, slot or _SLOTS[number % len(_SLOTS)])
        async with self._fetcher.fetch(f"{self._target}?{link.query}") as picture:
            await self._images.put(key, picture.path)

    async def bare(self, link: Link) -> None:
        path = self._folder / f"bare-{next(self._numbers)}"
        with path.with_suffix(".part").open("wb") as file:
            async with self._session.get(f"{self._target}?{link.query}") as answer:
                async for piece in answer.content.iter_chunked(_CHUNK):
                    file.write(piece)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        await asyncio.to_thread(path.with_suffix(".part").rename, path)


def _draw(path: Path, side: int, grain: float) -> int:
    content, _ = grid_file(Scene("a lighthouse", "job", grid_size=side, grain=grain), "png")
    path.write_bytes(content)
    return len(content)
