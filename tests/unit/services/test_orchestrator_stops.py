"""When nothing more begins: after a cancel, two silences in a row, the end of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from domain.events import Cancelled, GivenUp, PictureStored, Retried
from domain.generation import Generation, Slot, Status
from domain.ports import Unknown
from domain.requests import Objection
from services.letters import Stopped
from tests.builders import grid, picture, waiting
from tests.unit.services.studio import Studio, finish_grid

LATER = 2**62
"""A message after all others."""


async def unanswered(studio: Studio, prompt: str) -> None:
    """Ask for something that Midjourney never answers, and wait for the end of that."""
    studio.sender.answers = [Unknown("HTTP 504")]
    await studio.submit(prompt)
    await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION, prompt)


def stops(studio: Studio) -> list[Stopped]:
    return [news for news in studio.news if isinstance(news, Stopped)]


async def test_two_silences_in_a_row_are_no_matter_of_the_prompts(studio: Studio) -> None:
    await unanswered(studio, "a cat")
    assert stops(studio) == []
    await unanswered(studio, "a dog")
    async with asyncio.timeout(5):
        while not stops(studio):
            await studio.clock.advance(1)
    assert len(stops(studio)) == 1
    assert "status.midjourney.com" in stops(studio)[0].pause.words
    assert await studio.store.get_pause() is not None


async def test_an_answer_in_between_begins_the_count_anew(studio: Studio) -> None:
    await unanswered(studio, "a cat")
    await studio.submit("a hare")
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None, "a hare")
    nonce = (await studio.row("a hare")).step(Slot.GRID).nonce
    studio.orchestrator.hear(waiting(nonce=nonce, prompt="a hare"))
    await studio.until(lambda row: row.status == Status.SUBMITTED, "a hare")
    await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION, "a hare")
    assert stops(studio) == []


async def test_a_cancel_presses_midjourneys_own_and_the_queue_goes_on(studio: Studio) -> None:
    cat = await studio.submit()
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None)
    nonce = (await studio.row()).step(Slot.GRID).nonce
    studio.orchestrator.hear(waiting(nonce=nonce))
    await studio.until(lambda row: row.status == Status.SUBMITTED)
    await studio.submit("a dog")
    answered = await studio.desk.ask(cat, Cancelled(), LATER)
    assert answered.generation.status == Status.CANCELLED
    await studio.until(lambda row: row.active, "a dog")
    assert studio.sender.stopped == ["a cat"]
    assert await studio.store.get_mark() == LATER


async def test_a_request_that_cannot_be_says_why_and_changes_nothing(studio: Studio) -> None:
    cat = await studio.submit()
    answered = await studio.desk.ask(cat, Retried(), LATER)
    assert answered.objection == Objection.RUNNING
    assert await studio.store.get_mark() != LATER


class SlowCopier:
    """Stores a picture when the test lets it."""

    def __init__(self) -> None:
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()

    async def copy(
        self, generation: Generation, slot: Slot, delayed: Callable[[], None]
    ) -> PictureStored | GivenUp:
        self.begun.set()
        await self.goes_on.wait()
        return PictureStored(slot, picture(generation.id, slot))


async def test_at_the_end_a_picture_under_way_is_stored_and_nothing_more_begins(
    studio: Studio,
) -> None:
    slow = SlowCopier()
    studio.use(slow)
    await studio.submit()
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None)
    studio.orchestrator.hear(waiting(nonce=(await studio.row()).step(Slot.GRID).nonce))
    studio.orchestrator.hear(grid())
    await slow.begun.wait()
    draining = asyncio.create_task(studio.orchestrator.drain(5))
    await asyncio.sleep(0)
    assert not draining.done()
    slow.goes_on.set()
    await draining
    row = await studio.row()
    assert row.stored == (Slot.GRID,)
    await studio.clock.advance(5)
    assert [slot for _, slot in studio.sender.sent] == [Slot.GRID]


async def test_at_the_end_a_picture_that_takes_too_long_is_left_to_the_next_process(
    studio: Studio,
) -> None:
    slow = SlowCopier()
    studio.use(slow)
    await studio.submit()
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None)
    studio.orchestrator.hear(waiting(nonce=(await studio.row()).step(Slot.GRID).nonce))
    studio.orchestrator.hear(grid())
    await slow.begun.wait()
    await studio.orchestrator.drain(0.01)
    assert (await studio.row()).stored == ()


async def test_at_the_end_nothing_under_way_needs_no_waiting(studio: Studio) -> None:
    await studio.submit()
    await finish_grid(studio)
    await studio.orchestrator.drain(0)
