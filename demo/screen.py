"""Two ways to show the channel: a line per change, or a terminal with a live part."""

from __future__ import annotations

import os
import shutil
import signal
import unicodedata
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from demo.wording import Lines

NAME_WIDTH = 12
PROMPT = "> "
_DIM, _BOLD, _PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[0m"
_UP, _WIPE = "\x1b[{}A", "\r\x1b[J"


class Screen(Protocol):
    """Where the demo shows messages. `quiet` is for mere explanations."""

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        """Show something permanently."""
        ...

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        """Show the current state: `lines` is all of it, `news` what is new."""
        ...

    def leave(self, name: str) -> None:
        """Stop following this name."""
        ...

    def typing(self, text: str) -> None:
        """Show what is being typed."""
        ...

    def close(self) -> None:
        """Restore the terminal."""
        ...


class PlainScreen:
    """A line for each change, in order: for pipes, files and simple terminals."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:  # noqa: ARG002 -- there is one kind of text
        """Print it."""
        _write(self._out, "".join(f"{line}\n" for line in _columns(name, lines)))

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:  # noqa: ARG002 -- only what is new is printed
        """Print the news."""
        self.say(name, news, quiet=quiet)

    def leave(self, name: str) -> None:
        """Do nothing: what is printed stays."""

    def typing(self, text: str) -> None:
        """Do nothing: the terminal itself shows it, or it is not typed here."""

    def close(self) -> None:
        """Do nothing: every line is complete."""


class LiveScreen:
    """A terminal: above, what was said; below, the live part (a place per name) and the prompt."""

    def __init__(self, out: TextIO, *, asks: bool) -> None:
        self._out = out
        self._live: dict[str, list[str]] = {}
        self._typed: str | None = "" if asks else None
        self._below = 0  # lines between the cursor and the start of the live part

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        """Print it above the live part."""
        self._draw([_styled(line, quiet=quiet) for line in _columns(name, lines)])

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        """Show it all in this name's place, if there is anything new."""
        if news:
            cut = [_cut(line, _width()) for line in _columns(name, lines)]
            self._live[name] = [_styled(line, quiet=quiet) for line in cut]
            self._draw()

    def leave(self, name: str) -> None:
        """Remove this name's place."""
        if self._live.pop(name, None):
            self._draw()

    def typing(self, text: str) -> None:
        """Show the end of it behind the prompt."""
        self._typed = text
        self._draw()

    def close(self) -> None:
        """Erase the live part: its results were printed."""
        self._live.clear()
        self._typed = None
        self._draw()

    def _draw(self, said: Lines | list[str] = ()) -> None:
        """Erase the live part, print what stays, and draw the live part again."""
        below = [line for lines in self._live.values() for line in lines]
        if self._typed is not None:
            below.append(PROMPT + _tail(self._typed, _width() - len(PROMPT)))
        up = _UP.format(self._below) if self._below else ""
        self._below = max(0, len(below) - 1)
        _write(self._out, up + _WIPE + "".join(f"{line}\n" for line in said) + "\n".join(below))


def _columns(name: str, lines: Lines) -> list[str]:
    names = [name, *[""] * len(lines)]
    return [f"{name:{NAME_WIDTH}}{line}" for name, line in zip(names, lines, strict=False)]


def _styled(line: str, *, quiet: bool) -> str:
    if quiet:
        return f"{_DIM}{line}{_PLAIN}"
    return f"{_BOLD}{line[:NAME_WIDTH]}{_PLAIN}{line[NAME_WIDTH:]}"


def _width() -> int:
    """Return how many cells a line may have; the last one would make some terminals wrap."""
    return shutil.get_terminal_size().columns - 1


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, width: int) -> str:
    """Return as much of the beginning as fits."""
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > width:
            return text[:at]
    return text


def _tail(text: str, width: int) -> str:
    """Return as much of the end as fits."""
    return _cut(text[::-1], width)[::-1]


def _write(out: TextIO, text: str) -> None:
    """Write at once. If nobody reads the output any more, there is no reason to continue."""
    try:
        out.write(text)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        signal.raise_signal(signal.SIGINT)
