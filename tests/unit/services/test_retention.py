"""How the plan of the clean-up is carried out, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.archive import Candidate, EventSpan, StoredObject
from domain.errors import StoreRefused, StoreUnavailable
from domain.slots import Slot, picture_key
from services.retention import (
    BATCH,
    EVENT_PAGE,
    EVERY_SECONDS,
    FIRST_SECONDS,
    PAGE,
    Cleaner,
    CleanupPlan,
    CleanupReason,
    CleanupResult,
    RetentionRules,
    plan,
)
from tests.builders import NOW
from tests.fakes import FakeClock
from tests.unit.services.retention_harness import DAY, candidate, stored

MONTH = RetentionRules(days=30)

# ------------------------------------------------------------------------------ carrying it out


class EventsHarness:
    """Numbers of old events, all of which may go but for every tenth."""

    def __init__(self, log: list[tuple[str, tuple[str, ...]]]) -> None:
        self.numbers: list[int] = []
        self._log = log

    async def list_old(self, before: datetime, *, after: int, limit: int) -> EventSpan | None:
        page = [number for number in self.numbers if number > after][:limit]
        return EventSpan(before, after, page[-1], self._removable(page)) if page else None

    async def delete(self, span: EventSpan) -> int:
        gone = [number for number in self.numbers if span.after < number <= span.last]
        self.numbers = [n for n in self.numbers if n not in gone or n % 10 == 0]
        self._log.append(("events", (str(span.before), str(len(gone)))))
        return self._removable(gone)

    def _removable(self, numbers: list[int]) -> int:
        return sum(number % 10 > 0 for number in numbers)


class CleanupHarness:
    """Rows and objects, and what is done to them, in its order; the two ports of the clean-up."""

    def __init__(self, *candidates: Candidate) -> None:
        self.candidates = sorted(candidates, key=lambda one: -one.seq)
        self.taken_back: set[str] = set()
        self.objects: dict[str, list[StoredObject]] = {}
        self.log: list[tuple[str, tuple[str, ...]]] = []
        self.trouble: list[Exception] = []
        self.events = EventsHarness(self.log)

    async def list_candidates(self, *, before_seq: int | None, limit: int) -> list[Candidate]:
        if self.trouble:
            raise self.trouble.pop(0)
        return [c for c in self.candidates if before_seq is None or c.seq < before_seq][:limit]

    async def begin_archiving(
        self, ids: Collection[str], *, unchanged_since: datetime, favourites_too: bool = True
    ) -> frozenset[str]:
        assert not favourites_too
        assert unchanged_since <= NOW - DAY + timedelta(days=3)
        begun = frozenset(ids) - self.taken_back
        self.log.append(("begin", tuple(sorted(begun))))
        return begun

    async def finish_archiving(self, ids: Collection[str]) -> None:
        self.log.append(("finish", tuple(sorted(ids))))
        self.candidates = [one for one in self.candidates if one.id not in ids]

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        return frozenset(ids) & {one.id for one in self.candidates}

    async def list_generations(self) -> AsyncGenerator[frozenset[str]]:
        for one in self.objects:
            yield frozenset({one})

    async def list_objects(self, generation_id: str) -> list[StoredObject]:
        return self.objects[generation_id]

    async def delete(self, keys: Collection[str]) -> None:
        self.log.append(("delete", tuple(keys)))

    async def put(self, key: str, source: Path) -> None:
        raise AssertionError

    async def url(self, key: str) -> str:
        raise AssertionError

    def path(self, key: str) -> None:
        raise AssertionError

    async def close(self) -> None:
        raise AssertionError


def cleaner(
    harness: CleanupHarness, rules: RetentionRules, clock: FakeClock | None = None
) -> Cleaner:
    return Cleaner(harness, harness, rules, clock or FakeClock(NOW))


async def carried_out(cleaner: Cleaner) -> list[CleanupResult]:
    return [done async for done in cleaner.execute(await cleaner.plan())]


async def test_objects_go_between_the_two_marks() -> None:
    one = candidate()
    harness = CleanupHarness(one)
    assert await carried_out(cleaner(harness, RetentionRules(days=30))) == [
        CleanupResult(generations=1)
    ]
    assert harness.log == [
        ("begin", (one.id,)),
        ("delete", tuple(picture_key(one.id, slot) for slot in Slot)),
        ("finish", (one.id,)),
    ]


async def test_what_was_taken_back_to_work_meanwhile_keeps_its_pictures() -> None:
    back, gone = candidate(), candidate()
    harness = CleanupHarness(back, gone)
    harness.taken_back = {back.id}
    assert await carried_out(cleaner(harness, RetentionRules(days=30))) == [
        CleanupResult(generations=1, changed=1)
    ]
    assert not any(back.id in word for _, words in harness.log for word in words)


async def test_work_is_done_in_small_batches() -> None:
    harness = CleanupHarness(*(candidate() for _ in range(BATCH + 1)))
    done = await carried_out(cleaner(harness, RetentionRules(days=30)))
    assert [one.generations for one in done] == [BATCH, BATCH + 1]
    assert [len(ids) for what, ids in harness.log if what == "begin"] == [BATCH, 1]


async def test_all_pages_of_candidates_are_read() -> None:
    harness = CleanupHarness(*(candidate() for _ in range(PAGE + 1)))
    assert len((await cleaner(harness, RetentionRules(days=30)).plan()).generations) == PAGE + 1


async def test_the_newest_of_a_person_are_counted_from_page_to_page() -> None:
    oldest, *_ = rows = [candidate() for _ in range(PAGE + 2)]
    what = await cleaner(CleanupHarness(*rows), RetentionRules(per_person=PAGE + 1)).plan()
    assert [(one.generation, one.reason) for one in what.generations] == [
        (oldest, CleanupReason.TOO_MANY)
    ]


async def test_the_bot_never_waits_for_more_than_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def noted(candidates: Sequence[Candidate], *others: Any) -> CleanupPlan:
        sizes.append(len(candidates))
        return plan(candidates, *others)

    monkeypatch.setattr("services.retention.plan", noted)
    await cleaner(
        CleanupHarness(*(candidate() for _ in range(PAGE + 1))), RetentionRules(days=30)
    ).plan()
    assert max(sizes) == PAGE


async def test_objects_of_generations_with_pictures_are_no_orphans() -> None:
    kept = candidate(2 * DAY)
    harness = CleanupHarness(kept)
    harness.objects = {kept.id: [stored("kept")], "gone": [stored("a"), stored("b", DAY)]}
    assert await carried_out(cleaner(harness, RetentionRules(days=30))) == [
        CleanupResult(orphans=1)
    ]
    assert harness.log == [("delete", ("a",))]


async def test_without_a_rule_nothing_is_even_looked_at() -> None:
    harness = CleanupHarness(candidate())
    harness.trouble = [StoreUnavailable("away")]
    idle = cleaner(harness, RetentionRules())
    assert await idle.plan() == CleanupPlan(at=NOW)
    await idle.run()
    assert harness.log == []


# ------------------------------------------------------------------------------------ old events


async def test_old_events_go_in_batches() -> None:
    harness = CleanupHarness()
    harness.events.numbers = [*range(1, EVENT_PAGE + 12)]
    rules = RetentionRules(event_days=30)
    assert (await cleaner(harness, rules).plan()).removable_events == EVENT_PAGE * 9 // 10 + 10
    assert await carried_out(cleaner(harness, rules)) == [
        CleanupResult(events=EVENT_PAGE * 9 // 10),
        CleanupResult(events=EVENT_PAGE * 9 // 10 + 10),
    ]
    before = str(NOW - 30 * DAY)
    assert harness.log == [("events", (before, str(EVENT_PAGE))), ("events", (before, "11"))]


async def test_where_no_old_event_may_go_nothing_is_deleted() -> None:
    harness = CleanupHarness()
    harness.events.numbers = [10, 20]
    assert (await cleaner(harness, RetentionRules(event_days=30)).plan()).events == ()


async def test_a_rule_for_events_is_none_for_pictures() -> None:
    harness = CleanupHarness(candidate(), candidate(begun=True))
    harness.objects = {"gone": [stored()]}
    harness.events.numbers = [1]
    assert await carried_out(cleaner(harness, RetentionRules(event_days=1))) == [
        CleanupResult(events=1)
    ]


async def test_a_rule_for_pictures_is_none_for_events() -> None:
    harness = CleanupHarness(candidate())
    harness.events.numbers = [1]
    assert await carried_out(cleaner(harness, RetentionRules(days=30))) == [
        CleanupResult(generations=1)
    ]
    assert harness.events.numbers == [1]


async def test_what_was_done_is_told_of_pictures_and_events() -> None:
    harness, clock = CleanupHarness(candidate()), FakeClock(NOW)
    harness.events.numbers = [1, 2]
    with capture_logs() as logs:
        async with running(harness, clock, RetentionRules(days=30, event_days=30)):
            await clock.advance(FIRST_SECONDS)
    (told,) = [one for one in logs if one["event"] == "cleaned_up"]
    assert (told["archived"], told["events"]) == (1, 2)


# --------------------------------------------------------------------------------- every day


@asynccontextmanager
async def running(
    harness: CleanupHarness, clock: FakeClock, rules: RetentionRules = MONTH
) -> AsyncGenerator[None]:
    task = asyncio.create_task(cleaner(harness, rules, clock).run())
    yield
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


def times(harness: CleanupHarness) -> int:
    return len([what for what, _ in harness.log if what == "finish"])


async def test_it_is_cleaned_soon_after_the_start_and_then_every_day() -> None:
    harness, clock = CleanupHarness(candidate()), FakeClock(NOW)
    async with running(harness, clock):
        await clock.advance(FIRST_SECONDS - 1)
        assert times(harness) == 0
        await clock.advance(1)
        assert times(harness) == 1
        harness.candidates = [candidate()]
        await clock.advance(EVERY_SECONDS - 1)
        assert times(harness) == 1
        await clock.advance(1)
        assert times(harness) == 2


@pytest.mark.parametrize(
    "error", [StoreUnavailable("away"), StoreRefused("the key"), ZeroDivisionError("a mistake")]
)
async def test_trouble_is_told_and_tried_again_the_next_day(error: Exception) -> None:
    harness, clock = CleanupHarness(candidate()), FakeClock(NOW)
    harness.trouble = [error]
    with capture_logs() as logs:
        async with running(harness, clock):
            await clock.advance(FIRST_SECONDS)
            assert [(one["event"], one["log_level"]) for one in logs] == [
                ("clean_up_failed", "warning")
            ]
            assert (logs[0]["error"], logs[0]["why"]) == (type(error).__name__, str(error))
            await clock.advance(EVERY_SECONDS)
            assert times(harness) == 1
