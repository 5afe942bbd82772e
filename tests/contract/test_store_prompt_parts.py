"""The store's contract: what people prefer, and the presets of a channel."""

from dataclasses import replace

import pytest

from domain.ports import GenerationStore, Outcome
from domain.prompt_parts import Preset
from tests.builders import ANN, CHANNEL
from tests.contract.databases import Database, LeasedStore

BEN = 2**62
MARK = 1_300_000_000_000_000_000
NOIR = Preset(channel_id=CHANNEL, name="noir", words="film noir", by=BEN, by_name="Ben ✨")


async def prefer(by: LeasedStore, parameters: str, command: int = MARK) -> Outcome:
    return await by.store.parts.set_preference(BEN, parameters, fence=by.fence, command=command)


async def preset(worker: LeasedStore, command: int = MARK, **changes: str | int) -> Outcome:
    wanted = replace(NOIR, **changes)
    return await worker.store.parts.set_preset(wanted, fence=worker.fence, command=command)


async def test_nothing_is_kept_at_first(store: GenerationStore) -> None:
    assert await store.parts.list_preferences() == {}
    assert await store.parts.list_presets(CHANNEL) == []


async def test_a_preference_is_kept_until_another_or_none_takes_its_place(
    worker: LeasedStore,
) -> None:
    parts = worker.store.parts
    await parts.set_preference(ANN, "--v 7", fence=worker.fence, command=1)
    for command, parameters in enumerate(("--ar 3:2", "--ar 3:2 --no 'été'", "", "--s 5"), MARK):
        for outcome in (Outcome.DONE, Outcome.ALREADY):
            assert await prefer(worker, parameters, command) == outcome
            kept = {BEN: parameters} if parameters else {}
            assert await parts.list_preferences() == {ANN: "--v 7"} | kept
            assert await worker.store.get_mark() == command


async def test_a_preset_is_kept_until_other_words_or_none_take_its_place(
    worker: LeasedStore,
) -> None:
    for command, words in enumerate(("film noir", "rain\\'; --ar 3:2", "", "fog"), MARK):
        for outcome in (Outcome.DONE, Outcome.ALREADY):
            assert await preset(worker, command, words=words) == outcome
            kept = [replace(NOIR, words=words)] if words else []
            assert await worker.store.parts.list_presets(CHANNEL) == kept
            assert await worker.store.get_mark() == command


async def test_whoever_made_a_preset_first_stays_its_author(worker: LeasedStore) -> None:
    await preset(worker)
    await preset(worker, words="fog", by=ANN, by_name="Ann")
    assert await worker.store.parts.list_presets(CHANNEL) == [replace(NOIR, words="fog")]


async def test_presets_are_those_of_one_channel_by_name(worker: LeasedStore) -> None:
    for name in ("zoo", "été", "art"):
        await preset(worker, name=name)
    await preset(worker, channel_id=CHANNEL + 1, words="other")
    names = [one.name for one in await worker.store.parts.list_presets(CHANNEL)]
    assert names == ["art", "zoo", "été"]
    assert len(await worker.store.parts.list_presets(CHANNEL + 1)) == 1


async def test_they_outlive_the_process(worker: LeasedStore, database: Database) -> None:
    await prefer(worker, "--ar 3:2")
    await preset(worker)
    await database.holder_dies(worker.store)
    restarted = await database.open()
    assert await restarted.parts.list_preferences() == {BEN: "--ar 3:2"}
    assert await restarted.parts.list_presets(CHANNEL) == [NOIR]
    await restarted.close()


@pytest.mark.parametrize("words", ["other", ""])
async def test_an_outdated_fence_changes_nothing(worker: LeasedStore, words: str) -> None:
    await prefer(worker, "--ar 3:2")
    await preset(worker)
    outdated = LeasedStore(worker.store, worker.fence - 1)
    assert await prefer(outdated, words, MARK + 1) == Outcome.STALE_FENCE
    assert await preset(outdated, MARK + 1, words=words) == Outcome.STALE_FENCE
    assert await worker.store.parts.list_preferences() == {BEN: "--ar 3:2"}
    assert await worker.store.parts.list_presets(CHANNEL) == [NOIR]
    assert await worker.store.get_mark() == MARK
