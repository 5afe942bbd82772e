"""Pictures in a terminal, read again as a terminal would read them."""

import base64
import io
import re
from collections.abc import Sequence

import httpx
import pytest
from PIL import Image
from prompt_toolkit.output import ColorDepth

from demo.columns import NAME_WIDTH
from demo.inline import CELL, MOST_ROWS, Cells, InlinePictures, drawn, fitting, half_blocks, sixel
from demo.screen import PlainScreen
from demo.terminal import PictureProtocol, TerminalAbilities

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def quarters(size: tuple[int, int]) -> Image.Image:
    """Return a picture of four colours, as a grid is of four pictures."""
    image = Image.new("RGB", size)
    half = size[0] // 2, size[1] // 2
    places = [(0, 0), (half[0], 0), (0, half[1]), half]
    for place, colour in zip(places, (RED, GREEN, BLUE, WHITE), strict=True):
        image.paste(colour, (*place, place[0] + half[0], place[1] + half[1]))
    return image


def png(size: tuple[int, int] = (120, 80)) -> bytes:
    out = io.BytesIO()
    quarters(size).save(out, "PNG")
    return out.getvalue()


def corners(image: Image.Image) -> list[object]:
    right, bottom = image.width - 1, image.height - 1
    return [image.getpixel(at) for at in [(0, 0), (right, 0), (0, bottom), (right, bottom)]]


def by(protocol: PictureProtocol) -> str:
    terminal = TerminalAbilities(colours=ColorDepth.DEPTH_24_BIT, pictures=protocol)
    [row] = drawn(png(), terminal, 80)
    assert row.startswith(" " * NAME_WIDTH)
    return row.strip()


@pytest.mark.parametrize(
    ("size", "columns", "cells"),
    [
        ((300, 200), 68, Cells(48, 16)),
        ((200, 200), 68, Cells(32, 16)),
        ((200, 200), 20, Cells(20, 10)),
        ((100, 800), 68, Cells(4, 16)),
        ((8000, 1), 68, Cells(68, 1)),
    ],
)
def test_a_picture_is_small_and_keeps_its_shape(
    size: tuple[int, int], columns: int, cells: Cells
) -> None:
    assert fitting(Image.new("RGB", size), columns) == cells


def test_a_half_block_shows_two_pixels() -> None:
    red, green, blue, white = "2;255;0;0", "2;0;255;0", "2;0;0;255", "2;255;255;255"
    assert half_blocks(quarters((4, 2)), ColorDepth.DEPTH_24_BIT) == [
        f"\x1b[38;{red};48;{blue}m▀▀\x1b[38;{green};48;{white}m▀▀\x1b[0m"
    ]


def test_with_256_colours_the_nearest_is_taken() -> None:
    assert half_blocks(quarters((2, 2)), ColorDepth.DEPTH_8_BIT) == [
        "\x1b[38;5;196;48;5;21m▀\x1b[38;5;46;48;5;231m▀\x1b[0m"
    ]


def test_half_blocks_stand_below_the_text() -> None:
    terminal = TerminalAbilities(
        colours=ColorDepth.DEPTH_8_BIT, pictures=PictureProtocol.HALF_BLOCKS
    )
    rows = drawn(png(), terminal, 60)
    assert len(rows) == MOST_ROWS
    assert all(row.startswith(" " * NAME_WIDTH + "\x1b[") for row in rows)


def test_kitty_gets_a_png_in_pieces_and_is_not_to_answer() -> None:
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", by(PictureProtocol.KITTY))
    assert pieces[0][0].startswith("a=T,f=100,q=2,c=48,r=16,m=")
    assert [keys[-1] for keys, _ in pieces] == [*["1"] * (len(pieces) - 1), "0"]
    assert all(len(piece) <= 4096 for _, piece in pieces)
    content = base64.b64decode("".join(piece for _, piece in pieces))
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, corners(image)) == ((480, 320), [RED, GREEN, BLUE, WHITE])


def test_iterm_gets_a_file_with_its_size_in_cells() -> None:
    found = re.fullmatch(
        r"\x1b\]1337;File=inline=1;size=(\d+);width=48;height=16;preserveAspectRatio=1:(.*)\x07",
        by(PictureProtocol.ITERM),
    )
    assert found is not None
    content = base64.b64decode(found[2])
    assert len(content) == int(found[1])
    with Image.open(io.BytesIO(content)) as image:
        assert corners(image) == [RED, GREEN, BLUE, WHITE]


def read_sixel(text: str) -> Image.Image:
    """Draw what a terminal would."""
    found = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)(.*)\x1b\\', text)
    assert found is not None
    image = Image.new("RGB", (int(found[1]), int(found[2])))
    palette: dict[str, tuple[int, ...]] = {}
    x, top, colour = 0, 0, "0"
    for token in re.findall(r"#\d+(?:;2;\d+;\d+;\d+)?|!\d+[?-~]|[?-~$-]", found[3]):
        if token[0] == "#":
            colour, *rgb = token[1:].split(";")
            if rgb:
                palette[colour] = tuple(round(int(each) * 2.55) for each in rgb[1:])
        elif token in "$-":
            x, top = 0, top + 6 * (token == "-")
        else:
            for x in range(x, x + int(token[1:-1] or 1)):  # noqa: B020 -- goes on there
                for bit in range(6):
                    if ord(token[-1]) - 63 >> bit & 1:
                        image.putpixel((x, top + bit), palette[colour])
            x += 1
    return image


def test_sixels_draw_every_pixel() -> None:
    image = quarters((20, 14))
    assert read_sixel(sixel(image, Cells(2, 1))).tobytes() == image.tobytes()


def test_a_sixel_picture_has_the_size_of_its_cells() -> None:
    assert f'"1;1;{48 * CELL[0]};{16 * CELL[1]}' in by(PictureProtocol.SIXEL)


class PictureScreen(PlainScreen):
    """A screen of half blocks that remembers its rows."""

    terminal = TerminalAbilities(
        colours=ColorDepth.DEPTH_8_BIT, pictures=PictureProtocol.HALF_BLOCKS
    )

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.rows: list[str] = []

    def width(self) -> int:
        return 60

    def draw(self, rows: Sequence[str]) -> None:
        self.rows += rows


@pytest.mark.parametrize(("status", "rows"), [(200, MOST_ROWS), (404, 0)])
async def test_a_picture_is_fetched_and_one_that_is_gone_is_done_without(
    status: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get(address: str, **_: object) -> httpx.Response:
        return httpx.Response(status, content=png(), request=httpx.Request("GET", address))

    monkeypatch.setattr(httpx, "get", get)
    screen = PictureScreen()
    pictures = InlinePictures(screen)
    pictures.show("http://127.0.0.1:1/grid.png")
    await pictures.finish()
    assert len(screen.rows) == rows


def test_a_terminal_without_pictures_gets_none() -> None:
    assert drawn(b"", TerminalAbilities(), 80) == []
