"""Serves a sandbox alone: `python -m sandbox [--port N] [--speed N] [--seed N]`.

`--switches` prints what can be switched, in Markdown, and ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from sandbox.failures import FAILURES
from sandbox.server import Sandbox
from sandbox.switches import Switches


def main() -> int:
    """Read the options, serve until SIGTERM or SIGINT, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Serves a loopback Discord with a scripted Midjourney.",
    )
    parser.add_argument("--port", type=int, default=0, help="TCP port; 0 takes a free one")
    parser.add_argument("--speed", type=float, default=1.0, help="how much quicker than Midjourney")
    parser.add_argument("--seed", type=int, default=1, help="decides tokens, ids of jobs, percents")
    parser.add_argument("--picture-size", type=int, default=2048, help="side of a grid, in pixels")
    parser.add_argument("--switches", action="store_true", help="print what can be switched; end")
    options = vars(parser.parse_args())
    if options.pop("switches"):
        sys.stdout.write(_switches_in_markdown())
        return 0
    asyncio.run(_serve(Sandbox(**options)))
    return 0


async def _serve(sandbox: Sandbox) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with sandbox:
        sys.stdout.write(json.dumps(_addresses(sandbox)) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _addresses(sandbox: Sandbox) -> dict[str, object]:
    people = {
        name: {"id": str(person.id), "token": person.token}
        for name, person in sandbox.people.items()
    }
    return {
        "api": sandbox.api_base,
        "gateway": sandbox.gateway_url,
        "cdn": sandbox.cdn_base,
        "token": sandbox.token,
        "guild_id": str(sandbox.guild_id),
        "channel_id": str(sandbox.channel_id),
        "people": people,
    }


def _switches_in_markdown() -> str:
    switches = (
        f"- `{name}` (usually {switch.usual!r}): {switch.what} *{switch.outcome}*\n"
        for name, switch in Switches().all().items()
    )
    failures = (
        f"- {failure.title} ({failure.place}): *{failure.outcome}*\n"
        for failure in FAILURES.values()
    )
    return f"# Switches\n\n{''.join(switches)}\n# Titles for `refusal`\n\n{''.join(failures)}"


if __name__ == "__main__":
    sys.exit(main())
