"""Reads a PNG file a few rows at a time, so that its pixels never are in memory all at once."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

# Registers the format that is used here: otherwise Pillow would import all its plugins.
import PIL.PngImagePlugin  # noqa: F401  # pyright: ignore[reportUnusedImport]
from PIL import Image

from domain.errors import NotAPicture
from services.pictures.png import CHANNELS, HEADER, MAGIC, PngHeader, chunk, pieces
from services.pictures.transcoding import decoding

if TYPE_CHECKING:
    from collections.abc import Iterator

_INFLATED_AT_ONCE = 1024 * 1024


def strips(file: BinaryIO, rows: int) -> Iterator[Image.Image]:
    """Yield the pixels of a plain PNG from top to bottom, as pictures of so many rows.

    The last may have fewer. Raises `NotAPicture` if it is broken, or not plain.
    """
    header = PngHeader.of(file)
    if not header.is_plain or header.colour not in CHANNELS:
        raise NotAPicture("a PNG that cannot be read row by row")
    stride = 1 + header.width * CHANNELS[header.colour]
    before = bytes(stride)  # PNG's own rule for the row before the first
    for filtered in _whole(_inflated(file), rows * stride):
        strip = _decoded(header, before + filtered)
        before = b"\0" + strip.crop((0, strip.height - 1, *strip.size)).tobytes()
        yield strip.crop((0, 1, *strip.size))


def _inflated(file: BinaryIO) -> Iterator[bytes]:
    """Yield the rows as they are stored: each with its filter, and filtered."""
    inflater = zlib.decompressobj()
    file.seek(len(MAGIC))
    try:
        for name, content in pieces(file):
            piece: bytes | memoryview = content if name == b"IDAT" else b""
            while piece:
                yield inflater.decompress(piece, _INFLATED_AT_ONCE)
                piece = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise NotAPicture(f"a broken PNG: {type(error).__name__}") from error


def _whole(parts: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in parts of one size; the last may be shorter."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def _decoded(header: PngHeader, rows: bytes) -> Image.Image:
    """Return filtered rows as a picture, with Pillow's decoder.

    Filters look at the row before, so that one goes along, unfiltered.
    """
    stride = 1 + header.width * CHANNELS[header.colour]
    height, rest = divmod(len(rows), stride)
    if rest:
        raise NotAPicture("a PNG without all its pixels")
    head = struct.pack(HEADER, header.width, height, 8, header.colour, 0, 0, 0)
    small = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 0)), chunk(b"IEND", b""))
    content = BytesIO(MAGIC + b"".join(small))
    with decoding(), Image.open(content, formats=["PNG"]) as image:
        image.load()
        return image.copy()
