"""The worker, looked at from inside: `python -m benchmarks.inside stalls|profile FILE`.

It is the program `bot.py` and nothing else; at its end, what was seen is written to FILE as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import bot as worker
from benchmarks.samples import Samples
from benchmarks.stalls import ENOUGH, Stalls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cli.exit import Exit


def main(what: str, file: Path) -> int:
    """Run the worker; return its exit code."""
    look = Stalls(ENOUGH) if what == "stalls" else Samples()
    worker.run = _seen_by(look, worker.run)
    try:
        return worker.main([])
    finally:
        file.write_text(json.dumps([asdict(each) for each in look.found]), "utf-8")


def _seen_by(
    look: Stalls | Samples, run: Callable[[worker.AtelierBot], Awaitable[Exit]]
) -> Callable[[worker.AtelierBot], Awaitable[Exit]]:
    async def seen(bot: worker.AtelierBot) -> Exit:
        async with look:
            return await run(bot)

    return seen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
