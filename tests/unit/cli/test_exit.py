"""What a subcommand prints into a pipe whose reader has had enough, as with `| head -1`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.exit import Exit

BOT = Path(__file__).parents[3] / "bot.py"


@pytest.mark.parametrize("arguments", [["check"], ["check", "--json"], ["migrate"]])
def test_a_reader_that_leaves_is_no_bug(arguments: list[str], tmp_path: Path) -> None:
    """Some of them print at once, and others only at the end."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        ended = subprocess.run(
            [sys.executable, str(BOT), *arguments],
            cwd=tmp_path,
            env={},
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (Exit.FAILED, "")
