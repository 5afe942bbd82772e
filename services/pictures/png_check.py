"""Checks that a PNG is complete and unchanged, without decompressing its pixels.

Each chunk has a checksum, and the last one says that it is the last: a file that was cut, or in
which any bit is another, is refused. Pillow's decoder does not check that: it accepts a PNG whose
pixels end early, leaves the rest black, and ignores the checksums.
"""

from __future__ import annotations

from io import BytesIO

from domain.errors import NotAPicture
from services.pictures.png import HEADER_BYTES, MAGIC, ChunkReader, PngHeader

MOST_CHUNKS = 20_000
"""Of one picture: each costs a microsecond or two of the loop. The largest that may be fetched has
6,100 where a program writes 8 kB at a time, which is the least that is usual."""
_ONE_PICTURE = b"\0\0\0\1"  # how many a film has


class PngCheck:
    """Checks a file while its bytes arrive, in parts of any size; a PNG must be whole.

    Every checksum is right, the chunks are in order, and nothing comes after the last. So it is
    what was written, to its end. Whether the pixels in it can be decoded is not examined. What
    does not begin as a PNG is another matter, and passes.
    """

    def __init__(self) -> None:
        self._head = b""
        self._header: PngHeader | None = None
        self._chunks = ChunkReader()
        self._order = _ChunkOrder()

    def take(self, data: bytes) -> None:
        """Look at the bytes that come next; raise `NotAPicture` as soon as one is wrong."""
        if self._header is not None:
            self._look(data)
        elif len(self._head) < HEADER_BYTES:
            start = self._head + data
            self._head = start[:HEADER_BYTES]
            if len(self._head) == HEADER_BYTES and start.startswith(MAGIC):
                self._header = _valid(self._head)
                self._look(memoryview(start)[len(MAGIC) :])

    def finish(self) -> PngHeader | None:
        """Return the header of a PNG, None for another file; `NotAPicture` if the PNG is cut."""
        if not self._head.startswith(MAGIC):
            return None
        self._chunks.finish()
        self._order.finish()
        return self._header

    def _look(self, data: bytes | memoryview) -> None:
        for name, piece in self._chunks.take(data):
            if not piece:
                self._order.begin(name)
            elif name != b"IDAT":
                self._order.see(name, piece)


class _ChunkOrder:
    """Which chunks came so far."""

    def __init__(self) -> None:
        self._last = b""
        self._chunks = 0
        self._unique = {b"IHDR": False, b"IDAT": False}
        self._frames = b""

    def see(self, name: bytes, piece: memoryview) -> None:
        """Look at what a chunk holds."""
        if name == b"IEND":
            raise NotAPicture("a PNG whose end has content")
        if name == b"acTL" and len(self._frames) < len(_ONE_PICTURE):
            self._frames += piece
            if self._frames[: len(_ONE_PICTURE)] > _ONE_PICTURE:
                raise NotAPicture("animated")

    def finish(self) -> None:
        """Raise `NotAPicture` if there are no pixels."""
        if not self._unique[b"IDAT"]:
            raise NotAPicture("a PNG without pixels")

    def begin(self, name: bytes) -> None:
        """Look at the name of the next chunk."""
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            raise NotAPicture("a PNG of too many chunks")
        again = self._unique.get(name, False)
        if again and (name, self._last) != (b"IDAT", b"IDAT"):
            raise NotAPicture("a PNG whose chunks are out of order")
        if name in self._unique:
            self._unique[name] = True
        self._last, self._frames = name, b""


def _valid(head: bytes) -> PngHeader:
    header = PngHeader.of(BytesIO(head))
    if not header.is_valid:
        raise NotAPicture("a PNG of an unknown kind")
    return header
