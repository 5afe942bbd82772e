"""A short soak of the real process: the tool itself works from its start to its report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.long]

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(1200)  # it settles in the bot's own time
def test_a_short_soak_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = [sys.executable, "-m", "soak", "--minutes", "0.5", "--seed", "1", "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = json.loads(ended.stdout)
    assert (found["ok"], found["lost"], found["paid_twice"]) == (True, [], [])
    assert found["asked"] > 0
    assert found["faults"] > 0
    assert sum(found["restarts"].values()) > 0
    assert found["mb_per_hour"] is None
    assert "asked" in ended.stderr
