"""Serves a sandbox alone: `python -m sandbox [--port N] [--speed N] …`; `--help` lists the options.

`--switches` prints the list of switches as Markdown and exits.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import TYPE_CHECKING, Any

from sandbox.arguments import parser
from sandbox.refusals import REFUSALS
from sandbox.server import Sandbox
from sandbox.switches import Switches

if TYPE_CHECKING:
    from sandbox.versions import Version


def main() -> int:
    """Read the options, serve until SIGTERM or SIGINT, and return the exit code."""
    options = vars(parser().parse_args())
    if options.pop("switches"):
        sys.stdout.write(_switches_in_markdown())
        return 0
    asyncio.run(_serve(made(**options)))
    return 0


def made(default_version: Version, **options: Any) -> Sandbox:
    """Return the sandbox that the command line asks for."""
    sandbox = Sandbox(**options)
    sandbox.switches.default_version.set(default_version)
    return sandbox


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
        for failure in REFUSALS.values()
    )
    return f"# Switches\n\n{''.join(switches)}\n# Titles for `refusal`\n\n{''.join(failures)}"


if __name__ == "__main__":
    sys.exit(main())
