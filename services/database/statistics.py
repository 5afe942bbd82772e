"""What the databases count for statistics, as the domain has it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from domain.collection import Statistics
from domain.generation import ProblemKind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping


def statistics(found: Mapping[str, Any]) -> Statistics:
    """Read rows of statuses, problems and people, each with its count, and the waits in seconds."""
    problems = Counter[ProblemKind]()
    for row in found["problems"]:
        problems[_kind(row["kind"])] += row["count"]
    people, waited = found["people"], found["waited"]
    return Statistics(
        statuses={Status(row["status"]): row["count"] for row in found["statuses"]},
        problems=problems,
        people=tuple((row["name"], row["count"]) for row in people),
        others=people[0]["people"] - len(people) if people else 0,
        waited=None if waited["average"] is None else _times(waited),
    )


def _kind(text: str) -> ProblemKind:
    """Return the kind of a problem; one that was written by hand is of no other."""
    known = text in set(ProblemKind)
    return ProblemKind(text) if known else ProblemKind.BROKEN


def _times(waited: Mapping[str, Any]) -> tuple[timedelta, timedelta]:
    average, longest = float(waited["average"]), float(waited["longest"])
    return timedelta(seconds=round(average)), timedelta(seconds=round(longest))
