"""The proof that a PNG is as it was written: everything whole passes, and nothing else."""

import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from domain.errors import NotAPicture
from services.pictures.png import chunk
from services.pictures.png_check import MOST_CHUNKS
from tests.pictures import PNG_MAGIC, Size, check_png, encoded, png, png_of

WHOLE = png((23, 17))
GREY = (8, 0, 0, 0, 0)
HEAD, PIXELS, END = (b"IHDR", WHOLE[16:29]), (b"IDAT", b"pixels"), (b"IEND", b"")
TEXT = (b"tEXt", b"Title\0a cat")

sizes = st.tuples(st.integers(1, 20), st.integers(1, 20))


def refused(content: bytes, part: int = 1_000_000) -> bool:
    try:
        check_png(content, part)
    except NotAPicture:
        return True
    return False


def of_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    return PNG_MAGIC + b"".join(chunk(name, content) for name, content in chunks)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@given(size=sizes)
def test_every_png_that_pillow_writes_is_whole(mode: str, size: Size) -> None:
    check_png(encoded(Image.new(mode, size)))


def test_a_picture_of_many_pieces_is_whole() -> None:
    """A chunk of several times what is read at once, and many chunks."""
    noise = Image.effect_noise((1500, 1500), 90)
    check_png(encoded(noise))
    one = zlib.compress(noise.tobytes(), 1)
    check_png(of_chunks(HEAD, (b"IDAT", one), END))


def test_the_header_is_told() -> None:
    assert check_png(WHOLE)[:4] == (23, 17, 8, 2)


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(zlib.compress(bytes(50))[:-4], id="no end"),
        pytest.param(zlib.compress(bytes(49)), id="too few"),
        pytest.param(zlib.compress(bytes(50_000)), id="a bomb"),
        pytest.param(b"no stream at all", id="no stream"),
    ],
)
def test_what_the_pixels_hold_is_not_looked_at(stream: bytes) -> None:
    """Only whoever makes the file can make it so; on its way it would lose its checksums."""
    assert not refused(of_chunks(HEAD, (b"IDAT", stream), END))


@given(length=st.integers(0, len(WHOLE) - 1))
def test_no_beginning_of_a_png_is_whole(length: int) -> None:
    assert refused(WHOLE[:length])


@given(at=st.integers(0, 8 * len(WHOLE) - 1), part=st.integers(1, 2 * len(WHOLE)))
def test_no_png_with_a_bit_changed_is_whole(at: int, part: int) -> None:
    changed = bytearray(WHOLE)
    changed[at // 8] ^= 1 << at % 8
    assert refused(bytes(changed), part)


@pytest.mark.parametrize("part", [1, 2, 3, 5, 7, 8, 11, 12, 13, 33, 34, 100])
def test_a_png_is_whole_in_whatever_parts_it_arrives(part: int) -> None:
    assert check_png(WHOLE, part) == check_png(WHOLE)
    assert refused(WHOLE + b"\0", part)


def test_so_many_chunks_that_they_would_hold_up_everything_else_are_refused() -> None:
    """Only a file that was made for it has them: they need not be of any size."""
    most = MOST_CHUNKS - len((HEAD, PIXELS, END))
    assert not refused(of_chunks(HEAD, PIXELS, *[(b"tEXt", b"")] * most, END))
    assert refused(of_chunks(HEAD, PIXELS, *[(b"tEXt", b"")] * (most + 1), END))


@pytest.mark.parametrize(
    ("size", "header"),
    [
        pytest.param((4, 10), (8, 5, 0, 0, 0), id="colours"),
        pytest.param((4, 10), (16, 3, 0, 0, 0), id="depth"),
        pytest.param((4, 10), (8, 0, 1, 0, 0), id="compression"),
        pytest.param((4, 10), (8, 0, 0, 1, 0), id="filters"),
        pytest.param((4, 10), (8, 0, 0, 0, 2), id="interlacing"),
        pytest.param((0, 10), GREY, id="no width"),
        pytest.param((4, 0), GREY, id="no height"),
        pytest.param((4, 2**31), GREY, id="height"),
    ],
)
def test_a_header_that_no_png_has_is_refused(size: Size, header: tuple[int, ...]) -> None:
    depth, colour, compression, filters, interlaced = header
    kind = depth, colour, compression, filters, interlaced
    assert refused(png_of(size, kind, bytes(50)))


@pytest.mark.parametrize(
    ("chunks", "whole"),
    [
        ((HEAD, PIXELS, END), True),
        ((HEAD, TEXT, TEXT, PIXELS, PIXELS, (b"IDAT", b""), TEXT, END), True),
        ((HEAD, PIXELS), False),
        ((HEAD, END), False),
        ((PIXELS, HEAD, END), False),
        ((HEAD, HEAD, PIXELS, END), False),
        ((HEAD, PIXELS, HEAD, END), False),
        ((HEAD, PIXELS, TEXT, PIXELS, END), False),
        ((HEAD, PIXELS, (b"tEXt", b""), PIXELS, END), False),
        ((HEAD, PIXELS, (b"IEND", b"more")), False),
        ((HEAD, PIXELS, END, TEXT), False),
        ((HEAD, (b"acTL", b"\0\0\0\1\0\0\0\0"), PIXELS, END), True),
        ((HEAD, (b"acTL", b"\0\0\0\2\0\0\0\0"), PIXELS, END), False),
    ],
)
def test_chunks_are_in_order_and_nothing_comes_after_the_last(
    chunks: tuple[tuple[bytes, bytes], ...], whole: bool
) -> None:
    for part in (1, 1_000_000):
        assert refused(of_chunks(*chunks), part) is not whole


@given(content=st.binary(max_size=60))
def test_any_bytes_are_refused_in_order(content: bytes) -> None:
    """Nothing but `NotAPicture` is raised."""
    assert refused(WHOLE[:8] + content)
    assert refused(content)


def test_chunks_by_the_thousand_take_no_memory() -> None:
    content = of_chunks(HEAD, *[(b"teXt", b"")] * (MOST_CHUNKS - 3), PIXELS, END)
    tracemalloc.start()
    try:
        check_png(content)
        assert tracemalloc.get_traced_memory()[1] < 300_000
    finally:
        tracemalloc.stop()
