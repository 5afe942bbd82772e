"""What a PNG file is made of: its header, and chunks with checksums."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from isal.isal_zlib import crc32  # pyright: ignore[reportUnknownVariableType] -- its stubs leave the data's type open

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
_CHUNK_HEAD = struct.Struct(">I4s")  # the length of its content, and its name
_CHECKSUM = struct.Struct(">I")
_NOTHING = memoryview(b"")


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


def checksum(name: bytes, content: bytes) -> int:
    """Return the checksum of a chunk."""
    return crc32(content, crc32(name))


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk as it stands in a file."""
    return _CHUNK_HEAD.pack(len(content), name) + content + _CHECKSUM.pack(checksum(name, content))


class ChunkReader:
    """Takes chunks apart while their bytes arrive, in parts of any size, and checks each checksum.

    Raises `NotAPicture` as soon as one is wrong, or more comes after the last chunk.
    """

    def __init__(self) -> None:
        self._rest = b""  # of the last part: too few bytes to say anything
        self._name = b""  # of the chunk that is being read; empty between two
        self._left = self._checksum = 0
        self._ended = False

    def take(self, data: bytes | memoryview) -> Iterator[tuple[bytes, memoryview]]:
        """Yield each chunk's name with a piece of its content; the first of a chunk is empty."""
        view = memoryview(self._rest + data if self._rest else data)
        at, end = 0, len(view)
        while at < end:
            if self._ended:
                raise NotAPicture("more bytes than the PNG")
            if self._left:
                piece = view[at : at + self._left]
                at += len(piece)
                self._left -= len(piece)
                self._checksum = crc32(piece, self._checksum)
                yield self._name, piece
                continue
            needed = _CHECKSUM if self._name else _CHUNK_HEAD
            if end - at < needed.size:
                break
            if self._name:
                self._compare(*needed.unpack_from(view, at))
            else:
                self._begin(*needed.unpack_from(view, at))
                yield self._name, _NOTHING
            at += needed.size
        self._rest = bytes(view[at:])

    def finish(self) -> None:
        """Raise `NotAPicture` if the last chunk did not come."""
        if not self._ended:
            raise NotAPicture("a PNG that is cut")

    def _begin(self, length: int, name: bytes) -> None:
        self._left, self._name, self._checksum = length, name, crc32(name)

    def _compare(self, checksum: int) -> None:
        if checksum != self._checksum:
            raise NotAPicture("a PNG that is cut or changed")
        self._ended, self._name = self._name == b"IEND", b""


def pieces(file: BinaryIO) -> Iterator[tuple[bytes, memoryview]]:
    """Yield what a `ChunkReader` does, of the rest of a file; raise `NotAPicture` if it is cut."""
    reader = ChunkReader()
    while data := file.read(_PIECE):
        yield from reader.take(data)
    reader.finish()
