"""The bot's process in the demo: the real worker, in a sandbox: `python -m demo.worker ADDRESSES`.

`ADDRESSES` are those of the sandbox, as JSON. The settings are in the environment.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

import bot
from sandbox.addresses import SandboxAddresses
from sandbox.pointing import point_library_at


def run(sandbox: SandboxAddresses) -> int:
    """Run the worker against a sandbox; return its exit code."""
    with point_library_at(sandbox):
        return bot.main([], frozenset({sandbox.cdn_base}))


def _end_with_the_demo() -> None:
    """End as after SIGTERM when standard input does: then the demo is gone, however it ended.

    It bypasses `sys.stdin`, because it would still hold that lock when the process ends.
    """
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_demo, name="parent", daemon=True).start()
    sys.exit(run(SandboxAddresses.from_json(sys.argv[1])))
