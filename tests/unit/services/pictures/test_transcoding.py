"""A PNG has exactly the pixels that Pillow decodes, whatever it is made of."""

import hashlib
import mmap
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st
from PIL import Image, ImageOps

from domain.errors import NotAPicture, NotTranscoded, StoreUnavailable, TooManyPixels
from services.pictures import transcoding, webp
from services.pictures.transcoding import MadePng, read_header, transcode
from tests.pictures import (
    KINDS,
    PNG_MAGIC,
    Size,
    animated,
    check_png,
    drawing,
    encoded,
    file_of,
    film_of_one,
    grainy,
    pixels,
)

PLENTY = 40_000_000


def made_of(body: bytes, folder: Path, max_pixels: int = PLENTY) -> tuple[bytes, MadePng]:
    """Return the PNG made of a file, and what is told of it."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(body)
    target.write_bytes(b"what was there before" * 1000)
    facts = transcode(source, target, max_pixels)
    return target.read_bytes(), facts


def as_pillow_sees_it(body: bytes) -> tuple[str, Size, bytes]:
    with Image.open(BytesIO(body)) as image:
        mode = "RGB" if image.mode == "CMYK" else image.mode
        return mode, image.size, image.convert(mode).tobytes()


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (641, 479)])
def test_every_pixel_is_as_pillow_decodes_it(what: str, size: Size, tmp_path: Path) -> None:
    mode, kind, options = KINDS[what]
    body = file_of(grainy(mode, size), kind, **options)
    content, facts = made_of(body, tmp_path)
    check_png(content)
    assert pixels(content) == as_pillow_sees_it(body)
    digest = hashlib.sha256(content).hexdigest()
    assert facts == MadePng(sha256=digest, size=len(content), width=size[0], height=size[1])


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_rows_are_filtered_as_in_one_piece(mode: str, tmp_path: Path) -> None:
    """The row before is known everywhere: equal rows are a difference of nothing."""
    picture = ImageOps.fit(drawing(mode, (256, 256)), (700, 900))
    body = file_of(picture, "JPEG")
    content, _ = made_of(body, tmp_path)
    with Image.open(BytesIO(body)) as image:
        assert filtered(content) == filtered(file_of(image, "PNG"))


def filtered(content: bytes) -> bytes:
    """Return what is compressed in a PNG."""
    at, compressed = len(PNG_MAGIC), b""
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        compressed += content[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    return zlib.decompress(compressed)


@pytest.mark.parametrize("what", [each for each in KINDS if "WebP" in each])
def test_without_the_library_pillow_itself_decodes(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode, kind, options = KINDS[what]
    body = file_of(grainy(mode, (300, 200)), kind, **options)

    def nothing(_: str) -> object:
        return object()

    monkeypatch.setattr("ctypes.CDLL", nothing)
    webp._library.cache_clear()  # pyright: ignore[reportPrivateUsage] -- what was found before
    try:
        assert webp._library() is None  # pyright: ignore[reportPrivateUsage] -- as above
        assert pixels(made_of(body, tmp_path)[0]) == as_pillow_sees_it(body)
    finally:
        webp._library.cache_clear()  # pyright: ignore[reportPrivateUsage] -- as above


def test_a_film_of_one_picture_is_a_picture(tmp_path: Path) -> None:
    body = film_of_one(drawing("RGBA"))
    content, _ = made_of(body, tmp_path)
    assert pixels(content) == as_pillow_sees_it(body)


def test_a_colour_profile_stays(tmp_path: Path) -> None:
    body = file_of(drawing(), "JPEG", icc_profile=b"a profile of colours")
    with Image.open(BytesIO(made_of(body, tmp_path)[0])) as image:
        assert image.info["icc_profile"] == b"a profile of colours"


def test_a_profile_for_printing_does_not_go_to_the_screen(tmp_path: Path) -> None:
    body = file_of(drawing("CMYK"), "JPEG", icc_profile=b"of ink")
    with Image.open(BytesIO(made_of(body, tmp_path)[0])) as image:
        assert "icc_profile" not in image.info


# ---------------------------------------------------------------------------------- limits


@pytest.mark.parametrize("kind", ["WEBP", "JPEG"])
def test_the_limit_is_the_decoders_own_word_for_the_size(kind: str, tmp_path: Path) -> None:
    body = encoded(drawing(), kind)
    assert made_of(body, tmp_path, 64 * 48)[1].width == 64
    with pytest.raises(TooManyPixels):
        made_of(body, tmp_path, 64 * 48 - 1)


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (64, 48)])
def test_a_header_tells_the_size(what: str, size: Size, tmp_path: Path) -> None:
    mode, kind, options = KINDS[what]
    file = tmp_path / "a"
    file.write_bytes(file_of(grainy(mode, size), kind, **options))
    header = read_header(file, PLENTY)
    assert (header.format, header.width, header.height) == (kind, *size)


@pytest.mark.parametrize("what", [each for each in KINDS if "WebP" in each])
@pytest.mark.parametrize("draw", [grainy, Image.new], ids=["grainy", "one colour"])
def test_only_some_rows_are_there_at_a_time(
    what: str, draw: Callable[[str, Size], Image.Image], tmp_path: Path
) -> None:
    """The pixels alone would be 3.6 MB. Those of one colour are all decoded at once."""
    mode, kind, options = KINDS[what]
    body = file_of(draw(mode, (1200, 1000)), kind, **options)
    made_of(body, tmp_path)  # loads what is loaded once, and leaves the files
    tracemalloc.start()
    try:
        transcode(tmp_path / "source", tmp_path / "target", PLENTY)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 2_500_000


class Canvas(mmap.mmap):
    """Notes how much of it was given back."""

    given_back: int = 0

    def madvise(self, option: int, start: int = 0, length: int | None = None) -> None:
        assert option == mmap.MADV_DONTNEED
        Canvas.given_back += length or 0
        super().madvise(option, start, length or 0)


def test_the_rows_that_were_taken_are_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.pictures.webp.mmap.mmap", Canvas)
    made_of(file_of(grainy("RGB", (1600, 700)), "WEBP"), tmp_path)
    assert Canvas.given_back > 1600 * 700 * 3 - 2 * mmap.PAGESIZE


# ---------------------------------------------------------------------------------- faults


@pytest.mark.parametrize("what", KINDS)
def test_half_a_picture_is_none(what: str, tmp_path: Path) -> None:
    mode, kind, options = KINDS[what]
    body = file_of(grainy(mode, (641, 479)), kind, **options)
    with pytest.raises(NotAPicture):
        made_of(body[: len(body) // 2], tmp_path)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_a_film_is_none(kind: str, tmp_path: Path) -> None:
    with pytest.raises(NotAPicture, match="animated"):
        made_of(animated(kind), tmp_path)


WEBP = file_of(grainy("RGB", (90, 70)), "WEBP", quality=80)
WHOLE = as_pillow_sees_it(WEBP)


@how(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, len(WEBP) - 1))
def test_no_beginning_of_a_webp_is_whole(length: int, tmp_path: Path) -> None:
    with pytest.raises(NotAPicture):
        made_of(WEBP[:length], tmp_path)


@pytest.mark.parametrize("missing", [1, 2, 3, 10])
def test_a_webp_without_its_last_bytes_is_not_whole(missing: int, tmp_path: Path) -> None:
    with pytest.raises(NotAPicture):
        made_of(WEBP[:-missing], tmp_path)


@how(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(at=16, value=4)  # the length of the pixels' own chunk, which nothing depends on
@given(at=st.integers(0, len(WEBP) - 1), value=st.integers(0, 255))
def test_any_change_of_a_webp_is_refused_or_decoded_as_pillow_does(
    at: int, value: int, tmp_path: Path
) -> None:
    """Or harms no pixel, where Pillow is stricter."""
    changed = bytearray(WEBP)
    changed[at] = value
    try:
        wanted = as_pillow_sees_it(bytes(changed))
    except Exception:  # noqa: BLE001 -- whatever it raises
        with suppress(NotAPicture):
            assert pixels(made_of(bytes(changed), tmp_path)[0]) == WHOLE
    else:
        assert pixels(made_of(bytes(changed), tmp_path)[0]) == wanted


@pytest.mark.parametrize("kind", ["WEBP", "JPEG"])
def test_too_little_memory_is_no_fault_of_the_picture(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(transcoding.PngWriter, "write", full)
    with pytest.raises(NotTranscoded):
        made_of(encoded(drawing(), kind), tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(*(webp, "open_still") if kind == "WEBP" else (Image, "open"), full)
    with pytest.raises(NotTranscoded):
        made_of(encoded(drawing(), kind), tmp_path)


def test_a_map_that_the_system_refuses_is_too_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mmap.mmap

    def full(file: int, *arguments: int, **named: int) -> mmap.mmap:
        if file == -1:
            raise OSError(12, "Cannot allocate memory")
        return real(file, *arguments, **named)

    monkeypatch.setattr("services.pictures.webp.mmap.mmap", full)
    with pytest.raises(NotTranscoded):
        made_of(encoded(drawing(), "WEBP"), tmp_path)


def test_a_target_that_is_gone_does_not_come_back(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(encoded(drawing(), "WEBP"))
    with pytest.raises(StoreUnavailable):
        transcode(source, target, PLENTY)
    assert not target.exists()


def test_the_end_of_what_was_there_before_is_gone(tmp_path: Path) -> None:
    content, _ = made_of(encoded(drawing(), "WEBP"), tmp_path)
    assert content.startswith(PNG_MAGIC)
    assert content.endswith(b"IEND\xae\x42\x60\x82")
