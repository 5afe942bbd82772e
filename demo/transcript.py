"""Follows the channel and shows what matters on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.wording import MIDJOURNEY, changed, describe, speaker

if TYPE_CHECKING:
    from demo.screen import Screen
    from demo.wording import Json, Lines


class Transcript:
    """The channel so far, so that for an edit only the change is shown."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._known: dict[str, Lines] = {}

    def hear(self, event: str, message: Json) -> None:
        """Show a change of the channel."""
        name, lines = speaker(message), describe(message)
        quiet = name == MIDJOURNEY
        before = self._known.pop(message["id"], ())
        if event == "MESSAGE_DELETE":
            if quiet:  # its progress has ended: the result is a separate message
                self._screen.leave(name)
            return
        self._known[message["id"]] = lines
        if event == "MESSAGE_CREATE":
            self._screen.say(name, lines, quiet=quiet)
        else:
            self._screen.follow(name, lines, changed(before, lines), quiet=quiet)
