"""Gathers what the accounting goes by: from the sandbox, from the rows, and from the files."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image

from domain.generation import Generation
from domain.ports import Query
from domain.slots import Slot, picture_key
from sandbox.interactions import Interaction
from sandbox.jobs import Job
from sandbox.pictures import Scene, draw_cell, draw_grid, grid_file
from sandbox.server import Sandbox
from services.database.sqlite import open_read_only
from soak.accounting import Command, Evidence, Kept, RequestSeen, TroubleSeen
from soak.people import Crowd

_ACCEPTED = 204
_PAGE = 100


async def rows_of(folder: Path) -> tuple[list[Generation], bool]:
    """Return all generations, newest first, and whether the queue is paused."""
    store = await open_read_only(folder / "data/atelier.sqlite3")
    try:
        rows: list[Generation] = []
        while page := await store.list_generations(
            Query(limit=_PAGE, before_seq=rows[-1].seq if rows else None)
        ):
            rows += page
        return rows, await store.get_pause() is not None
    finally:
        await store.close()


def gather(
    sandbox: Sandbox,
    people: Crowd,
    rows: Sequence[Generation],
    troubles: Sequence[TroubleSeen],
    folder: Path,
) -> Evidence:
    """Return everything, as records that depend on nothing."""
    jobs = {job.asked.id: job for job in sandbox.jobs}
    grids: defaultdict[str, list[Job]] = defaultdict(list)
    for job in sandbox.jobs:
        if not job.cell and not job.asked.elsewhere:
            grids[job.asked.prompt].append(job)
    prompts = {row.step(Slot.GRID).message_id: row.prompt for row in rows}
    return Evidence(
        commands=list(_commands(sandbox, people.commands)),
        rows=[_kept(row, grids[row.prompt], folder / "data/pictures") for row in rows],
        requests=[
            request_seen(asked, jobs.get(asked.id), prompts)
            for asked in sandbox.interactions
            if not asked.elsewhere
        ],
        troubles=troubles,
        cancels=frozenset(people.cancels),
    )


def _commands(sandbox: Sandbox, commands: Mapping[int, str]) -> Iterator[Command]:
    account = str(sandbox.account.id)
    answered = {
        message.get("message_reference", {}).get("message_id")
        for message in sandbox.messages
        if message["author"]["id"] == account
    }
    for message_id, prompt in commands.items():
        yield Command(message_id=message_id, prompt=prompt, answered=str(message_id) in answered)


def request_seen(
    asked: Interaction, job: Job | None, prompts: Mapping[int | None, str]
) -> RequestSeen:
    """Return a request with what it met; it counts as paid unless it clearly was not accepted."""
    prompt = asked.prompt or prompts.get(asked.message_id, "")
    paid = asked.kind == "imagine" and asked.accepted and not _is_not_accepted(job)
    causes = frozenset(_causes(asked, job))
    return RequestSeen(prompt=prompt, nonce=asked.nonce, paid=paid, causes=causes)


def _is_not_accepted(job: Job | None) -> bool:
    failure = None if job is None else job.options.failure
    return (
        failure is not None
        and failure.place == "answer"
        and failure.outcome.startswith("not accepted")
    )


def _causes(asked: Interaction, job: Job | None) -> Iterator[str]:
    if asked.status != _ACCEPTED:
        yield f"answer {asked.status or 'none'}"
    if job is None:
        return
    if job.cancelled.is_set():
        yield "job cancelled"
    if job.options.fate != "runs":
        yield f"job {job.options.fate}"
    if job.options.failure is not None:
        yield f"refusal {job.options.failure.title}"
    if job.options.ephemeral_result:
        yield "result shown to the asker only"


def _kept(row: Generation, jobs: Sequence[Job], folder: Path) -> Kept:
    problems = {row.problem, *(step.problem for step in row.steps)} - {None}
    stored = [slot for slot in Slot if row.step(slot).picture is not None]
    broken = [slot for slot in stored if not _is_whole(row, slot, folder)]
    strange = [
        slot
        for slot in stored
        if slot not in broken and not _is_own(folder / picture_key(row.id, slot), jobs, slot)
    ]
    return Kept(
        code=row.code,
        prompt=row.prompt,
        command_id=row.command_message_id,
        status=row.status,
        problems=frozenset(problem.kind for problem in problems if problem is not None),
        since=row.created_at.timestamp(),
        until=row.updated_at.timestamp(),
        told=row.notice_message_id is not None,
        broken=tuple(slot.title for slot in broken),
        strange=tuple(slot.title for slot in strange),
    )


def _is_whole(row: Generation, slot: Slot, folder: Path) -> bool:
    path, picture = folder / picture_key(row.id, slot), row.step(slot).picture
    content = path.read_bytes() if path.is_file() else b""
    facts = hashlib.sha256(content).hexdigest(), len(content)
    return picture is not None and facts == (picture.sha256, picture.size)


def _is_own(path: Path, jobs: Sequence[Job], slot: Slot) -> bool:
    """Whether a file holds what the sandbox draws for one of these jobs."""
    with Image.open(path) as image:
        pixels = image.convert("RGB").tobytes()
    return any(pixels in _drawn(job.scene, slot) for job in jobs)


@lru_cache(maxsize=64)
def _drawn(scene: Scene, slot: Slot) -> tuple[bytes, ...]:
    """Return what a picture may look like: a grid is lossy or not, depending on its format."""
    if slot != Slot.GRID:
        return (draw_cell(scene, slot.value).tobytes(),)
    content, _ = grid_file(scene, "webp")
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes(), draw_grid(scene).tobytes()
