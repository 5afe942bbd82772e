"""What a large picture takes of memory: no more than is reckoned, or it is refused before."""

import math
import os
from pathlib import Path

import pytest

from benchmarks.peaks import Peaks
from domain.errors import NotTranscoded
from services.pictures import transcoding
from services.pictures.child import transcode_apart
from services.pictures.transcoding import NO_MEMORY, available_memory, transcode
from tests.pictures import KINDS, file_of, film_of_one, grainy

FILM = "a film of one picture"
HELD = {
    "a lossy WebP": 0,
    "a lossless WebP": 4,
    "a lossy WebP that can be seen through": 5,
    "a lossless WebP that can be seen through": 4,
    FILM: 16,
    "a JPEG": 4,
    "a grey JPEG": 1,
    "a JPEG for printing": 4,
    "a progressive JPEG": 10,
}
"""Bytes for each pixel."""
MEGABYTE = 2**20
LARGE = 2880, 2080


def body_of(what: str, size: tuple[int, int]) -> bytes:
    if what == FILM:
        return film_of_one(grainy("RGB", size))
    mode, kind, options = KINDS[what]
    return file_of(grainy(mode, size), kind, **options)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return a source and a target."""
    source, target = tmp_path / "source", tmp_path / "target"
    target.touch()
    return source, target


def test_every_kind_is_reckoned() -> None:
    assert set(HELD) == {*KINDS, FILM}


@pytest.mark.parametrize("what", HELD)
def test_what_would_take_too_much_memory_is_not_decoded(
    what: str, files: tuple[Path, Path]
) -> None:
    files[0].write_bytes(body_of(what, (90, 70)))
    need = HELD[what] * 90 * 70
    assert transcode(*files, 90 * 70, need).width == 90
    if need:
        with pytest.raises(NotTranscoded, match="too little memory"):
            transcode(*files, 90 * 70, need - 1)


async def peak(source: Path, target: Path) -> int:
    """Return the most memory that the process of its own takes, in bytes."""
    with Peaks(os.getpid()) as peaks:
        await transcode_apart(
            source, target, max_pixels=6_000_000, max_bytes=640 * MEGABYTE, seconds=50
        )
    return max(peaks.children)


@pytest.mark.long
@pytest.mark.parametrize("what", HELD)
async def test_a_process_takes_no_more_than_is_reckoned(
    what: str, files: tuple[Path, Path]
) -> None:
    """Beside the pixels, some rows; of a film, Pillow reads the whole file."""
    files[0].write_bytes(body_of(what, (64, 48)))
    small, body = await peak(*files), body_of(what, LARGE)
    files[0].write_bytes(body)
    beside = 9 * MEGABYTE + (len(body) if what == FILM else 0)
    assert await peak(*files) - small < HELD[what] * LARGE[0] * LARGE[1] + beside


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("MemTotal:  9 kB\nMemFree:  8 kB\nMemAvailable:    1234 kB\nBuffers: 7 kB\n", 1234 * 1024),
        ("MemTotal:  9 kB\n", math.inf),
        (None, math.inf),
    ],
)
def test_the_machine_says_what_it_can_give(tmp_path: Path, facts: str | None, found: float) -> None:
    file = tmp_path / "meminfo"
    if facts:
        file.write_text(facts)
    assert available_memory(file) == found


@pytest.mark.parametrize(
    ("allowed", "available", "code"),
    [(0, 0, 0), (-1, 0, NO_MEMORY), (0, -1, NO_MEMORY), (0, math.inf, 0)],
)
def test_the_pixels_take_no_more_than_is_allowed_and_available(
    files: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    allowed: int,
    available: float,
    code: int,
) -> None:
    """In bytes, from what they need."""
    files[0].write_bytes(body_of("a JPEG", (64, 48)))
    need = HELD["a JPEG"] * 64 * 48
    monkeypatch.setattr(transcoding, "_end_with_the_parent", lambda: None)
    monkeypatch.setattr(transcoding, "_limit", print)
    monkeypatch.setattr(transcoding, "available_memory", lambda: need + available)
    source, target = map(str, files)
    assert transcoding.main(source, target, str(64 * 48), str(need + allowed), "9") == code
