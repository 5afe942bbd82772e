"""Whatever happens, nothing is lost, nothing is paid twice, and no picture is another's.

Each seed is one run: people, and troubles at random. A seed that fails is played again for its
trace; `.venv/bin/python -m tests.model SEED` shows all of it.
"""

from __future__ import annotations

import pytest

from tests.model.run import red, run

QUICK, ALL = 500, 10_000
BLOCK = 25


def seeds(first: int, end: int) -> range:
    """Return the first seeds of all blocks."""
    return range(first, end, BLOCK)


@pytest.mark.parametrize("first", seeds(0, QUICK))
def test_whatever_happens_nothing_is_lost(first: int) -> None:
    check(first)


@pytest.mark.long
@pytest.mark.parametrize("first", seeds(QUICK, ALL))
def test_whatever_else_happens_nothing_is_lost(first: int) -> None:
    check(first)


def check(first: int) -> None:
    """Play one block of seeds, up to the first that fails."""
    for seed in range(first, first + BLOCK):
        wrong = red(seed)
        if wrong is not None:
            pytest.fail(wrong, pytrace=False)


def test_a_seed_gives_the_same_run_each_time() -> None:
    first, second = (run(3, traced=True) for _ in range(2))
    assert first.trace == second.trace
