"""Checks that a long gallery is quick to open: pages of 10,000 generations, and their weight.

It is served in this process, to a visitor over loopback. The generations are rows of one database;
all of them show one grid, which has as much detail as a photo.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import aiohttp

import config
from domain.generation import NewGeneration, Picture, Status
from domain.slots import Slot, picture_key
from sandbox.pictures import Scene, grid_file
from services import logs
from services.clock import SystemClock
from services.gallery.addresses import STATIC
from services.gallery.application import application
from services.gallery.gallery import Gallery
from services.gallery.source import PAGE
from services.stores import open_stores, picture_routes
from services.web_server import WebServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.ports import GenerationStore, ImageStore

ROWS = 10_000
MOST_MS, MOST_KB = 200.0, 300.0
"""Of the first page; its weight is with all that it loads."""
_TIMES = 9
_COPY = """
INSERT INTO generations (
    id, code, turn, status, prompt, author_id, author_name, guild_id, channel_id,
    command_message_id, origin_kind, wanted, grid_url, grid_step, created_at, updated_at
)
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
SELECT
    printf('00000000-0000-4000-8000-%012d', n),
    replace(replace(printf('g%05d', n), '0', 'z'), '1', 'y'), n, status,
    printf('picture %d of a long list', n), author_id, author_name, guild_id, channel_id, n,
    origin_kind, wanted, grid_url, grid_step, created_at, updated_at
FROM number, generations WHERE seq = 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCost:
    """How long a page takes until it is there, the median of some tries, and its weight."""

    page: str
    ms: float
    kb: float


def fill(database: Path, rows: int) -> None:
    """Add so many copies of the first generation of an SQLite file."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(_COPY, (rows,))


def costs(rows: int, tell: Callable[[str], None]) -> list[PageCost]:
    """Measure each kind of page."""
    logs.configure("logfmt", ())
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_costs(Path(folder), rows, tell))


def too_dear(found: list[PageCost]) -> list[str]:
    """Say which of the promises are not kept."""
    wrong = [f"{cost.page}: {cost.ms:.0f} ms" for cost in found if cost.ms > MOST_MS]
    heavy = [f"{cost.page}: {cost.kb:.0f} kB" for cost in found if cost.kb > MOST_KB]
    return wrong + heavy


async def _costs(folder: Path, rows: int, tell: Callable[[str], None]) -> list[PageCost]:
    facts = {"discord_token": "t", "owner_ids": {10**17}, "discord_channel_id": 10**17}
    values = config.Settings(_env_file=None, **facts, data_dir=folder)  # pyright: ignore[reportCallIssue, reportArgumentType] -- pydantic-settings' own argument
    async with AsyncExitStack() as opened:
        server, clock = WebServer("127.0.0.1:0"), SystemClock()
        store, images = await open_stores(values, clock, opened, server)
        gallery = Gallery(values, store, images, server, clock, store.collection)
        opened.push_async_callback(server.close)
        await server.start(application(gallery, picture_routes(values)))
        tell(f"Filling {rows:,} generations ...")
        code = await _first(store, images, folder)
        fill(folder / "atelier.sqlite3", rows)
        visitor = await opened.enter_async_context(aiohttp.ClientSession(server.base))
        beside = await _weight_beside(visitor, code)
        pages = {
            "the first": "/",
            "from the middle": f"/?before={rows // 2}",
            "of a person": f"/?by={code}",
            "in a state": "/?state=done",
            "with two common words": "/?q=long+picture",
            "with a rare word": "/?q=lighthouse",
            "one opened": f"/g/{code}",
        }
        return [await _cost(visitor, name, path, beside) for name, path in pages.items()]


async def _first(store: GenerationStore, images: ImageStore, folder: Path) -> str:
    """Make one generation with its grid; the others are copies of it. Return its code."""
    lease = await store.acquire_lease("benchmark", 60)
    new = NewGeneration(
        id=str(uuid4()),
        code="222222",
        prompt="a lighthouse",
        author_id=1,
        author_name="Ann",
        guild_id=1,
        channel_id=1,
        command_message_id=10**17,
        wanted=(),
    )
    file, size = grid_file(Scene(new.prompt, "job", grain=0.5), "png")
    source = folder / "source.png"
    await asyncio.to_thread(source.write_bytes, file)
    key = picture_key(new.id, Slot.GRID)
    await images.put(key, source)
    facts = Picture(
        key=key,
        sha256="",
        size=len(file),
        width=size[0],
        height=size[1],
        stored_at=SystemClock().now(),
    )
    await store.create_generation(new, fence=lease.fence)
    row = (await store.claim_next(now=facts.stored_at, fence=lease.fence)).row
    accepted = replace(row, status=Status.SUBMITTED)
    await store.update_generation(row, accepted, event="benchmark", fence=lease.fence)
    done = await store.record_picture(row.id, Slot.GRID, facts, fence=lease.fence)
    assert done.row.status == Status.COMPLETED  # noqa: S101 -- otherwise nothing is measured
    return new.code


async def _weight_beside(visitor: aiohttp.ClientSession, code: str) -> float:
    """Return how many bytes a full page loads besides its own."""
    async with visitor.get(f"/g/{code}/grid.webp") as answer:
        thumbnail = len(await answer.read())
    return PAGE * thumbnail + sum(path.stat().st_size for path in STATIC.iterdir())


async def _cost(visitor: aiohttp.ClientSession, name: str, path: str, beside: float) -> PageCost:
    taken: list[float] = []
    weight = 0
    for _ in range(_TIMES):
        begun = time.perf_counter()
        async with visitor.get(path) as answer:
            answer.raise_for_status()
            weight = len(await answer.read())
        taken.append(1000 * (time.perf_counter() - begun))
    return PageCost(page=name, ms=statistics.median(taken), kb=(weight + beside) / 1000)
