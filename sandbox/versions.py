"""Midjourney's versions: how an echo names them, and which buttons their pictures have."""

from __future__ import annotations

import re
from typing import Literal

Version = Literal["8.2", "8.1", "7", "6.1", "niji 7"]
USUAL: Version = "8.2"
"""What Midjourney takes where neither the prompt nor the account names one."""

UPSCALERS = {"8": "v8", "7": "v7", "6": "v6r1"}
"""By major version: what the buttons that enlarge a solo call themselves; `v8` is a guess."""

WITH_FEWER_BUTTONS = ("8",)
"""The major versions whose solos lack buttons that those of version 7 have."""

_FLAG = re.compile(r"--(?:v|version|niji) (\d+)")


def parameter(version: str) -> str:
    """Return the parameter that an echo has for it, as in `--v 7.0`, `--v 8.2`, `--niji 7`."""
    if version.startswith("niji"):
        return f"--{version}"
    return f"--v {version}" if "." in version else f"--v {version}.0"


def major(prompt: str) -> str:
    """Return the first number of the version that an echo names, or of the usual one."""
    found = _FLAG.search(prompt)
    return found[1] if found else USUAL.partition(".")[0]
