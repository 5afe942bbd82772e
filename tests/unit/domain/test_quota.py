"""How much may wait, and how much one person may ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acceptance import REFUSALS, Load, Standing
from domain.errors import OverQuota, QuotaKind
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.quota import REFUSALS_WITHIN, Quota, bounds, check, check_refusals, explain
from tests.builders import NOW, generation

TIGHT = Quota(queue=4, waiting=2, daily=3, cooldown=30)
SECOND = timedelta(seconds=1)


def load(**facts: Any) -> Load:
    """Return the load of somebody who asked for nothing yet."""
    nothing: dict[str, Any] = {
        "waiting": 0,
        "own_waiting": 0,
        "own_lately": 0,
        "own_last": None,
    }
    return Load(**nothing | facts)


def refused(ago: timedelta, kind: ProblemKind = ProblemKind.REFUSED) -> Generation:
    return generation(Status.FAILED, updated_at=NOW - ago, problem=Problem(kind, "no"))


AT_A_LIMIT = [
    (load(waiting=4), OverQuota(QuotaKind.QUEUE, limit=4)),
    (load(own_waiting=2), OverQuota(QuotaKind.WAITING, limit=2)),
    (load(own_lately=3), OverQuota(QuotaKind.DAILY, limit=3)),
    (load(own_last=NOW - 29 * SECOND), OverQuota(QuotaKind.COOLDOWN, wait=1.0)),
]


@pytest.mark.parametrize(("there", "error"), AT_A_LIMIT, ids=lambda x: getattr(x, "kind", "load"))
def test_one_more_than_a_limit_is_too_many(there: Load, error: OverQuota) -> None:
    with pytest.raises(OverQuota) as raised:
        check(TIGHT, there, NOW, owner=False)
    assert raised.value == error


def test_the_last_below_every_limit_is_accepted() -> None:
    there = load(waiting=3, own_waiting=1, own_lately=2, own_last=NOW - 30 * SECOND)
    check(TIGHT, there, NOW, owner=False)


@pytest.mark.parametrize(("there", "error"), AT_A_LIMIT, ids=lambda x: getattr(x, "kind", "load"))
def test_zero_is_no_limit(there: Load, error: OverQuota) -> None:
    check(Quota(queue=0, waiting=0, daily=0, cooldown=0), there, NOW, owner=False)


@pytest.mark.parametrize(("there", "error"), AT_A_LIMIT, ids=lambda x: getattr(x, "kind", "load"))
def test_owner_is_held_by_the_limit_of_the_queue_alone(there: Load, error: OverQuota) -> None:
    if error.kind != QuotaKind.QUEUE:
        check(TIGHT, there, NOW, owner=True)
        return
    with pytest.raises(OverQuota) as raised:
        check(TIGHT, there, NOW, owner=True)
    assert raised.value == error


def test_full_queue_is_told_before_ones_own_limits() -> None:
    with pytest.raises(OverQuota) as raised:
        check(TIGHT, load(waiting=4, own_waiting=2, own_lately=3), NOW, owner=False)
    assert raised.value.kind == QuotaKind.QUEUE


def test_refusals_in_a_short_time_make_a_person_wait_from_the_latest_on() -> None:
    assert REFUSALS == 2
    with pytest.raises(OverQuota) as raised:
        check_refusals([refused(SECOND), refused(61 * SECOND)], NOW)
    wait = (REFUSALS_WITHIN - SECOND).total_seconds()
    assert raised.value == OverQuota(QuotaKind.REFUSALS, wait=wait)


@pytest.mark.parametrize(
    "latest",
    [
        [],
        [refused(SECOND)],
        [refused(SECOND), refused(REFUSALS_WITHIN)],
        [refused(SECOND), refused(SECOND, ProblemKind.BROKEN)],
        [refused(SECOND), generation(Status.FAILED)],
    ],
    ids=["none", "one", "one of them long ago", "one of another kind", "one without a reason"],
)
def test_fewer_refusals_make_nobody_wait(latest: list[Generation]) -> None:
    check_refusals(latest, NOW)


standings = st.builds(
    Standing,
    load=st.builds(
        Load,
        waiting=st.sampled_from([3, 4]),
        own_waiting=st.sampled_from([1, 2]),
        own_lately=st.sampled_from([2, 3]),
        own_last=st.sampled_from([NOW - 30 * SECOND, NOW - 29 * SECOND, None]),
    ),
    failed=st.lists(st.sampled_from([refused(599 * SECOND), refused(600 * SECOND)]), max_size=2),
)
quotas = st.builds(
    Quota,
    queue=st.sampled_from([0, 4]),
    waiting=st.sampled_from([0, 2]),
    daily=st.sampled_from([0, 3]),
    cooldown=st.sampled_from([0, 30]),
)


@given(quota=quotas, standing=standings, owner=st.booleans())
def test_what_a_store_does_not_accept_has_a_reason(
    quota: Quota, standing: Standing, owner: bool
) -> None:
    """And the other way round: a store has no row for what it refused."""
    try:
        explain(quota, standing, NOW, owner=owner)
    except OverQuota:
        assert bounds(quota, NOW, owner=owner).are_reached(standing)
    else:
        assert not bounds(quota, NOW, owner=owner).are_reached(standing)
