"""The benchmark of a long history, as people start it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks.history import MOST_GAP_MS, MOST_GROWTH_MB, HistoryCost, too_dear
from tools.environment import ROOT

CHEAP = HistoryCost(messages=500, pages=6, seconds=1.0, gap_ms=MOST_GAP_MS, grown_mb=2.0)


@pytest.mark.long
def test_it_reads_both_histories_to_their_ends() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "history", "--few=150", "--many=250", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    readings = json.loads(ended.stdout)["readings"]
    assert [(one["messages"], one["pages"]) for one in readings] == [(150, 2), (250, 3)]
    assert "Reading 250 messages ..." in ended.stderr


@pytest.mark.parametrize(
    ("gap_ms", "grown_mb", "wrong"),
    [
        (MOST_GAP_MS, 2 + MOST_GROWTH_MB, []),
        (MOST_GAP_MS + 1, 2.0, ["500 messages: nothing else was done for 101 ms"]),
        (1.0, 3 + MOST_GROWTH_MB, ["11 MB more for the many messages"]),
    ],
)
def test_it_says_which_promise_is_not_kept(
    gap_ms: float, grown_mb: float, wrong: list[str]
) -> None:
    many = HistoryCost(messages=500, pages=6, seconds=1.0, gap_ms=gap_ms, grown_mb=grown_mb)
    assert too_dear([CHEAP, many]) == wrong
