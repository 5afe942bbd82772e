"""Copies of pictures from a host into the folder and to Supabase, beside the least that can do it.

The bare copy is what any program does: the answer's pieces are written to a file, which is flushed
to the disk and given its name, or uploaded by the official client. It also computes the SHA-256
that each row has. Ours verifies besides, and survives a power cut.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from uuid import uuid4

import aiohttp

from benchmarks.cdn import CHANNEL, serving
from benchmarks.figures import Figure, paired, spread
from benchmarks.pairs import TimeTaken, in_pairs
from benchmarks.stalls import Stalls
from domain.slots import UPSCALES, Slot, picture_key
from sandbox.pictures import Scene, grid_file
from services.pictures.download import PictureFetcher
from services.storage.folder import FolderImageStore
from services.storage.supabase import SupabaseImageStore
from services.supabase import Supabase
from services.web_server import WebServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.ports import ImageStore

GOAL, STRETCH = 1.25, 1.1
MOST_STALL_MS, STRETCH_STALL_MS = 100.0, 25.0
SMALL, LARGE = (1024, 0.07), (2048, 0.3)
"""Side and grain of squares whose files have about 1.7 and 11 MB."""
LINK = 8_000_000
"""Bytes a second of a slow link."""
_CHUNK = 64 * 1024
_BUCKET = "generations"


@dataclass(frozen=True, slots=True)
class Link:
    """How fast the host sends: for each connection, or for all together."""

    name: str
    query: str


FAST = Link("as fast as it goes", "rate=0")
SLOW = Link("8 MB/s for each", f"rate={LINK}")
SHARED = Link("8 MB/s together", f"rate={LINK}&shared=1")


@dataclass(frozen=True, slots=True)
class CopyCosts:
    """What copies cost, and what part of it is the hash."""

    figures: list[Figure]
    notes: list[str]


async def costs(pairs: int) -> CopyCosts:
    """Measure pictures of both sizes, and four at once over each kind of link."""
    found = CopyCosts([], [])
    for kind in (SMALL, LARGE):
        with tempfile.TemporaryDirectory() as path:
            folder = Path(path)
            size = await asyncio.to_thread(_draw, folder / "source.png", *kind)
            name = f"{size / 1e6:.1f} MB"
            async with serving(folder / "source.png") as origin:
                async with CopyBench(origin, folder, FolderTarget(folder / "pictures")) as copies:
                    found.figures.extend(await _to_folder(copies, name, pairs, kind))
                    found.notes.append(await _hashing(copies, name, pairs))
                async with CopyBench(origin, folder, await ProjectTarget.connect(origin)) as copies:
                    found.figures.extend(await _of_one(copies, f"{name} to Supabase", pairs))
    return found


async def _to_folder(
    copies: CopyBench, name: str, pairs: int, kind: tuple[int, float]
) -> list[Figure]:
    found = await _of_one(copies, name, pairs)
    if kind == SMALL:
        for link in (FAST, SLOW, SHARED):
            found += await _of_four(copies, name, link, pairs)
    else:
        found.append(await _stall(copies, name))
    return found


async def _of_one(copies: CopyBench, name: str, pairs: int) -> list[Figure]:
    taken = await in_pairs(
        lambda: copies.ours(FAST), lambda: copies.bare(FAST), pairs, after=copies.remove
    )
    return _both(f"copy of {name}", taken)


async def _of_four(copies: CopyBench, name: str, link: Link, pairs: int) -> list[Figure]:
    times = pairs if link == FAST else max(3, pairs // 5)
    taken = await in_pairs(
        lambda: asyncio.gather(*(copies.ours(link, slot) for slot in UPSCALES)),
        lambda: asyncio.gather(*(copies.bare(link) for _ in UPSCALES)),
        times,
        after=copies.remove,
    )
    found = _both(f"four copies of {name}, {link.name}", taken)
    return found if link == FAST else found[:1]


def _both(name: str, taken: list[tuple[TimeTaken, TimeTaken]]) -> list[Figure]:
    wall = [(ours.wall, bare.wall) for ours, bare in taken]
    cpu = [(ours.cpu, bare.cpu) for ours, bare in taken]
    return [
        paired(name, "ms", wall, goal=GOAL, stretch=STRETCH),
        paired(f"{name}: CPU", "ms", cpu, goal=GOAL, stretch=STRETCH),
    ]


async def _hashing(copies: CopyBench, name: str, pairs: int) -> str:
    """Say how much of it the hash is: no program that computes one can be below that."""
    taken = await in_pairs(
        lambda: copies.ours(FAST),
        lambda: copies.bare(FAST, hashing=False),
        pairs,
        after=copies.remove,
    )
    alone = await in_pairs(
        lambda: copies.bare(FAST),
        lambda: copies.bare(FAST, hashing=False),
        pairs,
        after=copies.remove,
    )
    ours, hashed = (
        spread([one.cpu / bare.cpu for one, bare in each]).median for each in (taken, alone)
    )
    return (
        f"- {name}: beside a bare copy without SHA-256, ours takes {ours:.2f} times the CPU, "
        f"a bare copy with it {hashed:.2f} times."
    )


async def _stall(copies: CopyBench, name: str) -> Figure:
    """Let four large pictures flow at once, some times."""
    longest: list[float] = []
    for _ in range(5):
        async with Stalls() as stalls:
            await asyncio.gather(*(copies.ours(FAST, slot) for slot in UPSCALES))
        longest.append(1000 * stalls.longest)
        copies.remove()
    return Figure(
        name=f"longest stall of the loop while four of {name} are kept",
        unit="ms",
        ours=spread(longest),
        goal=MOST_STALL_MS,
        stretch=STRETCH_STALL_MS,
    )


class CopyTarget(Protocol):
    """Where copies go."""

    @property
    def images(self) -> ImageStore:
        """The store of ours."""
        ...

    async def keep(self, file: Path) -> None:
        """Keep a file there without our store."""
        ...

    def remove(self) -> None:
        """Remove what was kept on this machine."""
        ...

    async def close(self) -> None:
        """Close what it opened."""
        ...


class FolderTarget:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.images = FolderImageStore(folder, WebServer("127.0.0.1:1"))

    async def keep(self, file: Path) -> None:
        """Flush it, and give it its name."""
        with file.open("rb") as written:
            await asyncio.to_thread(os.fsync, written.fileno())
        await asyncio.to_thread(file.rename, file.with_suffix(".png"))

    def remove(self) -> None:
        """Remove the pictures, and leave the folders of generations, as they are in real work."""
        for path in self._folder.glob("*/*.png"):
            path.unlink()

    async def close(self) -> None:
        """Do nothing: it opened nothing."""


class ProjectTarget:
    """A host that takes uploads as Storage does, and forgets them."""

    def __init__(self, project: Supabase) -> None:
        self._project = project
        self._bucket = project.client.storage.from_(_BUCKET)
        self.images = SupabaseImageStore(project, _BUCKET, public=True)

    @classmethod
    async def connect(cls, origin: str) -> Self:
        """Connect to the host of `benchmarks.cdn`, which takes any key."""
        return cls(await Supabase.connect(origin, "sb_secret_benchmark"))

    async def keep(self, file: Path) -> None:
        """Let the official client upload it."""
        await self._bucket.upload(file.name, file, {"content-type": "image/png"})

    def remove(self) -> None:
        """Do nothing: there is nothing."""

    async def close(self) -> None:
        """Close the client."""
        await self._project.close()


class CopyBench:
    """Both ways to copy. What they leave is removed after each pair: disks have a cache to fill."""

    def __init__(self, origin: str, folder: Path, target: CopyTarget) -> None:
        self._url = f"{origin}/attachments/{CHANNEL}/1/a.png"
        self._origin = origin
        self._bare, self._incoming = folder / "bare", folder / "incoming"
        self._target = target
        self._numbers, self._copies = count(), count()
        self._generation = ""
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._bare.mkdir(exist_ok=True)
        self._session = await self._opened.enter_async_context(aiohttp.ClientSession())
        self._fetcher = PictureFetcher(
            channel_id=CHANNEL,
            folder=self._incoming,
            allowed_origins=frozenset({self._origin}),
        )
        self._opened.push_async_callback(self._fetcher.close)
        self._opened.push_async_callback(self._target.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    async def ours(self, link: Link, slot: Slot | None = None) -> None:
        """Copy as the worker does: link, download, verification, store."""
        number = next(self._copies)
        if number % len(UPSCALES) == 0:
            self._generation = str(uuid4())
        if slot is None:
            slot = UPSCALES[number % len(UPSCALES)]
        key = picture_key(self._generation, slot)
        async with self._fetcher.fetch(f"{self._url}?{link.query}") as picture:
            await self._target.images.put(key, picture.path)

    async def bare(self, link: Link, *, hashing: bool = True) -> None:
        """Copy as any program does, with the SHA-256 of what came or without."""
        path = self._bare / f"{next(self._numbers)}.part"
        digest = hashlib.sha256()
        see: Callable[[bytes], object] = digest.update if hashing else len
        with path.open("wb") as file:
            async with self._session.get(f"{self._url}?{link.query}") as answer:
                async for piece in answer.content.iter_chunked(_CHUNK):
                    see(piece)
                    file.write(piece)
        digest.hexdigest()
        await self._target.keep(path)

    def remove(self) -> None:
        """Remove what both kept, which is not a part of what is measured."""
        self._target.remove()
        for path in self._bare.iterdir():
            path.unlink()


def _draw(path: Path, side: int, grain: float) -> int:
    content, _ = grid_file(Scene("a lighthouse", "job", grid_size=side, grain=grain), "png")
    path.write_bytes(content)
    return len(content)
