"""The plan of the clean-up, and when it is carried out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from domain.archive import Candidate, StoredObject
from domain.errors import StoreRefused, StoreUnavailable
from domain.generation import TERMINAL, Slot, Status, picture_key
from services.retention import (
    BATCH,
    EVERY_SECONDS,
    FIRST_SECONDS,
    PAGE,
    Cleaner,
    Done,
    Plan,
    Reason,
    Rules,
    plan,
)
from tests.builders import ANN, NOW
from tests.fakes import FakeClock

BEN = 1002
DAY = timedelta(days=1)
numbers = count(1)


def candidate(age: timedelta = 40 * DAY, **changes: Any) -> Candidate:
    """Return one that ended that long ago, newer by its number than all before."""
    seq = next(numbers)
    facts: dict[str, Any] = {
        "seq": seq,
        "id": f"00000000-0000-4000-8000-{seq:012}",
        "code": f"c{seq}",
        "author_id": ANN,
        "status": Status.COMPLETED,
        "changed_at": NOW - age,
        "pictures": 5,
        "size": 10,
    }
    return Candidate(**facts | changes)


def stored(key: str = "k", age: timedelta = 2 * DAY, size: int = 3) -> StoredObject:
    return StoredObject(key=key, size=size, changed_at=NOW - age)


def reasons(rules: Rules, *candidates: Candidate) -> dict[int, Reason]:
    """Return the reasons of those that are to go, by their places in the arguments."""
    found = plan(candidates, [], rules, NOW)
    places = {one.seq: place for place, one in enumerate(candidates)}
    return {places[one.generation.seq]: one.reason for one in found.generations}


# ------------------------------------------------------------------------------------ the plan


def test_without_a_rule_nothing_goes() -> None:
    assert not Rules().given
    assert plan([candidate(begun=True)], [stored()], Rules(), NOW) == Plan(at=NOW)


def test_what_is_too_old_goes() -> None:
    ages = [30 * DAY, 30 * DAY + timedelta(seconds=1), 99 * DAY]
    found = reasons(Rules(days=30), *map(candidate, ages))
    assert found == {1: Reason.TOO_OLD, 2: Reason.TOO_OLD}


def test_the_newest_of_each_person_stay() -> None:
    authors = [ANN, BEN, ANN, ANN, BEN]
    rows = [candidate(author_id=author) for author in authors]
    assert reasons(Rules(per_person=2), *rows) == {0: Reason.TOO_MANY}
    assert reasons(Rules(per_person=1), *rows) == dict.fromkeys((0, 1, 2), Reason.TOO_MANY)


def test_what_has_no_pictures_does_not_count_as_one_of_the_newest() -> None:
    rows = [candidate(), candidate(pictures=0), candidate(), candidate(pictures=0)]
    assert reasons(Rules(per_person=1), *rows) == dict.fromkeys((0, 1), Reason.TOO_MANY)


def test_what_goes_for_its_age_does_not_count_as_one_of_the_newest() -> None:
    """It is newer by its number, but nothing has changed since; the other was upscaled lately."""
    rows = [candidate(2 * DAY), candidate(40 * DAY)]
    assert reasons(Rules(days=30, per_person=1), *rows) == {1: Reason.TOO_OLD}


@pytest.mark.parametrize("rules", [Rules(days=0.001), Rules(per_person=1)])
def test_for_a_day_late_results_may_still_come(rules: Rules) -> None:
    rows = [candidate(DAY), candidate(DAY), candidate(DAY, begun=True)]
    assert reasons(rules, *rows) == {}


def test_what_was_begun_is_finished_whatever_the_rules_say_now() -> None:
    rules = Rules(days=1000, per_person=1000)
    assert reasons(rules, candidate(begun=True), candidate()) == {0: Reason.BEGUN}


def test_old_objects_without_a_row_go() -> None:
    old, new = stored("old", DAY + timedelta(seconds=1)), stored("new", DAY)
    assert plan([], [old, new], Rules(days=1), NOW).orphans == (old,)


def test_the_plan_knows_how_much_it_frees() -> None:
    found = plan([candidate(size=10), candidate(size=20)], [stored(size=3)], Rules(days=1), NOW)
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
    Rules,
    days=st.none() | st.floats(0.01, 100),
    per_person=st.none() | st.integers(1, 5),
)


@given(candidates=many_candidates, rules=any_rules)
def test_nothing_goes_that_is_active_waits_or_is_young(
    candidates: list[Candidate], rules: Rules
) -> None:
    for one in plan(candidates, [], rules, NOW).generations:
        row = one.generation
        assert row.status in TERMINAL
        assert NOW - row.changed_at > DAY
        if one.reason == Reason.TOO_OLD:
            assert rules.days is not None
            assert NOW - row.changed_at > timedelta(days=rules.days)


def test_one_that_is_being_archived_is_none_of_those_that_stay() -> None:
    older = candidate(timedelta(days=2), author_id=BEN, pictures=1)
    begun = candidate(timedelta(hours=1), author_id=BEN, pictures=1, begun=True)
    assert plan([older, begun], [], Rules(per_person=1), NOW).generations == ()


@given(candidates=many_candidates, rules=any_rules)
def test_of_each_person_as_many_stay_as_are_promised(
    candidates: list[Candidate], rules: Rules
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
def test_a_second_plan_finds_nothing_more(candidates: list[Candidate], rules: Rules) -> None:
    first = plan(candidates, [], rules, NOW)
    gone = {one.generation.seq for one in first.generations}
    left = [one for one in candidates if one.seq not in gone]
    assert plan(left, [], rules, NOW).generations == ()


@given(candidates=many_candidates, rules=any_rules, order=st.randoms())
def test_the_order_of_reading_decides_nothing(
    candidates: list[Candidate], rules: Rules, order: Any
) -> None:
    shuffled = [*candidates]
    order.shuffle(shuffled)
    assert plan(candidates, [], rules, NOW) == plan(shuffled, [], rules, NOW)


# ------------------------------------------------------------------------------ carrying it out


class Shop:
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
        self, ids: Collection[str], *, unchanged_since: datetime
    ) -> frozenset[str]:
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


def cleaner(shop: Shop, rules: Rules, clock: FakeClock | None = None) -> Cleaner:
    return Cleaner(shop, shop, rules, clock or FakeClock(NOW))


async def carried_out(cleaner: Cleaner) -> list[Done]:
    return [done async for done in cleaner.execute(await cleaner.plan())]


async def test_objects_go_between_the_two_marks() -> None:
    one = candidate()
    shop = Shop(one)
    assert await carried_out(cleaner(shop, Rules(days=30))) == [Done(generations=1)]
    assert shop.log == [
        ("begin", (one.id,)),
        ("delete", tuple(picture_key(one.id, slot) for slot in Slot)),
        ("finish", (one.id,)),
    ]


async def test_what_was_taken_back_to_work_meanwhile_keeps_its_pictures() -> None:
    back, gone = candidate(), candidate()
    shop = Shop(back, gone)
    shop.taken_back = {back.id}
    assert await carried_out(cleaner(shop, Rules(days=30))) == [Done(generations=1, changed=1)]
    assert not any(back.id in word for _, words in shop.log for word in words)


async def test_work_is_done_in_small_batches() -> None:
    shop = Shop(*(candidate() for _ in range(BATCH + 1)))
    done = await carried_out(cleaner(shop, Rules(days=30)))
    assert [one.generations for one in done] == [BATCH, BATCH + 1]
    assert [len(ids) for what, ids in shop.log if what == "begin"] == [BATCH, 1]


async def test_all_pages_of_candidates_are_read() -> None:
    shop = Shop(*(candidate() for _ in range(PAGE + 1)))
    assert len((await cleaner(shop, Rules(days=30)).plan()).generations) == PAGE + 1


async def test_the_newest_of_a_person_are_counted_from_page_to_page() -> None:
    oldest, *_ = rows = [candidate() for _ in range(PAGE + 2)]
    what = await cleaner(Shop(*rows), Rules(per_person=PAGE + 1)).plan()
    assert [(one.generation, one.reason) for one in what.generations] == [(oldest, Reason.TOO_MANY)]


async def test_the_bot_never_waits_for_more_than_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def noted(candidates: Sequence[Candidate], *others: Any) -> Plan:
        sizes.append(len(candidates))
        return plan(candidates, *others)

    monkeypatch.setattr("services.retention.plan", noted)
    await cleaner(Shop(*(candidate() for _ in range(PAGE + 1))), Rules(days=30)).plan()
    assert max(sizes) == PAGE


async def test_objects_of_generations_with_pictures_are_no_orphans() -> None:
    kept = candidate(2 * DAY)
    shop = Shop(kept)
    shop.objects = {kept.id: [stored("kept")], "gone": [stored("a"), stored("b", DAY)]}
    assert await carried_out(cleaner(shop, Rules(days=30))) == [Done(orphans=1)]
    assert shop.log == [("delete", ("a",))]


async def test_without_a_rule_nothing_is_even_looked_at() -> None:
    shop = Shop(candidate())
    shop.trouble = [StoreUnavailable("away")]
    idle = cleaner(shop, Rules())
    assert await idle.plan() == Plan(at=NOW)
    await idle.run()
    assert shop.log == []


# --------------------------------------------------------------------------------- every day


@asynccontextmanager
async def running(shop: Shop, clock: FakeClock) -> AsyncGenerator[None]:
    task = asyncio.create_task(cleaner(shop, Rules(days=30), clock).run())
    yield
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


def times(shop: Shop) -> int:
    return len([what for what, _ in shop.log if what == "finish"])


async def test_it_is_cleaned_soon_after_the_start_and_then_every_day() -> None:
    shop, clock = Shop(candidate()), FakeClock(NOW)
    async with running(shop, clock):
        await clock.advance(FIRST_SECONDS - 1)
        assert times(shop) == 0
        await clock.advance(1)
        assert times(shop) == 1
        shop.candidates = [candidate()]
        await clock.advance(EVERY_SECONDS - 1)
        assert times(shop) == 1
        await clock.advance(1)
        assert times(shop) == 2


@pytest.mark.parametrize(
    "error", [StoreUnavailable("away"), StoreRefused("the key"), ZeroDivisionError("a mistake")]
)
async def test_trouble_is_told_and_tried_again_the_next_day(error: Exception) -> None:
    shop, clock = Shop(candidate()), FakeClock(NOW)
    shop.trouble = [error]
    with capture_logs() as logs:
        async with running(shop, clock):
            await clock.advance(FIRST_SECONDS)
            assert [(one["event"], one["log_level"]) for one in logs] == [
                ("clean_up_failed", "warning")
            ]
            assert str(error) in logs[0]["why"]
            await clock.advance(EVERY_SECONDS)
            assert times(shop) == 1
