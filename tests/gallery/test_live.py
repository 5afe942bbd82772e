"""What changes is told to whoever looks, as it happens."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from domain.errors import StoreUnavailable
from domain.generation import Generation, Status
from domain.pause import Pause
from domain.slots import Slot
from services.gallery import application as routes
from services.gallery import live as module
from services.gallery.live import Live, Watcher
from services.updates import DatabaseAway, GenerationUpdate, QueueStopped
from tests.builders import NOW, generation
from tests.contract.databases import done
from tests.gallery.gallery_harness import GalleryHarness, open_gallery
from tests.pictures import png

Told = dict[str, Any]


@asynccontextmanager
async def looking(harness: GalleryHarness) -> AsyncGenerator[aiohttp.StreamReader]:
    """Give the stream that a page follows, once it is open and has told how things stand."""
    before = await harness.gallery.source.lately()
    async with harness.visitor.get(harness.url("/live")) as answer:
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readline() == b"retry: 3000\n"
        for _ in before:
            await next_told(answer.content)
        yield answer.content


async def next_told(stream: aiohttp.StreamReader) -> Told:
    while not (line := await stream.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    return json.loads(line.removeprefix(b"data: "))


async def test_progress_is_told_with_midjourneys_percent(harness: GalleryHarness) -> None:
    row = await harness.painting("a <b>cat</b>")
    async with looking(harness) as stream:
        harness.gallery.hear(GenerationUpdate(row, percent=48))
        told = await next_told(stream)
    assert (told["code"], told["state"], told["progress"]) == (row.code, "submitted 0", 37.0)
    assert "a &lt;b&gt;cat&lt;/b&gt;" in told["card"]


async def test_everything_up_to_100_percent_is_told_in_order(harness: GalleryHarness) -> None:
    row = await harness.painting()
    async with looking(harness) as stream:
        for slot in Slot:
            row = await harness.stored(row, slot, png())
            harness.gallery.hear(GenerationUpdate(row))
        told = [await next_told(stream) for _ in Slot]
    assert [one["progress"] for one in told] == [50.0, 62.5, 75.0, 87.5, 100.0]
    assert told[-1]["state"] == "completed 5"


async def test_what_changed_before_the_stream_was_open_is_told_first(
    harness: GalleryHarness,
) -> None:
    """Between a page and its stream something may happen; nobody would be told again."""
    ended = await harness.made("a fox")
    row = await harness.painting("a cat")
    harness.gallery.live.tell(row, 48)
    async with harness.visitor.get(harness.url("/live")) as answer:
        told = [await next_told(answer.content) for _ in range(2)]
    assert [(one["code"], one["progress"]) for one in told] == [
        (ended.code, 100.0),
        (row.code, 37.0),
    ]


async def test_what_is_deleted_is_gone(harness: GalleryHarness) -> None:
    row = await harness.made()
    async with looking(harness) as stream:
        harness.gallery.hear(GenerationUpdate(replace(row, prompt="", archived_at=NOW)))
        assert await next_told(stream) == {"code": row.code, "gone": True}


async def test_nothing_else_is_told(harness: GalleryHarness) -> None:
    row = await harness.painting()
    async with looking(harness) as stream:
        harness.gallery.hear(DatabaseAway())
        harness.gallery.hear(QueueStopped(Pause(words="captcha", since=NOW)))
        harness.gallery.hear(GenerationUpdate(row))
        assert (await next_told(stream))["code"] == row.code


async def test_a_silent_stream_is_kept_open(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "SILENT_SECONDS", 0.01)
    async with looking(harness) as stream:
        assert await stream.readline() == b"\n"
        assert await stream.readline() == b":\n"


async def test_a_stream_ends_so_that_access_is_looked_at_again(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "STREAM_SECONDS", 0.05)
    async with looking(harness) as stream:
        assert await stream.read() == b"\n"
    assert not harness.gallery.live.wanted.is_set()


async def test_streams_end_with_the_server(tmp_path: Path) -> None:
    async with open_gallery(tmp_path) as harness, looking(harness) as stream:
        await harness.server.close()
        assert await stream.read() == b"\n"


def test_who_stays_is_told_when_others_leave() -> None:
    live = Live()
    with live.listening() as staying:
        with live.listening():
            pass
        live.tell(generation(Status.QUEUED))
        assert staying.qsize() == 1
        assert live.wanted.is_set()


async def test_so_many_may_listen_and_no_more(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LISTENERS", 1)
    async with looking(harness):
        await harness.get("/live", 503)


def test_a_percent_that_goes_back_is_not_shown() -> None:
    live, row = Live(), generation(Status.SUBMITTED)
    with live.listening() as changes:
        for percent in (31, 15, None, 46):
            live.tell(row, percent)
        shown = [changes.get_nowait() for _ in range(4)]
    assert [change and change.percent for change in shown] == [31, 31, 31, 46]
    assert live.percent(row.id) == 46
    live.tell(replace(row, status=Status.GRID_COMPLETED))
    assert live.percent(row.id) is None


def test_a_slow_listener_misses_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    live, row = Live(), generation(Status.SUBMITTED)
    with live.listening() as changes:
        for percent in (1, 2, 3):
            live.tell(row, percent)
        assert [changes.get_nowait().percent for _ in range(2)] == [2, 3]  # pyright: ignore[reportOptionalMemberAccess] -- not the end


# -------------------------------------------------------------- a process that only reads


@asynccontextmanager
async def watched(harness: GalleryHarness) -> AsyncGenerator[tuple[Watcher, Live]]:
    live = Live()
    yield Watcher(live, harness.worker.store, harness.clock), live


def drained(changes: asyncio.Queue[Any]) -> list[Generation]:
    return [changes.get_nowait().generation for _ in range(changes.qsize())]


async def test_a_watcher_tells_what_is_new_changed_or_ended(harness: GalleryHarness) -> None:
    async with watched(harness) as (watcher, live):
        with live.listening() as changes:
            row = await harness.painting()
            await watcher.look()
            await watcher.look()
            assert drained(changes) == [row]
            row = await harness.stored(row, Slot.GRID, png())
            waiting = await harness.asked()
            await watcher.look()
            assert drained(changes) == [row, waiting]
            row = done(await harness.worker.update(row, replace(row, status=Status.FAILED)))
            await watcher.look()
            assert drained(changes) == [row]


async def test_a_watcher_does_not_mind_a_row_that_somebody_deleted(
    harness: GalleryHarness,
) -> None:
    async with watched(harness) as (watcher, live):
        with live.listening() as changes:
            row = await harness.asked()
            await watcher.look()
            assert drained(changes) == [row]
            with sqlite3.connect(harness.folder / "atelier.sqlite3") as database:
                database.execute("DELETE FROM generations")
            database.close()
            await watcher.look()
            assert drained(changes) == []


async def test_a_watcher_looks_only_while_somebody_listens(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []

    async def look(watcher: Watcher) -> None:
        looks.append(harness.clock.monotonic())
        if len(looks) == 2:
            raise StoreUnavailable("away")

    monkeypatch.setattr(Watcher, "look", look)
    async with watched(harness) as (watcher, live), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watcher.run())
        await harness.clock.advance(10)
        assert looks == []
        with live.listening():
            await harness.clock.advance(5)
        assert looks == [10, 12, 14]
        await harness.clock.advance(10)
        assert looks == [10, 12, 14]
        running.cancel()
