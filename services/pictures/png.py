"""Checks that a PNG file is complete and unchanged, without decompressing its pixels.

Each chunk has a checksum, and the last one says that it is the last: a file that was cut, or in
which any bit is another, is refused. Pillow's decoder does not check that: it accepts a PNG whose
pixels end early, leaves the rest black, and ignores the checksums.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from domain.errors import NotAPicture

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\x89PNG\r\n\x1a\n"
HEADER = ">IIBBBBB"
HEADER_BYTES = 33
"""Of the magic number and the first chunk."""
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PIECE = 64 * 1024
_PALETTE = 3
_ONE_PICTURE = b"\0\0\0\1"  # how many a film has


class PngHeader(NamedTuple):
    """The first chunk; `colour` and `interlaced` as PNG numbers them."""

    width: int
    height: int
    depth: int
    colour: int
    compression: int
    filters: int
    interlaced: int

    @classmethod
    def of(cls, file: BinaryIO) -> Self:
        """Read it from the start of a file; raise `NotAPicture` if it is no PNG."""
        head = file.read(HEADER_BYTES)
        file.seek(0)
        if len(head) < HEADER_BYTES or head[:16] != MAGIC + b"\0\0\0\x0dIHDR":
            raise NotAPicture("not a PNG")
        return cls(*struct.unpack_from(HEADER, head, 16))

    @property
    def is_plain(self) -> bool:
        """Whether its rows stand one after the other, with a byte for each channel."""
        return self.depth == 8 and self.colour != _PALETTE and not self.interlaced  # noqa: PLR2004 -- bits of a byte

    @property
    def is_valid(self) -> bool:
        """Whether the specification knows such a picture."""
        kind = self.compression, self.filters, self.interlaced
        known = self.depth in _DEPTHS.get(self.colour, ()) and kind in ((0, 0, 0), (0, 0, 1))
        return known and 0 < self.width < 2**31 and 0 < self.height < 2**31


def check_png(file: BinaryIO) -> PngHeader:
    """Return the header of a PNG, or raise `NotAPicture`.

    Every checksum is right, the chunks are in order, and nothing comes after the last. So it is
    what was written, to its end. Whether the pixels in it can be decoded is not examined.
    """
    header = PngHeader.of(file)
    if not header.is_valid:
        raise NotAPicture("a PNG of an unknown kind")
    file.seek(len(MAGIC))
    try:
        _check_chunks(file)
    except struct.error as error:
        raise NotAPicture("a PNG that is cut") from error
    if file.read(1):
        raise NotAPicture("more bytes than the PNG")
    return header


def _check_chunks(file: BinaryIO) -> None:
    headers, runs, before, piece = 0, 0, b"", b""  # no list of names: millions fit into a file
    for name, piece in pieces(file):
        if name == b"acTL" and piece[:4] > _ONE_PICTURE:
            raise NotAPicture("animated")
        headers += name == b"IHDR"
        runs += before != name == b"IDAT"
        before = name
    if headers != 1 or runs != 1 or piece:
        raise NotAPicture("a PNG whose chunks are out of order")


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk as it stands in a file."""
    checksum = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I4s", len(content), name) + content + struct.pack(">I", checksum)


def pieces(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks up to the last: the name, and a piece of the content; one may be empty."""
    name = b""
    while name != b"IEND":
        left, name = struct.unpack(">I4s", file.read(8))
        checksum = zlib.crc32(name)
        while True:
            piece = file.read(min(left, _PIECE))
            left -= len(piece)
            checksum = zlib.crc32(piece, checksum)
            yield name, piece
            if not left or not piece:
                break
        if file.read(4) != struct.pack(">I", checksum):
            raise NotAPicture("a PNG that is cut or changed")
