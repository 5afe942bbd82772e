"""Makes a PNG of a WebP or a JPEG, pixel by pixel, a few rows at a time.

It is also a program of its own, for pictures that take much memory: `child` starts it.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import re
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

# Registers the one format that Pillow does not load by default: otherwise the first WebP would make
# Pillow import all its plugins.
import PIL.WebPImagePlugin  # noqa: F401  # pyright: ignore[reportUnusedImport]
from PIL import Image

from domain.errors import NotAPicture, NotTranscoded, StoreUnavailable, TooManyPixels
from services.pictures import webp
from services.pictures.png_writer import PngWriter
from services.temporary_files import disk_faults

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

FORMATS = ("PNG", "JPEG", "WEBP")
BAD, DISK, NO_MEMORY = 65, 74, 71
"""Exit codes, those of `sysexits.h`: bad data, input or output, the system."""
_ROWS = 64
_FILM = 16  # bytes of memory for each pixel of what Pillow decodes as a film, so any WebP
_MAPPED = 256 * 1024 * 1024
"""Bytes of addresses beside the pixels': of the file, of rows that are given back, of libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first bytes of a picture say."""

    format: str  #: of Pillow's names
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePng:
    """A PNG file that was made; `sha256` is hexadecimal, `size` in bytes."""

    sha256: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Source:
    mode: str
    size: tuple[int, int]
    profile: bytes
    rows: Iterator[bytes]


def read_header(path: Path, max_pixels: int) -> Header:
    """Return what kind of picture it is; raise `NotAPicture` if it is none, or too large."""
    with decoding():
        header = _read_header(path)
        check_size(header.width, header.height, max_pixels)
    return header


def transcode(source: Path, target: Path, max_pixels: int, max_bytes: float = math.inf) -> MadePng:
    """Write the picture in `source` as a PNG into `target`, which exists.

    Raises `NotAPicture`, `NotTranscoded` if its pixels would take more than `max_bytes` of memory
    or there is too little, and `StoreUnavailable` if the disk fails.
    """
    with enough_memory():
        with decoding():
            picture = _opened(source, max_pixels, max_bytes)
        # Not created here: after a cancelled fetch the file is gone, and must not come back.
        with disk_faults(), target.open("r+b") as file:
            file.truncate()
            writer = PngWriter(file, picture.mode, picture.size, picture.profile)
            for rows in picture.rows:
                writer.write(rows)
            sha256 = writer.finish()
            width, height = picture.size
            return MadePng(sha256=sha256, size=file.tell(), width=width, height=height)


@contextmanager
def enough_memory() -> Generator[None]:
    """Raise `NotTranscoded` where there is too little memory."""
    try:
        yield
    except MemoryError as error:
        raise NotTranscoded("too little memory") from error


