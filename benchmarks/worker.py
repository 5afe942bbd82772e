"""The real process, `python bot.py`, beside a sandbox, with what an operator installs."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import runtime
from sandbox.proxy import TlsProxy
from sandbox.server import Sandbox
from soak.worker import BotProcess, environment
from tools.environment import ROOT, SetupProblem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from sandbox.people import Json

READY_SECONDS, DONE_SECONDS = 60.0, 300.0
SPEED = 20.0
GRAIN, GRAIN_HD = 0.07, 0.2
"""So much of it that an upscale has the bytes of a real one: 1.7 MB, and in HD 8. The grid in HD
then has 46 MB as a PNG; with more grain, it would be more than a bucket takes."""
MEGABYTE = 2**20


@dataclass(slots=True)
class MeasuredWorker:
    """The process at work, and the sandbox that it is in."""

    sandbox: Sandbox
    proxy: TlsProxy
    process: BotProcess
    folder: Path
    start_seconds: float = 0.0  #: until it was ready
    _account: str = field(init=False)

    def __post_init__(self) -> None:
        self._account = str(self.sandbox.account.id)

    @property
    def pid(self) -> int:
        """Its id."""
        return self.process.pid

    async def is_ready(self) -> None:
        """Wait for its line `ready`."""
        async with asyncio.timeout(READY_SECONDS):
            while "event=ready" not in self.said:
                if not self.process.runs:
                    break
                await asyncio.sleep(0.002)
        if "event=ready" not in self.said:
            raise SetupProblem(f"The bot does not start: {self.said[-2000:]}")

    @property
    def said(self) -> str:
        """All that it has logged."""
        return self.process.log.read_text("utf-8", "replace")

    async def imagine(self, prompt: str) -> Json:
        """Ask for a generation; return the final notice, which must say that all is stored."""
        await self.sandbox.say("ann", f"!imagine {prompt}")
        return await self.told(prompt)

    async def told(self, prompt: str) -> Json:
        """Wait for the final notice of a prompt that was asked for."""

        def is_told(_: str, message: Json) -> bool:
            mine = message["author"]["id"] == self._account and prompt in message["content"]
            return mine and message["content"][0] in "\u2705\u26a0"

        try:
            notice = await self.sandbox.wait_for(is_told, DONE_SECONDS)
        except TimeoutError:
            raise SetupProblem(f"Nothing was told: {self.said[-2000:]}") from None
        if not notice["content"].startswith("\u2705"):
            raise SetupProblem(f"A picture is missing: {notice['content']}")
        return notice


@asynccontextmanager
async def at_work(
    facts: Mapping[str, str] | None = None,
    *,
    speed: float = SPEED,
    picture_size: int = 2048,
    grain: float = GRAIN,
    program: Sequence[str | Path] = (ROOT / "bot.py",),
) -> AsyncGenerator[MeasuredWorker]:
    """Start the process and wait until it is ready; end it with the block."""
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        async with (
            Sandbox(speed=speed, picture_size=picture_size, public=True) as sandbox,
            TlsProxy(sandbox) as proxy,
        ):
            sandbox.switches.picture_grain.set(grain)
            values = environment(sandbox, proxy, folder) | runtime.environment()
            process = BotProcess(values | dict(facts or {}), folder, runtime.command(program))
            begun = time.monotonic()
            await process.start()
            worker = MeasuredWorker(sandbox, proxy, process, folder)
            try:
                await worker.is_ready()
                worker.start_seconds = time.monotonic() - begun
                yield worker
            finally:
                await process.end(signal.SIGTERM)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of all its threads that live, to the nanosecond."""
    total = 0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(file.read_text("ascii").split()[0])
        except OSError:
            continue  # the thread has just ended
    return total / 1e9


def cpu_of_children(pid: int) -> float:
    """Return the CPU time of all processes that it has started and that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2].split()
    return sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return what it holds now, in MB."""
    pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
