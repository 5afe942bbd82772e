"""When nothing more begins: after a cancel, two silences in a row, the end of the process."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

import pytest

from domain.events import (
    Adopted,
    Cancelled,
    GivenUp,
    InteractionCreated,
    PictureStored,
    Retried,
)
from domain.generation import (
    Generation,
    Origin,
    OriginKind,
    Problem,
    ProblemKind,
    Slot,
    Status,
)
from domain.pause import Pause
from domain.ports import Query, Unknown
from domain.reasons import Reason
from domain.requests import Objection
from services.letters import Stopped, Told
from tests.builders import ANN, grid, new_generation, notice, picture, solo, waiting
from tests.unit.services.studio import LIMITS, Studio, finish_grid

LATER = 2**62
"""A message after all others."""


async def unanswered(studio: Studio, prompt: str) -> None:
    """Ask for something that Midjourney never answers, and wait for the end of that."""
    studio.sender.answers = [Unknown("HTTP 504")]
    await studio.submit(prompt)
    await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION, prompt)


def stops(studio: Studio) -> list[Stopped]:
    return [news for news in studio.news if isinstance(news, Stopped)]


async def stopped(studio: Studio) -> None:
    """Wait until the queue stops, which is told once."""
    async with asyncio.timeout(5):
        while not stops(studio):
            await studio.clock.advance(1)
    assert len(stops(studio)) == 1


def words(studio: Studio) -> int:
    """Return how often it was told that there is no answer yet."""
    return len([news for news in studio.news if isinstance(news, Told) and news.unanswered])


async def test_half_of_the_patience_without_an_answer_is_told_once(studio: Studio) -> None:
    await studio.submit()
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    await studio.clock.advance(LIMITS.unanswered / 2 - 1)
    assert words(studio) == 0
    await studio.clock.advance(2)
    assert words(studio) == 1
    await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION)
    assert words(studio) == 1


async def test_nothing_is_told_of_a_silence_after_an_answer(studio: Studio) -> None:
    await studio.submit()
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    studio.orchestrator.hear(waiting(nonce=(await studio.row()).step(Slot.GRID).nonce))
    await studio.until(lambda row: row.status == Status.SUBMITTED)
    await studio.clock.advance(LIMITS.unchanged - 2)
    assert words(studio) == 0


async def test_two_silences_in_a_row_are_no_matter_of_the_prompts(studio: Studio) -> None:
    await unanswered(studio, "a cat")
    assert stops(studio) == []
    await unanswered(studio, "a dog")
    await stopped(studio)
    assert stops(studio)[0].pause.words == Reason.SILENCE
    assert await studio.store.get_pause() is not None


async def test_a_stop_that_we_alone_are_shown_is_ours_whatever_it_replies_to(
    studio: Studio,
) -> None:
    """For instance to the grid of which a variation is asked for; others are shown none of ours."""
    await asked(studio, "a cat")
    studio.orchestrator.hear(notice(title="Subscription required", reference_id=4))
    studio.orchestrator.hear(notice(title="Pending mod message", reference_id=4, private=True))
    await stopped(studio)
    assert "Pending mod message" in stops(studio)[0].pause.words


async def asked(studio: Studio, prompt: str) -> str:
    """Ask for something, and return the nonce of the request."""
    await studio.submit(prompt)
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None, prompt)
    return (await studio.row(prompt)).step(Slot.GRID).nonce or ""


async def test_a_sign_that_nothing_follows_is_no_answer(studio: Studio) -> None:
    """Discord took it, or Midjourney began with it: both happen in Midjourney's outages."""
    for prompt in ("a cat", "a hare"):
        nonce = await asked(studio, prompt)
        studio.orchestrator.hear(InteractionCreated(nonce, 9))
        studio.orchestrator.hear(waiting(nonce=nonce, prompt=prompt))
        await studio.until(lambda row: row.status == Status.SUBMITTED, prompt)
        await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION, prompt)
    await stopped(studio)


async def test_a_refusal_in_between_begins_the_count_anew(studio: Studio) -> None:
    await unanswered(studio, "a cat")
    nonce = await asked(studio, "a hare")
    studio.orchestrator.hear(notice(title="Banned prompt", nonce=nonce))
    await studio.until(lambda row: row.status == Status.FAILED, "a hare")
    await unanswered(studio, "a dog")
    await studio.clock.advance(5)
    assert stops(studio) == []


