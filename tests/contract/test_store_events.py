"""The store's contract: old events go where a generation has ended, and nothing depends on them."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from domain.archive import EventSpan
from domain.generation import TERMINAL, Generation, Status
from domain.ports import Query
from domain.slots import Slot
from tests.builders import ANN
from tests.contract.databases import Database, LeasedStore, done
from tests.contract.test_store_archive import archive, begin, failed, get, in_every_status

LATER = datetime(2200, 1, 1, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC)


async def old_spans(
    worker: LeasedStore, before: datetime = LATER, limit: int = 100
) -> list[EventSpan]:
    """Return all, page by page."""
    found: list[EventSpan] = []
    after = 0
    while span := await worker.store.events.list_old(before, after=after, limit=limit):
        found.append(span)
        after = span.last
    return found


async def clear(worker: LeasedStore, before: datetime = LATER) -> int:
    """Delete all old events, and return how many."""
    return sum([await worker.store.events.delete(one) for one in await old_spans(worker, before)])


async def events(database: Database) -> Counter[str]:
    """Return how many events each generation has."""
    return Counter(str(row["generation_id"]) for row in await database.rows("generation_events"))


async def test_old_events_of_what_has_ended_go(worker: LeasedStore, database: Database) -> None:
    row = await failed(worker, Slot.GRID)
    (span,) = await old_spans(worker)
    assert span.removable == len(await database.rows("generation_events")) == 3
    assert await worker.store.events.delete(span) == 3
    assert await database.rows("generation_events") == []
    assert await get(worker.store, row) == row


async def test_newer_events_stay(worker: LeasedStore, database: Database) -> None:
    row = await worker.accepted()
    database.later()
    row = await worker.moved(row, Status.FAILED)
    assert [span.removable for span in await old_spans(worker, row.updated_at)] == [1]
    wider = EventSpan(row.updated_at, after=0, last=2**40, removable=2)
    assert await worker.store.events.delete(wider) == 1
    (left,) = await database.rows("generation_events")
    assert left["status_after"] == Status.FAILED
    assert await old_spans(worker, row.updated_at) == []


async def test_nothing_is_older_than_the_first_event(worker: LeasedStore) -> None:
    row = await failed(worker)
    assert await old_spans(worker, row.created_at) == []


async def test_the_events_of_what_has_not_ended_stay(
    worker: LeasedStore, database: Database
) -> None:
    rows = await in_every_status(worker)
    before = await events(database)
    await clear(worker)
    assert await events(database) == {
        row.id: before[row.id] for row in rows.values() if row.status not in TERMINAL
    }


async def test_they_are_found_page_by_page(worker: LeasedStore) -> None:
    """What can't be deleted is passed over: otherwise it would be found for ever."""
    waiting = await worker.accepted()
    await failed(worker)
    await failed(worker)
    spans = await old_spans(worker, limit=2)
    assert [span.removable for span in spans] == [1, 2, 1]
    assert [span.after for span in spans] == [0, *(span.last for span in spans[:-1])]
    assert await clear(worker) == 4
    assert [span.removable for span in await old_spans(worker, limit=2)] == [0]
    assert await get(worker.store, waiting) == waiting


async def test_a_span_is_deleted_once(worker: LeasedStore) -> None:
    """An answer may be lost; and other events are none of its business."""
    await failed(worker)
    (span,) = await old_spans(worker)
    other = await failed(worker)
    assert await worker.store.events.delete(span) == 2
    assert await worker.store.events.delete(span) == 0
    assert [one.removable for one in await old_spans(worker)] == [2]
    assert await get(worker.store, other) == other


async def test_what_went_back_to_work_meanwhile_keeps_its_events(
    worker: LeasedStore, database: Database
) -> None:
    row = await failed(worker)
    (span,) = await old_spans(worker)
    await worker.moved(row, Status.QUEUED)
    assert await worker.store.events.delete(span) == 0
    assert await events(database) == {row.id: 3}


async def test_the_lease_is_not_needed_to_delete_them(
    worker: LeasedStore, database: Database
) -> None:
    await failed(worker)
    other = await database.open()
    (span,) = await old_spans(worker)
    assert await other.events.delete(span) == 2
    await other.close()


async def everything_known(worker: LeasedStore, *rows: Generation) -> list[object]:
    """Return what the store answers to each question."""
    store = worker.store
    return [
        [await get(store, row) for row in rows],
        await store.list_generations(Query()),
        await store.list_ended(EVER, limit=9),
        await store.list_queue(9),
        await store.get_processing_generation(),
        await store.get_load(ANN, EVER),
        await store.list_candidates(before_seq=None, limit=9),
        await store.unarchived([row.id for row in rows]),
        await store.get_mark(),
        await store.get_pause(),
        await store.get_hang_ups(),
        await store.collection.list_favourites(rows[0].channel_id, None, offset=0, limit=9),
    ]


async def test_nothing_depends_on_old_events(worker: LeasedStore, database: Database) -> None:
    """Neither what is known, nor what may be done: not the fence, a retry, or a late picture."""
    kept = await failed(worker, Slot.GRID)
    gone, retried, waiting = await failed(worker), await failed(worker), await worker.accepted()
    await worker.keep(kept)
    await archive(worker.store, [gone])
    rows = (kept, gone, retried, waiting)
    known = await everything_known(worker, *rows)
    assert await clear(worker) == 9
    assert await everything_known(worker, *rows) == known
    kept = done(await worker.record(await get(worker.store, kept), Slot.UPSCALE_1))
    again = await worker.moved(retried, Status.QUEUED)
    assert (again.version, again.turn) == (retried.version + 1, retried.turn)
    assert done(await worker.claim()).id in {retried.id, waiting.id}
    assert await begin(worker.store, [kept]) == {kept.id}
    told = [
        (row["generation_id"], row["version"]) for row in await database.rows("generation_events")
    ]
    assert (str(told[1][0]), told[1][1]) == (kept.id, kept.version)
    stale = replace(worker, fence=worker.fence - 1)
    assert (await stale.claim()).outcome == "stale_fence"
