"""The store's contract: whose favourites the generations are, and that the clean-up spares them."""

import asyncio
from dataclasses import replace

import pytest

from domain.collection import Favourite
from domain.generation import Status
from domain.ports import GenerationStore, Outcome
from domain.slots import Slot
from tests.builders import ANN, CHANNEL
from tests.contract.databases import LeasedStore, done
from tests.contract.test_store_archive import archive, begin, candidates, failed

BEN = 2**62
MARK = 1_300_000_000_000_000_000


async def listed(
    store: GenerationStore, person: int | None = ANN, offset: int = 0, limit: int = 9
) -> list[str]:
    found = await store.collection.list_favourites(CHANNEL, person, offset=offset, limit=limit)
    return [row.id for row in found]


async def test_nothing_is_a_favourite_at_first(worker: LeasedStore) -> None:
    row = await worker.accepted()
    assert await worker.store.collection.get_favourite(ANN, row.id) is None
    assert await listed(worker.store) == await listed(worker.store, None) == []


async def test_a_favourite_is_kept_until_somebody_takes_it_back(worker: LeasedStore) -> None:
    row, collection = await worker.accepted(), worker.store.collection
    for kept, command in ((True, MARK), (False, MARK + 1), (True, MARK + 2)):
        assert await worker.keep(row, BEN, kept=kept, command=command) == Outcome.DONE
        assert await collection.get_favourite(BEN, row.id) == Favourite(
            person_id=BEN, generation_id=row.id, kept=kept, command=command
        )
        assert await listed(worker.store, BEN) == [row.id] * kept
        assert await worker.store.get_mark() == command


async def test_what_was_so_already_stays_as_it_is(worker: LeasedStore) -> None:
    row = await worker.accepted()
    await worker.keep(row, command=MARK)
    assert await worker.keep(row, command=MARK + 1) == Outcome.ALREADY
    known = await worker.store.collection.get_favourite(ANN, row.id)
    assert known is not None
    assert known.command == MARK
    assert await worker.store.get_mark() == MARK + 1


async def test_what_no_command_asked_for_moves_no_mark_and_hides_no_command(
    worker: LeasedStore,
) -> None:
    """A reaction is no command; the command before it may be found again after it."""
    row = await worker.accepted(command_message_id=MARK)
    await worker.keep(row, command=MARK + 1)
    assert await worker.keep(row, kept=False) == Outcome.DONE
    known = await worker.store.collection.get_favourite(ANN, row.id)
    assert known is not None
    assert (known.kept, known.command) == (False, MARK + 1)
    assert await worker.store.get_mark() == MARK + 1


async def test_a_favourite_is_set_without_the_lease(worker: LeasedStore) -> None:
    """The gallery's own process holds none, and the worker may have just been replaced."""
    row, collection = await worker.accepted(), worker.store.collection
    for kept in (True, False):
        wanted = Favourite(person_id=BEN, generation_id=row.id, kept=kept)
        assert await collection.set_favourite(wanted, fence=None) == Outcome.DONE
        assert await listed(worker.store, BEN) == [row.id] * kept
        stale = replace(wanted, kept=not kept)
        outcome = await collection.set_favourite(stale, fence=worker.fence + 1)
        assert outcome == Outcome.STALE_FENCE


async def test_somebodys_favourites_are_found_among_others(worker: LeasedStore) -> None:
    rows = [await worker.accepted() for _ in range(4)]
    await worker.keep(rows[0])
    await worker.keep(rows[1], BEN)
    await worker.keep(rows[2])
    await worker.keep(rows[2], kept=False)
    await worker.keep(rows[3])
    among = worker.store.collection.favourites_among
    assert await among(ANN, [row.id for row in rows[:3]]) == {rows[0].id}
    assert await among(ANN, []) == frozenset()


async def test_the_last_one_kept_comes_first_in_pages(worker: LeasedStore) -> None:
    rows = [await worker.accepted() for _ in range(4)]
    for row in (rows[2], rows[0], rows[3]):
        await worker.keep(row)
    await worker.keep(rows[1], BEN)
    wanted = [rows[3].id, rows[0].id, rows[2].id]
    assert await listed(worker.store) == wanted
    assert await listed(worker.store, limit=2) == wanted[:2]
    assert await listed(worker.store, offset=1, limit=1) == wanted[1:2]
    assert await listed(worker.store, offset=2) == wanted[2:]


