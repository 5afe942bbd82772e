"""The benchmark of the gallery, as people start it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks.gallery import MOST_KB, MOST_MS, PageCost, too_dear
from tools.environment import ROOT


@pytest.mark.long
def test_pages_are_as_light_as_is_promised() -> None:
    """How quick they are depends on the machine; the benchmark says so."""
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "gallery", "--rows=2500", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Filling 2,500 generations ..." in ended.stderr
    readings = json.loads(ended.stdout)["readings"]
    assert len(readings) == 7
    assert all(20 < reading["kb"] <= MOST_KB and reading["ms"] > 0 for reading in readings)


@pytest.mark.parametrize(
    ("ms", "kb", "wrong"),
    [
        (MOST_MS, MOST_KB, []),
        (MOST_MS + 1, MOST_KB, ["the first: 201 ms"]),
        (MOST_MS, MOST_KB + 1, ["the first: 301 kB"]),
    ],
)
def test_it_says_that_a_promise_is_not_kept(ms: float, kb: float, wrong: list[str]) -> None:
    assert too_dear([PageCost(page="the first", ms=ms, kb=kb)]) == wrong
