"""The store's contract: a pause is kept in the database, so it outlives the process."""

import asyncio
from dataclasses import replace

import pytest

from domain.ports import GenerationStore, Outcome, Pause
from tests.builders import ANN, NOW
from tests.contract.databases import Database, LeasedStore

ASKED = Pause(words="a moment, please", since=NOW, by=ANN)
STOPPED = Pause(words="Midjourney shows a captcha", since=NOW)


async def pause(by: LeasedStore, wanted: Pause | None) -> Outcome:
    return await by.store.set_pause(wanted, fence=by.fence)


async def test_the_queue_runs_at_first(store: GenerationStore) -> None:
    assert await store.get_pause() is None


async def test_a_pause_is_kept_until_somebody_resumes(worker: LeasedStore) -> None:
    for wanted in (ASKED, STOPPED):
        assert await pause(worker, wanted) == Outcome.DONE
        assert await worker.store.get_pause() == wanted
        assert await pause(worker, None) == Outcome.DONE
        assert await worker.store.get_pause() is None


@pytest.mark.parametrize("first", [ASKED, STOPPED])
async def test_the_first_pause_stays(worker: LeasedStore, first: Pause) -> None:
    """That includes a stop that was reported: a second stop may be a consequence of it."""
    await pause(worker, first)
    again = replace(first, words="again")
    assert await pause(worker, again) == Outcome.ALREADY
    assert await worker.store.get_pause() == first


async def test_a_stop_takes_the_place_of_what_a_person_asked_for(worker: LeasedStore) -> None:
    await pause(worker, ASKED)
    assert await pause(worker, STOPPED) == Outcome.DONE
    assert await worker.store.get_pause() == STOPPED
    assert await pause(worker, ASKED) == Outcome.ALREADY
    assert await worker.store.get_pause() == STOPPED


async def test_what_runs_is_not_resumed(worker: LeasedStore) -> None:
    assert await pause(worker, None) == Outcome.ALREADY


async def test_racing_pauses_have_one_winner(worker: LeasedStore, twin: LeasedStore) -> None:
    outcomes = await asyncio.gather(*(pause(by, ASKED) for by in [worker, twin] * 3))
    assert sorted(outcomes) == [Outcome.ALREADY] * 5 + [Outcome.DONE]


async def test_a_pause_outlives_the_process(worker: LeasedStore, database: Database) -> None:
    await pause(worker, STOPPED)
    await database.holder_dies(worker.store)
    restarted = await database.open()
    assert await restarted.get_pause() == STOPPED
    await restarted.close()


async def test_an_outdated_fence_neither_pauses_nor_resumes(worker: LeasedStore) -> None:
    outdated = LeasedStore(worker.store, worker.fence - 1)
    assert await pause(outdated, ASKED) == Outcome.STALE_FENCE
    await pause(worker, STOPPED)
    assert await pause(outdated, None) == Outcome.STALE_FENCE
    assert await worker.store.get_pause() == STOPPED


async def test_a_pause_does_not_touch_the_turns(worker: LeasedStore) -> None:
    await worker.claimed()
    await pause(worker, ASKED)
    await pause(worker, None)
    assert (await worker.accepted(author_id=ANN + 1)).turn == 2
