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

from domain.archive import Candidate, StoredObject
from domain.errors import StoreRefused, StoreUnavailable
from domain.slots import Slot, picture_key
from services.retention import (
    BATCH,
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

# ------------------------------------------------------------------------------ carrying it out


class CleanupHarness:
    """Rows and objects, and what is done to them, in its order; the two ports of the clean-up."""

    def __init__(self, *candidates: Candidate) -> None:
        self.candidates = sorted(candidates, key=lambda one: -one.seq)
        self.taken_back: set[str] = set()
        self.objects: dict[str, list[StoredObject]] = {}
        self.log: list[tuple[str, tuple[str, ...]]] = []
        self.trouble: list[Exception] = []

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


# --------------------------------------------------------------------------------- every day


@asynccontextmanager
async def running(harness: CleanupHarness, clock: FakeClock) -> AsyncGenerator[None]:
    task = asyncio.create_task(cleaner(harness, RetentionRules(days=30), clock).run())
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
