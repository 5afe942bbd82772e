"""The npm client `midjourney`: others wrote it, and the sandbox must serve it."""

# dev.py reads this with an older Python, to be able to say that it is too old: no newer syntax.
from __future__ import annotations

from tools import npm

KIT = npm.kit("midjourney-client", "5 s")


def ensure() -> None:
    """Install it into .venv if it is missing; the development packages must be installed."""
    npm.ensure(KIT, "an npm client for tests")
