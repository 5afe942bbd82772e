"""Decodes a WebP a few rows at a time.

Pillow decodes every WebP as a film: it holds several copies of the whole picture, with four bytes
for each pixel. The library below it can do better, so it is called directly.
"""

from __future__ import annotations

import ctypes
import importlib
import mmap
import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Generator

HEAD = 30
"""How many bytes of a file `size_of` looks at."""
_DONE, _NO_MEMORY, _UNFINISHED = 0, 1, 5  # libwebp's `VP8StatusCode`
_MODES = {"RGB": 0, "RGBA": 1}  # its `WEBP_CSP_MODE`
_VERSION = 0x0209  # its `WEBP_DECODER_ABI_VERSION`, of which only the first half counts
_LOSSLESS = 2  # its number of the format
_STEP = 16 * 1024
"""Bytes of the file that are decoded at once: of a flat picture they are many rows."""
_ROWS = 64  # that are handed on at once


class _Features(ctypes.Structure):
    """What libwebp calls `WebPBitstreamFeatures`."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("has_alpha", ctypes.c_int),
        ("has_animation", ctypes.c_int),
        ("format", ctypes.c_int),
        ("pad", ctypes.c_uint32 * 5),
    )


@dataclass(frozen=True, slots=True)
class Still:
    """What a WebP says about itself that is no film; `mode` is "RGB" or "RGBA".

    `held` is how many bytes of memory each pixel takes until all are decoded.
    """

    mode: str
    size: tuple[int, int]
    held: int
    profile: bytes


def size_of(head: bytes) -> tuple[int, int] | None:
    """Return width and height as the first bytes of a WebP say them; None if it is none."""
    if len(head) < HEAD or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
        return width + 1, height + 1
    if head[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def open_still(file: mmap.mmap) -> Still | None:
    """Return what `decoded` needs; None for what it cannot do: a film, or without the library.

    Raises `ValueError` for what is no WebP.
    """
    library = _library()
    if library is None:
        return None
    found = _Features()
    status = library.WebPGetFeaturesInternal(
        _address(file), len(file), ctypes.addressof(found), _VERSION
    )
    if status != _DONE:
        raise ValueError(f"libwebp says {status}")
    if 8 + int.from_bytes(file[4:8], "little") > len(file):
        raise ValueError("cut")  # libwebp decodes a last row without its last bytes
    if found.has_animation:
        return None
    mode = "RGBA" if found.has_alpha else "RGB"
    return Still(mode, (found.width, found.height), _held(found), _profile(file))


def _held(found: _Features) -> int:
    """Return the bytes of a pixel: lossless ones refer to any before, and so do those of alpha."""
    if found.format == _LOSSLESS:
        return 4
    return 5 if found.has_alpha else 0


def _profile(file: mmap.mmap) -> bytes:
    """Return the colour profile, which is next to an extended header if there is one."""
    if file[12:16] != b"VP8X" or file[HEAD : HEAD + 4] != b"ICCP":
        return b""
    begin = HEAD + 8
    return file[begin : begin + int.from_bytes(file[HEAD + 4 : begin], "little")]


def decoded(file: mmap.mmap, still: Still) -> Generator[bytes]:
    """Yield the pixels from the top, some whole rows at a time.

    The map must be open for writing (a private copy will do). Beside what is `held`, this takes
    hardly any memory. Raises `MemoryError`, or `ValueError` for what is no whole picture.
    """
    library, stride = _library(), still.size[0] * len(still.mode)
    assert library is not None  # noqa: S101 -- `open_still` has said so
    with _Canvas(stride, still.size[1]) as canvas:
        mode = _MODES[still.mode]
        decoder = library.WebPINewRGB(mode, canvas.address, canvas.length, stride)
        if not decoder:
            raise MemoryError
        try:
            yield from _decoded(library, decoder, file, canvas)
        finally:
            library.WebPIDelete(decoder)


def _decoded(library: Any, decoder: int, file: mmap.mmap, canvas: _Canvas) -> Generator[bytes]:
    content, bottom = _address(file), ctypes.c_int(0)
    status = _UNFINISHED
    for end in range(_STEP, len(file) + _STEP, _STEP):
        status = library.WebPIUpdate(decoder, content, min(end, len(file)))
        if status == _NO_MEMORY:
            raise MemoryError
        if status not in (_DONE, _UNFINISHED):
            raise ValueError(f"libwebp says {status}")
        file.madvise(mmap.MADV_DONTNEED)  # what is needed again is read again
        if library.WebPIDecGetRGB(decoder, ctypes.byref(bottom), None, None, None):
            yield from canvas.taken(bottom.value)
        if status == _DONE:
            break
    if status != _DONE or not canvas.whole:
        raise ValueError("not all pixels are there")


class _Canvas:
    """Where the pixels are put; the memory of those that were taken is given back."""

    def __init__(self, stride: int, height: int) -> None:
        self.length = stride * height
        try:
            # Not shared, so that the pages can be given back.
            self._map = mmap.mmap(-1, self.length, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        except OSError as error:
            raise MemoryError from error
        self.address = _address(self._map)
        self._stride = stride
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._map.close()

    @property
    def whole(self) -> bool:
        """Whether every row was taken."""
        return self._taken == self.length

    def taken(self, bottom: int) -> Generator[bytes]:
        """Yield the new rows above `bottom`."""
        end, step = bottom * self._stride, _ROWS * self._stride
        while self._taken < end:
            begin, self._taken = self._taken, min(self._taken + step, end)
            yield self._map[begin : self._taken]
            first, last = (at // mmap.PAGESIZE * mmap.PAGESIZE for at in (begin, self._taken))
            if last > first:
                self._map.madvise(mmap.MADV_DONTNEED, first, last - first)


def _address(content: mmap.mmap) -> int:
    """Return where a map is in memory, for as long as it is open."""
    return ctypes.addressof(ctypes.c_char.from_buffer(content))


@cache
def _library() -> Any:
    """Return the libwebp that Pillow was linked with; None if it has it in itself."""
    try:
        library = ctypes.CDLL(importlib.import_module("PIL._webp").__file__)
        pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        for name, result, *arguments in (
            ("WebPGetFeaturesInternal", number, pointer, size, pointer, number),
            ("WebPINewRGB", pointer, number, pointer, size, number),
            ("WebPIUpdate", number, pointer, pointer, size),
            ("WebPIDecGetRGB", pointer, pointer, *[ctypes.POINTER(number)] * 4),
            ("WebPIDelete", None, pointer),
        ):
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (AttributeError, ImportError, OSError):
        return None
    return library
