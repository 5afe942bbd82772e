"""From a link to a verified PNG: what hosts, bytes and disks do instead, and what comes of it."""

import resource
import traceback
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from domain.errors import (
    AtelierError,
    DownloadFailed,
    ForbiddenLink,
    LinkExpired,
    NotAPicture,
    StoreUnavailable,
    TooManyPixels,
)
from services.pictures.download import DownloadLimits
from tests.picture_server import (
    AMPLE,
    TARGET,
    Answer,
    PictureServer,
    fetched,
    fetching,
    forever,
    noise,
    pieces,
    repeated,
    serving,
    status,
    whole,
)
from tests.pictures import (
    HTML,
    PNG_MAGIC,
    animated,
    drawing,
    encoded,
    png,
    png_claiming,
    webp,
    webp_claiming,
)


@pytest.fixture
async def server() -> AsyncGenerator[PictureServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "temporary"


def files_in(folder: Path) -> list[Path]:
    return list(folder.glob("*"))


async def refusal(
    server: PictureServer, folder: Path, answer: Answer, limits: DownloadLimits = AMPLE
) -> AtelierError:
    """Fetch what must not be stored: it is an error, leaves no file, and repeats no signature."""
    server.answer = answer
    async with fetching(server, folder, limits) as fetcher:
        with pytest.raises(AtelierError) as caught:
            await fetched(fetcher, server)
    assert files_in(folder) == []
    assert "hm=" not in "".join(traceback.format_exception(caught.value))
    return caught.value


# ------------------------------------------------------------------------ faults of the host


@pytest.mark.fault(name="F13")
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (301, ForbiddenLink),
        (302, ForbiddenLink),
        (307, ForbiddenLink),
        (403, LinkExpired),
        (404, LinkExpired),
        (410, LinkExpired),
        (204, DownloadFailed),
        (429, DownloadFailed),
        (500, DownloadFailed),
        (503, DownloadFailed),
    ],
)
async def test_an_answer_that_is_no_picture_says_what_may_be_done(
    server: PictureServer, folder: Path, code: int, error: type[AtelierError]
) -> None:
    elsewhere = {"Location": f"{server.origin}{TARGET}"} if code in (301, 302, 307) else None
    assert type(await refusal(server, folder, status(code, elsewhere))) is error
    assert server.targets == [TARGET]


@pytest.mark.fault(name="F13")
async def test_a_body_that_ends_before_its_length_may_come_whole_later(
    server: PictureServer, folder: Path
) -> None:
    answer = pieces(png()[:-20], length=len(png()))
    assert type(await refusal(server, folder, answer)) is DownloadFailed


async def test_a_host_that_is_not_there_may_come_back(
    server: PictureServer, folder: Path, unused_tcp_port: int
) -> None:
    server.origin = f"http://127.0.0.1:{unused_tcp_port}"
    assert type(await refusal(server, folder, status(200))) is DownloadFailed


async def test_a_host_that_speaks_no_http_may_come_to_its_senses(
    server: PictureServer, folder: Path
) -> None:
    """The client's own words for it repeat the link."""
    assert type(await refusal(server, folder, noise)) is DownloadFailed


@pytest.mark.fault(name="F13")
@pytest.mark.parametrize("sent", [(), (png()[:100],)])
async def test_a_host_that_falls_silent_is_left(
    server: PictureServer, folder: Path, sent: tuple[bytes, ...]
) -> None:
    answer = pieces(*sent, length=len(png()), then=forever)
    limits = DownloadLimits(total_seconds=3600.0, stall_seconds=0.05)
    assert type(await refusal(server, folder, answer, limits)) is DownloadFailed


@pytest.mark.fault(name="F13")
async def test_a_host_that_drips_is_left_at_the_end_of_the_time(
    server: PictureServer, folder: Path
) -> None:
    drops = (png()[at : at + 1] for at in range(len(png())))
    limits = replace(AMPLE, total_seconds=0.15)
    assert type(await refusal(server, folder, repeated(drops, 0.02), limits)) is DownloadFailed


@pytest.mark.fault(name="F13")
async def test_a_promise_of_too_many_bytes_is_refused_before_any_comes(
    server: PictureServer, folder: Path
) -> None:
    limits = replace(AMPLE, max_bytes=1000)
    error = await refusal(server, folder, pieces(length=1001, then=forever), limits)
    assert type(error) is NotAPicture


