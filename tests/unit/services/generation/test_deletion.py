"""Pictures and words that a person deletes: all of it, once, and nothing that is at work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

import pytest

from domain.events import Adopted, Cancelled, PictureStored
from domain.generation import Generation, Status
from domain.ports import Query
from domain.requests import Objection
from domain.slots import Slot
from tests.builders import grid, picture, solo, waiting
from tests.unit.services.orchestrator_harness import (
    LATER,
    OrchestratorHarness,
    asked,
    finish_grid,
    unanswered,
)


async def test_a_late_picture_of_what_was_deleted_is_left_alone(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await finish_grid(harness)
    await harness.until(lambda row: row.status == Status.FAILED)
    await harness.generations.delete(await harness.row(), LATER)
    harness.orchestrator.hear(solo(Slot.UPSCALE_4, reference_id=200))
    await harness.submit("a dog")
    await harness.sent(Slot.GRID, times=2)
    gone = next(row for row in await harness.store.list_generations(Query()) if not row.prompt)
    assert (gone.status, gone.step(Slot.UPSCALE_4).message_id) == (Status.FAILED, None)


class GatedCopier:
    """Stores a picture when it is told to."""

    def __init__(self) -> None:
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()

    async def copy(
        self, generation: Generation, slot: Slot, delayed: Callable[[int], Awaitable[None]]
    ) -> PictureStored:
        self.begun.set()
        await self.goes_on.wait()
        return PictureStored(slot, picture(generation.id, slot))


@pytest.mark.parametrize("moment", ["before it is cancelled", "before it is deleted", "afterwards"])
async def test_a_picture_on_its_way_does_not_come_back_after_its_deletion(
    harness: OrchestratorHarness, moment: str
) -> None:
    copier = GatedCopier()
    harness.use(copier)
    nonce = await asked(harness, "a cat")
    harness.orchestrator.hear(waiting(nonce=nonce))
    harness.orchestrator.hear(grid())
    await copier.begun.wait()
    for step in ("before it is cancelled", "before it is deleted", "afterwards"):
        if step == moment:
            copier.goes_on.set()
            await harness.clock.advance(1)
        if step == "before it is cancelled":
            await harness.generations.ask(await harness.row("a cat"), Cancelled(), LATER)
        elif step == "before it is deleted":
            row = await harness.row("a cat")
            await harness.generations.delete(row, LATER)
    (gone,) = await harness.store.list_generations(Query())
    assert gone.archived
    wanted = [picture(gone.id, Slot.GRID).key] if moment == "afterwards" else []
    assert harness.copier.discarded == wanted


async def test_a_deletion_that_comes_too_late_says_so_and_deletes_nothing(
    harness: OrchestratorHarness,
) -> None:
    """Somebody has taken the generation back to work since it was looked at."""
    await unanswered(harness, "a cat")
    ended = (
        await harness.generations.ask(await harness.row("a cat"), Cancelled(), LATER)
    ).generation
    adopted = Adopted(grid(prompt="a cat"))
    assert (await harness.generations.ask(ended, adopted, LATER)).objection is None
    assert (await harness.generations.delete(ended, LATER)).objection == Objection.RUNNING
    assert (await harness.row("a cat")).prompt == "a cat"


async def test_words_stay_while_the_pictures_cannot_go(
    harness: OrchestratorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_begun(
        ids: Collection[str], *, unchanged_since: datetime, favourites_too: bool
    ) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(harness.store, "begin_archiving", nothing_begun)
    await unanswered(harness, "a cat")
    cat = (await harness.generations.ask(await harness.row("a cat"), Cancelled(), LATER)).generation
    assert (await harness.generations.delete(cat, LATER)).objection == Objection.RUNNING
    assert (await harness.row("a cat")).prompt == "a cat"


async def test_a_deletion_that_was_killed_is_finished(harness: OrchestratorHarness) -> None:
    await unanswered(harness, "a cat")
    cat = (await harness.generations.ask(await harness.row("a cat"), Cancelled(), LATER)).generation
    await harness.store.begin_archiving([cat.id], unchanged_since=cat.updated_at)
    begun = await harness.row("a cat")
    gone = (await harness.generations.delete(begun, LATER)).generation
    assert gone.archived_at is not None
    assert (gone.id, gone.prompt) == (cat.id, "")
    assert (await harness.generations.delete(gone, LATER)).objection is None
