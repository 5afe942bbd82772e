"""Where time and bytes go in one whole generation, of the real process."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.worker import SPEED, MeasuredWorker, at_work, cpu_seconds

if TYPE_CHECKING:
    from sandbox.people import Json

PROMPT = "a lighthouse, looked at closely"
_MIDJOURNEY = "Midjourney Bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """What was seen from outside; seconds since the command, and bytes."""

    moments: tuple[tuple[float, str], ...]
    seconds: float
    cpu_seconds: float
    discord_calls: tuple[tuple[str, int], ...]
    bytes_of_pictures: int  #: that were fetched
    bytes_stored: int
    bytes_attached: int  #: to the final notice
    bytes_of_log: int
    bytes_written: int  #: by the process, to files of any kind, as it asked
    rows_of_events: int


async def anatomy() -> Anatomy:
    """Watch the second generation of a process: the first loads what is loaded once."""
    async with at_work() as worker:
        await worker.imagine("a warming up")
        before, used, written, logged = (
            Counter(worker.sandbox.requests),
            cpu_seconds(worker.pid),
            _io(worker),
            len(worker.said),
        )
        begun = time.monotonic()
        moments: list[tuple[float, str]] = []
        fetched: dict[str, int] = {}

        def look(event: str, message: Json) -> None:
            if event == "MESSAGE_DELETE":
                return
            moments.append((time.monotonic() - begun, _named(worker, event, message)))
            if event == "MESSAGE_CREATE" and not _is_ours(worker, message):
                fetched.update({each["id"]: each["size"] for each in message["attachments"]})

        stop = worker.sandbox.watch(look)
        notice = await worker.imagine(PROMPT)
        seconds = time.monotonic() - begun
        stop()
        await asyncio.sleep(1)
        calls = Counter(worker.sandbox.requests) - before
        folder = worker.folder / "data"
        return Anatomy(
            moments=tuple(moments),
            seconds=seconds,
            cpu_seconds=cpu_seconds(worker.pid) - used,
            discord_calls=tuple(calls.most_common()),
            bytes_of_pictures=sum(fetched.values()),
            bytes_stored=await asyncio.to_thread(_stored, folder),
            bytes_attached=sum(each["size"] for each in notice["attachments"]),
            bytes_of_log=len(worker.said) - logged,
            bytes_written=_io(worker) - written,
            rows_of_events=await asyncio.to_thread(_events, folder / "atelier.sqlite3"),
        )


def _named(worker: MeasuredWorker, event: str, message: Json) -> str:
    verb = "writes" if event == "MESSAGE_CREATE" else "edits"
    files = f", files: {len(message['attachments'])}" if message["attachments"] else ""
    who = "the bot" if _is_ours(worker, message) else message["author"]["username"]
    return f"{who} {verb}{files}"


def _is_ours(worker: MeasuredWorker, message: Json) -> bool:
    return message["author"]["id"] == str(worker.sandbox.account.id)


def _io(worker: MeasuredWorker) -> int:
    text = Path(f"/proc/{worker.pid}/io").read_text("ascii")
    return int(dict(line.split(": ") for line in text.splitlines())["wchar"])


def _stored(folder: Path) -> int:
    newest = max((folder / "pictures").glob("*/"), key=lambda path: path.stat().st_mtime)
    return sum(path.stat().st_size for path in newest.iterdir())


def _events(database: Path) -> int:
    asked = (
        "SELECT count(*) FROM generation_events JOIN generations ON generation_id = generations.id"
        " WHERE prompt LIKE ?"
    )
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(asked, (f"%{PROMPT}%",)).fetchone()[0])


def spans(found: Anatomy) -> list[tuple[str, float]]:
    """Return what was waited for from the command to the final notice, and how many seconds."""
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for after, what in found.moments:
        first.setdefault(what, after)
        last[what] = after
    reply, accepted = first.get("the bot writes", 0.0), first.get(f"{_MIDJOURNEY} writes", 0.0)
    grid = first.get(f"{_MIDJOURNEY} writes, files: 1", accepted)
    picture = last.get(f"{_MIDJOURNEY} writes, files: 1", grid)
    return [
        ("the bot: from the command to its reply", reply),
        ("the bot and Discord: until Midjourney shows that it has begun", accepted - reply),
        ("Midjourney: until the grid is there", grid - accepted),
        ("both: four upscales, pressed one after the other", picture - grid),
        ("the bot: the last picture, and the notice with all five", found.seconds - picture),
    ]


def as_text(found: Anatomy) -> str:
    """Return it as Markdown."""
    shown = _runs(found.moments)
    lines = [
        f"From the command to the final notice: {found.seconds:.1f} s.",
        f"Of them CPU of the bot: {found.cpu_seconds:.2f} s.",
        f"Midjourney was {SPEED:g} times as quick as usual.",
        "",
        "| Where the time goes | s |",
        "| --- | --- |",
        *(f"| {what} | {seconds:.2f} |" for what, seconds in spans(found)),
        "",
        "| Where the bytes go | kB |",
        "| --- | --- |",
        *(f"| {what} | {number / 1000:,.0f} |" for what, number in _bytes(found)),
        "",
        f"Rows of events: {found.rows_of_events}.",
        "",
        "| after | what |",
        "| --- | --- |",
        *(f"| {after:.2f} s | {what} |" for after, what in shown),
        "",
        "| Calls to Discord and its hosts | |",
        "| --- | --- |",
        *(f"| `{name}` | {number} |" for name, number in found.discord_calls),
    ]
    return "\n".join(lines)


def _bytes(found: Anatomy) -> list[tuple[str, int]]:
    rest = found.bytes_written - found.bytes_stored - found.bytes_of_log
    return [
        ("pictures fetched, the grid as WebP", found.bytes_of_pictures),
        ("pictures kept, all as PNG", found.bytes_stored),
        ("attached to the final notice", found.bytes_attached),
        ("written to files in all", found.bytes_written),
        ("of them the log", found.bytes_of_log),
        ("of them neither pictures as kept nor the log: the database, and passing files", rest),
    ]


def _runs(moments: tuple[tuple[float, str], ...]) -> list[tuple[float, str]]:
    """Return them with equal neighbours as one, and how many they were."""
    runs: list[tuple[float, str, int]] = []
    for after, what in moments:
        if runs and runs[-1][1] == what:
            runs[-1] = (runs[-1][0], what, runs[-1][2] + 1)
        else:
            runs.append((after, what, 1))
    return [(after, what if n == 1 else f"{what} ({n} times)") for after, what, n in runs]
