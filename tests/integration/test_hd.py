"""Grids in HD: kept whole and pixel by pixel, or said why not, and never at the upscales' cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from PIL import Image

from domain.errors import NotTranscoded
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.slots import Slot
from sandbox import Sandbox
from services.pictures import download
from services.pictures.transcoding import Header, MadePng
from tests.fault_proxy import Fault, FaultProxy
from tests.integration.conftest import RunningBot
from tests.integration.store_harness import StoreHarness, emptied
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.integration

UPSCALES = tuple(Slot)[1:]
SMALL, FULL = 64, 2048  # of an ordinary square grid's side, in pixels
UPLOAD = "POST /storage/v1/object/homes/"
ALLOWED: dict[str, Any] = {"allow_costly": "hd"}

Limit = Callable[..., None]
Size = tuple[int, int]


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Limit:
    """Let downloads have other limits from now on: without any, those that they really have."""
    usual = download.DownloadLimits

    def limited(**limits: Any) -> None:
        monkeypatch.setattr(download, "DownloadLimits", partial(usual, **limits))

    return limited


@pytest.fixture
def home(request: pytest.FixtureRequest, place: str, tmp_path: Path) -> StoreHarness:
    if place == "folder":
        return StoreHarness(tmp_path, facts=ALLOWED)
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    return StoreHarness(tmp_path, facts=ALLOWED | emptied(server))


async def sent_and_stored(running_bot: RunningBot, row: Generation, slot: Slot) -> tuple[Any, Any]:
    """Return the pixels of Midjourney's picture, and of the PNG that is stored."""
    step = row.step(slot)
    assert step.picture is not None
    message = running_bot.sandbox.message(step.message_id or 0)
    assert message is not None
    async with aiohttp.ClientSession() as session, httpx.AsyncClient() as browser:
        async with session.get(message["attachments"][0]["url"]) as response:
            sent = await response.read()
        stored = await browser.get(await running_bot.atelier.images.url(step.picture.key))
    return _pixels(sent, "WEBP" if slot == Slot.GRID else "PNG"), _pixels(stored.content, "PNG")


def _pixels(content: bytes, kind: str) -> tuple[str, Size, bytes]:
    with Image.open(BytesIO(content)) as image:
        assert image.format == kind
        return image.mode, image.size, image.tobytes()


