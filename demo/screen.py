"""Two ways to show the channel: a line for each change, or a terminal whose last lines live."""

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
    """Where the demo shows what is said. `quiet` is what only explains the rest."""

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        """Show something for good."""
        ...

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        """Show what is going on: `lines` are the whole of it, `news` what was not there before."""
        ...

    def leave(self, name: str) -> None:
        """Follow nothing more of this name."""
        ...

    def typing(self, text: str) -> None:
        """Show what is being typed."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was found."""
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
        """Do nothing: it is not typed here, or shown by the terminal."""

    def close(self) -> None:
        """Do nothing: every line is complete."""


class LiveScreen:
    """A terminal: above, what was said; below, one place per name that changes, and the prompt."""

    def __init__(self, out: TextIO, *, asks: bool) -> None:
        self._out = out
        self._live: dict[str, list[str]] = {}
        self._typed: str | None = "" if asks else None
        self._below = 0  # lines between the cursor and where the living part begins

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        """Print it above the living part."""
        self._draw([_styled(line, quiet=quiet) for line in _columns(name, lines)])

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        """Show the whole in this name's place, if there is anything new."""
        if news:
            cut = [_cut(line, _width()) for line in _columns(name, lines)]
            self._live[name] = [_styled(line, quiet=quiet) for line in cut]
            self._draw()

    def leave(self, name: str) -> None:
        """Take this name's place away."""
        if self._live.pop(name, None):
            self._draw()

    def typing(self, text: str) -> None:
        """Show the end of it behind the prompt."""
        self._typed = text
        self._draw()

    def close(self) -> None:
        """Wipe the living part: what came of it was said."""
        self._live.clear()
        self._typed = None
        self._draw()

    def _draw(self, said: Lines | list[str] = ()) -> None:
        """Wipe the living part, print what is said for good, and draw the living part again."""
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
    """Write at once. When nobody reads any more, there is no reason to go on."""
    try:
        out.write(text)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        signal.raise_signal(signal.SIGINT)
