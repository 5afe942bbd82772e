"""Checks that a grid in HD fits into the memory of a small machine.

The real process, `python bot.py`, keeps a grid of 5824 x 3264 pixels and its four upscales, with
the noise of photos. What counts is the sum of the peaks of the process and of its children, though
they need not fall together.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peaks import Peaks
from demo.project import Project, running
from demo.session import DemoFailure
from sandbox.proxy import TlsProxy
from sandbox.server import Sandbox
from soak.worker import BotProcess, environment
from tools.environment import SetupProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from sandbox.people import Json

STORES = ("folder", "supabase")
MOST_MB = 300.0
"""What the process and its children may hold."""
PROMPT = "a lighthouse at dusk --hd --ar 16:9"
GRAIN = 0.12
FULL_SIZE = 2048
READY, DONE = 60.0, 300.0  # seconds
_SPEED = 20.0
_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryCost:
    """What one generation took at most, in MB, in one kind of store."""

    store: str
    idle_mb: float
    worker_mb: float
    children_mb: float
    seconds: float

    @property
    def all_mb(self) -> float:
        """The sum that counts."""
        return self.worker_mb + self.children_mb


def costs(
    stores: tuple[str, ...], tell: Callable[[str], None], size: int = FULL_SIZE
) -> list[MemoryCost]:
    """Measure in each store; `size` is the side of an ordinary square grid, in pixels."""
    if not Path("/proc/self/status").exists():
        raise SetupProblem("This can only be measured on Linux.")
    found: list[MemoryCost] = []
    for store in stores:
        tell(f"Keeping a grid in HD in {store} ...")
        with ExitStack() as opened:
            project = opened.enter_context(served_project()) if store == "supabase" else None
            facts = {"ALLOW_COSTLY": "hd"}
            if project is not None:
                facts |= {"SUPABASE_URL": project.url, "SUPABASE_KEY": project.key}
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
            found.append(asyncio.run(_measured(store, facts, folder, size)))
    return found


def too_dear(found: list[MemoryCost]) -> list[str]:
    """Say where the promise is not kept."""
    return [
        f"{cost.store}: {cost.all_mb:.0f} MB, more than {MOST_MB:.0f}"
        for cost in found
        if cost.all_mb > MOST_MB
    ]


@contextmanager
def served_project() -> Generator[Project]:
    """Serve a temporary Supabase project; raise `SetupProblem` if that fails."""
    try:
        with running() as project:
            yield project
    except DemoFailure as failure:
        raise SetupProblem(str(failure)) from None


async def _measured(store: str, facts: Mapping[str, str], folder: Path, size: int) -> MemoryCost:
    async with (
        Sandbox(speed=_SPEED, picture_size=size, public=True) as sandbox,
        TlsProxy(sandbox) as proxy,
    ):
        sandbox.switches.picture_grain.set(GRAIN)
        worker = BotProcess({**environment(sandbox, proxy, folder), **facts}, folder)
        await worker.start()
        try:
            return await _one_generation(store, sandbox, worker)
        finally:
            await worker.end(signal.SIGTERM)


async def _one_generation(store: str, sandbox: Sandbox, worker: BotProcess) -> MemoryCost:
    with Peaks(worker.pid) as peaks:
        try:
            await sandbox.wait_until(lambda: bool(sandbox.gateway.sessions), READY)
        except TimeoutError:
            raise SetupProblem(f"The bot does not start: {_end_of(worker.log)}") from None
        await asyncio.sleep(READY / 30)  # it sets its mark right after that
        idle, begun = peaks.own, time.monotonic()
        await sandbox.say("ann", f"!imagine {PROMPT}")
        await _until_told(sandbox, worker)
        seconds = time.monotonic() - begun
    return MemoryCost(
        store=store,
        idle_mb=round(idle / _MEGABYTE, 1),
        worker_mb=round(peaks.own / _MEGABYTE, 1),
        children_mb=round(sum(peaks.children) / _MEGABYTE, 1),
        seconds=round(seconds, 1),
    )


async def _until_told(sandbox: Sandbox, worker: BotProcess) -> None:
    """Wait for the final notice, which must say that all five pictures are stored."""
    account = str(sandbox.account.id)

    def is_told(_: str, message: Json) -> bool:
        return message["author"]["id"] == account and message["content"][0] in "\u2705\u26a0"

    try:
        notice = await sandbox.wait_for(is_told, DONE)
    except TimeoutError:
        raise SetupProblem(f"Nothing was told: {_end_of(worker.log)}") from None
    if not notice["content"].startswith("\u2705"):
        raise SetupProblem(f"A picture is missing: {notice['content']}")


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]
