"""What people can ask for: a new generation within the limits, and a pause; on a real database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.effects import TimeLimits
from domain.errors import OverQuota
from domain.generation import Generation, NewGeneration, Status
from domain.pause import Pause
from domain.quota import Quota
from services.database.sqlite import SqliteGenerationStore
from services.generation.orchestrator import Orchestrator
from services.generation.service import GenerationService, draw_code
from tests.builders import ANN, NOW, new_generation
from tests.fakes import FakeClock, UnreachableSender
from tests.unit.services.orchestrator_harness import NoPictures

BEN = 1002


class GenerationServiceHarness:
    """A generation service with small limits. Nothing is made: the loop behind it does not run."""

    def __init__(
        self, store: SqliteGenerationStore, generations: GenerationService, clock: FakeClock
    ) -> None:
        self.store, self.generations, self.clock = store, generations, clock

    async def submit(self, **changes: object) -> Generation:
        return (await self.generations.submit(new(**changes), owner=True)).generation


def new(**changes: object) -> NewGeneration:
    return new_generation(**{"code": draw_code()} | changes)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[GenerationServiceHarness]:
    clock = FakeClock(NOW)
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3", clock=clock)
    lease = await store.acquire_lease("test", 30)
    orchestrator = Orchestrator(
        store=store,
        lease=lease,
        sender=UnreachableSender(),
        copier=None,  # pyright: ignore[reportArgumentType] -- nothing is copied: the loop does not run
        clock=clock,
        limits=TimeLimits(),
    )
    generations = GenerationService(
        store=store,
        images=NoPictures(),  # pyright: ignore[reportArgumentType] -- has the one method that is used
        lease=lease,
        orchestrator=orchestrator,
        limits=Quota(queue=4, waiting=2, daily=3, cooldown=10),
        clock=clock,
    )
    yield GenerationServiceHarness(store, generations, clock)
    await store.close()


async def test_accepted_command_is_a_row_with_its_place(harness: GenerationServiceHarness) -> None:
    places: list[int] = []
    for person in (ANN, BEN):
        accepted = await harness.generations.submit(
            new(author_id=person, command_message_id=person), owner=True
        )
        assert accepted.new
        places.append(accepted.place)
    assert places == [0, 1]
    assert await harness.store.get_mark() == BEN


async def test_message_that_was_accepted_before_gives_its_own_row(
    harness: GenerationServiceHarness,
) -> None:
    first = await harness.generations.submit(new(command_message_id=7), owner=True)
    second = await harness.generations.submit(new(command_message_id=7), owner=True)
    assert (first.new, second.new) == (True, False)
    assert second.generation.id == first.generation.id


async def test_code_that_is_taken_is_drawn_again(harness: GenerationServiceHarness) -> None:
    taken = (await harness.submit(command_message_id=1)).code
    assert (await harness.submit(command_message_id=2, code=taken)).code != taken


async def test_limits_count_what_is_in_the_database(harness: GenerationServiceHarness) -> None:
    async def submit(message_id: int, author_id: int = ANN, *, owner: bool = False) -> None:
        wanted = new(command_message_id=message_id, author_id=author_id)
        await harness.generations.submit(wanted, owner=owner)

    await submit(1)
    with pytest.raises(OverQuota, check=lambda error: error.wait == 10):
        await submit(2)
    harness.clock.jump(10)
    await submit(2)
    with pytest.raises(OverQuota, check=lambda error: error.kind == "waiting"):
        await submit(3)
    await submit(3, BEN)
    await submit(4, BEN, owner=True)
    with pytest.raises(OverQuota, check=lambda error: error.kind == "queue"):
        await submit(5, owner=True)
    await submit(4, BEN)  # it was accepted before


async def test_pause_moves_the_mark_and_is_said_once(harness: GenerationServiceHarness) -> None:
    pause = Pause(words="noon", since=NOW, by=1)
    assert await harness.generations.pause(pause, 5)
    assert not await harness.generations.pause(pause, 6)
    assert harness.generations.paused == pause
    assert await harness.generations.resume(7)
    assert not await harness.generations.resume(8)
    assert harness.generations.paused is None
    assert await harness.store.get_mark() == 8


async def test_accepted_one_waits(harness: GenerationServiceHarness) -> None:
    assert (await harness.submit(command_message_id=1)).status == Status.QUEUED
