"""The demo as a process, for tests."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROMPT = "a lighthouse at dusk --ar 3:2"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "demo", *map(str, arguments)]


@contextlib.contextmanager
def started(
    *arguments: object, stdin: int = subprocess.PIPE, stdout: int = subprocess.PIPE
) -> Generator[subprocess.Popen[str]]:
    """Start the demo, which opens no browser, and end it with the block."""
    with subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=os.environ | {"CI": "true"},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
