"""The process of its own that transcodes large pictures: its outcomes, its limits, its end."""

import asyncio
import os
import select
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from domain.errors import AtelierError, NotAPicture, NotTranscoded, StoreUnavailable
from services.pictures import child, download
from services.pictures.child import transcode_apart
from services.pictures.transcoding import MadePng, transcode
from tests.picture_server import AMPLE, TARGET, fetched, fetching, serving, whole
from tests.pictures import HTML, drawing, encoded, pixels, png, webp
from tools.environment import ROOT

PLENTY = 448 * 2**20
LAST_RESORT = 50
"""Seconds after which something is no longer waited for."""


def apart(source: Path, target: Path, **limits: Any) -> Awaitable[MadePng]:
    usual = {"max_pixels": 40_000_000, "max_bytes": PLENTY, "seconds": LAST_RESORT}
    return transcode_apart(source, target, **usual | limits)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target"
    path.touch()
    return path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """Return the processes that are started from now on."""
    start, processes = asyncio.create_subprocess_exec, list[Process]()

    async def noted(*command: Any, **options: Any) -> Process:
        processes.append(await start(*command, **options))
        return processes[-1]

    monkeypatch.setattr("services.pictures.child.asyncio.create_subprocess_exec", noted)
    return processes


@asynccontextmanager
async def busy(source: Path, target: Path, **limits: Any) -> AsyncGenerator[asyncio.Task[MadePng]]:
    """Give a process that reads a picture which never comes; at the end none may read it."""
    os.mkfifo(source)
    task = asyncio.create_task(asyncio.wait_for(apart(source, target, **limits), LAST_RESORT))
    pipe = await asyncio.to_thread(os.open, source, os.O_WRONLY)  # waits for the reader
    try:
        yield task
        assert nobody_reads(pipe, 0)
    finally:
        os.close(pipe)
        task.cancel()
        await asyncio.wait({task})


def nobody_reads(pipe: int, seconds: float) -> bool:
    watch = select.poll()
    watch.register(pipe, 0)
    return bool(watch.poll(seconds * 1000))


async def error_of(task: asyncio.Task[MadePng]) -> BaseException | None:
    await asyncio.wait({task})
    return task.exception()


def written(path: Path, body: bytes) -> None:
    path.write_bytes(body)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


# -------------------------------------------------------------------------------- outcomes


@pytest.mark.parametrize("kind", ["WEBP", "JPEG"])
async def test_it_makes_the_same_file_as_this_process(
    kind: str, source: Path, target: Path, tmp_path: Path
) -> None:
    written(source, encoded(drawing(), kind))
    here = tmp_path / "here"
    written(here, b"")
    facts = transcode(source, here, 40_000_000)
    assert await apart(source, target) == facts
    assert content_of(target) == content_of(here)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (HTML, "UnidentifiedImageError"),
        (webp()[:-30], "cannot be decoded"),
        (encoded(drawing(size=(65, 48)), "WEBP"), "65 x 48 pixels"),
    ],
    ids=["a web page", "half a picture", "too many pixels"],
)
async def test_a_bad_picture_is_one_here_too(
    source: Path, target: Path, body: bytes, why: str
) -> None:
    written(source, body)
    with pytest.raises(NotAPicture, match=why):
        await apart(source, target, max_pixels=64 * 48)


async def test_a_disk_that_fails_is_no_fault_of_the_picture(source: Path, target: Path) -> None:
    written(source, webp())
    target.unlink()  # noqa: ASYNC240 -- nothing else runs
    with pytest.raises(StoreUnavailable, match="the disk refuses"):
        await apart(source, target)


async def test_too_little_memory_may_pass(source: Path, target: Path) -> None:
    """Of a million pixels in one colour, the file is tiny: it is the pixels that need it."""
    written(source, encoded(Image.new("RGB", (2000, 1000)), "WEBP"))
    with pytest.raises(NotTranscoded, match="too little memory"):
        await apart(source, target, max_bytes=1_000_000)
    assert (await apart(source, target, max_bytes=60_000_000)).width == 2000


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (signal.SIGKILL, NotTranscoded),
        (signal.SIGXCPU, NotTranscoded),
        (signal.SIGTERM, NotTranscoded),
        (signal.SIGSEGV, NotAPicture),
        (signal.SIGABRT, NotAPicture),
    ],
)
async def test_a_killed_process_is_no_bad_picture_but_a_crashed_one_is(
    source: Path,
    target: Path,
    started: list[Process],
    number: signal.Signals,
    error: type[AtelierError],
) -> None:
    async with busy(source, target) as task:
        started[0].send_signal(number)
        assert type(await error_of(task)) is error


