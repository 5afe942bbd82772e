"""Checks that a PNG file is complete, quickly and without holding its pixels in memory.

Pillow's decoder does not check that: it accepts a PNG whose pixels end early, leaves the rest
black, and ignores the checksums.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

from domain.errors import NotAPicture

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\x89PNG\r\n\x1a\n"
_PIECE = 64 * 1024
_INFLATED_AT_ONCE = 1024 * 1024
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_AT_ONCE = ((0, 0, 1, 1),)
# The passes of an interlaced picture: first column and row, distance of columns and of rows.
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def check_png(file: BinaryIO) -> None:
    """Raise `NotAPicture` unless every checksum is right and every pixel is there.

    The pixels themselves are not examined.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise NotAPicture("not a PNG")
    pixels: _Pixels | None = None
    try:
        for name, piece in pieces(file):
            if name == b"IHDR":
                pixels = _Pixels(piece)
            elif name == b"IDAT" and pixels is not None:
                pixels.take(piece)
    except (struct.error, zlib.error, KeyError) as error:
        raise NotAPicture(f"a broken PNG: {type(error).__name__}") from error
    if pixels is None or not pixels.complete:
        raise NotAPicture("a PNG without all its pixels")


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk as it stands in a file."""
    checksum = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I4s", len(content), name) + content + struct.pack(">I", checksum)


def pieces(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks up to the last: the name, and a piece of the content."""
    name = b""
    while name != b"IEND":
        left, name = struct.unpack(">I4s", file.read(8))
        checksum = zlib.crc32(name)
        while piece := file.read(min(left, _PIECE)):
            left -= len(piece)
            checksum = zlib.crc32(piece, checksum)
            yield name, piece
        if file.read(4) != struct.pack(">I", checksum):
            raise NotAPicture("a PNG that is cut or changed")


class _Pixels:
    """The compressed pixels as they arrive, decompressed only to count them."""

    def __init__(self, header: bytes) -> None:
        self._missing = _size_of_pixels(header)
        self._inflater = zlib.decompressobj()

    def take(self, piece: bytes) -> None:
        while (
            piece and self._missing >= 0
        ):  # at most one step too far: it may be a decompression bomb
            self._missing -= len(self._inflater.decompress(piece, _INFLATED_AT_ONCE))
            piece = self._inflater.unconsumed_tail

    @property
    def complete(self) -> bool:
        """Whether all pixels of the header have arrived, no more, and their stream has ended."""
        if self._missing < 0:
            return False
        return self._missing == len(self._inflater.flush()) and self._inflater.eof


def _size_of_pixels(header: bytes) -> int:
    """Return how many bytes the pixels have when decompressed, plus one per row."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * CHANNELS[colour]
    size = 0
    for column, row, across, down in _ADAM7 if interlaced else _AT_ONCE:
        columns, rows = -((column - width) // across), -((row - height) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + (columns * bits + 7) // 8)
    return size
