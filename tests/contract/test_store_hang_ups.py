"""The store's contract: how Discord's gateway hung up is known to the next process."""

from domain.hang_ups import HangUps
from domain.ports import GenerationStore, Outcome, Pause
from tests.builders import ANN, NOW
from tests.contract.databases import Database, LeasedStore

TWICE, THRICE = HangUps(in_a_row=2, last_at=NOW), HangUps(in_a_row=3, last_at=NOW)


async def note(by: LeasedStore, wanted: HangUps | None) -> Outcome:
    return await by.store.set_hang_ups(wanted, fence=by.fence)


async def test_none_is_known_at_first(store: GenerationStore) -> None:
    assert await store.get_hang_ups() is None


async def test_the_latest_is_known_until_it_is_over(worker: LeasedStore) -> None:
    for wanted in (TWICE, THRICE, THRICE, None):
        assert await note(worker, wanted) == Outcome.DONE
        assert await worker.store.get_hang_ups() == wanted


async def test_it_outlives_the_process(worker: LeasedStore, database: Database) -> None:
    await note(worker, TWICE)
    await database.holder_dies(worker.store)
    restarted = await database.open()
    assert await restarted.get_hang_ups() == TWICE
    await restarted.close()


async def test_an_outdated_fence_notes_nothing(worker: LeasedStore) -> None:
    await note(worker, TWICE)
    outdated = LeasedStore(worker.store, worker.fence - 1)
    assert await note(outdated, None) == Outcome.STALE_FENCE
    assert await worker.store.get_hang_ups() == TWICE


async def test_it_has_nothing_to_do_with_a_pause(worker: LeasedStore) -> None:
    pause = Pause(words="a moment, please", since=NOW, by=ANN)
    await worker.store.set_pause(pause, fence=worker.fence)
    await note(worker, TWICE)
    assert await worker.store.get_pause() == pause
    await note(worker, None)
    assert await worker.store.get_pause() == pause
