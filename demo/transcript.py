"""Follows the channel and shows what matters on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.wording import (
    MIDJOURNEY,
    changed,
    describe,
    grid_address,
    shows_the_end,
    speaker,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.markup import MarkupReader
    from demo.screen import Screen
    from demo.wording import Json, Lines


class Transcript:
    """The channel so far, so that for an edit only the change is shown."""

    def __init__(
        self, screen: Screen, markup: MarkupReader, show_grid: Callable[[str], None]
    ) -> None:
        """`show_grid` is called with the address of each grid that Midjourney finishes."""
        self._screen = screen
        self._markup = markup
        self._show_grid = show_grid
        self._known: dict[str, Lines] = {}
        self._files: dict[str, str] = {}  # the id of the message that named each first

    def hear(self, event: str, message: Json) -> None:
        """Show a change of the channel."""
        name = speaker(message)
        quiet = name == MIDJOURNEY
        before = self._known.pop(message["id"], ())
        if event == "MESSAGE_DELETE":
            if quiet:  # its progress has ended: the result is a separate message
                self._screen.leave(name)
            return
        # Compared as Discord has them: what says how long ago something was changes by itself.
        lines = self._known[message["id"]] = self._described(message)
        if event == "MESSAGE_CREATE":
            self._screen.say(name, self._read(lines), quiet=quiet)
            if quiet and (address := grid_address(message)):
                self._show_grid(address)
        else:
            news = changed(before, lines)
            self._screen.follow(name, self._read(lines), self._read(news), quiet=quiet)
            if shows_the_end(lines):
                self._screen.leave(name)

    def _described(self, message: Json) -> Lines:
        """Describe it; files that were named before are asked for again: with their addresses."""
        named_by = [
            self._files.setdefault(file["filename"], message["id"])
            for file in message["attachments"]
        ]
        return describe(message, addresses=any(each != message["id"] for each in named_by))

    def _read(self, lines: Lines) -> Lines:
        return tuple(self._markup.read(line) for line in lines)
