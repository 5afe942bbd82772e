"""The store's contract: searching in prompts, one at random, and what a month was like."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.collection import MOST_PEOPLE, Statistics, search_words
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.ports import GenerationStore
from tests.builders import ANN, CHANNEL
from tests.contract.databases import Database, LeasedStore, done
from tests.contract.test_store_archive import archive

DAY = timedelta(days=1)
LONG_AGO, SOMEDAY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

# ------------------------------------------------------------------------------------- searching


async def found(
    store: GenerationStore, text: str, offset: int = 0, limit: int = 9
) -> list[Generation]:
    words = search_words(text)
    return await store.collection.search(CHANNEL, words, offset=offset, limit=limit)


async def prompts(store: GenerationStore, text: str) -> list[str]:
    return [row.prompt for row in await found(store, text)]


PROMPTS = (
    "a lighthouse at dusk, in oil --ar 3:2 --no text",
    "Two LIGHTHOUSES; art-deco",
    "un château l'été (à l'huile)",
    "a child's drawing of a house",
)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("lighthouse", (1, 0)),
        ("LIGHT", (1, 0)),
        ("dusk oil", (0,)),
        ("oil dusk light", (0,)),
        ("deco", (1,)),
        ("art-deco", (1,)),
        ("château", (2,)),
        ("l'été huile", (2,)),
        ("child's", (3,)),
        ("house", (3,)),
        ("3:2", (0,)),
        ("text", (0,)),
        ("owl", ()),
        ("lighthouse owl", ()),
        ("usk", ()),
        ("dusk') & ('", (0,)),
        ('"dusk* OR owl*', ()),
    ],
)
async def test_a_search_finds_prompts_with_words_that_begin_so(
    worker: LeasedStore, text: str, at: Sequence[int]
) -> None:
    for prompt in PROMPTS:
        await worker.accepted(prompt=prompt)
    assert await prompts(worker.store, text) == [PROMPTS[place] for place in at]


async def test_the_newest_come_first_in_pages(worker: LeasedStore) -> None:
    rows = [await worker.accepted(prompt=f"cat {number}") for number in range(5)]
    newest = [row.id for row in rows[::-1]]
    for offset in range(6):
        page = await found(worker.store, "cat", offset, 2)
        assert [row.id for row in page] == newest[offset : offset + 2]
    assert await found(worker.store, "cat", limit=1) == [rows[-1]]


async def test_a_search_stays_in_its_channel(worker: LeasedStore) -> None:
    await worker.accepted(prompt="a cat", channel_id=CHANNEL + 1)
    assert await found(worker.store, "cat") == []


async def test_what_is_changed_or_deleted_is_found_as_it_is_now(worker: LeasedStore) -> None:
    row = await worker.moved(await worker.accepted(prompt="a cat"), Status.FAILED)
    row = done(await worker.update(row, replace(row, prompt="a dog")))
    assert await prompts(worker.store, "cat") == []
    assert await prompts(worker.store, "dog") == ["a dog"]
    row = done(await worker.update(row, replace(row, echo="x")))
    assert await prompts(worker.store, "dog") == ["a dog"]
    done(await worker.update(row, replace(row, prompt="")))
    assert await prompts(worker.store, "dog") == []


# ------------------------------------------------------------------------------------- at random


async def drawn(store: GenerationStore, at: float) -> str | None:
    row = await store.collection.draw(CHANNEL, at)
    return None if row is None else row.id


async def completed(worker: LeasedStore, **changes: int) -> Generation:
    row = await worker.with_grid(**changes)
    for slot in row.wanted:
        row = done(await worker.record(row, slot))
    return row


async def test_one_of_those_that_are_completed_is_drawn(worker: LeasedStore) -> None:
    assert await drawn(worker.store, 0.5) is None
    await worker.moved(await worker.accepted(), Status.FAILED)
    first = await completed(worker)
    await worker.moved(await worker.accepted(), Status.CANCELLED)
    second, third = await completed(worker), await completed(worker)
    await completed(worker, channel_id=CHANNEL + 1)
    await worker.accepted()
    ids = [await drawn(worker.store, step / 8) for step in range(8)]
    assert ids == [first.id] * 2 + [second.id] * 4 + [third.id] * 2
    assert await drawn(worker.store, 0.999999) == third.id


async def test_what_is_deleted_is_not_drawn(worker: LeasedStore) -> None:
    first, second = await completed(worker), await completed(worker)
    await archive(worker.store, [first])
    assert await drawn(worker.store, 0) == second.id
    await archive(worker.store, [second])
    assert await drawn(worker.store, 0) is None


# ------------------------------------------------------------------------------------ statistics


async def statistics(
    store: GenerationStore, since: datetime = LONG_AGO, until: datetime = SOMEDAY
) -> Statistics:
    return await store.collection.get_statistics(CHANNEL, since, until)


async def test_nothing_was_asked_for_at_first(store: GenerationStore) -> None:
    assert await statistics(store) == Statistics()


async def test_statistics_count_what_became_of_it_and_why(worker: LeasedStore) -> None:
    for status, problem in (
        (Status.FAILED, Problem(ProblemKind.REFUSED, "Banned prompt: no cats")),
        (Status.FAILED, Problem(ProblemKind.REFUSED)),
        (Status.FAILED, Problem(ProblemKind.NO_ANSWER)),
        (Status.FAILED, None),
        (Status.NEEDS_ATTENTION, Problem(ProblemKind.NO_ANSWER, "silence")),
        (Status.CANCELLED, Problem(ProblemKind.STOPPED)),
    ):
        row = await worker.accepted(author_id=ANN + 1, author_name="Ben")
        done(await worker.update(row, replace(row, status=status, problem=problem)))
    await completed(worker)
    await worker.accepted()
    await worker.accepted(channel_id=CHANNEL + 1)
    found = await statistics(worker.store)
    assert found == Statistics(
        statuses={
            Status.FAILED: 4,
            Status.NEEDS_ATTENTION: 1,
            Status.CANCELLED: 1,
            Status.COMPLETED: 1,
            Status.QUEUED: 1,
        },
        problems={ProblemKind.REFUSED: 2, ProblemKind.NO_ANSWER: 2},
        people=(("Ben", 6), ("Ann", 2)),
    )
    assert found.count == 8


async def test_statistics_tell_how_long_it_took_until_midjourney_accepted(
    worker: LeasedStore,
) -> None:
    for seconds in (-5, 30, 155):  # the clocks of database and process differ
        row = await worker.accepted()
        accepted = row.created_at + timedelta(seconds=seconds)
        done(await worker.update(row, replace(row, submitted_at=accepted)))
    await worker.accepted()
    waited = (await statistics(worker.store)).waited
    assert waited == (timedelta(seconds=62), timedelta(seconds=155))


async def test_statistics_are_those_of_a_time(worker: LeasedStore) -> None:
    row = await worker.accepted()
    at = row.created_at
    second = timedelta(seconds=1)
    for since, until, count in (
        (at, at + second, 1),
        (at - second, at, 0),
        (at + second, at + DAY, 0),
        (at - DAY, at + second, 1),
    ):
        assert (await statistics(worker.store, since, until)).count == count


async def test_statistics_name_those_who_asked_most(worker: LeasedStore) -> None:
    for person in range(MOST_PEOPLE + 2):
        await worker.accepted(author_id=person, author_name=f"P{person}")
    for _ in range(2):
        await worker.accepted(author_id=7, author_name="P7")
    found = await statistics(worker.store)
    others = ((f"P{person}", 1) for person in range(MOST_PEOPLE) if person != 7)
    assert found.people == (("P7", 3), *others)
    assert found.others == 2


async def test_a_problem_that_was_written_by_hand_is_of_no_known_kind(
    worker: LeasedStore, database: Database
) -> None:
    row = await worker.accepted()
    done(await worker.update(row, replace(row, status=Status.FAILED)))
    database.run("UPDATE generations SET error = 'by hand'")
    assert (await statistics(worker.store)).problems == {ProblemKind.BROKEN: 1}
