"""What a soak says of the memory, and at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from soak.accounting import Account
from soak.memory import FEWEST, LONG_ENOUGH, WARM_UP, Samples, slope
from soak.report import SHOWN, SoakResult, as_json, as_text

RESULT = SoakResult(
    account=Account(asked=3, completed=2, requests=11, requested=2),
    seconds=600,
    restarts={"SIGKILL": 2, "SIGTERM": 1},
    faults=40,
    mb_per_hour=None,
    mb=116.4,
    settled=True,
)


def life(seconds: float, mb_per_second: float, *, base: float = 100.0, step: float = 5) -> Samples:
    """Return a life that grows evenly after a steep beginning."""
    times = [number * step for number in range(int(seconds / step) + 1)]
    return [(at, base + mb_per_second * at - (50 if at < WARM_UP else 0)) for at in times]


@pytest.mark.parametrize("mb_per_second", [0.0, 0.01, -0.002])
def test_memory_is_measured_after_the_beginning(mb_per_second: float) -> None:
    found = slope([life(WARM_UP + LONG_ENOUGH, mb_per_second)])
    assert found == pytest.approx(3600 * mb_per_second, abs=1e-6)


def test_lives_count_together_wherever_they_begin() -> None:
    enough = WARM_UP + LONG_ENOUGH
    lives = [life(enough, 0.01, base=50), life(2 * enough, 0.01, base=200), life(30, 9.0)]
    assert slope(lives) == pytest.approx(36)


@pytest.mark.parametrize(
    "lives",
    [
        [],
        [[]],
        [life(WARM_UP + LONG_ENOUGH - 5, 1)],
        [life(WARM_UP + LONG_ENOUGH, 1, step=2 * LONG_ENOUGH / FEWEST)],
    ],
    ids=["none", "not measured", "short", "few"],
)
def test_a_slope_is_not_made_up(lives: list[Samples]) -> None:
    assert slope(lives) is None


def test_the_report_has_every_number() -> None:
    text = as_text(RESULT)
    for line in (
        "asked                    3",
        "completed                2",
        "lost                     0",
        "paid twice               0",
        "requests per generation  5.50",
        "memory                   not enough data for a slope; 116 MB at most",
        "restarts                 3 (2 SIGKILL, 1 SIGTERM)",
        "ended by itself          never",
    ):
        assert line in text.splitlines()


def test_the_report_says_what_is_the_matter() -> None:
    account = replace(RESULT.account, lost=[f"{number}: gone" for number in range(SHOWN + 3)])
    account.failed.update({"refused (refusal Banned prompt)": 2})
    crashed = replace(
        RESULT, account=account, mb_per_hour=3.21, settled=False, crashes=[1, 1], bugs=Counter("x")
    )
    text = as_text(crashed)
    for words in (
        "2 refused (refusal Banned prompt)",
        "0: gone",
        "and 3 more",
        "+3.2 MB per hour",
        "2 times with 1",
        "1 x",
        "Not everything had ended",
    ):
        assert words in text
    assert not crashed.ok


@pytest.mark.parametrize("what", ["lost", "mixed_up", "paid_twice"])
def test_one_thing_that_must_not_happen_is_enough(what: str) -> None:
    assert as_json(RESULT)["ok"] is True
    bad = replace(RESULT, account=replace(RESULT.account, **{what: ["one"]}))
    found = as_json(bad)
    assert (found["ok"], found[what]) == (False, ["one"])


def test_a_bug_in_the_log_is_no_success() -> None:
    assert not replace(RESULT, bugs=Counter({"failed_unexpectedly": 1})).ok
