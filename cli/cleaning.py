"""Formats a plan of the clean-up, for people and for other programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cli.listing import counted
from services.retention import CleanupReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.retention import CleanupPlan, CleanupResult, RetentionRules

NO_RULE = (
    "Nothing is ever cleaned away: set RETENTION_DAYS (how many days pictures are kept), "
    "RETENTION_PER_PERSON (how many generations of each person) or EVENT_RETENTION_DAYS (how many "
    "days events are kept), or several of them.\n"
)
_WHY = {
    CleanupReason.TOO_OLD: "older than {days:g} days",
    CleanupReason.TOO_MANY: "its author has {per_person} newer ones",
    CleanupReason.BEGUN: "an earlier clean-up was interrupted",
    CleanupReason.ORPHAN: "belongs to no generation that has pictures",
}


def plan_as_text(plan: CleanupPlan, rules: RetentionRules) -> str:
    """Return a line for each thing to delete, with its reason, and the totals."""
    return "\n".join([*_lines(plan, rules), *_sums(plan, rules)])


def plan_as_json(
    plan: CleanupPlan, rules: RetentionRules, done: CleanupResult | None
) -> dict[str, Any]:
    """Return the plan, and what was done (None: only planned). Sizes are in bytes."""
    return {
        "retention_days": rules.days,
        "retention_per_person": rules.per_person,
        "event_retention_days": rules.event_days,
        "generations": [
            {
                "id": one.generation.id,
                "code": one.generation.code,
                "reason": one.reason.value,
                "pictures": one.generation.pictures,
                "bytes": one.generation.size,
            }
            for one in plan.generations
        ],
        "orphans": [{"key": orphan.key, "bytes": orphan.size} for orphan in plan.orphans],
        "bytes": plan.size,
        "events": plan.removable_events,
        "archived": None if done is None else done.generations,
        "changed_meanwhile": None if done is None else done.changed,
        "orphans_deleted": None if done is None else done.orphans,
        "events_deleted": None if done is None else done.events,
    }


def result(done: CleanupResult) -> str:
    """Say what was done."""
    left = f"; {done.changed} left alone, back at work meanwhile" if done.changed else ""
    archived = counted(done.generations, "generation")
    events = f" and {counted(done.events, 'event')}" if done.events else ""
    return f"Archived {archived}, deleted {counted(done.orphans, 'orphan')}{events}{left}."


def _lines(plan: CleanupPlan, rules: RetentionRules) -> Iterator[str]:
    for one in plan.generations:
        row = one.generation
        what = f"{counted(row.pictures, 'picture')}, {_megabytes(row.size)}"
        yield f"{row.code}  {what}: {_why(one.reason, rules)}"
    for orphan in plan.orphans:
        yield f"{orphan.key}  {_megabytes(orphan.size)}: {_why(CleanupReason.ORPHAN, rules)}"


def _sums(plan: CleanupPlan, rules: RetentionRules) -> Iterator[str]:
    for reason, number in Counter(one.reason for one in plan.generations).items():
        yield f"{counted(number, 'generation')}: {_why(reason, rules)}"
    if plan.orphans:
        yield f"{counted(len(plan.orphans), 'object')}: {_why(CleanupReason.ORPHAN, rules)}"
    if plan.events:
        old = f"of generations that have ended, older than {rules.event_days:g} days"
        yield f"{counted(plan.removable_events, 'event')}: {old}"
    if plan.generations or plan.orphans:
        yield f"{_megabytes(plan.size)} to delete."
    elif not plan.events:
        yield "Nothing to clean away."


def _why(reason: CleanupReason, rules: RetentionRules) -> str:
    return _WHY[reason].format(days=rules.days, per_person=rules.per_person)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
