"""What must hold whatever the switches do, checked against what the sandbox knows.

The sandbox knows which job answered which request, and can draw its pictures again; the log says
which request was sent for which generation. Nothing here relies on the bot's own data.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import structlog
from PIL import Image
from structlog.typing import EventDict

from cogs.sentences.english import ENGLISH
from domain.generation import ACTIVE, Generation, Status
from domain.slots import Slot
from sandbox.jobs import Job
from sandbox.pictures import Scene, draw_cell, draw_grid, grid_file
from tests.integration.conftest import RunningBot

_AT_WORK = ACTIVE | {Status.QUEUED}
_BACK = re.compile(r"!\s*(retry|upscale|adopt)")
"""The commands that bring an ended generation back into work."""


class _Errors(logging.Handler):
    """Keeps the error lines of libraries."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@dataclass
class LogWitness:
    """The log of one run. `excused` are the beginnings of error lines that the test provokes."""

    excused: set[str] = field(default_factory=set[str])
    lines: list[EventDict] = field(default_factory=list[EventDict])
    errors: list[str] = field(default_factory=list[str])

    @contextlib.contextmanager
    def watching(self) -> Generator[None]:
        """Record what the bot and its libraries log."""
        handler = _Errors()
        logging.getLogger().addHandler(handler)
        try:
            with structlog.testing.capture_logs() as self.lines:
                yield
        finally:
            logging.getLogger().removeHandler(handler)
        own = [str(line["event"]) for line in self.lines if line["log_level"] == "error"]
        self.errors = own + handler.lines

    def unexcused(self) -> list[str]:
        """Return the unexpected errors."""
        excuses = tuple(self.excused)
        return [line for line in self.errors if not line.startswith(excuses)]

    def is_unknown(self, code: str) -> bool:
        """Whether it is not known what became of a request for it."""
        return any(
            line["event"] == "outcome_unknown" and self.owner_of(line["nonce"]) == code
            for line in self.lines
        )

    def ends_of(self, code: str) -> int:
        """Return how often a generation has ended."""
        return sum(line["now"] not in _AT_WORK for line in self._changes(code))

    def returns_of(self, code: str) -> int:
        """Return how often a generation was taken up again after an end."""
        changes = self._changes(code)
        return sum(each["before"] not in _AT_WORK and each["now"] in _AT_WORK for each in changes)

    def _changes(self, code: str) -> list[EventDict]:
        return [line for line in self.lines if line["event"] == "status" and line["gen"] == code]

    def again(self, code: str) -> int:
        """Return how often its status message was sent again because it was gone."""
        lines = (line for line in self.lines if line["event"] == "status_put_up_again")
        return sum(line["gen"] == code for line in lines)

    def owner_of(self, nonce: str) -> str | None:
        """Return the code of the generation for which a request was sent."""
        sent = (line for line in self.lines if line["event"] == "sending")
        return next((line["gen"] for line in sent if line["nonce"] == nonce), None)


def falsehoods(
    running_bot: RunningBot,
    rows: Sequence[Generation],
    pictures: Path,
    log_witness: LogWitness,
) -> list[str]:
    """Return a description of every violation."""
    jobs: dict[str | None, list[Job]] = {row.code: [] for row in rows}
    for job in running_bot.sandbox.jobs:
        if _paid(job):
            jobs.setdefault(log_witness.owner_of(job.asked.nonce), []).append(job)
    false = [f"log: {line}" for line in log_witness.unexcused()]
    false += _paid_twice(running_bot, jobs)
    if sum(row.status in ACTIVE for row in rows) > 1:
        false.append("two are active")
    for row in rows:
        own = jobs[row.code] or _twins(row, running_bot, log_witness)
        false += _false_pictures(row, own, pictures / row.id)
        false += _false_ends(row, running_bot, jobs[row.code], log_witness)
        messages = 1 + log_witness.ends_of(row.code) + min(log_witness.again(row.code), 1)
        false += _false_messages(row, running_bot, messages)
    return false


def _paid(job: Job) -> bool:
    """Whether a client requested this grid and Midjourney did not refuse it right away."""
    refused = job.options.failure is not None and job.options.failure.place == "answer"
    return not job.cell and bool(job.asked.nonce) and not refused


