"""The demo's bot as a process of its own, which can be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import math
import sys
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING

from cli.exit import Exit
from demo.bot_settings import environment
from demo.failure import DemoFailure
from sandbox.addresses import SandboxAddresses
from tools.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sandbox import Sandbox

LOG = "atelier.log"
GRACE = 30.0
"""Seconds that the process has to end in order."""


class DemoBot:
    """One process at a time, in the tasks of whoever runs the demo.

    They fail with a `DemoFailure` when the process ends although nobody here ended it.
    """

    def __init__(
        self, tasks: asyncio.TaskGroup, sandbox: Sandbox, values: Mapping[str, str], folder: Path
    ) -> None:
        """Start nothing yet; `values` are its settings, by name; the log is in the folder."""
        self.starts = 0  #: how many times it was started
        self._tasks = tasks
        self._sandbox = sandbox
        self._values = values
        self._folder = folder
        self._process: Process | None = None
        # Only a project's lease outlives a process that was killed.
        self._lease_seconds = float(values.get("lease_seconds", 0))
        self._free_at = 0.0
        self._changing = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def running(self) -> bool:
        """Whether there is a process, which may still be starting."""
        return self._process is not None

    @property
    def ready(self) -> bool:
        """Whether there is one that hears the channel."""
        return self.running and any(
            session.person == self._sandbox.account and session.connection is not None
            for session in self._sandbox.gateway.sessions
        )

    @property
    def pid(self) -> int | None:
        """The id of the process, if there is one."""
        return None if self._process is None else self._process.pid

    @property
    def gallery(self) -> str:
        """Where its gallery is; the same for each process."""
        return f"http://{self._values['pictures_address']}/"

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call back whenever a process has been started, first hears the channel, or has ended."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Start a process if there is none, as soon as it may work; it is not `ready` yet."""
        async with self._changing:
            if self._process is not None:
                return
            await asyncio.sleep(self._free_at - asyncio.get_running_loop().time())
            with (self._folder / LOG).open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "demo.worker"),
                    SandboxAddresses.of(self._sandbox).as_json(),
                    cwd=ROOT,
                    env=environment(self._values),
                    stdin=PIPE,  # it ends when this does
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # so that Ctrl-C reaches the demo alone
                )
            self._process = process
            self.starts += 1
            self._tasks.create_task(self._watch(process), name=f"bot {process.pid}")
        self._tell()

    async def kill(self) -> None:
        """End the process at once (SIGKILL), in the middle of whatever it does."""
        async with self._changing:
            if (process := self._given_up()) is not None:
                process.kill()
                await process.wait()
                self._free_at = asyncio.get_running_loop().time() + self._lease_seconds

    async def stop(self) -> None:
        """End the process in order (SIGTERM), and wait for it."""
        async with self._changing:
            if (process := self._given_up()) is None:
                return
            process.terminate()
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(GRACE):
                        await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()

    async def restart(self) -> None:
        """Start a process; if there is one, end it in order first."""
        await self.stop()
        await self.start()

    def _given_up(self) -> Process | None:
        """Return the process, whose end is intended from now on; None if it has ended."""
        process, self._process = self._process, None
        return None if process is None or process.returncode is not None else process

    async def _watch(self, process: Process) -> None:
        """Tell of its first connection and its end; fail if that was not intended."""
        hearing = self._tasks.create_task(self._hears(), name=f"ready {process.pid}")
        code = await process.wait()
        hearing.cancel()
        unexpected = self._process is process
        if unexpected:
            self._process = None
        self._tell()
        if unexpected:
            raise self._failure(code)

    async def _hears(self) -> None:
        await self._sandbox.wait_until(lambda: self.ready, math.inf)
        self._tell()

    def _failure(self, code: int) -> DemoFailure:
        if code == Exit.LEASE_HELD:
            return DemoFailure(
                f"Another demo or bot is at work in {self._folder}: use another folder."
            )
        return DemoFailure(f"The bot has ended by itself; the log in {self._folder} says why.")

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
