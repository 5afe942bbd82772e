"""Pictures inside a terminal: by its own protocol, or as half blocks in two colours each."""

from __future__ import annotations

import asyncio
import base64
import io
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import httpx
from PIL import Image
from prompt_toolkit.output import ColorDepth

from demo.columns import NAME_WIDTH
from demo.terminal import PictureProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from demo.screen import Screen
    from demo.terminal import TerminalAbilities

MOST_ROWS = 16
"""A picture is at most this high: small enough that the conversation stays in sight."""
CELL = (10, 20)
"""Pixels of a cell, for protocols that draw pixels. An ordinary font's; nothing is asked."""
_KITTY_CHUNK = 4096
_SIXEL_COLOURS = 128
_BAND = 6  # rows of pixels that one character of a sixel covers
_INDENT = " " * NAME_WIDTH


class Cells(NamedTuple):
    """The size of a picture in characters."""

    columns: int
    rows: int


def drawn(content: bytes, terminal: TerminalAbilities, width: int) -> list[str]:
    """Return the rows of text that show a picture below the text column."""
    if terminal.pictures is None:
        return []
    with Image.open(io.BytesIO(content)) as opened:
        image = opened.convert("RGB")
    cells = fitting(image, width - NAME_WIDTH)
    if terminal.pictures == PictureProtocol.HALF_BLOCKS:
        small = _scaled(image, (cells.columns, 2 * cells.rows))
        return [_INDENT + row for row in half_blocks(small, terminal.colours)]
    scaled = _scaled(image, (cells.columns * CELL[0], cells.rows * CELL[1]))
    return [_INDENT + _PROTOCOLS[terminal.pictures](scaled, cells)]


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    how = Image.Resampling.LANCZOS
    return image.resize(size, how)  # pyright: ignore[reportUnknownMemberType] -- numpy's types


def fitting(image: Image.Image, columns: int) -> Cells:
    """Return the largest size with the picture's shape; a cell is twice as high as wide."""
    shape = 2 * image.width / image.height
    rows = min(MOST_ROWS, columns / shape)
    return Cells(max(1, round(rows * shape)), max(1, round(rows)))


def half_blocks(image: Image.Image, colours: ColorDepth) -> list[str]:
    """Return rows of half blocks: two pixels in each, the upper one as its own colour."""
    colour = _exactly(image) if colours == ColorDepth.DEPTH_24_BIT else _from_palette(image)
    rows: list[str] = []
    for top in range(0, image.height - 1, 2):
        pairs = [(colour(x, top), colour(x, top + 1)) for x in range(image.width)]
        runs = ((pair, len(list(run))) for pair, run in groupby(pairs))
        rows.append(
            "".join(f"\x1b[38;{up};48;{low}m{'▀' * n}" for (up, low), n in runs) + "\x1b[0m"
        )
    return rows


def _exactly(image: Image.Image) -> Callable[[int, int], str]:
    content = image.tobytes()

    def colour(x: int, y: int) -> str:
        at = 3 * (y * image.width + x)
        return "2;{};{};{}".format(*content[at : at + 3])

    return colour


def _from_palette(image: Image.Image) -> Callable[[int, int], str]:
    """Give the nearest of the 240 colours that every terminal with 256 has alike."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for each in _xterm_colours() for value in each])
    indexed = image.quantize(palette=palette, dither=Image.Dither.NONE).tobytes()
    return lambda x, y: f"5;{16 + indexed[y * image.width + x]}"


def _xterm_colours() -> Iterable[tuple[int, int, int]]:
    """Return xterm's colours 16 to 255: a cube of six steps, and greys."""
    steps = (0, 95, 135, 175, 215, 255)
    yield from ((red, green, blue) for red in steps for green in steps for blue in steps)
    yield from ((grey, grey, grey) for grey in range(8, 248, 10))


def kitty(image: Image.Image, cells: Cells) -> str:
    """Return kitty's graphics protocol: a PNG in pieces, without an answer from the terminal."""
    content = base64.standard_b64encode(_png(image)).decode()
    pieces = [content[at : at + _KITTY_CHUNK] for at in range(0, len(content), _KITTY_CHUNK)]
    first = f"a=T,f=100,q=2,c={cells.columns},r={cells.rows},"
    return "".join(
        f"\x1b_G{first * (at == 0)}m={int(at < len(pieces) - 1)};{piece}\x1b\\"
        for at, piece in enumerate(pieces)
    )


def iterm(image: Image.Image, cells: Cells) -> str:
    """Return iTerm2's inline image, which WezTerm and mintty show, too."""
    content = _png(image)
    size = f"size={len(content)};width={cells.columns};height={cells.rows}"
    encoded = base64.standard_b64encode(content).decode()
    return f"\x1b]1337;File=inline=1;{size};preserveAspectRatio=1:{encoded}\x07"


def sixel(image: Image.Image, _: Cells) -> str:
    """Return the picture as sixels: for each band of six rows, the pixels of each colour."""
    indexed = image.quantize(_SIXEL_COLOURS)
    percent = [round(value / 2.55) for value in indexed.getpalette() or []]
    colours = "".join(
        "#{};2;{};{};{}".format(at // 3, *percent[at : at + 3]) for at in range(0, len(percent), 3)
    )
    pixels = indexed.tobytes()
    rows = [pixels[at : at + image.width] for at in range(0, len(pixels), image.width)]
    bands = "-".join(_band(rows[top : top + _BAND]) for top in range(0, len(rows), _BAND))
    return f'\x1bP0;1q"1;1;{image.width};{image.height}{colours}{bands}\x1b\\'


def _band(rows: list[bytes]) -> str:
    """Return six rows: each colour draws its pixels, bit by bit, over the same place."""
    marks: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(len(rows[0])))
    for bit, row in enumerate(rows):
        for x, colour in enumerate(row):
            marks[colour][x] |= 1 << bit
    lines: list[str] = []
    for colour, bits in marks.items():
        runs = ((chr(63 + each), len(list(run))) for each, run in groupby(bits))
        lines.append(f"#{colour}" + "".join(f"!{n}{sign}" for sign, n in runs))
    return "$".join(lines)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


_PROTOCOLS: dict[PictureProtocol, Callable[[Image.Image, Cells], str]] = {
    PictureProtocol.KITTY: kitty,
    PictureProtocol.ITERM: iterm,
    PictureProtocol.SIXEL: sixel,
}


class InlinePictures:
    """Fetches pictures from their addresses, and shows them on a screen as they arrive."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._arriving: set[asyncio.Future[list[str]]] = set()

    def show(self, address: str) -> None:
        """Show a picture soon, if this terminal can: a thread fetches and scales it."""
        if self._screen.terminal.pictures is None:
            return
        loop = asyncio.get_running_loop()
        arriving = loop.run_in_executor(None, self._rows, address)
        self._arriving.add(arriving)
        arriving.add_done_callback(self._arrived)

    async def finish(self) -> None:
        """Wait for the pictures that are still on their way."""
        if self._arriving:
            await asyncio.wait(self._arriving)

    def _rows(self, address: str) -> list[str]:
        answer = httpx.get(address, trust_env=False).raise_for_status()
        return drawn(answer.content, self._screen.terminal, self._screen.width() or 0)

    def _arrived(self, arriving: asyncio.Future[list[str]]) -> None:
        self._arriving.discard(arriving)
        # A picture that cannot be shown is no reason to end: where it is, is said in any case.
        if not arriving.cancelled() and arriving.exception() is None:
            self._screen.draw(arriving.result())
