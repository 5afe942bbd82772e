"""The command line of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.arguments import Parser, speed

if TYPE_CHECKING:
    from collections.abc import Sequence

_STOPPED = 130  # a shell's code for a program ended by Ctrl-C


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options. Without `prompt`, the demo keeps running and is interactive."""

    prompt: str | None = None
    speed: float = 1.0  #: how many times faster than the real Midjourney
    browser: bool = True  #: open the page where there is a display
    data: Path | None = None  #: None: a fresh temporary folder
    supabase: bool = False  #: in a temporary Supabase project instead of files
    json: bool = False
    pictures: bool = True  #: show the grids in the terminal

    @property
    def exit_when_stopped(self) -> int:
        """The exit code after Ctrl-C: 0 if interactive, an error if a picture was asked for."""
        return 0 if self.prompt is None else _STOPPED


def read(arguments: Sequence[str]) -> Options:
    """Read the command line; errors end the process with code 2 and a sentence."""
    parser = _parser()
    options = Options(**vars(parser.parse_args(arguments)))
    if options.json and options.prompt is None:
        parser.error("--json needs --once")
    return options


def _parser() -> Parser:
    parser = Parser(
        prog="python3 dev.py demo",
        description="Runs the real bot against a sandbox on this machine. Needs no account.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--once", dest="prompt", metavar="PROMPT", help="make the pictures of one prompt, then end"
    )
    parser.add_argument(
        "--speed", type=speed, default=1.0, help="how many times quicker than Midjourney (1)"
    )
    parser.add_argument(
        "--no-browser",
        dest="browser",
        action="store_false",
        help="don't open the channel in a browser; its address is shown",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--data", type=Path, metavar="DIR", help="where to keep everything (a new temporary folder)"
    )
    place.add_argument(
        "--supabase",
        action="store_true",
        help="keep everything in a Supabase project on this machine, which ends with the demo",
    )
    parser.add_argument(
        "--json", action="store_true", help="with --once: the last line printed is the result"
    )
    parser.add_argument(
        "--no-pictures",
        dest="pictures",
        action="store_false",
        help="don't show the grids in the terminal",
    )
    return parser
