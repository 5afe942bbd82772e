"""Discord's markup as text for a terminal: times as words, and code, bold and links set off."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from prompt_toolkit.output import ColorDepth

if TYPE_CHECKING:
    from demo.terminal import TerminalAbilities

Pair = tuple[str, str]
"""What is written before and after something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle:
    """How things are set off from the text around them; by default, without any escapes."""

    bold: Pair = ("", "")
    code: Pair = ("`", "`")
    quiet: Pair = ("", "")
    links: bool = False  #: addresses can be clicked (OSC 8)


PLAIN = TextStyle()
SMALL = "-# "
"""Before a line that matters less."""
COLOURFUL = TextStyle(
    bold=("\x1b[1m", "\x1b[22m"), code=("\x1b[36m", "\x1b[39m"), quiet=("\x1b[2m", "\x1b[22m")
)


def style_of(terminal: TerminalAbilities) -> TextStyle:
    """Return how things are set off in a terminal."""
    if terminal.colours == ColorDepth.DEPTH_1_BIT:
        return PLAIN
    return replace(COLOURFUL, links=terminal.links)


def plain(text: str) -> str:
    """Return text without markdown, and without what would move the cursor."""
    return _ESCAPED.sub(lambda found: found[1] or "", printable(text))


def printable(text: str) -> str:
    """Return text without what would move the cursor; what joins letters and emoji stays."""
    return "".join(each if each.isprintable() or each in _JOINERS else " " for each in text)


_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
# An escaped character stands for itself.
_ESCAPED = re.compile(r"\\([^\w\s])|\*\*|`")
_MARKUP = re.compile(
    r"""
      \\(?P<escaped>[^\w\s])
    | (?P<ticks>`+)(?P<code>.+?)(?P=ticks)
    | \*\*(?P<bold>(?:\\.|[^\\])+?)\*\*
    | <t:(?P<time>-?\d{1,12})(?::(?P<style>[tTdDfFR]))?>
    | <@!?(?P<person>\d+)>
    | <@&(?P<role>\d+)>
    | <\#(?P<channel>\d+)>
    | <a?(?P<emoji>:\w+:)\d+>
    | \[(?P<title>[^\]]+)\]\(<?(?P<target>https?://[^\s<>)]+)>?\)
    | <(?P<hidden>https?://[^\s<>]+)>
    | (?P<address>https?://[^\s<>]+[^\s<>.,;:!?)])
    """,
    re.VERBOSE,
)
_MONTHS, _YEARS = 30 * 86400, 365 * 86400
_UNITS = (("year", _YEARS), ("month", _MONTHS), ("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def moment(seconds: int, style: str, now: datetime) -> str:
    """Return a timestamp of Discord's as words, in the time zone of `now`.

    `style` is Discord's letter: R as the time from now, the others as date and time of day.
    """
    try:
        when = datetime.fromtimestamp(seconds, now.tzinfo)
    except (OverflowError, ValueError, OSError):  # no such year
        return f"<t:{seconds}:{style}>"
    if style == "R":
        return _relative(round((when - now).total_seconds()))
    day = f"{when.day} {when:%B %Y}"
    return {
        "t": f"{when:%H:%M}",
        "T": f"{when:%H:%M:%S}",
        "d": f"{when:%Y-%m-%d}",
        "D": day,
        "F": f"{when:%A}, {day}, {when:%H:%M}",
    }.get(style, f"{day}, {when:%H:%M}")


def _relative(seconds: int) -> str:
    """Return `in 2 min`, `3 months ago` or `now`."""
    unit, size = next((each for each in _UNITS if abs(seconds) >= each[1]), ("", 1))
    count = abs(seconds) // size
    if not unit:
        return "now"
    plural = "s" if len(unit) > len("min") and count > 1 else ""
    return f"in {count} {unit}{plural}" if seconds > 0 else f"{count} {unit}{plural} ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupReader:
    """Turns a message's text into what a terminal shows."""

    style: TextStyle
    now: Callable[[], datetime]
    names: dict[str, str] = field(default_factory=dict[str, str])  #: of people, by their ids

    def read(self, text: str) -> str:
        """Return a line of Discord's markup as a line of a terminal."""
        if text.startswith(SMALL):
            return self._read(printable(text.removeprefix(SMALL))).join(self.style.quiet)
        return self._read(printable(text))

    def link(self, address: str) -> str:
        """Return an address, as a link where that can be clicked."""
        if not self.style.links:
            return address
        return f"\x1b]8;;{address}\x1b\\{address}\x1b]8;;\x1b\\"

    def _read(self, text: str) -> str:
        return _MARKUP.sub(self._shown, text)

    def _shown(self, found: re.Match[str]) -> str:
        return _SHOWN[found.lastgroup or ""](self, found.groupdict(default=""))

    def bold(self, text: str) -> str:
        """Return marked text that stands out."""
        return self._read(text).join(self.style.bold)

    def time(self, seconds: str, style: str) -> str:
        """Return a timestamp as words."""
        return moment(int(seconds), style or "f", self.now())


_SHOWN: dict[str, Callable[[MarkupReader, dict[str, str]], str]] = {
    "escaped": lambda _, parts: parts["escaped"],
    "code": lambda reader, parts: parts["code"].strip().join(reader.style.code),
    "bold": lambda reader, parts: reader.bold(parts["bold"]),
    "time": lambda reader, parts: reader.time(parts["time"], ""),
    "style": lambda reader, parts: reader.time(parts["time"], parts["style"]),
    "person": lambda reader, parts: f"@{reader.names.get(parts['person'], 'somebody')}",
    "role": lambda _, parts: f"@role {parts['role']}",
    "channel": lambda _, parts: f"#channel {parts['channel']}",
    "emoji": lambda _, parts: parts["emoji"],
    "target": lambda reader, parts: f"{parts['title']} ({reader.link(parts['target'])})",
    "hidden": lambda reader, parts: reader.link(parts["hidden"]),
    "address": lambda reader, parts: reader.link(parts["address"]),
}
