"""Runs the demo: `python -m demo`, or `python3 dev.py demo`, which installs what it needs."""

from __future__ import annotations

import sys

from demo.arguments import read


def main() -> int:
    """Run the demo and return its exit code."""
    options = read(sys.argv[1:])
    try:
        # The import takes a second; Ctrl-C must already end the demo cleanly then.
        from demo.run import run  # noqa: PLC0415 -- see above

        return run(options)
    except KeyboardInterrupt:
        return options.exit_when_stopped


if __name__ == "__main__":
    sys.exit(main())
