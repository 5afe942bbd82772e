"""The demo in a terminal, as people see it."""

import os
import select
import subprocess
import termios
from pathlib import Path

import pytest

from tests.integration.demo_process import PROMPT, started

pytestmark = [pytest.mark.integration, pytest.mark.long]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have new temporary folders made in the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def leave(process: subprocess.Popen[str], person: int) -> None:
    """Press Ctrl-D until the demo ends: it is lost while lines are printed above the prompt."""
    while process.poll() is None:
        os.write(person, b"\x04")
        if select.select([person], [], [], 0.2)[0]:
            os.read(person, 4096)


def test_a_terminal_shows_a_prompt_and_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    person, terminal = os.openpty()
    before = termios.tcgetattr(terminal)
    with started("--speed", 5, stdin=terminal, stdout=terminal) as process:
        steps = [
            (b"", "starting"),
            (b"!he", "Show this list"),  # beside the command, which the person chooses
            (b"\t\r", "More from a picture"),
            (b"\x1b[A\r", "More from a picture"),  # what was typed before
        ]
        for keys, answer in steps:
            shown = ""
            os.write(person, keys)
            while answer not in shown:
                shown += os.read(person, 4096).decode(errors="replace")
        assert termios.tcgetattr(terminal) != before
        leave(process, person)
        assert process.returncode == 0
    assert termios.tcgetattr(terminal) == before
    os.close(person)
    os.close(terminal)


@pytest.mark.parametrize(("arguments", "shows"), [((), True), (("--no-pictures",), False)])
def test_a_terminal_with_colours_shows_the_grid(
    arguments: tuple[str, ...], *, shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLORTERM", "KITTY_WINDOW_ID", "NO_COLOR", "TERM_PROGRAM", "LC_TERMINAL", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    person, terminal = os.openpty()
    with started("--once", PROMPT, "--speed", 50, *arguments, stdout=terminal) as process:
        shown = ""
        while "Your 5 pictures are in" not in shown:
            shown += os.read(person, 65536).decode(errors="replace")
        assert process.wait() == 0
    assert ("▀" in shown) is shows
    os.close(person)
    os.close(terminal)
