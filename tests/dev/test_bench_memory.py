"""The benchmark of the memory that a grid in HD takes, as people start it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks.memory import MOST_MB, MemoryCost, too_dear
from benchmarks.peaks import Peaks
from tools.environment import ROOT

MEGABYTE = 2**20
NESTED = (
    "import subprocess, sys; held = bytes({own} * 2**20); sys.stdin.readline();"
    "subprocess.run([sys.executable, '-c', 'held = b\"1\" * ({child} * 2**20); input()']);"
    "print('the end', flush=True); sys.stdin.readline()"
)
FORKED = (
    "import os, sys; held = b'1' * (64 * 2**20);"
    "os.fork() and sys.exit(os.wait()[1]); print('forked', flush=True); sys.stdin.readline();"
    "os.execv(sys.executable, [sys.executable, '-c', 'print(1, flush=True); input()'])"
)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_grid_in_hd_of_full_size_takes_less_than_is_promised() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "memory", "--store=folder", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Keeping a grid in HD in folder ..." in ended.stderr
    result = json.loads(ended.stdout)
    (reading,) = result["readings"]
    assert reading["children_mb"] > 10
    assert 10 < reading["idle_mb"] <= reading["worker_mb"] < reading["all_mb"] <= MOST_MB
    assert (ended.returncode, result["ok"]) == (0, True)


@pytest.mark.parametrize(
    ("worker_mb", "wrong"), [(MOST_MB - 100, []), (MOST_MB, ["folder: 400 MB, more than 300"])]
)
def test_it_says_that_the_promise_is_not_kept(worker_mb: float, wrong: list[str]) -> None:
    cost = MemoryCost(store="folder", idle_mb=90, worker_mb=worker_mb, children_mb=100, seconds=10)
    assert too_dear([cost]) == wrong


def test_the_peaks_are_those_of_a_process_and_of_what_it_starts() -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", NESTED.format(own=1, child=64)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
        Peaks(process.pid) as peaks,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        while not peaks.own:
            pass
        assert peaks.children == []
        process.stdin.write("start the child\n")
        process.stdin.flush()
        while not peaks.children or peaks.children[0] < 64 * MEGABYTE:
            pass
        process.stdin.write("let it end\n")
        process.stdin.flush()
        assert process.stdout.readline() == "the end\n"
        process.stdin.write("end\n")
        process.stdin.flush()
    assert peaks.own < 64 * MEGABYTE < peaks.children[0]
    assert len(peaks.children) == 1


def test_a_child_is_left_out_until_it_runs_its_own_program() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FORKED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        peaks = Peaks(process.pid)
        assert process.stdout.readline() == "forked\n"
        peaks.look()
        assert peaks.children == []
        process.stdin.write("run it\n")
        process.stdin.flush()
        assert process.stdout.readline() == "1\n"
        peaks.look()
        process.stdin.write("end\n")
        process.stdin.flush()
    assert 0 < peaks.children[0] < 64 * MEGABYTE < peaks.own
