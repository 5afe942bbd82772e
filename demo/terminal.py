"""What a terminal can show, read from its environment: asking the terminal itself could hang."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from prompt_toolkit.output import ColorDepth

if TYPE_CHECKING:
    from collections.abc import Mapping


class PictureProtocol(StrEnum):
    """How a picture gets onto a terminal."""

    KITTY = "kitty"
    ITERM = "iterm"
    SIXEL = "sixel"
    HALF_BLOCKS = "half blocks"


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalAbilities:
    """The abilities of one terminal."""

    colours: ColorDepth = ColorDepth.DEPTH_1_BIT  #: 1 bit: none, and no bold either
    pictures: PictureProtocol | None = None
    links: bool = False  #: addresses can be clicked, even where they wrap (OSC 8)


_KITTY = ("xterm-kitty", "xterm-ghostty")
_ITERM = ("iTerm.app", "WezTerm", "mintty")
_SIXEL = ("foot", "mlterm", "contour", "yaft")
_LINKS = ("KITTY_WINDOW_ID", "VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "ITERM_SESSION_ID")


def read_terminal(environment: Mapping[str, str]) -> TerminalAbilities:
    """Return what the terminal of this environment can show."""
    colours = _colours(environment)
    if colours == ColorDepth.DEPTH_1_BIT:
        return TerminalAbilities()
    # Inside a multiplexer, the names are those of the terminal around it, which it hides.
    inside = _multiplexed(environment)
    protocol = None if inside else _protocol(environment)
    if protocol is None and colours != ColorDepth.DEPTH_4_BIT:
        protocol = PictureProtocol.HALF_BLOCKS
    links = not inside and any(name in environment for name in _LINKS)
    return TerminalAbilities(colours=colours, pictures=protocol, links=links)


def _colours(environment: Mapping[str, str]) -> ColorDepth:
    if environment.get("NO_COLOR"):
        return ColorDepth.DEPTH_1_BIT
    if environment.get("COLORTERM") in {"truecolor", "24bit"} or "WT_SESSION" in environment:
        return ColorDepth.DEPTH_24_BIT
    if "256color" in environment.get("TERM", ""):
        return ColorDepth.DEPTH_8_BIT
    return ColorDepth.DEPTH_4_BIT


def _multiplexed(environment: Mapping[str, str]) -> bool:
    return "TMUX" in environment or environment.get("TERM", "").startswith(("screen", "tmux"))


def _protocol(environment: Mapping[str, str]) -> PictureProtocol | None:
    term = environment.get("TERM", "")
    if term in _KITTY or "KITTY_WINDOW_ID" in environment:
        return PictureProtocol.KITTY
    programs = (environment.get("TERM_PROGRAM"), environment.get("LC_TERMINAL"))
    if programs[0] in _ITERM or programs[1] == "iTerm2":
        return PictureProtocol.ITERM
    if term.startswith(_SIXEL) or "sixel" in term:
        return PictureProtocol.SIXEL
    return None