def _twins(row: Generation, running_bot: RunningBot, log_witness: LogWitness) -> list[Job]:
    """Return grids of the same words that the account itself asked for by hand.

    Where Discord did not say what became of a request, and Midjourney never heard it, nothing tells
    the one that it would have made from one of these.
    """
    if not log_witness.is_unknown(row.code):
        return []
    account = running_bot.sandbox.account.id
    return [
        job
        for job in running_bot.sandbox.jobs
        if not job.asked.nonce and job.person.id == account and job.asked.prompt == row.prompt
    ]


def _paid_twice(running_bot: RunningBot, jobs: dict[str | None, list[Job]]) -> list[str]:
    nonces = Counter(asked.nonce for asked in running_bot.sandbox.interactions)
    false = [f"nonce {nonce} sent {n} times" for nonce, n in nonces.items() if n > 1]
    return false + [f"{code}: {len(own)} jobs" for code, own in jobs.items() if len(own) > 1]


def _false_pictures(row: Generation, jobs: Sequence[Job], folder: Path) -> list[str]:
    """Compare every file with what the sandbox draws for this generation's own job."""
    false: list[str] = []
    for slot in Slot:
        path, stored = folder / f"{slot.title}.png", row.step(slot).picture
        if stored is not None:
            content = path.read_bytes() if path.exists() else b""
            facts = hashlib.sha256(content).hexdigest(), len(content)
            if facts != (stored.sha256, stored.size):
                false.append(f"{row.code} {slot.title}: the file is not what the row says")
        if path.exists() and pixels(path) not in [p for job in jobs for p in drawn(job, slot)]:
            false.append(f"{row.code} {slot.title}: the picture is another's")
    return false


def _false_ends(
    row: Generation, running_bot: RunningBot, jobs: Sequence[Job], log_witness: LogWitness
) -> list[str]:
    """Allow one end, plus one for each return: by a command, or by a late sign of a job."""
    ends, returns = log_witness.ends_of(row.code), log_witness.returns_of(row.code)
    grids = {job.id for job in jobs} | {row.step(Slot.GRID).job_id}
    signs = 2 * sum(job.scene.job in grids for job in running_bot.sandbox.jobs)
    commands = sum(bool(_BACK.match(each["content"])) for each in running_bot.sandbox.messages)
    false = [f"{row.code}: {ends} ends, {returns} ways back"] if ends > 1 + returns else []
    if returns > signs + commands:
        false.append(f"{row.code}: {returns} ways back, {signs} signs, {commands} commands")
    return false


def _false_messages(row: Generation, running_bot: RunningBot, most: int) -> list[str]:
    """Allow at most one status message per command, and one notice per end.

    Before them, one promise to run it later is allowed.
    """
    promises = (ENGLISH.no_history, ENGLISH.no_database)
    account, command = str(running_bot.sandbox.account.id), str(row.command_message_id)
    answers = [
        message["content"]
        for message in running_bot.sandbox.messages
        if message["author"]["id"] == account
        and message.get("message_reference", {}).get("message_id") == command
    ]
    later = [content for content in answers if content in promises]
    false = [f"{row.code}: {len(later)} promises"] if len(later) > 1 else []
    most += len(later)
    return [*false, f"{row.code}: {len(answers)} answers"] if len(answers) > most else false


def pixels(path: Path) -> bytes:
    """Return the pixels of a stored picture."""
    with Image.open(path) as image:
        return image.convert("RGB").tobytes()


def drawn(job: Job, slot: Slot) -> tuple[bytes, ...]:
    """Return what a job's picture may look like: the format decides whether a grid is lossy."""
    return _drawn(job.scene, slot)


@lru_cache(maxsize=256)
def _drawn(scene: Scene, slot: Slot) -> tuple[bytes, ...]:
    if slot != Slot.GRID:
        return (draw_cell(scene, slot.value).tobytes(),)
    content, _ = grid_file(scene, "webp")
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes(), draw_grid(scene).tobytes()


class Watch:
    """Follows the whole percents that a generation's status message shows."""

    _BAR = re.compile(r"[▓░]+ (\d+)%")

    def __init__(self, running_bot: RunningBot) -> None:
        self.shown: list[int] = []
        self.stop: Callable[[], None] = running_bot.sandbox.watch(self._see)
        self._account = str(running_bot.sandbox.account.id)

    def _see(self, event: str, message: dict[str, object]) -> None:
        found = self._BAR.search(str(message["content"]))
        if event == "MESSAGE_UPDATE" and found is not None:
            self.shown.append(int(found[1]))
