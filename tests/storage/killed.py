"""A subcommand that gets a signal after a call: `killed.py SIGNAL FUNCTION NTH SUBCOMMAND…`."""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

import bot
from tests.integration.kills.launcher import Function, around, replace


def main(name: str, function: str, nth: str, *subcommand: str) -> int:
    """Run the subcommand; return its exit code if it was not killed."""
    calls = count(1)

    def kill(now: bool) -> None:
        if now:
            os.kill(os.getpid(), signal.Signals[name])

    def deadly(original: Function) -> Function:
        return around(original, lambda *_, **__: next(calls) == int(nth), kill)

    replace(function, deadly)
    return bot.main(subcommand)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
