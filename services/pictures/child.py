"""Transcodes a picture in a short-lived process of its own, which takes its memory with it."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

from domain.errors import NotAPicture, NotTranscoded, StoreUnavailable
from services.pictures.transcoding import BAD, DISK, NO_MEMORY, MadePng

if TYPE_CHECKING:
    from asyncio.subprocess import Process

PROGRAM = "services.pictures.transcoding"
_ROOT = Path(__file__).parents[PROGRAM.count(".")]
"""Where `PROGRAM` begins, whether it is in a package or not."""
_CRASHES = (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV)


async def transcode_apart(
    source: Path, target: Path, *, max_pixels: int, max_bytes: int, seconds: float
) -> MadePng:
    """Write the picture in `source` as a PNG into `target`, as `transcoding.transcode` does.

    The pixels may take `max_bytes` of memory there, but no more than the machine has available; the
    process may run for so many `seconds`. It is killed when this is cancelled, and ends by itself
    when this process dies. Raises the same errors, and `NotTranscoded` also if it was killed, could
    not be started, or took too long.
    """
    limits = (max_pixels, max_bytes, max(1, round(seconds)))
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", PROGRAM, *_absolute(source, target), *map(str, limits)),
            cwd=_ROOT,
            stdin=PIPE,  # open until the end, for the child watches it
            stdout=PIPE,
            stderr=DEVNULL,
        )
    except OSError as error:
        raise NotTranscoded(f"no process: {error.strerror or error}") from error
    try:
        async with asyncio.timeout(seconds):
            return _outcome(*await _end(process))
    except TimeoutError as error:
        raise NotTranscoded("it took too long") from error
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _absolute(*paths: Path) -> list[Path]:
    return [path.absolute() for path in paths]  # the process starts in another folder


async def _end(process: Process) -> tuple[int, str]:
    """Return the exit code, and what was printed."""
    assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
    said = await process.stdout.read()
    return await process.wait(), said.decode(errors="replace").strip()


def _outcome(code: int, said: str) -> MadePng:
    if code == BAD:
        raise NotAPicture(said)
    if -code in _CRASHES:
        raise NotAPicture(f"the decoder crashed: {signal.Signals(-code).name}")
    if code == DISK:
        raise StoreUnavailable(said)
    if code != 0:
        why = "too little memory" if code == NO_MEMORY else f"its process ended with {code}"
        raise NotTranscoded(why)
    return MadePng(**json.loads(said))
