"""The real process: `python bot.py`, with nothing but environment variables, and real signals."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.people import OWNER
from sandbox.proxy import TlsProxy
from sandbox.server import Sandbox
from tools.environment import ROOT

ANSWER_SECONDS, PROGRESS_SECONDS, QUEUED_SECONDS = 60, 90, 120
"""Shorter than usual, as Midjourney is quicker here; the history is read after 30 s of silence."""
GRACE = 30.0
"""Seconds that a process has to end after SIGTERM."""
_ENDED_BY_SIGTERM = (0, -signal.SIGTERM)  # the second before it has begun to listen to signals
_PAGE = os.sysconf("SC_PAGE_SIZE")


def environment(sandbox: Sandbox, proxy: TlsProxy, folder: Path) -> dict[str, str]:
    """Return what an operator would write for this sandbox; nothing else is passed on."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return inherited | {
        "DISCORD_TOKEN": sandbox.token,
        "DISCORD_CHANNEL_ID": str(sandbox.channel_id),
        "OWNER_IDS": str(sandbox.people[OWNER].id),
        "ALLOWED_USER_IDS": "*",
        "DATA_DIR": str(folder / "data"),
        "PICTURES_ADDRESS": "127.0.0.1:0",
        "PRESS_INTERVAL": str(min(1.5, 15 / sandbox.clock.speed)),
        "QUEUE_LIMIT": "0",
        "WAITING_PER_PERSON": "0",
        "ANSWER_SECONDS": str(ANSWER_SECONDS),
        "PROGRESS_SECONDS": str(PROGRESS_SECONDS),
        "QUEUED_SECONDS": str(QUEUED_SECONDS),
        "PROXY_URL": proxy.url,
        "SSL_CERT_FILE": str(proxy.ca_file),
        "REQUESTS_CA_BUNDLE": str(proxy.ca_file),
    }


class BotProcess:
    """Starts the process again and again; `lives` are the samples of the memory of each."""

    def __init__(
        self,
        values: Mapping[str, str],
        folder: Path,
        program: Sequence[str | Path] = (sys.executable, ROOT / "bot.py"),
    ) -> None:
        """Nothing is started yet; the log of all lives is in one file of the folder."""
        self.log = folder / "atelier.log"
        self.lives: list[list[tuple[float, float]]] = []
        self.ends: list[int] = []  #: exit codes of those that nobody ended
        self._values = values
        self._folder = folder
        self._program = program
        self._process: Process | None = None
        self._started = 0.0

    @property
    def runs(self) -> bool:
        """Whether a process is at work."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The id of the process at work; 0 where there is none."""
        return self._process.pid if self._process is not None and self.runs else 0

    async def start(self) -> None:
        """Start a process, where there is none; note how the last one ended, if by itself."""
        if self.runs:
            return
        if self._process is not None:
            self.ends.append(await self._process.wait())
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._program,
                cwd=self._folder,  # where no `.env` is
                env=dict(self._values),
                stdout=log,
                stderr=log,
            )
        self._started = time.monotonic()
        self.lives.append([])

    async def end(self, number: signal.Signals) -> None:
        """Send a signal, and wait for the end; kill what does not heed SIGTERM in time."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            self._process = process
            return
        process.send_signal(number)
        try:
            async with asyncio.timeout(GRACE):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if number == signal.SIGTERM and code not in _ENDED_BY_SIGTERM:
            self.ends.append(code)

    def sample(self) -> float | None:
        """Note how many megabytes the process holds, and return them; None where nobody tells."""
        if self._process is None or not self.runs:
            return None
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return None
        megabytes = int(pages) * _PAGE / 2**20
        self.lives[-1].append((time.monotonic() - self._started, megabytes))
        return megabytes
