"""The page about the switches matches the list."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_list_prints() -> None:
    """If not, run `.venv/bin/python -m sandbox --switches > docs/switches.md`."""
    printed = subprocess.run(
        [sys.executable, "-m", "sandbox", "--switches"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert (ROOT / "docs/switches.md").read_text(encoding="utf-8") == printed
