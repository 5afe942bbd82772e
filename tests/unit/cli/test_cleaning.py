"""The words and the JSON of a clean-up."""

from dataclasses import replace

from cli.cleaning import plan_as_json, plan_as_text, result
from domain.archive import EventSpan
from services.retention import CleanupPlan, CleanupReason, CleanupResult, Expired, RetentionRules
from tests.builders import NOW
from tests.unit.services.test_retention import candidate, stored

RULES = RetentionRules(days=0.5, per_person=7)


def plan() -> CleanupPlan:
    """Return a plan with every reason."""
    rows = tuple(
        Expired(candidate(code=reason.value, pictures=2, size=1_450_000), reason)
        for reason in (CleanupReason.TOO_OLD, CleanupReason.TOO_MANY, CleanupReason.BEGUN)
    )
    return CleanupPlan(at=NOW, generations=rows, orphans=(stored("a/grid.png", size=50_000),))


def test_each_thing_has_its_reason_in_words() -> None:
    assert plan_as_text(plan(), RULES).splitlines()[:4] == [
        "too_old  2 pictures, 1.4 MB: older than 0.5 days",
        "too_many  2 pictures, 1.4 MB: its author has 7 newer ones",
        "begun  2 pictures, 1.4 MB: an earlier clean-up was interrupted",
        "a/grid.png  0.1 MB: belongs to no generation that has pictures",
    ]


def test_the_last_line_is_how_much_is_deleted() -> None:
    assert plan_as_text(plan(), RULES).splitlines()[-1] == "4.4 MB to delete."
    assert plan_as_text(CleanupPlan(at=NOW), RULES) == "Nothing to clean away."


def test_programs_get_the_reason_by_its_name() -> None:
    rows = plan_as_json(plan(), RULES, None)["generations"]
    assert [row["reason"] for row in rows] == ["too_old", "too_many", "begun"]


def test_what_was_left_alone_is_told() -> None:
    assert result(CleanupResult(2, 1, 3)) == (
        "Archived 2 generations, deleted 3 orphans; 1 left alone, back at work meanwhile."
    )


def test_old_events_are_counted() -> None:
    spans = (EventSpan(NOW, 0, 7, 5), EventSpan(NOW, 7, 9, 1))
    old = "6 events: of generations that have ended, older than 90 days"
    rules = RetentionRules(event_days=90)
    alone = CleanupPlan(at=NOW, events=spans)
    assert plan_as_text(alone, rules) == old
    beside = replace(plan(), events=spans)
    assert plan_as_text(beside, replace(RULES, event_days=90)).splitlines()[-2:] == [
        old,
        "4.4 MB to delete.",
    ]
    assert plan_as_json(alone, rules, CleanupResult(events=4)) == {
        **plan_as_json(CleanupPlan(at=NOW), rules, CleanupResult()),
        "events": 6,
        "events_deleted": 4,
    }
    assert result(CleanupResult(events=4)) == (
        "Archived 0 generations, deleted 0 orphans and 4 events."
    )
