"""The plan of what is too old: a pure function that never includes what may still be needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.archive import Candidate
from domain.generation import TERMINAL, Status
from services.retention import (
    CleanupPlan,
    CleanupReason,
    RetentionRules,
    plan,
)
from tests.builders import ANN, NOW
from tests.unit.services.retention_harness import BEN, DAY, candidate, stored


def reasons(rules: RetentionRules, *candidates: Candidate) -> dict[int, CleanupReason]:
    """Return the reasons for those to delete, by their positions in the arguments."""
    found = plan(candidates, [], rules, NOW)
    places = {one.seq: place for place, one in enumerate(candidates)}
    return {places[one.generation.seq]: one.reason for one in found.generations}


def test_without_a_rule_nothing_goes() -> None:
    assert not RetentionRules().given
    for rules in (RetentionRules(), RetentionRules(event_days=1)):
        assert plan([candidate(begun=True)], [stored()], rules, NOW) == CleanupPlan(at=NOW)


def test_what_is_too_old_goes() -> None:
    ages = [30 * DAY, 30 * DAY + timedelta(seconds=1), 99 * DAY]
    found = reasons(RetentionRules(days=30), *map(candidate, ages))
    assert found == {1: CleanupReason.TOO_OLD, 2: CleanupReason.TOO_OLD}


def test_the_newest_of_each_person_stay() -> None:
    authors = [ANN, BEN, ANN, ANN, BEN]
    rows = [candidate(author_id=author) for author in authors]
    assert reasons(RetentionRules(per_person=2), *rows) == {0: CleanupReason.TOO_MANY}
    assert reasons(RetentionRules(per_person=1), *rows) == dict.fromkeys(
        (0, 1, 2), CleanupReason.TOO_MANY
    )


def test_what_has_no_pictures_does_not_count_as_one_of_the_newest() -> None:
    rows = [candidate(), candidate(pictures=0), candidate(), candidate(pictures=0)]
    assert reasons(RetentionRules(per_person=1), *rows) == dict.fromkeys(
        (0, 1), CleanupReason.TOO_MANY
    )


def test_what_goes_for_its_age_does_not_count_as_one_of_the_newest() -> None:
    """It is newer by its number, but nothing has changed since; the other was upscaled lately."""
    rows = [candidate(2 * DAY), candidate(40 * DAY)]
    assert reasons(RetentionRules(days=30, per_person=1), *rows) == {1: CleanupReason.TOO_OLD}


@pytest.mark.parametrize("rules", [RetentionRules(days=0.001), RetentionRules(per_person=1)])
def test_for_a_day_late_results_may_still_come(rules: RetentionRules) -> None:
    rows = [candidate(DAY), candidate(DAY), candidate(DAY, begun=True)]
    assert reasons(rules, *rows) == {}


def test_what_was_begun_is_finished_whatever_the_rules_say_now() -> None:
    rules = RetentionRules(days=1000, per_person=1000)
    assert reasons(rules, candidate(begun=True), candidate()) == {0: CleanupReason.BEGUN}


def test_old_objects_without_a_row_go() -> None:
    old, new = stored("old", DAY + timedelta(seconds=1)), stored("new", DAY)
    assert plan([], [old, new], RetentionRules(days=1), NOW).orphans == (old,)


def test_the_plan_knows_how_much_it_frees() -> None:
    found = plan(
        [candidate(size=10), candidate(size=20)], [stored(size=3)], RetentionRules(days=1), NOW
    )
    assert found.size == 33


many_candidates = st.lists(
    st.builds(
        candidate,
        st.floats(0, 100).map(lambda days: timedelta(days=days)),
        status=st.sampled_from(Status),
        author_id=st.sampled_from([ANN, BEN]),
        begun=st.booleans(),
        pictures=st.integers(0, 5),
    ),
    max_size=12,
)
any_rules = st.builds(
    RetentionRules,
    days=st.none() | st.floats(0.01, 100),
    per_person=st.none() | st.integers(1, 5),
)


@given(candidates=many_candidates, rules=any_rules)
def test_nothing_goes_that_is_active_waits_or_is_young(
    candidates: list[Candidate], rules: RetentionRules
) -> None:
    for one in plan(candidates, [], rules, NOW).generations:
        row = one.generation
        assert row.status in TERMINAL
        assert NOW - row.changed_at > DAY
        if one.reason == CleanupReason.TOO_OLD:
            assert rules.days is not None
            assert NOW - row.changed_at > timedelta(days=rules.days)


def test_one_that_is_being_archived_is_none_of_those_that_stay() -> None:
    older = candidate(timedelta(days=2), author_id=BEN, pictures=1)
    begun = candidate(timedelta(hours=1), author_id=BEN, pictures=1, begun=True)
    assert plan([older, begun], [], RetentionRules(per_person=1), NOW).generations == ()


@given(candidates=many_candidates, rules=any_rules)
def test_of_each_person_as_many_stay_as_are_promised(
    candidates: list[Candidate], rules: RetentionRules
) -> None:
    """Unless they are too old, or were begun: the newest stay, and none that is older than them."""
    found = plan(candidates, [], replace(rules, days=None), NOW)
    gone = {one.generation.seq for one in found.generations}
    for person in (ANN, BEN):
        own = [c for c in candidates if c.author_id == person and c.pictures and not c.begun]
        own.sort(key=lambda c: -c.seq)
        ended = [c for c in own if c.status in TERMINAL]
        kept = ended[: rules.per_person] if rules.per_person else ended
        assert gone.isdisjoint(c.seq for c in kept)


@given(candidates=many_candidates, rules=any_rules)
def test_a_second_plan_finds_nothing_more(
    candidates: list[Candidate], rules: RetentionRules
) -> None:
    first = plan(candidates, [], rules, NOW)
    gone = {one.generation.seq for one in first.generations}
    left = [one for one in candidates if one.seq not in gone]
    assert plan(left, [], rules, NOW).generations == ()


@given(candidates=many_candidates, rules=any_rules, order=st.randoms())
def test_the_order_of_reading_decides_nothing(
    candidates: list[Candidate], rules: RetentionRules, order: Any
) -> None:
    shuffled = [*candidates]
    order.shuffle(shuffled)
    assert plan(candidates, [], rules, NOW) == plan(shuffled, [], rules, NOW)