async def test_after_a_stop_the_count_begins_anew(studio: Studio) -> None:
    await unanswered(studio, "a cat")
    await unanswered(studio, "a dog")
    await stopped(studio)
    await studio.desk.resume(LATER)
    await unanswered(studio, "a fox")
    await studio.clock.advance(5)
    assert len(stops(studio)) == 1


async def test_a_stop_during_a_persons_pause_is_told_and_takes_its_place(studio: Studio) -> None:
    """Or that person would resume without knowing of it."""
    nonce = await asked(studio, "a cat")
    await studio.desk.pause(Pause(words="back at noon", since=studio.clock.now(), by=ANN), LATER)
    studio.orchestrator.hear(notice(title="Blocked", nonce=nonce))
    await stopped(studio)
    for pause in (studio.desk.paused, await studio.store.get_pause()):
        assert pause is not None
        assert pause.by is None
        assert pause.words.startswith("Blocked")


async def test_a_cancel_presses_midjourneys_own_and_the_queue_goes_on(studio: Studio) -> None:
    studio.orchestrator.hear(waiting(nonce=await asked(studio, "a cat")))
    cat = await studio.row()
    await studio.until(lambda row: row.status == Status.SUBMITTED)
    await studio.submit("a dog")
    answered = await studio.desk.ask(cat, Cancelled(), LATER)
    assert answered.generation.status == Status.CANCELLED
    await studio.until(lambda row: row.active, "a dog")
    assert studio.sender.stopped == ["a cat"]
    assert await studio.store.get_mark() == LATER


async def test_midjourneys_own_is_not_pressed_while_the_queue_is_stopped(studio: Studio) -> None:
    studio.orchestrator.hear(waiting(nonce=await asked(studio, "a cat")))
    await studio.until(lambda row: row.status == Status.SUBMITTED)
    await studio.desk.pause(Pause(words="", since=studio.clock.now(), by=ANN), LATER)
    answered = await studio.desk.ask(await studio.row(), Cancelled(), LATER + 1)
    assert answered.generation.status == Status.CANCELLED
    await studio.clock.advance(5)
    assert studio.sender.stopped == []


async def stop_by_cancel(studio: Studio) -> Status:
    await studio.desk.ask(await studio.row(), Cancelled(), LATER)
    return Status.CANCELLED


async def stop_by_pause(studio: Studio) -> Status:
    await studio.desk.pause(Pause(words="", since=studio.clock.now(), by=ANN), LATER)
    return Status.QUEUED


@pytest.mark.parametrize("stop", [stop_by_cancel, stop_by_pause])
async def test_nothing_is_sent_for_what_is_stopped_after_it_was_intended(
    studio: Studio, stop: Callable[[Studio], Awaitable[Status]]
) -> None:
    studio.sender.about_to_send.clear()
    await studio.submit()
    await studio.until(lambda row: row.step(Slot.GRID).nonce is not None)
    ends = await stop(studio)
    studio.sender.about_to_send.set()
    await studio.until(lambda row: row.status == ends)
    await studio.clock.advance(5)
    assert studio.sender.sent == []


async def test_nothing_is_intended_before_all_that_the_request_needs_is_there(
    studio: Studio,
) -> None:
    """Or its silence would be counted, though nobody was asked."""
    studio.sender.prepared.clear()
    await studio.submit()
    await studio.until(lambda row: row.status == Status.SUBMITTING)
    await studio.clock.advance(LIMITS.unanswered * 2)
    assert (await studio.row()).step(Slot.GRID).intended_at is None
    await studio.desk.ask(await studio.row(), Cancelled(), LATER)
    studio.sender.prepared.set()
    await studio.clock.advance(5)
    assert studio.sender.sent == []


