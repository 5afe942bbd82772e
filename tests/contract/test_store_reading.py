"""The store's contract: look-ups and lists."""

from dataclasses import replace
from datetime import timedelta

from domain.generation import Generation, Origin, OriginKind, Status
from domain.ports import GenerationStore, Query
from tests.builders import ANN
from tests.contract.databases import Database, LeasedStore, done

BEN = 1002


async def test_a_generation_is_found_by_its_id(worker: LeasedStore) -> None:
    row = await worker.accepted()
    assert await worker.store.get_generation(row.id) == row


async def test_a_generation_is_found_by_its_code_in_any_case(worker: LeasedStore) -> None:
    row = await worker.accepted(code="ab2xyz")
    assert [await worker.store.get_generation(code) for code in ("ab2xyz", "AB2xYZ")] == [row, row]


async def test_what_is_not_there_is_none(store: GenerationStore) -> None:
    assert await store.get_generation("ab2xyz") is None
    assert await store.get_processing_generation() is None


async def test_the_active_generation_is_found(worker: LeasedStore) -> None:
    await worker.accepted()
    row = await worker.claimed()
    assert await worker.store.get_processing_generation() == row
    await worker.moved(row, Status.FAILED)
    assert await worker.store.get_processing_generation() is None


async def pages(store: GenerationStore, query: Query) -> list[list[Generation]]:
    """Return all pages, each requested with the last number of the page before."""
    found: list[list[Generation]] = []
    before = None
    while page := await store.list_generations(
        Query(
            author_id=query.author_id,
            statuses=query.statuses,
            before_seq=before,
            limit=query.limit,
        ),
    ):
        found.append(page)
        before = page[-1].seq
    return found


async def test_pages_are_newest_first_and_whole(worker: LeasedStore) -> None:
    rows = [await worker.accepted() for _ in range(5)]
    newest_first = rows[::-1]
    assert await pages(worker.store, Query(limit=2)) == [
        newest_first[:2],
        newest_first[2:4],
        newest_first[4:],
    ]


async def test_a_new_row_does_not_shift_the_pages(worker: LeasedStore) -> None:
    rows = [await worker.accepted() for _ in range(3)]
    first = await worker.store.list_generations(Query(limit=2))
    await worker.accepted()
    second = await worker.store.list_generations(Query(limit=2, before_seq=first[-1].seq))
    assert [*first, *second] == rows[::-1]


async def test_nothing_comes_before_the_first_row(worker: LeasedStore) -> None:
    await worker.accepted()
    assert await worker.store.list_generations(Query(before_seq=0)) == []


async def test_a_person_sees_their_own(worker: LeasedStore) -> None:
    rows = [await worker.accepted(author_id=author) for author in (ANN, BEN, ANN, BEN)]
    assert await pages(worker.store, Query(author_id=BEN, limit=1)) == [[rows[3]], [rows[1]]]


async def test_lists_can_be_of_some_statuses(worker: LeasedStore) -> None:
    cancelled, failed, queued = [
        await worker.moved(await worker.accepted(author_id=author), *path)
        for author, path in (
            (ANN, (Status.CANCELLED,)),
            (BEN, (Status.FAILED,)),
            (ANN, ()),
        )
    ]
    ended = frozenset({Status.CANCELLED, Status.FAILED})
    assert await pages(worker.store, Query(statuses=ended, limit=9)) == [[failed, cancelled]]
    assert await pages(worker.store, Query(statuses=ended, limit=1)) == [[failed], [cancelled]]
    waiting = Query(statuses=frozenset({Status.QUEUED}), limit=9)
    assert await pages(worker.store, waiting) == [[queued]]
    of_ann = Query(statuses=ended, author_id=ANN, limit=9)
    assert await pages(worker.store, of_ann) == [[cancelled]]


ENDS = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION)


async def ended(worker: LeasedStore, status: Status = Status.FAILED) -> Generation:
    """Return a generation that has come to this end."""
    path = (Status.SUBMITTED,) if status == Status.COMPLETED else ()
    return await worker.moved(await worker.accepted(), *path, status)


async def test_what_ended_is_listed_in_the_order_of_its_end(
    worker: LeasedStore, database: Database
) -> None:
    """However long ago it was asked for."""
    first = await worker.accepted()
    rows = [await ended(worker, status) for status in ENDS]
    database.later()
    rows.append(await worker.moved(first, Status.CANCELLED))
    assert await worker.store.list_ended(first.created_at, limit=9) == rows


async def test_what_waits_or_is_at_work_has_not_ended(worker: LeasedStore) -> None:
    waiting, active = await worker.accepted(), await worker.accepted()
    await worker.moved(active, Status.SUBMITTED)
    assert await worker.store.list_ended(waiting.created_at, limit=9) == []


async def test_what_ended_before_is_not_listed(worker: LeasedStore, database: Database) -> None:
    await ended(worker)
    database.later()
    last = await ended(worker)
    assert await worker.store.list_ended(last.updated_at, limit=9) == [last]
    just_after = last.updated_at + timedelta(microseconds=1)
    assert await worker.store.list_ended(just_after, limit=9) == []


async def test_pages_of_what_ended_are_whole(worker: LeasedStore, database: Database) -> None:
    """Also where several ended at the same moment."""
    rows = [await ended(worker) for _ in range(3)]
    database.later()
    rows += [await ended(worker) for _ in range(2)]
    found: list[list[Generation]] = []
    since, seq = rows[0].created_at, 0
    while page := await worker.store.list_ended(since, after_seq=seq, limit=2):
        found.append(page)
        since, seq = page[-1].updated_at, page[-1].seq
    assert found == [rows[:2], rows[2:4], rows[4:]]


async def test_what_changes_meanwhile_comes_again_at_the_end(
    worker: LeasedStore, database: Database
) -> None:
    first, second, third = [await ended(worker) for _ in range(3)]
    page = await worker.store.list_ended(first.created_at, limit=2)
    assert page == [first, second]
    database.later()
    told = done(await worker.update(first, replace(first, notice_message_id=5)))
    rest = await worker.store.list_ended(second.updated_at, after_seq=second.seq, limit=9)
    assert rest == [third, told]


async def test_what_was_made_of_a_generation_is_listed_in_the_order_of_asking(
    worker: LeasedStore,
) -> None:
    parent, other = await worker.accepted(), await worker.accepted()
    origins = [
        Origin(kind=OriginKind.VARIATION, parent_id=parent.id, index=2),
        Origin(kind=OriginKind.REROLL, parent_id=parent.id),
        Origin(parent_id=parent.id),
    ]
    children = [await worker.accepted(origin=origin) for origin in origins]
    assert await worker.store.list_children(parent.id, 9) == children
    assert await worker.store.list_children(parent.id, 2) == children[:2]
    assert await worker.store.list_children(other.id, 9) == []


async def test_everybody_is_listed_with_the_newest_of_theirs(worker: LeasedStore) -> None:
    assert await worker.store.list_newest_of_each(9) == []
    for author in (ANN, BEN, ANN):
        await worker.accepted(author_id=author)
    bens = await worker.accepted(author_id=BEN)
    anns = await worker.accepted()
    assert await worker.store.list_newest_of_each(9) == [anns, bens]
    assert await worker.store.list_newest_of_each(1) == [anns]
