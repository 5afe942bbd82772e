"""Checks that months of history neither stop the bot nor fill its memory.

A generation is awaited since before all messages of the channel, so all of them are read. They are
read twice: from a channel with few, and from one with many, each time by a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.environment import ROOT, SetupProblem

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, MANY = 5_000, 50_000
MOST_GAP_MS = 100.0
"""How long nothing else may be done at a time, in milliseconds."""
MOST_GROWTH_MB = 10.0
"""How much more memory the many messages may need than the few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCost:
    """What it took to read the history once; `grown_mb` is by how much the peak memory rose."""

    messages: int
    pages: int
    seconds: float
    gap_ms: float
    grown_mb: float


def costs(few: int, many: int, tell: Callable[[str], None]) -> list[HistoryCost]:
    """Measure both."""
    found: list[HistoryCost] = []
    for messages in (few, many):
        tell(f"Reading {messages:,} messages ...")
        found.append(_measured(messages))
    return found


def too_dear(found: list[HistoryCost]) -> list[str]:
    """Say which of the promises are not kept."""
    few, many = found
    wrong = [
        f"{cost.messages:,} messages: nothing else was done for {cost.gap_ms:.0f} ms"
        for cost in found
        if cost.gap_ms > MOST_GAP_MS
    ]
    if many.grown_mb - few.grown_mb > MOST_GROWTH_MB:
        wrong.append(f"{many.grown_mb - few.grown_mb:.0f} MB more for the many messages")
    return wrong


def _measured(messages: int) -> HistoryCost:
    run = subprocess.run(  # noqa: S603 -- this Python, and a number
        [sys.executable, "-m", "benchmarks.history_reader", str(messages)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    if run.returncode != 0:
        raise SetupProblem("The history could not be read, for the reason above.")
    return HistoryCost(**json.loads(run.stdout))
