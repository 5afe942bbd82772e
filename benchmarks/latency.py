"""How long people wait for the bot itself: command to first reply, and grid to row.

All in front of the real process and its database. A bare bot of the same library, in the same
sandbox's place, answers `pong`: that is what the way there and back costs by itself.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.bare import COMMAND, bare_bot
from benchmarks.far import far_away
from benchmarks.figures import Figure, percentile, spread
from benchmarks.memory import served_project
from benchmarks.worker import DONE_SECONDS, MeasuredWorker, at_work

if TYPE_CHECKING:
    from pathlib import Path

    from demo.project import Project
    from sandbox.people import Json

REPLY_MS, STRETCH_REPLY_MS = 150.0, 60.0
ROW_MS, STRETCH_ROW_MS = 50.0, 15.0
FAR_SECONDS = 0.02
"""How far away the database is, there and back."""
_POLL = 0.001
_QUICK, _ROW_SPEED = 200.0, 60.0
"""How many times as quick Midjourney is where only the reply counts, and where its grid does: some
time must be between the last edit and the grid."""


def figures(times: int) -> list[Figure]:
    """Measure replies beside the bare bot's, then grids; the goals are for the 95th percentile."""
    with served_project() as project:
        far = asyncio.run(_far(project, times))
    return [*asyncio.run(_near(times)), *far]


async def _near(times: int) -> list[Figure]:
    bare: list[float] = []
    async with at_work(picture_size=64) as worker:
        ours = [await _reply(worker, COMMAND) for _ in range(times + 1)][1:]
        await worker.process.end(signal.SIGTERM)
        async with bare_bot(worker):
            bare = [await _reply(worker, COMMAND) for _ in range(times + 1)][1:]
    async with at_work(speed=_ROW_SPEED, picture_size=64) as worker:
        worker.sandbox.switches.grid_format.set("png")  # nothing is transcoded
        rows = [await _row(worker, f"number {at}") for at in range(times + 1)][1:]
    return [
        _p95(f"{COMMAND} to first reply, 95th percentile", ours, bare, REPLY_MS, STRETCH_REPLY_MS),
        _p95("grid's message to its row, 95th percentile", rows, None, ROW_MS, STRETCH_ROW_MS),
    ]


async def _far(project: Project, times: int) -> list[Figure]:
    """Ask for generations, which are written down before the first reply."""
    async with far_away(project.url, FAR_SECONDS) as url:
        facts = {"SUPABASE_URL": url, "SUPABASE_KEY": project.key}
        async with at_work(facts, speed=_QUICK, picture_size=64) as worker:
            ours = [await _accepted(worker, f"number {at:03}") for at in range(times + 1)][1:]
            await worker.process.end(signal.SIGTERM)
            async with bare_bot(worker):
                bare = [await _reply(worker, COMMAND) for _ in range(times + 1)][1:]
    name = f"!imagine to first reply, database {1000 * FAR_SECONDS:g} ms away, 95th percentile"
    return [_p95(name, ours, bare, REPLY_MS, STRETCH_REPLY_MS)]


def _p95(
    name: str, ours: list[float], bare: list[float] | None, goal: float, stretch: float
) -> Figure:
    """Return a figure whose middle value is the 95th percentile."""
    found = spread(ours)
    at_most = percentile(sorted(ours), 0.95)
    return Figure(
        name=name,
        unit="ms",
        ours=type(found)(at_most, found.p10, found.p90, found.n),
        reference=None if bare is None else spread(bare),
        goal=goal,
        stretch=stretch,
    )


async def _reply(worker: MeasuredWorker, command: str) -> float:
    """Return the milliseconds from a command to the first answer that the sandbox gets."""
    account = str(worker.sandbox.account.id)

    def is_answer(_: str, message: Json) -> bool:
        return message["author"]["id"] == account and message["id"] not in known

    known = {message["id"] for message in worker.sandbox.messages}
    async with asyncio.TaskGroup() as tasks:
        heard = worker.sandbox.wait_for(is_answer, DONE_SECONDS)
        waiting = tasks.create_task(heard, name="answer")
        await asyncio.sleep(0)  # it listens
        begun = time.perf_counter()
        await worker.sandbox.say("ann", command)
        await waiting
        taken = 1000 * (time.perf_counter() - begun)
    await asyncio.sleep(0.2)  # what follows an answer
    return taken


async def _accepted(worker: MeasuredWorker, prompt: str) -> float:
    """Return the same of a generation; wait until it is over."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.told(prompt), name="generation")
        return await _reply(worker, f"!imagine {prompt}")


async def _row(worker: MeasuredWorker, prompt: str) -> float:
    """Return the milliseconds from a grid's message until the database has its picture."""
    database = worker.folder / "data" / "atelier.sqlite3"

    def is_grid(_: str, message: Json) -> bool:
        found = bool(message["attachments"]) and "Image #" not in message["content"]
        return found and prompt in message["content"] and "%" not in message["content"]

    async with asyncio.TaskGroup() as tasks:
        grid = worker.sandbox.wait_for(is_grid, DONE_SECONDS)
        posted = tasks.create_task(grid, name="grid")
        tasks.create_task(worker.imagine(prompt), name="generation")
        await posted
        begun = time.perf_counter()
        await asyncio.to_thread(_await_grid, database, prompt)
        return 1000 * (time.perf_counter() - begun)


def _await_grid(database: Path, prompt: str) -> None:
    asked = "SELECT 1 FROM generations WHERE prompt LIKE ? AND grid_url IS NOT NULL"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        while connection.execute(asked, (f"%{prompt}%",)).fetchone() is None:
            time.sleep(_POLL)