async def test_everybodys_favourites_come_once_each(worker: LeasedStore) -> None:
    """One that is kept once more is among the latest again, also after somebody took it back."""
    cat, dog, owl = [await worker.accepted() for _ in range(3)]
    for row, person in ((cat, ANN), (dog, ANN), (cat, BEN), (owl, BEN), (dog, BEN)):
        await worker.keep(row, person)
    assert await listed(worker.store, None) == [dog.id, owl.id, cat.id]
    assert await listed(worker.store, None, offset=1, limit=1) == [owl.id]
    await worker.keep(dog, BEN, kept=False)
    assert await listed(worker.store, None) == [owl.id, cat.id, dog.id]
    await worker.keep(owl, BEN, kept=False)
    assert await listed(worker.store, None) == [cat.id, dog.id]


async def test_a_list_leaves_out_other_channels_and_deleted_pictures(worker: LeasedStore) -> None:
    kept, gone = await failed(worker, Slot.GRID), await failed(worker, Slot.GRID)
    elsewhere = await worker.accepted(channel_id=CHANNEL + 1)
    for row in (kept, gone, elsewhere):
        await worker.keep(row)
    await archive(worker.store, [gone])
    assert await listed(worker.store) == await listed(worker.store, None) == [kept.id]


async def test_what_is_not_there_cannot_be_kept(worker: LeasedStore) -> None:
    row = await worker.accepted(command_message_id=MARK)
    nobody = replace(row, id="00000000-0000-4000-8000-000000000000")
    assert await worker.keep(nobody, command=MARK + 1) == Outcome.CONFLICT
    assert await worker.store.get_mark() == MARK


async def test_what_is_being_deleted_can_be_given_up_and_not_be_kept(worker: LeasedStore) -> None:
    cat, dog = await failed(worker, Slot.GRID), await failed(worker, Slot.GRID)
    await worker.keep(cat)
    await begin(worker.store, [cat, dog])
    assert await worker.keep(dog) == Outcome.CONFLICT
    assert await worker.keep(cat, kept=False) == Outcome.DONE
    assert await worker.keep(cat) == Outcome.CONFLICT


async def test_an_outdated_fence_keeps_nothing(worker: LeasedStore) -> None:
    row = await worker.accepted(command_message_id=MARK)
    outdated = LeasedStore(worker.store, worker.fence - 1)
    assert await outdated.keep(row, command=MARK + 1) == Outcome.STALE_FENCE
    assert await listed(worker.store) == []
    assert await worker.store.get_mark() == MARK


async def test_racing_ones_have_one_winner(worker: LeasedStore, twin: LeasedStore) -> None:
    row = await worker.accepted()
    outcomes = await asyncio.gather(*(by.keep(row) for by in [worker, twin] * 3))
    assert sorted(outcomes) == [Outcome.ALREADY] * 5 + [Outcome.DONE]


# -------------------------------------------------------------------------------- the clean-up


async def test_anybodys_favourite_is_no_candidate(worker: LeasedStore) -> None:
    cat, dog = await failed(worker, Slot.GRID), await failed(worker, Slot.GRID)
    await worker.keep(cat, ANN)
    await worker.keep(cat, BEN)
    assert [one.id for one in await candidates(worker.store)] == [dog.id]
    await worker.keep(cat, ANN, kept=False)
    assert [one.id for one in await candidates(worker.store)] == [dog.id]
    await worker.keep(cat, BEN, kept=False)
    assert [one.id for one in await candidates(worker.store)] == [dog.id, cat.id]


@pytest.mark.parametrize("too", [True, False])
async def test_a_favourite_that_was_planned_for_goes_only_if_it_is_wanted(
    worker: LeasedStore, too: bool
) -> None:
    cat, dog = await failed(worker, Slot.GRID), await failed(worker, Slot.GRID)
    await worker.keep(cat)
    begun = await worker.store.begin_archiving(
        [cat.id, dog.id], unchanged_since=dog.updated_at, favourites_too=too
    )
    assert begun == ({cat.id, dog.id} if too else {dog.id})


async def test_the_deletion_of_a_favourite_that_was_begun_is_finished(worker: LeasedStore) -> None:
    """Its author deletes it, and the process is killed meanwhile."""
    cat = await failed(worker, Slot.GRID)
    await worker.keep(cat)
    await begin(worker.store, [cat])
    assert [one.id for one in await candidates(worker.store)] == [cat.id]
    again = await worker.store.begin_archiving(
        [cat.id], unchanged_since=cat.updated_at, favourites_too=False
    )
    assert again == {cat.id}


async def test_a_generation_that_is_at_work_can_be_kept(worker: LeasedStore) -> None:
    row = await worker.with_grid()
    assert await worker.keep(row) == Outcome.DONE
    assert done(await worker.update(row, replace(row, status=Status.FAILED))).status == "failed"
