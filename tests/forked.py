"""Processes that are forked from one that has imported the bot: most of a start is the imports.

Otherwise they are as if Python had started them: each has its own environment, folder and output,
and can be killed. There is one such server for each process of pytest; it ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path

PRELOADED = [
    "tests.storage.killed",
    "cli.moving",
    "services.backup",
    "services.database.sqlite.store",
    "services.database.supabase.store",
    "services.moving.move",
    "services.storage.supabase",
]

Main = Callable[..., int]


class ForkedProcess:
    """A process that runs a function, and what it wrote to its standard output and error."""

    def __init__(
        self, main: Main, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        """Start it in a folder; its exit code is what the function returns."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        descriptor, name = tempfile.mkstemp()
        os.close(descriptor)
        self._output = Path(name)
        self._process = context.Process(
            target=_become, args=(main, tuple(arguments), dict(environment), folder, name)
        )
        self._process.start()

    async def ended(self, seconds: float) -> tuple[int | None, str]:
        """Wait for the end, for so long at most; return the exit code and all that it wrote."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            async with asyncio.timeout(seconds):
                await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        return self._process.exitcode, self._output.read_text(encoding="utf-8")

    def forget(self) -> None:
        """Kill it if it still runs, and delete its output."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._output.unlink()


@contextlib.contextmanager
def forked(
    main: Main, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Generator[ForkedProcess]:
    """Run a function in a process of its own, which is killed at the end of the block."""
    process = ForkedProcess(main, arguments, environment, folder)
    try:
        yield process
    finally:
        process.forget()


def _become(
    main: Main, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, output: str
) -> None:
    descriptor = os.open(output, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    # Deaf to Ctrl-C if the tests are, as everything is that a shell starts in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    gc.freeze()  # what the server has imported is there to stay, for its memory is shared
    sys.exit(main(*arguments))