async def test_a_late_picture_of_what_was_deleted_is_left_alone(studio: Studio) -> None:
    await studio.submit()
    await finish_grid(studio)
    await studio.until(lambda row: row.status == Status.FAILED)
    await studio.desk.delete(await studio.row(), LATER)
    studio.orchestrator.hear(solo(Slot.UPSCALE_4, reference_id=200))
    await studio.submit("a dog")
    await studio.sent(Slot.GRID, times=2)
    gone = next(row for row in await studio.store.list_generations(Query()) if not row.prompt)
    assert (gone.status, gone.step(Slot.UPSCALE_4).message_id) == (Status.FAILED, None)


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
        self, generation: Generation, slot: Slot, delayed: Callable[[int], Awaitable[None]]
    ) -> PictureStored | GivenUp:
        self.begun.set()
        await self.goes_on.wait()
        return PictureStored(slot, picture(generation.id, slot))


async def copying(studio: Studio) -> SlowCopier:
    """Have a grid made whose copy has begun."""
    slow = SlowCopier()
    studio.use(slow)
    studio.orchestrator.hear(waiting(nonce=await asked(studio, "a cat")))
    studio.orchestrator.hear(grid())
    await slow.begun.wait()
    return slow


async def test_a_child_of_a_row_that_was_deleted_by_hand_fails_and_the_queue_goes_on(
    studio: Studio,
) -> None:
    origin = Origin(kind=OriginKind.REROLL, parent_id=str(uuid.uuid4()))
    await studio.desk.submit(new_generation(prompt="a cat", origin=origin))
    await studio.until(lambda row: row.status == Status.FAILED)
    assert (await studio.row()).problem == Problem(ProblemKind.NO_BUTTON, "reroll")
    await asked(studio, "a dog")


async def test_a_request_is_decided_by_what_the_database_holds(studio: Studio) -> None:
    """The clean-up changes rows beside the loop, which keeps copies."""
    await unanswered(studio, "a cat")
    cat = (await studio.desk.ask(await studio.row("a cat"), Cancelled(), LATER)).generation
    since = cat.updated_at + timedelta(days=1)
    assert await studio.store.begin_archiving([cat.id], unchanged_since=since)
    answered = await studio.desk.ask(cat, Retried(), LATER)
    assert answered.objection == Objection.ARCHIVED


async def test_a_deletion_that_comes_too_late_says_so_and_deletes_nothing(studio: Studio) -> None:
    """Somebody has taken the generation back to work since it was looked at."""
    await unanswered(studio, "a cat")
    ended = (await studio.desk.ask(await studio.row("a cat"), Cancelled(), LATER)).generation
    adopted = Adopted(grid(prompt="a cat"))
    assert (await studio.desk.ask(ended, adopted, LATER)).objection is None
    assert (await studio.desk.delete(ended, LATER)).objection == Objection.RUNNING
    assert (await studio.row("a cat")).prompt == "a cat"


async def test_words_stay_while_the_pictures_cannot_go(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_begun(ids: Collection[str], *, unchanged_since: datetime) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(studio.store, "begin_archiving", nothing_begun)
    await unanswered(studio, "a cat")
    cat = (await studio.desk.ask(await studio.row("a cat"), Cancelled(), LATER)).generation
    assert (await studio.desk.delete(cat, LATER)).objection == Objection.RUNNING
    assert (await studio.row("a cat")).prompt == "a cat"


async def test_a_deletion_that_was_killed_is_finished(studio: Studio) -> None:
    await unanswered(studio, "a cat")
    cat = (await studio.desk.ask(await studio.row("a cat"), Cancelled(), LATER)).generation
    await studio.store.begin_archiving([cat.id], unchanged_since=cat.updated_at)
    begun = await studio.row("a cat")
    gone = (await studio.desk.delete(begun, LATER)).generation
    assert gone.archived_at is not None
    assert (gone.id, gone.prompt) == (cat.id, "")
    assert (await studio.desk.delete(gone, LATER)).objection is None


async def test_at_the_end_a_picture_under_way_is_stored_and_nothing_more_begins(
    studio: Studio,
) -> None:
    slow = await copying(studio)
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
    await copying(studio)
    await studio.orchestrator.drain(0.01)
    assert (await studio.row()).stored == ()


async def test_at_the_end_nothing_under_way_needs_no_waiting(studio: Studio) -> None:
    await studio.submit()
    await finish_grid(studio)
    await studio.orchestrator.drain(0)