@pytest.mark.parametrize("program", ["services.pictures.nowhere", "sys.executable"])
async def test_a_process_that_does_not_start_may_start_later(
    source: Path, target: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(source, webp())
    if program == "sys.executable":
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
    else:
        monkeypatch.setattr(child, "PROGRAM", program)
    with pytest.raises(NotTranscoded):
        await apart(source, target)


# -------------------------------------------------------------------------- its limits, its end


async def test_what_takes_too_long_is_ended_and_may_pass(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeout, timeouts = asyncio.timeout, list[asyncio.Timeout]()

    def noted(seconds: float) -> asyncio.Timeout:
        assert seconds == 77
        timeouts.append(timeout(seconds))
        return timeouts[-1]

    monkeypatch.setattr("services.pictures.child.asyncio.timeout", noted)
    async with busy(source, target, seconds=77) as task:
        timeouts[0].reschedule(0)
        error = await error_of(task)
        assert (type(error), str(error)) == (NotTranscoded, "it took too long")


async def test_a_cancelled_one_is_ended(source: Path, target: Path, started: list[Process]) -> None:
    async with busy(source, target) as task:
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert started[0].returncode == -signal.SIGKILL


async def test_the_system_limits_it(source: Path, target: Path, started: list[Process]) -> None:
    """The limits are set before it reads. Where memory runs out, it is the first to be killed."""
    async with busy(source, target, seconds=77) as task:
        about = Path(f"/proc/{started[0].pid}")
        assert content_of(about / "oom_score_adj") == b"1000\n"
        facts = content_of(about / "limits").decode()
        limits = {line[:26].strip(): line[26:].split() for line in facts.splitlines()}
        assert limits["Max cpu time"][:2] == ["77", "77"]
        assert PLENTY < int(limits["Max address space"][1]) < 2 * PLENTY
        task.cancel()
        await asyncio.wait({task})


async def test_it_ends_when_its_parent_is_killed(source: Path, target: Path) -> None:
    os.mkfifo(source)
    code = (
        "import asyncio, sys; from pathlib import Path;"
        "from services.pictures.child import transcode_apart as apart;"
        f"work = apart(*map(Path, sys.argv[1:]), max_pixels=1, max_bytes={PLENTY}, seconds=99);"
        "asyncio.run(work)"
    )
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, source, target), cwd=ROOT
    )
    pipe = await asyncio.to_thread(os.open, source, os.O_WRONLY)  # waits for the reader
    try:
        parent.kill()
        await parent.wait()
        assert await asyncio.to_thread(nobody_reads, pipe, LAST_RESORT)
    finally:
        os.close(pipe)


# ---------------------------------------------------------------------------- within a download

Apart = Callable[..., Awaitable[MadePng]]


@pytest.mark.parametrize(
    ("body", "here", "asked"),
    [
        (webp(), 64 * 48, 0),
        (webp(), 64 * 48 - 1, 1),
        (encoded(drawing(), "JPEG"), 64 * 48 - 1, 1),
        (png(), 0, 0),
    ],
    ids=["small", "large", "a large JPEG", "a PNG"],
)
async def test_only_a_large_picture_that_is_no_png_has_a_process(
    tmp_path: Path, started: list[Process], body: bytes, here: int, asked: int
) -> None:
    limits = replace(AMPLE, max_pixels_here=here)
    async with serving() as server, fetching(server, tmp_path, limits) as fetcher:
        server.answer = whole(body)
        async with fetcher.fetch(server.origin + TARGET) as picture:
            assert files_in(tmp_path) == [picture.path]
            assert pixels(picture.path.read_bytes())[1] == (64, 48)
    assert files_in(tmp_path) == []
    assert len(started) == asked


async def test_there_is_one_process_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work: list[int] = []

    async def watched(*files: Path, **limits: Any) -> MadePng:
        at_work.append(1)
        assert len(at_work) == 1
        try:
            return await transcode_apart(*files, **limits)
        finally:
            at_work.pop()

    monkeypatch.setattr(download, "transcode_apart", watched)
    limits = replace(AMPLE, max_pixels_here=0)
    async with serving() as server, fetching(server, tmp_path, limits) as fetcher:
        server.answer = whole(webp())
        async with asyncio.TaskGroup() as tasks:
            results = [tasks.create_task(fetched(fetcher, server)) for _ in range(3)]
    assert {pixels(each.result()) for each in results} == {("RGB", (64, 48), drawing().tobytes())}


async def test_the_limits_are_the_downloads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    async def noted(*_: Path, **limits: Any) -> MadePng:
        asked.append(limits)
        raise NotTranscoded("too little memory")

    monkeypatch.setattr(download, "transcode_apart", noted)
    limits = replace(
        AMPLE, max_pixels_here=0, max_pixels=5000, max_child_bytes=7, child_seconds=3.0
    )
    async with serving() as server, fetching(server, tmp_path, limits) as fetcher:
        server.answer = whole(webp())
        with pytest.raises(NotTranscoded):
            await fetched(fetcher, server)
    assert asked == [{"max_pixels": 5000, "max_bytes": 7, "seconds": 3.0}]
    assert files_in(tmp_path) == []
