"""What the benchmarks say of their numbers: spreads, ratios of pairs, verdicts."""

import json
from dataclasses import replace

import pytest

from benchmarks.figures import Figure, GoalVerdict, Spread, paired, percentile, spread, table
from benchmarks.suite import Run, with_noise

CALM, WILD = Spread(10.0, 10.0, 15.0, 5), Spread(10.0, 10.0, 15.1, 5)
ALONE = Figure(name="a", unit="ms", ours=Spread(20.0, 18.0, 24.0, 5), goal=20.0, stretch=15.0)


def test_a_spread_has_the_middle_and_the_tenths() -> None:
    assert spread([5, 1, 4, 2, 3, 6, 7, 8, 9, 10, 11]) == Spread(6, 2, 10, 11)
    assert spread([4.0]) == Spread(4.0, 4.0, 4.0, 1)


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 10.0), (0.25, 15.0), (0.5, 20.0), (0.95, 29.0), (1.0, 30.0)]
)
def test_a_percentile_may_be_between_two_values(share: float, value: float) -> None:
    assert percentile([10.0, 20.0, 30.0], share) == pytest.approx(value)


def test_a_ratio_is_that_of_pairs_and_not_of_medians() -> None:
    """A machine that was slower for some pairs was so for both."""
    figure = paired("a", "ms", [(2, 1), (20, 10), (200, 100)], goal=2.0, stretch=1.5)
    assert figure.ratio == Spread(2, 2, 2, 3)
    assert figure.ours == spread([2, 20, 200])


@pytest.mark.parametrize(
    ("reference", "ratio", "verdict", "stretch"),
    [
        (CALM, 1.5, GoalVerdict.HOLDS, False),
        (CALM, 1.1, GoalVerdict.HOLDS, True),
        (CALM, 1.6, GoalVerdict.BROKEN, False),
        (WILD, 1.0, GoalVerdict.NOISY, True),
        (WILD, 9.0, GoalVerdict.NOISY, False),
    ],
)
def test_noise_counts_before_the_goal(
    reference: Spread, ratio: float, verdict: GoalVerdict, stretch: bool
) -> None:
    figure = replace(ALONE, reference=reference, ratio=spread([ratio]), goal=1.5, stretch=1.1)
    assert (figure.verdict, figure.is_stretch) == (verdict, stretch)
    assert ("too noisy" in table([figure])) is (verdict == GoalVerdict.NOISY)


def test_a_value_without_a_reference_has_a_goal_of_its_own() -> None:
    assert ALONE.verdict == GoalVerdict.HOLDS
    assert replace(ALONE, goal=19.9).verdict == GoalVerdict.BROKEN


def test_more_may_be_better() -> None:
    rate = replace(ALONE, more_is_better=True, goal=20.0, stretch=21.0)
    assert (rate.verdict, rate.is_stretch) == (GoalVerdict.HOLDS, False)
    assert replace(rate, goal=20.1).verdict == GoalVerdict.BROKEN
    assert "at least 20 (21)" in table([rate])


@pytest.mark.parametrize(
    ("unit", "calm", "verdict"),
    [
        ("ms", CALM, GoalVerdict.HOLDS),
        ("ms", WILD, GoalVerdict.NOISY),
        ("MB", WILD, GoalVerdict.HOLDS),
    ],
)
def test_a_busy_machine_spoils_times_but_no_bytes(
    unit: str, calm: Spread, verdict: GoalVerdict
) -> None:
    (figure,) = with_noise([replace(ALONE, unit=unit)], calm)
    assert figure.verdict == verdict


def test_a_reference_says_itself_how_noisy_it_was() -> None:
    beside = replace(ALONE, reference=CALM, ratio=spread([1.0]))
    assert with_noise([beside], WILD) == [beside]
    only_shown = replace(ALONE, reference=CALM)
    assert with_noise([only_shown], WILD) == [replace(only_shown, calm=False)]


def test_a_noisy_line_shows_no_figure() -> None:
    noisy = replace(ALONE, reference=WILD, ratio=spread([1.25]))
    assert "1.25" not in table([noisy])
    assert noisy.as_json()["ratio"] is None
    assert "1.25" in table([replace(noisy, reference=CALM)])


def test_a_run_is_no_success_if_one_goal_is_broken() -> None:
    run = Run(figures={"a": [ALONE], "b": [replace(ALONE, calm=False)]}, loads=[1.5])
    assert run.ok
    run.figures["c"] = [replace(ALONE, goal=1.0)]
    assert not run.ok
    found = json.loads(run.as_json())
    assert (found["ok"], found["load"]) == (False, [1.5])
    assert [found["benchmarks"][name][0]["verdict"] for name in "abc"] == [
        "holds",
        "too noisy",
        "broken",
    ]