async def kept_whole(running_bot: RunningBot, prompt: str, grid: Size) -> None:
    """Ask for a grid and check all five pictures."""
    await running_bot.imagine(prompt)
    done = await running_bot.ended(prompt)
    assert done.stored == tuple(Slot)
    width, height = grid
    for slot in Slot:
        sent, stored = await sent_and_stored(running_bot, done, slot)
        assert stored == sent
        assert stored[1] == (grid if slot == Slot.GRID else (width // 2, height // 2))


@pytest.mark.parametrize("place", ["folder", pytest.param("Supabase", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("by_default", [False, True], ids=["asked for", "by default"])
async def test_a_grid_in_hd_is_kept_pixel_by_pixel(
    home: StoreHarness, limit: Limit, by_default: bool
) -> None:
    """What is larger than an ordinary grid goes through a process of its own; here, the grid."""
    limit(max_pixels_here=SMALL * SMALL)
    async with Sandbox(seed=7, picture_size=SMALL) as sandbox, home.quick(sandbox) as running_bot:
        sandbox.switches.hd_by_default.set(by_default)
        sandbox.switches.picture_grain.set(0.1)
        prompt = "a cat" if by_default else "a cat --hd"
        await kept_whole(running_bot, prompt, (2 * SMALL, 2 * SMALL))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("place", ["folder", pytest.param("Supabase", marks=pytest.mark.postgres)])
async def test_a_grid_in_hd_of_full_size_is_kept_pixel_by_pixel(home: StoreHarness) -> None:
    async with Sandbox(seed=7, picture_size=FULL) as sandbox, home.quick(sandbox) as running_bot:
        sandbox.switches.picture_grain.set(0.1)
        await kept_whole(running_bot, "a cat --hd --ar 16:9", (5824, 3264))


@pytest.mark.parametrize("place", ["folder"])
@pytest.mark.parametrize("kind", ["webp", "png"])
async def test_a_grid_with_too_many_pixels_costs_no_upscale_and_a_retry_fetches_it_alone(
    home: StoreHarness, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    look, check = download.read_header, download.check_size
    most = [4 * SMALL * SMALL - 1]

    def looked(path: Path, _: int) -> Header:
        return look(path, most[-1])

    def checked(width: int, height: int, _: int) -> None:
        check(width, height, most[-1])

    monkeypatch.setattr(download, "read_header", looked)
    monkeypatch.setattr(download, "check_size", checked)
    async with Sandbox(seed=7, picture_size=SMALL) as sandbox, home.quick(sandbox) as running_bot:
        sandbox.switches.grid_format.set(kind)
        await running_bot.imagine("a cat --hd")
        failed = await running_bot.ended("a cat --hd", Status.FAILED)
        assert failed.stored == UPSCALES
        assert failed.problem == Problem(ProblemKind.BAD_PICTURE, "grid: too_many_pixels")
        assert "more than 40 million pixels" in notice_of(sandbox, failed)
        most.append(4 * SMALL * SMALL)
        await alone_is_fetched(running_bot, failed)


@pytest.mark.long
@pytest.mark.postgres
async def test_a_grid_that_is_too_large_for_the_bucket_costs_no_upscale_either(
    tmp_path: Path, supabase_server: SupabaseServer, fault_proxy: FaultProxy
) -> None:
    home = StoreHarness(tmp_path, ALLOWED | emptied(supabase_server, fault_proxy.url))
    async with Sandbox(seed=7, picture_size=SMALL) as sandbox, home.quick(sandbox) as running_bot:
        fault_proxy.arm(Fault.storage(413, "Payload too large"), only=UPLOAD)
        await running_bot.imagine("a cat --hd")
        failed = await running_bot.ended("a cat --hd", Status.FAILED)
        assert failed.stored == UPSCALES
        assert failed.problem == Problem(ProblemKind.STORAGE, "grid: too_large")
        assert "larger than the image store takes" in notice_of(sandbox, failed)
        await alone_is_fetched(running_bot, failed)


@pytest.mark.long
@pytest.mark.parametrize("place", ["folder"])
async def test_a_grid_for_which_memory_is_too_little_costs_no_upscale_either(
    home: StoreHarness, limit: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried for a quarter of an hour, in which the upscales are not held up."""

    async def killed(*_: Path, **__: Any) -> MadePng:
        raise NotTranscoded("its process ended with -9")

    limit(max_pixels_here=SMALL * SMALL)
    async with Sandbox(seed=7, picture_size=SMALL) as sandbox, home.quick(sandbox) as running_bot:
        usual = download.transcode_apart
        monkeypatch.setattr(download, "transcode_apart", killed)
        await running_bot.imagine("a cat --hd")
        failed = await running_bot.ended("a cat --hd", Status.FAILED)
        assert failed.stored == UPSCALES
        assert failed.problem == Problem(ProblemKind.BAD_PICTURE, "grid: no_memory")
        assert "too little memory or time" in notice_of(sandbox, failed)
        monkeypatch.setattr(download, "transcode_apart", usual)
        await alone_is_fetched(running_bot, failed)


def notice_of(sandbox: Sandbox, row: Generation) -> str:
    notice = sandbox.message(row.notice_message_id or 0)
    assert notice is not None
    return notice["content"]


async def alone_is_fetched(running_bot: RunningBot, failed: Generation) -> None:
    """Retry: the grid is downloaded, and nothing else; nothing is asked of Midjourney."""
    sandbox = running_bot.sandbox
    asked = [each.kind for each in sandbox.interactions]
    before = downloads(sandbox)
    await sandbox.say("ann", f"!retry {failed.code}")
    done = await running_bot.ended(failed.prompt)
    assert done.stored == tuple(Slot)
    assert downloads(sandbox) == before + 1
    assert [each.kind for each in sandbox.interactions] == asked == ["imagine"] + ["press"] * 4


def downloads(sandbox: Sandbox) -> int:
    return sum(n for name, n in sandbox.requests.items() if "/attachments/" in name)
