"""A terminal: above, what was said; below, a live part with a place per name, and the prompt."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
from typing import TYPE_CHECKING, TextIO

from prompt_toolkit import ANSI, Application
from prompt_toolkit.application import get_app_or_none, run_in_terminal
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import create_output
from prompt_toolkit.output.vt100 import Vt100_Output

from demo.columns import NAME_WIDTH, columns
from demo.markup import style_of
from demo.screen import write

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Sequence

    from demo.terminal import TerminalAbilities
    from demo.wording import Lines


# prompt_toolkit does not know them, and would show their addresses once more.
_LINK = re.compile(r"\x1b\]8;[^\x1b]*\x1b\\")


class LiveScreen:
    """Prints above the live part, which whichever prompt_toolkit application runs draws anew."""

    def __init__(self, out: TextIO, terminal: TerminalAbilities) -> None:
        self.terminal = terminal
        self.output = create_output(out)
        if isinstance(self.output, Vt100_Output):
            self.output.enable_cpr = False  # asks the terminal nothing: no answer might come
        self._out = out
        self._style = style_of(terminal)
        self._live: dict[str, list[str]] = {}
        self._unprinted: list[str] = []
        self._printing: Awaitable[None] | None = None

    def width(self) -> int:
        """Return the width of the terminal now."""
        return shutil.get_terminal_size().columns

    @property
    def live(self) -> str:
        """The rows of the live part, each with its end."""
        return "".join(f"{row}\n" for rows in self._live.values() for row in rows)

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        """Print it above the live part."""
        if lines:
            self.draw(self._styled(name, lines, quiet=quiet))

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        """Show it all in this name's place, if there is anything new."""
        if news:
            rows = self._styled(name, lines, quiet=quiet)
            self._live[name] = [_LINK.sub("", row) for row in rows]
            _redraw()

    def leave(self, name: str) -> None:
        """Remove this name's place."""
        if self._live.pop(name, None):
            _redraw()

    def draw(self, rows: Sequence[str]) -> None:
        """Print them above the live part: at once, or as soon as that is out of the way."""
        self._unprinted += rows
        if get_app_or_none() is None:
            self._print()
        elif len(self._unprinted) == len(rows):  # else it is already asked for
            self._printing = run_in_terminal(self._print)

    def close(self) -> None:
        """Forget the live part: its results were printed."""
        self._live.clear()
        self._print()

    def _print(self) -> None:
        rows, self._unprinted = self._unprinted, []
        write(self._out, "".join(f"{row}\n" for row in rows))

    def _styled(self, name: str, lines: Lines, *, quiet: bool) -> list[str]:
        rows = columns(name, lines, self.width())
        if quiet:
            return [row.join(self._style.quiet) for row in rows]
        first = rows[0][:NAME_WIDTH].join(self._style.bold) + rows[0][NAME_WIDTH:]
        return [first, *rows[1:]]


def _redraw() -> None:
    app = get_app_or_none()
    if app is not None:
        app.invalidate()


@contextlib.asynccontextmanager
async def without_keyboard(screen: LiveScreen) -> AsyncGenerator[None]:
    """Draw the live part of a screen until the block ends, without reading any keys."""
    with create_pipe_input() as silence:
        app = Application[None](
            layout=Layout(Window(FormattedTextControl(lambda: ANSI(screen.live.rstrip("\n"))))),
            input=silence,
            output=screen.output,
            erase_when_done=True,
        )
        drawing = asyncio.create_task(app.run_async(handle_sigint=False), name="live part")
        try:
            yield
        finally:
            drawing.cancel()
            await asyncio.wait([drawing])