@pytest.mark.fault(name="F13")
async def test_a_body_without_end_is_cut_at_the_limit(server: PictureServer, folder: Path) -> None:
    sent = 0

    def endless() -> Generator[bytes]:
        nonlocal sent
        while True:
            sent += 1024
            yield bytes(1024)

    error = await refusal(server, folder, repeated(endless()), replace(AMPLE, max_bytes=65_536))
    await server.hung_up.wait()
    assert type(error) is NotAPicture
    assert sent < 8_000_000  # what the sockets on both sides take, and no more


async def test_a_picture_of_exactly_the_limit_is_taken(server: PictureServer, folder: Path) -> None:
    server.answer = whole(png())
    limits = replace(AMPLE, max_bytes=len(png()), max_pixels=64 * 48)
    async with fetching(server, folder, limits) as fetcher:
        assert await fetched(fetcher, server) == png()


# ----------------------------------------------------------------------- faults of the bytes

FLIPPED = bytearray(png())
FLIPPED[len(FLIPPED) // 2] ^= 1


@pytest.mark.fault(name="F13")
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(HTML, id="a web page"),
        pytest.param(b"\x89PNG", id="not even a header"),
        pytest.param(PNG_MAGIC + bytes(100), id="a PNG's magic and zeros"),
        pytest.param(encoded(drawing(), "GIF"), id="a GIF"),
        pytest.param(encoded(drawing(), "BMP"), id="a BMP"),
        pytest.param(png()[: len(png()) // 2], id="half a PNG"),
        pytest.param(png()[:-1], id="a PNG without its last byte"),
        pytest.param(png()[:-12], id="a PNG without its end"),
        pytest.param(bytes(FLIPPED), id="a PNG with one bit changed"),
        pytest.param(png() + b"\0", id="a PNG and a byte more"),
        pytest.param(webp()[: len(webp()) // 2], id="half a WebP"),
        pytest.param(encoded(drawing(), "JPEG")[:-300], id="a JPEG without its end"),
        pytest.param(animated("PNG"), id="an animated PNG"),
        pytest.param(animated("WEBP"), id="an animated WebP"),
    ],
)
async def test_bytes_that_are_no_whole_picture_are_refused(
    server: PictureServer, folder: Path, body: bytes
) -> None:
    assert type(await refusal(server, folder, whole(body))) is NotAPicture


@pytest.mark.fault(name="F13")
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(png_claiming((8001, 5000)), id="just above the limit"),
        pytest.param(png_claiming((10_000, 10_000)), id="where Pillow warns"),
        pytest.param(png_claiming((50_000, 50_000)), id="where Pillow refuses"),
        pytest.param(webp_claiming((16_384, 16_384)), id="a WebP"),
    ],
)
async def test_a_bomb_is_refused_from_its_header(
    server: PictureServer, folder: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    def never(_: Image.Image) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    assert type(await refusal(server, folder, whole(body))) is TooManyPixels


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
async def test_a_picture_with_too_many_pixels_is_told_apart(
    server: PictureServer, folder: Path, kind: str
) -> None:
    limits = replace(AMPLE, max_pixels=64 * 48 - 1)
    error = await refusal(server, folder, whole(encoded(drawing(), kind)), limits)
    assert type(error) is TooManyPixels
    assert "64 x 48 pixels" in str(error)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
async def test_a_picture_of_exactly_as_many_pixels_is_taken(
    server: PictureServer, folder: Path, kind: str
) -> None:
    server.answer = whole(encoded(drawing(), kind))
    async with fetching(server, folder, replace(AMPLE, max_pixels=64 * 48)) as fetcher:
        assert (await fetched(fetcher, server)).startswith(PNG_MAGIC)


# --------------------------------------------------------------------------- faults of the disk


@contextmanager
def files_no_longer_than(size: int) -> Generator[None]:
    """Let the system refuse to write more, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.fault(name="F17")
async def test_a_disk_that_cannot_take_the_download_is_no_fault_of_the_picture(
    server: PictureServer, folder: Path
) -> None:
    with files_no_longer_than(10):
        assert type(await refusal(server, folder, whole(png()))) is StoreUnavailable


@pytest.mark.fault(name="F17")
async def test_a_disk_that_cannot_take_the_png_is_no_fault_of_the_picture(
    server: PictureServer, folder: Path
) -> None:
    body = encoded(drawing(), "WEBP", lossless=False)
    with files_no_longer_than(len(body)):
        assert type(await refusal(server, folder, whole(body))) is StoreUnavailable


@pytest.mark.fault(name="F17")
async def test_a_folder_that_cannot_be_made_is_no_fault_of_the_picture(
    server: PictureServer,
) -> None:
    error = await refusal(server, Path("/dev/null/temporary"), whole(png()))
    assert type(error) is StoreUnavailable
    assert server.asked == []
