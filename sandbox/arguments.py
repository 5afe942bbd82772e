"""The command line of the sandbox; the demo parses its own in the same way."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn, get_args

from sandbox.versions import USUAL, Version


class Parser(argparse.ArgumentParser):
    """Reports errors in one sentence, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog.split()[-1]}: {message}.\n")


def between(
    least: float, most: float, read: Callable[[str], float] = float
) -> Callable[..., float]:
    """Return a function that reads a number within these limits and refuses anything else."""
    what = "whole number" if read is int else "number"

    def number(text: str) -> float:
        try:
            value = read(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            message = f"{text!r} is not a {what} from {least:g} to {most:g}"
            raise argparse.ArgumentTypeError(message)
        return value

    return number


speed = between(0.1, 1000)


def parser() -> Parser:
    """Return the parser of the sandbox's command line."""
    reader = Parser(
        prog="python -m sandbox",
        description="Serves a loopback Discord with a scripted Midjourney.",
    )
    add = reader.add_argument
    add("--port", type=between(0, 65_535, int), default=0, help="TCP port; 0 takes a free one")
    add("--speed", type=speed, default=1.0, help="how much quicker than Midjourney")
    add("--seed", type=int, default=1, help="decides tokens, ids of jobs, percents")
    add(
        "--picture-size",
        type=between(16, 4096, int),
        default=2048,
        help="side of a grid, in pixels",
    )
    add(
        "--past-messages",
        type=between(0, 1_000_000, int),
        default=0,
        help="messages of the last months that the channel begins with",
    )
    add(
        "--default-version",
        choices=get_args(Version),
        default=USUAL,
        help="Midjourney's version, where a prompt names none",
    )
    add("--switches", action="store_true", help="print what can be switched; end")
    return reader
