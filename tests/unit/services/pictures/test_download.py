"""From a link to a verified PNG: what comes of good pictures, on the wire and in the folder."""

import asyncio
import hashlib
import os
import threading
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from domain.errors import ForbiddenLink, NotAPicture
from services.pictures import download
from services.pictures.download import PictureFetcher
from services.pictures.transcoding import MadePng, transcode
from tests.picture_server import (
    AMPLE,
    CHANNEL,
    TARGET,
    PictureServer,
    fetched,
    fetching,
    forever,
    pieces,
    serving,
    whole,
)
from tests.pictures import PNG_MAGIC, check_png, drawing, encoded, pixels, png, webp

LAST_RESORT = 50
"""Seconds after which a thread is no longer waited for."""


@pytest.fixture
async def server() -> AsyncGenerator[PictureServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "temporary"
    path.mkdir()
    return path


@pytest.fixture
async def fetcher(server: PictureServer, folder: Path) -> AsyncGenerator[PictureFetcher]:
    async with fetching(server, folder) as fetcher:
        yield fetcher


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


# ------------------------------------------------------------------------------ good pictures


async def test_a_png_keeps_its_bytes_and_is_described(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    content = png((64, 48))
    server.answer = whole(content)
    async with fetcher.fetch(server.origin + TARGET) as picture:
        assert picture.path.read_bytes() == content
        assert picture.sha256 == hashlib.sha256(content).hexdigest()
        assert (picture.size, picture.width, picture.height) == (len(content), 64, 48)


async def test_a_png_is_examined_while_it_arrives_and_not_looked_at_again(
    server: PictureServer, fetcher: PictureFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its file is read, nor a thread asked."""

    def read(*_: object) -> None:
        raise AssertionError("the file is read again")

    monkeypatch.setattr(download, "read_header", read)
    asked: list[object] = []
    monkeypatch.setattr(fetcher._worker, "submit", asked.append)  # pyright: ignore[reportPrivateUsage] -- what is watched
    server.answer = whole(png())
    async with fetcher.fetch(server.origin + TARGET) as picture:
        assert picture.size == len(png())
    assert asked == []


async def test_a_png_with_a_broken_chunk_is_refused_before_the_rest_comes(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    changed = bytearray(png())
    changed[20] ^= 1
    server.answer = pieces(bytes(changed[:60]), length=len(changed), then=forever)
    with pytest.raises(NotAPicture):
        await fetched(fetcher, server)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
async def test_a_webp_becomes_a_png_with_the_same_pixels(
    server: PictureServer, fetcher: PictureFetcher, mode: str
) -> None:
    original = drawing(mode)
    if mode == "RGBA":
        # WebP keeps no colour where nothing is seen.
        seen = ImageChops.lighter(original.getchannel("A"), Image.new("L", original.size, 1))
        original.putalpha(seen)
    server.answer = whole(encoded(original, "WEBP"), "image/webp")
    async with fetcher.fetch(server.origin + TARGET) as picture:
        content = picture.path.read_bytes()
        assert content.startswith(PNG_MAGIC)
        assert pixels(content) == (mode, original.size, original.tobytes())
        assert picture.sha256 == hashlib.sha256(content).hexdigest()
        assert (picture.size, picture.width, picture.height) == (len(content), 64, 48)


@pytest.mark.parametrize(("mode", "becomes"), [("RGB", "RGB"), ("L", "L"), ("CMYK", "RGB")])
async def test_a_jpeg_becomes_a_png_with_the_pixels_it_decodes_to(
    server: PictureServer, fetcher: PictureFetcher, tmp_path: Path, mode: str, becomes: str
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(encoded(drawing(mode), "JPEG"))
    server.answer = whole(file.read_bytes(), "image/jpeg")
    with Image.open(file) as decoded:
        expected = decoded.convert(becomes).tobytes()
    assert pixels(await fetched(fetcher, server)) == (becomes, (64, 48), expected)


async def test_the_type_is_what_the_bytes_are_not_what_the_host_says(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    server.answer = whole(png(), "text/html")
    assert await fetched(fetcher, server) == png()


async def test_a_picture_sent_without_a_length_is_whole(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    server.answer = pieces(png()[:100], png()[100:])
    assert await fetched(fetcher, server) == png()


# ---------------------------------------------------------------------------------- the wire


async def test_the_query_arrives_byte_for_byte(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    """Encoding it again would break the signature that it is."""
    server.answer = whole(png())
    target = f"/attachments/{CHANNEL}/1/m%c3%a9_%41.png?ex=1&hm=a%2Fb+c%20d%7e'\"|^&&=%zz&"
    await fetched(fetcher, server, target)
    assert server.targets == [target]


async def test_nothing_is_told_about_who_asks(
    server: PictureServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cookie that the host has set, no login that the machine keeps for it."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login me password word\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.answer = whole(png(), headers={"Set-Cookie": "who=me; Path=/"})
    server.origin = server.origin.replace("127.0.0.1", "localhost")  # an IP address has no cookies
    async with fetching(server, folder) as fetcher:
        await fetched(fetcher, server)
        await fetched(fetcher, server)
    told = {name for request in server.asked for name in request.headers}
    assert told == {"Host", "Accept", "Accept-Encoding", "User-Agent"}


async def test_a_refused_link_is_not_requested(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    for target in ("/attachments/78/1/a.png", f"/attachments/{CHANNEL}/../78/a.png", "/"):
        with pytest.raises(ForbiddenLink):
            await fetched(fetcher, server, target)
    assert server.asked == []


async def test_a_proxy_is_asked_in_the_hosts_place(server: PictureServer, folder: Path) -> None:
    server.answer = whole(png())
    origin = "http://pictures.invalid"
    fetcher = PictureFetcher(
        channel_id=CHANNEL,
        folder=folder,
        allowed_origins=frozenset({origin}),
        limits=AMPLE,
        proxy=server.origin,
    )
    async with fetcher.fetch(origin + TARGET) as picture:
        assert picture.path.read_bytes() == png()
    await fetcher.close()
    assert server.targets == [origin + TARGET]


# --------------------------------------------------------------------------- files and memory


async def test_the_file_is_gone_after_the_block(
    server: PictureServer, fetcher: PictureFetcher, folder: Path
) -> None:
    server.answer = whole(webp())
    async with fetcher.fetch(server.origin + TARGET) as picture:
        assert left_in(folder) == [picture.path]
    assert left_in(folder) == []


async def test_nothing_of_the_download_is_left_in_a_smaller_png(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    server.answer = whole(encoded(drawing(), "JPEG") + bytes(100_000))
    content = await fetched(fetcher, server)
    assert content == content.rstrip(b"\0")
    check_png(content)


async def test_what_a_killed_process_left_is_swept_and_what_is_at_work_stays(
    server: PictureServer, folder: Path
) -> None:
    old, young = folder / ".old.part", folder / ".young.part"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    async with fetching(server, folder):
        assert left_in(folder) == [young]


async def test_an_error_in_the_block_passes_and_the_file_is_gone(
    server: PictureServer, fetcher: PictureFetcher, folder: Path
) -> None:
    server.answer = whole(png())
    with pytest.raises(OSError, match="mine"):
        async with fetcher.fetch(server.origin + TARGET):
            raise OSError("mine")
    assert left_in(folder) == []


async def test_a_moved_file_is_not_missed(
    server: PictureServer, fetcher: PictureFetcher, tmp_path: Path
) -> None:
    server.answer = whole(png())
    async with fetcher.fetch(server.origin + TARGET) as picture:
        picture.path.rename(tmp_path / "kept.png")
    assert (tmp_path / "kept.png").read_bytes() == png()


async def test_the_file_is_gone_after_a_cancelled_download(
    server: PictureServer, fetcher: PictureFetcher, folder: Path
) -> None:
    server.answer = pieces(png()[:100], length=len(png()), then=forever)
    task = asyncio.create_task(fetched(fetcher, server))
    await server.called.wait()
    assert len(left_in(folder)) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left_in(folder) == []


async def test_the_file_does_not_come_back_after_a_cancelled_transcode(
    server: PictureServer,
    fetcher: PictureFetcher,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The thread cannot be stopped: it finds its file gone, and makes no other."""
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def held(source: Path, target: Path, max_pixels: int) -> MadePng:
        begun.set()
        go_on.wait(LAST_RESORT)
        try:
            return transcode(source, target, max_pixels)
        finally:
            ended.set()

    monkeypatch.setattr(download, "transcode", held)
    server.answer = whole(webp())
    task = asyncio.create_task(fetched(fetcher, server))
    assert await asyncio.to_thread(begun.wait, LAST_RESORT)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert await asyncio.to_thread(ended.wait, LAST_RESORT)
    assert left_in(folder) == []


async def test_pictures_are_decoded_one_at_a_time(
    server: PictureServer, fetcher: PictureFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four at once would take four times the memory."""
    alone = threading.Lock()

    def watched(source: Path, target: Path, max_pixels: int) -> MadePng:
        assert alone.acquire(blocking=False)
        try:
            time.sleep(0.01)  # long enough for another thread to come in
            return transcode(source, target, max_pixels)
        finally:
            alone.release()

    monkeypatch.setattr(download, "transcode", watched)
    server.answer = whole(webp())
    async with asyncio.TaskGroup() as tasks:
        results = [tasks.create_task(fetched(fetcher, server)) for _ in range(4)]
    assert {pixels(result.result()) for result in results} == {
        ("RGB", (64, 48), drawing().tobytes())
    }


async def test_a_closed_fetcher_holds_no_thread(server: PictureServer, folder: Path) -> None:
    server.answer = whole(webp())
    async with fetching(server, folder) as fetcher:
        await fetched(fetcher, server)
        threads = [thread for thread in threading.enumerate() if "pictures" in thread.name]
    for thread in threads:
        await asyncio.to_thread(thread.join, LAST_RESORT)
    assert [thread.is_alive() for thread in threads] == [False]
