"""A subcommand that is killed after a call: `killed.py FUNCTION NTH SUBCOMMAND…`."""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

import bot
from tests.integration.kills.launcher import Function, around, replace


def main(function: str, nth: str, *subcommand: str) -> int:
    """Run the subcommand until it is killed; return its exit code if it was not."""
    calls = count(1)

    def deadly(original: Function) -> Function:
        return around(original, lambda *_, **__: next(calls) == int(nth), kill)

    replace(function, deadly)
    return bot.main(subcommand)


def kill(now: bool) -> None:
    """End without a last word."""
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
