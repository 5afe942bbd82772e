"""The gallery as a process of its own: it changes favourites alone, and needs no account."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from unittest.mock import AsyncMock

import aiohttp
import pytest

from cli.exit import Exit
from cli.gallery import serve
from domain.collection import Favourite
from domain.errors import StoreUnavailable
from domain.ports import Outcome
from services.database.sqlite import SqliteGenerationStore
from services.stores import open_for_gallery
from tests.gallery.gallery_harness import (
    ANN,
    CHANNEL,
    SECRET,
    GalleryHarness,
    GalleryTestSettings,
    codes,
)

ROOT = Path(__file__).parents[2]


def process(folder: Path, address: str, password: str | None = None) -> GalleryTestSettings:
    """Return the settings of a gallery at that address."""
    return GalleryTestSettings(folder, gallery_address=address, gallery_password=password)


async def test_it_serves_what_a_worker_makes_and_tells_what_changes(
    harness: GalleryHarness, unused_tcp_port: int
) -> None:
    row = await harness.painting("a fox")
    base = f"http://127.0.0.1:{unused_tcp_port}"
    serving = asyncio.ensure_future(serve(process(harness.folder, f"127.0.0.1:{unused_tcp_port}")))
    async with aiohttp.ClientSession() as visitor, asyncio.timeout(20):
        while True:
            with suppress(aiohttp.ClientConnectorError):
                async with visitor.get(base) as answer:
                    assert codes(await answer.text()) == [row.code]
                    break
            await asyncio.sleep(0)
        async with visitor.get(f"{base}/live") as stream:
            told = b""
            while not told.startswith(b"data: "):
                told = await stream.content.readline()
        assert row.code.encode() in told
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def test_stars_are_given_beside_the_worker(harness: GalleryHarness) -> None:
    row, settings = await harness.made("a fox"), process(harness.folder, "127.0.0.1:0")
    async with AsyncExitStack() as opened:
        reader, _, collection = await open_for_gallery(settings, harness.clock, opened)
        assert collection is not None
        favourite = Favourite(person_id=ANN, generation_id=row.id, kept=True)
        assert await collection.set_favourite(favourite, fence=None) == Outcome.DONE
        kept = await harness.worker.store.collection.list_favourites(
            CHANNEL, ANN, offset=0, limit=9
        )
        assert [one.code for one in kept] == [row.code]
        assert await reader.get_generation(row.code) == kept[0]


async def test_where_nothing_can_be_written_there_are_no_stars(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await harness.made("a fox")
    refused = AsyncMock(side_effect=StoreUnavailable("attempt to write a readonly database"))
    monkeypatch.setattr(SqliteGenerationStore, "open", refused)
    async with AsyncExitStack() as opened:
        settings = process(harness.folder, "127.0.0.1:0")
        reader, _, collection = await open_for_gallery(settings, harness.clock, opened)
        assert collection is None
        assert await reader.get_generation(row.code) == row


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.7:80", "pictures.example:80"])
async def test_where_others_can_reach_it_it_needs_a_password(
    harness: GalleryHarness, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await serve(process(harness.folder, address)) == Exit.SETTINGS_WRONG
    said = capsys.readouterr().err
    assert said.startswith(f"GALLERY_PASSWORD is not set: others can reach {address}, so write")


async def test_an_address_that_cannot_be_used_is_told(
    harness: GalleryHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = process(harness.folder, "192.0.2.1:80", SECRET)
    assert await serve(settings) == Exit.FAILED
    assert "cannot listen at 192.0.2.1:80" in capsys.readouterr().err


async def test_without_a_database_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await serve(process(tmp_path, "127.0.0.1:0")) == Exit.FAILED
    assert "there is no database" in capsys.readouterr().err


def test_a_worker_does_not_load_what_makes_pages() -> None:
    """It takes memory, and most workers are never asked for a page."""
    script = "import sys, bot; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


@pytest.mark.long
@pytest.mark.integration
async def test_the_real_process_needs_no_token_and_ends_in_order(
    harness: GalleryHarness, unused_tcp_port: int
) -> None:
    row = await harness.made("a fox")
    port = str(unused_tcp_port)
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "no_proxy")}
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "bot.py"), "gallery"),
        cwd=harness.folder,
        env=environment | {"DATA_DIR": ".", "GALLERY_PASSWORD": SECRET, "PORT": port},
        stderr=asyncio.subprocess.PIPE,
    )
    assert started.stderr is not None
    try:
        async with asyncio.timeout(30):
            while b"gallery_served" not in await started.stderr.readline():
                assert not started.stderr.at_eof()
        base = f"http://127.0.0.1:{unused_tcp_port}"
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as visitor:
            async with visitor.get(base) as answer:
                assert answer.status == 403
            async with visitor.post(f"{base}/login", data={"password": SECRET}) as answer:
                assert codes(await answer.text()) == [row.code]
        started.send_signal(signal.SIGTERM)
        _, said = await started.communicate()
    finally:
        with suppress(ProcessLookupError):
            started.kill()
    assert started.returncode == 0
    assert b"event=stopped" in said
