"""A generation of which little is known, and a look at what was said meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.events import Heard, JobFinished, JobProgress
from domain.generation import Generation, Origin, Status, Step
from domain.matching import Match
from domain.slots import Slot
from domain.text_matching import HistoryGap, match_by_text, without_implausible
from tests import builders, mj

US = mj.ACCOUNT_ID
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


def at(seconds: float) -> int:
    """Return the id of a message made so many seconds after the request."""
    return int((builders.NOW - EPOCH + timedelta(seconds=seconds)).total_seconds() * 1000) << 22


def asked(
    origin: Origin | None = None, step: dict[str, Any] | None = None, **changes: Any
) -> Generation:
    """Return a generation whose grid was asked for, and of which nothing else is known."""
    facts: dict[str, Any] = {"nonce": "N1", "intended_at": builders.NOW} | (step or {})
    made = builders.generation(
        Status.SUBMITTING,
        command_message_id=at(-60),
        origin=origin or Origin(),
        **changes,
    )
    return made.with_step(Slot.GRID, Step(**facts))


def progress(seconds: float = 5, **facts: Any) -> JobProgress:
    return builders.progress(**{"message_id": at(seconds), "mentioned_id": US} | facts)


def grid(seconds: float = 30, **facts: Any) -> JobFinished:
    return builders.grid(
        **{"message_id": at(seconds), "mentioned_id": US, "reference_id": None} | facts
    )


def look(
    heard: Heard,
    generations: Sequence[Generation],
    *others: Heard,
    seconds: float = 60,
    **facts: Any,
) -> Match | None:
    """Match what was heard, in a look so many seconds after the request."""
    read_at = builders.NOW + timedelta(seconds=seconds)
    said = (heard, *others)
    grids = {row.step(Slot.GRID).message_id for row in generations}
    finished = grids | {one.message_id for one in said if isinstance(one, JobFinished)}
    gap = HistoryGap(
        account_id=US,
        at=read_at,
        heard=said,
        finished=frozenset(one for one in finished if one is not None),
        **facts,
    )
    gap = without_implausible(gap, generations)
    return match_by_text(heard, generations, gap)