@contextmanager
def decoding() -> Generator[None]:
    """Raise `NotAPicture` for whatever decoders raise, any class on hostile bytes."""
    try:
        yield
    except (NotAPicture, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels("Pillow refuses so many pixels") from error
    except Exception as error:
        raise NotAPicture(f"cannot be decoded: {type(error).__name__}") from error


def _read_header(path: Path) -> Header:
    with path.open("rb") as file:
        head = file.read(webp.HEAD)
    if size := webp.size_of(head):
        return Header(format="WEBP", width=size[0], height=size[1])
    with Image.open(path, formats=FORMATS) as image:
        _check_film(image)
        return _header(image)


def _header(image: Image.Image) -> Header:
    return Header(format=image.format or "", width=image.width, height=image.height)


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raise `TooManyPixels` if a picture has more than so many."""
    if width * height > max_pixels:
        raise TooManyPixels(f"{width} x {height} pixels are too many")


def _check_film(image: Image.Image) -> None:
    if getattr(image, "n_frames", 1) > 1:
        raise NotAPicture("animated")


def _check_memory(header: Header, held: int, max_bytes: float) -> None:
    """Refuse before decoding: out of memory, decoders say that it is the picture that is broken."""
    if header.width * header.height * held > max_bytes:
        raise MemoryError


def _opened(path: Path, max_pixels: int, max_bytes: float) -> _Source:
    """Check the header, and return the picture with what decodes it."""
    if (still := _still_webp(path)) is not None:
        header = Header(format="WEBP", width=still.size[0], height=still.size[1])
        check_size(*still.size, max_pixels)
        _check_memory(header, still.held, max_bytes)
        return _Source(still.mode, still.size, still.profile, _rows_of_webp(path, still))
    with Image.open(path, formats=FORMATS) as image:
        check_size(*image.size, max_pixels)
        _check_film(image)
        _check_memory(_header(image), _held(image), max_bytes)
        image.load()
    cmyk = image.mode == "CMYK"  # which a PNG has not
    mode = "RGB" if cmyk else image.mode
    profile = b"" if cmyk else image.info.get("icc_profile") or b""
    return _Source(mode, image.size, profile, _rows_of_image(image, mode))


def _held(image: Image.Image) -> int:
    """Return how many bytes of memory Pillow takes for each pixel while it decodes a picture.

    Of a progressive JPEG, two bytes of each channel are kept until the last pass.
    """
    channels = len(image.getbands())
    if image.format == "WEBP":
        return _FILM
    return (1 if channels == 1 else 4) + (2 * channels if "progressive" in image.info else 0)


def _still_webp(path: Path) -> webp.Still | None:
    with path.open("rb") as file:
        if webp.size_of(file.read(webp.HEAD)) is None:
            return None
    with _mapped(path) as content:
        return webp.open_still(content)


def _rows_of_webp(path: Path, still: webp.Still) -> Generator[bytes]:
    with decoding(), _mapped(path) as content:
        yield from webp.decoded(content, still)


@contextmanager
def _mapped(path: Path) -> Generator[mmap.mmap]:
    """Yield the content of a file as a copy that is made only where something is changed."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as content:
        yield content


def _rows_of_image(image: Image.Image, mode: str) -> Generator[bytes]:
    for top in range(0, image.height, _ROWS):
        box = 0, top, image.width, min(top + _ROWS, image.height)
        yield image.crop(box).convert(mode).tobytes()


# ---------------------------------------------------------------------------- as a program


def main(source: str, target: str, max_pixels: str, max_bytes: str, seconds: str) -> int:
    """Transcode within limits, print the facts or what went wrong, and return the exit code."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _limit(int(max_bytes) + _MAPPED, int(seconds))
    room = min(int(max_bytes), available_memory())
    try:
        made = transcode(Path(source), Path(target), int(max_pixels), room)
    except NotAPicture as error:
        print(error)  # noqa: T201 -- this is how it answers
        return BAD
    except StoreUnavailable as error:
        print(error)  # noqa: T201 -- as above
        return DISK
    except NotTranscoded:
        return NO_MEMORY
    print(json.dumps(asdict(made)))  # noqa: T201 -- as above
    return 0


def _end_with_the_parent() -> None:
    """Wait for the end of the standard input: whoever started this holds it open until it ends."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(NO_MEMORY)


def available_memory(facts: Path = Path("/proc/meminfo")) -> float:
    """Return how many bytes the machine can give without swapping; infinite if it doesn't say."""
    try:
        found = re.search(r"^MemAvailable: +([0-9]+) kB$", facts.read_text("ascii"), re.MULTILINE)
    except OSError:
        return math.inf
    return int(found[1]) * 1024 if found else math.inf


def _limit(max_bytes: int, seconds: int) -> None:
    """Let the system refuse more memory and time.

    Should the machine run out of memory all the same, it ends this process and not the parent.
    """
    try:
        import resource  # noqa: PLC0415 -- Windows has no such module
    except ImportError:
        return
    with suppress(OSError, ValueError):  # not every system has this
        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * mmap.PAGESIZE
        resource.setrlimit(resource.RLIMIT_AS, (used + max_bytes, used + max_bytes))
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
