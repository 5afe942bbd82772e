"""The proof that a PNG is whole: everything whole passes, and nothing else."""

import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from domain.errors import NotAPicture
from services.pictures.png import check_png
from tests.pictures import Size, encoded, png, png_of

WHOLE = png((23, 17))
# Which pass of an interlaced picture a pixel belongs to: the specification's own drawing.
PASSES = (
    *("16462646", "77777777", "56565656", "77777777"),
    *("36463646", "77777777", "56565656", "77777777"),
)

sizes = st.tuples(st.integers(1, 20), st.integers(1, 20))


def refused(content: bytes) -> bool:
    try:
        check_png(BytesIO(content))
    except NotAPicture:
        return True
    return False


def interlaced_size(size: Size, bits: int) -> int:
    """Count the bytes of the pixels by looking at every pixel."""
    rows: dict[tuple[str, int], int] = {}
    for y in range(size[1]):
        for x in range(size[0]):
            at = (PASSES[y % 8][x % 8], y)
            rows[at] = rows.get(at, 0) + bits
    return sum(1 + -(-row // 8) for row in rows.values())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@given(size=sizes)
def test_every_png_that_pillow_writes_is_whole(mode: str, size: Size) -> None:
    check_png(BytesIO(encoded(Image.new(mode, size))))


def test_a_picture_of_many_pieces_is_whole() -> None:
    """Pixels of several times what is read and inflated at once."""
    noise = Image.effect_noise((1500, 1500), 90)
    check_png(BytesIO(encoded(noise)))
    check_png(BytesIO(encoded(Image.new("RGB", (1500, 1500)))))


@given(size=sizes, kind=st.sampled_from([(1, 0), (8, 2), (4, 3), (16, 4), (16, 6)]))
def test_an_interlaced_picture_has_the_pixels_of_seven(size: Size, kind: tuple[int, int]) -> None:
    depth, colour = kind
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    right = interlaced_size(size, depth * channels)
    header = (depth, colour, 0, 0, 1)
    assert not refused(png_of(size, header, bytes(right)))
    assert refused(png_of(size, header, bytes(right - 1)))


@pytest.mark.parametrize(
    ("pixels", "wrong"),
    [
        pytest.param(5 * 10, False, id="exactly"),
        pytest.param(5 * 9, True, id="a row less"),
        pytest.param(5 * 10 - 1, True, id="a byte less"),
        pytest.param(5 * 10 + 1, True, id="a byte more"),
        pytest.param(0, True, id="none"),
    ],
)
def test_there_are_as_many_pixels_as_the_header_says(pixels: int, wrong: bool) -> None:
    assert refused(png_of((4, 10), (8, 0, 0, 0, 0), bytes(pixels))) is wrong


def test_the_stream_of_the_pixels_has_its_end() -> None:
    grey = (8, 0, 0, 0, 0)
    assert refused(png_of((4, 10), grey, bytes(50), lambda pixels: zlib.compress(pixels)[:-4]))


class Inflater:
    """Counts what is inflated, in all and at once."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj()
        self.all = 0
        self.most = 0

    def decompress(self, piece: bytes, most: int) -> bytes:
        return self._seen(self._inflater.decompress(piece, most))

    def flush(self) -> bytes:
        return self._seen(self._inflater.flush())

    def _seen(self, inflated: bytes) -> bytes:
        self.all += len(inflated)
        self.most = max(self.most, len(inflated))
        return inflated

    @property
    def unconsumed_tail(self) -> bytes:
        return self._inflater.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._inflater.eof


@pytest.fixture
def inflater(monkeypatch: pytest.MonkeyPatch) -> Inflater:
    inflater = Inflater()
    monkeypatch.setattr("services.pictures.png.zlib.decompressobj", lambda: inflater)
    return inflater


def test_pixels_are_inflated_a_little_at_a_time(inflater: Inflater) -> None:
    """Pixels in one colour are a thousandth of their size in the file."""
    check_png(BytesIO(encoded(Image.new("RGB", (1500, 1500)))))
    assert (inflater.all, inflater.most) == (1500 * (1 + 3 * 1500), 1024 * 1024)


def test_a_bomb_is_not_inflated(inflater: Inflater) -> None:
    assert refused(png_of((4, 10), (8, 0, 0, 0, 0), bytes(20_000_000)))
    assert inflater.all == 1024 * 1024


@given(length=st.integers(0, len(WHOLE) - 1))
def test_no_beginning_of_a_png_is_whole(length: int) -> None:
    assert refused(WHOLE[:length])


@given(at=st.integers(0, 8 * len(WHOLE) - 1))
def test_no_png_with_a_bit_changed_is_whole(at: int) -> None:
    changed = bytearray(WHOLE)
    changed[at // 8] ^= 1 << at % 8
    assert refused(bytes(changed))


def test_an_unknown_colour_type_is_refused() -> None:
    assert refused(png_of((4, 10), (8, 5, 0, 0, 0), bytes(50)))


def test_pixels_before_the_header_are_refused() -> None:
    header, pixels = WHOLE[8:33], WHOLE[33:]
    assert not refused(WHOLE[:8] + header + pixels)
    assert refused(WHOLE[:8] + pixels)


@given(content=st.binary(max_size=60))
def test_any_bytes_are_refused_in_order(content: bytes) -> None:
    """Nothing but `NotAPicture` is raised."""
    assert refused(WHOLE[:8] + content)
    assert refused(content)
