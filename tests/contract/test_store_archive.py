"""The store's contract: the clean-up's reads and changes, without the worker's lease."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.archive import Candidate
from domain.generation import TERMINAL, Generation, Status
from domain.ports import Change, GenerationStore, Outcome
from domain.slots import Slot
from tests.contract.databases import Database, LeasedStore, done

HOUR = timedelta(hours=1)
BEN = 1002


async def failed(
    worker: LeasedStore, *slots: Slot, author_id: int = BEN, size: int = 7
) -> Generation:
    """Return a generation that ended with these pictures."""
    row = await worker.moved(await worker.accepted(author_id=author_id), Status.FAILED)
    for slot in slots:
        row = done(await worker.record(row, slot, size=size))
    return row


async def candidates(store: GenerationStore, limit: int = 9) -> list[Candidate]:
    """Return all, page by page."""
    found: list[Candidate] = []
    before: int | None = None
    while page := await store.list_candidates(before_seq=before, limit=limit):
        found.extend(page)
        before = page[-1].seq
    return found


async def begin(store: GenerationStore, rows: Iterable[Generation]) -> frozenset[str]:
    rows = list(rows)
    since = max(row.updated_at for row in rows) + HOUR
    return await store.begin_archiving([row.id for row in rows], unchanged_since=since)


async def archive(store: GenerationStore, rows: Iterable[Generation]) -> None:
    await store.finish_archiving(await begin(store, rows))


async def get(store: GenerationStore, row: Generation) -> Generation:
    found = await store.get_generation(row.id)
    assert found is not None
    return found


async def in_every_status(worker: LeasedStore) -> dict[Status, Generation]:
    """Return one row of each status; the active one is `submitting`."""
    rows = {
        status: await worker.moved(await worker.accepted(), status)
        for status in (Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION)
    }
    completed = await worker.with_grid()
    for slot in completed.wanted:
        completed = done(await worker.record(completed, slot))
    rows[Status.COMPLETED] = completed
    rows[Status.SUBMITTING] = await worker.claimed()
    rows[Status.QUEUED] = await worker.accepted()
    return rows


async def test_those_that_ended_are_candidates_newest_first(worker: LeasedStore) -> None:
    rows = await in_every_status(worker)
    found = await candidates(worker.store)
    ended = [row.id for row in rows.values() if row.status in TERMINAL]
    assert [one.id for one in found] == ended[::-1]


@pytest.mark.parametrize("limit", [1, 2, 9])
async def test_candidates_come_in_pages(worker: LeasedStore, limit: int) -> None:
    rows = [await failed(worker) for _ in range(3)]
    assert [one.id for one in await candidates(worker.store, limit)] == [r.id for r in rows[::-1]]


async def test_a_candidate_tells_what_there_is_of_it(worker: LeasedStore) -> None:
    row = await failed(worker, Slot.GRID, Slot.UPSCALE_3, author_id=2**62, size=3_000_000_000)
    assert await candidates(worker.store) == [
        Candidate(
            seq=row.seq,
            id=row.id,
            code=row.code,
            author_id=2**62,
            status=Status.FAILED,
            changed_at=row.updated_at,
            pictures=2,
            size=6_000_000_000,
        )
    ]


async def test_the_archived_keep_every_fact(worker: LeasedStore) -> None:
    row = await failed(worker, Slot.GRID)
    await archive(worker.store, [row])
    archived = await get(worker.store, row)
    assert archived == replace(
        row,
        version=row.version + 2,
        archiving_at=archived.archiving_at,
        archived_at=archived.archived_at,
    )
    assert archived.archiving_at is not None
    assert archived.archived_at is not None
    assert archived.archived_at >= archived.archiving_at


async def test_the_archived_are_no_candidates(worker: LeasedStore) -> None:
    gone, kept = await failed(worker), await failed(worker)
    await archive(worker.store, [gone])
    assert [one.id for one in await candidates(worker.store)] == [kept.id]


async def test_what_was_begun_stays_a_candidate_until_it_is_finished(worker: LeasedStore) -> None:
    row = await failed(worker)
    assert await begin(worker.store, [row]) == {row.id}
    assert [(one.id, one.begun) for one in await candidates(worker.store)] == [(row.id, True)]
    assert (await get(worker.store, row)).archived


async def test_beginning_and_finishing_again_change_nothing(worker: LeasedStore) -> None:
    """An answer may be lost, and a process may die between the two."""
    row = await failed(worker)
    await begin(worker.store, [row])
    begun = await get(worker.store, row)
    assert await begin(worker.store, [row]) == {row.id}
    assert await get(worker.store, row) == begun
    await worker.store.finish_archiving([row.id])
    archived = await get(worker.store, row)
    assert await begin(worker.store, [row]) == frozenset()
    await worker.store.finish_archiving([row.id])
    assert await get(worker.store, row) == archived


async def test_only_what_ended_is_begun(worker: LeasedStore) -> None:
    rows = await in_every_status(worker)
    assert await begin(worker.store, rows.values()) == {
        row.id for row in rows.values() if row.status in TERMINAL
    }
    for row in rows.values():
        assert (await get(worker.store, row)).archived == (row.status in TERMINAL)


async def test_what_has_changed_since_is_not_begun(worker: LeasedStore) -> None:
    row = await failed(worker)
    earlier = row.updated_at - timedelta(microseconds=1)
    begin_with = worker.store.begin_archiving
    assert await begin_with([row.id], unchanged_since=earlier) == frozenset()
    assert await get(worker.store, row) == row
    assert await begin_with([row.id], unchanged_since=row.updated_at) == {row.id}


async def test_nothing_is_finished_that_was_not_begun(worker: LeasedStore) -> None:
    row = await failed(worker)
    await worker.store.finish_archiving([row.id])
    assert await get(worker.store, row) == row


async def test_the_lease_is_not_needed(worker: LeasedStore, database: Database) -> None:
    row = await failed(worker)
    other = await database.open()
    await archive(other, [row])
    await other.close()
    assert (await get(worker.store, row)).archived_at is not None


async def test_what_the_worker_knew_before_is_a_conflict(worker: LeasedStore) -> None:
    """So the worker reads an archived row again before it puts it back into the queue."""
    row = await failed(worker)
    await begin(worker.store, [row])
    change = await worker.update(row, replace(row, status=Status.QUEUED))
    assert change.outcome == "conflict"
    assert change.generation == await get(worker.store, row)


@pytest.mark.parametrize("take", [begin, archive])
async def test_what_comes_too_late_leaves_the_archived_alone(
    worker: LeasedStore, take: Callable[[GenerationStore, list[Generation]], Awaitable[object]]
) -> None:
    """A transition based on the newest row, and a picture: both get the current row back."""
    row = await failed(worker, Slot.GRID)
    await take(worker.store, [row])
    archived = await get(worker.store, row)
    late = [
        await worker.update(archived, replace(archived, status=Status.QUEUED)),
        await worker.record(archived, Slot.UPSCALE_1),
    ]
    assert late == [Change(Outcome.CONFLICT, archived)] * 2
    assert await worker.record(archived, Slot.GRID) == Change(Outcome.ALREADY, archived)
    assert await get(worker.store, row) == archived


async def test_notes_on_the_archived_are_still_taken(worker: LeasedStore) -> None:
    row = await failed(worker)
    await archive(worker.store, [row])
    archived = await get(worker.store, row)
    noted = done(await worker.update(archived, replace(archived, notice_message_id=9)))
    assert noted.archived_at == archived.archived_at


async def test_who_is_taken_back_by_hand_is_as_new(worker: LeasedStore, database: Database) -> None:
    """Otherwise the next clean-up would delete its pictures again."""
    row = await failed(worker, Slot.GRID)
    await archive(worker.store, [row])
    archived = await get(worker.store, row)
    database.run("UPDATE generations SET archiving_at = NULL, archived_at = NULL")
    back = await get(worker.store, row)
    assert (back.archived, back.version) == (False, archived.version + 1)
    assert back.updated_at != archived.updated_at
    assert abs(back.updated_at - datetime.now(UTC)) < HOUR
    assert [one.changed_at for one in await candidates(worker.store)] == [back.updated_at]
    done(await worker.update(back, replace(back, status=Status.QUEUED)))


async def test_each_step_is_an_event(worker: LeasedStore, database: Database) -> None:
    row = await failed(worker)
    await archive(worker.store, [row])
    events = (await database.rows("generation_events"))[-2:]
    assert [(one["event"], one["detail"], one["version"]) for one in events] == [
        ("archiving", "archiving_at", row.version + 1),
        ("archived", "archived_at", row.version + 2),
    ]
    assert {(one["status_before"], one["status_after"]) for one in events} == {("failed", "failed")}


async def test_those_with_pictures_are_told_from_the_archived_and_the_unknown(
    worker: LeasedStore,
) -> None:
    waiting, begun, archived = [
        await worker.accepted(),
        await failed(worker),
        await failed(worker),
    ]
    await begin(worker.store, [begun])
    await archive(worker.store, [archived])
    ids = [waiting.id, begun.id, archived.id, str(uuid4())]
    assert await worker.store.unarchived(ids) == {waiting.id, begun.id}
    assert await worker.store.unarchived([]) == frozenset()
