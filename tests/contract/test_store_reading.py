"""The store's contract: look-ups and lists."""

from domain.generation import Generation, Status
from domain.ports import GenerationStore, Query
from tests.builders import ANN
from tests.contract.databases import LeasedStore

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
