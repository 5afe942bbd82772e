"""The bot imports nothing that only Unix has: nobody runs the tests on Windows."""

import subprocess
import sys
from pathlib import Path

ONLY_UNIX = ("fcntl", "grp", "pwd", "resource", "termios", "tty")
WITHOUT_THEM = f"""
import sys
import asyncio, pathlib, ssl, subprocess, tarfile  # Python's own modules can do without
sys.modules.update(dict.fromkeys({ONLY_UNIX!r}))
import bot
"""


def test_the_bot_starts_without_what_only_unix_has() -> None:
    command = [sys.executable, "-c", WITHOUT_THEM]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
