"""Where code is from: shorter than its path, and the same on each machine."""

from __future__ import annotations

import sys
import sysconfig
from functools import cache
from pathlib import PurePath

from tools.environment import ROOT

_LIBRARY = sysconfig.get_path("stdlib")


@cache
def place(file: str) -> str:
    """Return a file as its package names it: `discord/client.py`, `services/logs.py`."""
    home = _home(file)
    return str(PurePath(file).relative_to(home)) if home else file


@cache
def part(file: str) -> str | None:
    """Return its package, or its folder of ours; None for the standard library and benchmarks."""
    home, parts = _home(file), PurePath(place(file)).parts
    if home in ("", _LIBRARY) or parts[0] == "benchmarks":
        return None
    return "/".join(parts[:-1][:2]) or None if home == str(ROOT) else parts[0]


def _home(file: str) -> str:
    """Return the folder from which it is imported; they may be within each other."""
    homes = sorted({*sys.path, str(ROOT)} - {""}, key=len, reverse=True)
    return next((home for home in homes if file.startswith(f"{home}/")), "")
