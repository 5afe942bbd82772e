"""Runs a soak: `python -m soak --minutes 10`, or `python3 dev.py soak --minutes 10`."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sandbox.arguments import Parser, between, speed
from soak.report import as_json, as_text
from soak.run import SoakOptions, soak
from tools.environment import SetupProblem, say


def main(arguments: Sequence[str]) -> int:
    """Run a soak and return its exit code: 1 if anything is lost, mixed up or paid twice."""
    options = SoakOptions(**vars(_parser().parse_args(arguments)))
    folder = Path(tempfile.mkdtemp(prefix="atelier-soak-"))
    say(f"Seed {options.seed}; the data and the log are in {folder}.")
    try:
        result = asyncio.run(soak(options, folder, say))
    except SetupProblem as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130
    if options.json:
        print(json.dumps(as_json(result)))
    else:
        print(as_text(result))
    return 0 if result.ok else 1


def _parser() -> Parser:
    parser = Parser(
        prog="python3 dev.py soak",
        description="People, faults and restarts at random, against the real process.",
    )
    add = parser.add_argument
    add("--minutes", type=between(0.1, 10_000), required=True, help="how long there are faults")
    add("--speed", type=speed, default=60.0, help="how much quicker than Midjourney (60)")
    add("--seed", type=int, default=secrets.randbits(16), help="repeats what was done, not when")
    add("--json", action="store_true", help="one object instead of the report")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
