"""What the demo shows the channel on, and the simple way: a line per change."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING, Protocol, TextIO

from demo.columns import columns
from demo.terminal import TerminalAbilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.wording import Lines


class Screen(Protocol):
    """Where the demo shows messages. `quiet` is for mere explanations."""

    terminal: TerminalAbilities
    """What it can show."""

    def width(self) -> int | None:
        """Return how many cells a row has; None where there is no end of a row."""
        ...

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        """Show something permanently."""
        ...

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        """Show the current state: `lines` is all of it, `news` what is new."""
        ...

    def leave(self, name: str) -> None:
        """Stop following this name."""
        ...

    def draw(self, rows: Sequence[str]) -> None:
        """Show rows permanently that are laid out already: a table or a picture."""
        ...


class PlainScreen:
    """A line for each change, in order: for pipes, files and simple terminals."""

    terminal = TerminalAbilities()

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def width(self) -> int | None:
        """Return the width of a simple terminal; a pipe or a file has none."""
        return shutil.get_terminal_size().columns if self._out.isatty() else None

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:  # noqa: ARG002 -- there is one kind of text
        """Print it."""
        if lines:
            self.draw(columns(name, lines, self.width()))

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:  # noqa: ARG002 -- only what is new is printed
        """Print the news."""
        self.say(name, news, quiet=quiet)

    def leave(self, name: str) -> None:
        """Do nothing: what is printed stays."""

    def draw(self, rows: Sequence[str]) -> None:
        """Print them."""
        write(self._out, "".join(f"{row}\n" for row in rows))


def write(out: TextIO, text: str) -> None:
    """Write at once. If nobody reads the output any more, there is no reason to continue."""
    try:
        out.write(text)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        signal.raise_signal(signal.SIGINT)
