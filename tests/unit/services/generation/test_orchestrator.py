"""The one loop: what it sends, when it gives up waiting, and what it tells; on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import StaleFence
from domain.events import (
    Delivered,
    FinalNoticeSent,
    Intended,
    MessageDeleted,
    PictureStored,
    StatusMessageSent,
)
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.pause import Pause
from domain.ports import Outcome
from domain.sender import Rejected, Unknown
from domain.slots import UPSCALES, Slot
from domain.snowflakes import created_at, first_at
from domain.text_matching import CLOCK_TOLERANCE
from services.database.sqlite import SqliteGenerationStore
from services.generation.claims import LOOK_EVERY
from services.generation.inbox import Inbox, LiveEvent, Tick
from services.updates import GenerationUpdate
from tests.builders import (
    ANN,
    new_generation,
    picture,
    solo,
    u_buttons,
    waiting,
)
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import (
    LIMITS,
    OrchestratorHarness,
    finish_grid,
    working,
)


async def test_a_generation_goes_through_to_its_end(harness: OrchestratorHarness) -> None:
    await harness.submit()
    await finish_grid(harness)
    for slot in UPSCALES:
        await harness.sent(slot)
        harness.orchestrator.hear(solo(slot))
    await harness.until(lambda row: row.status == Status.COMPLETED)
    assert [slot for _, slot in harness.sender.sent] == list(Slot)


async def test_a_taken_code_is_drawn_anew(harness: OrchestratorHarness) -> None:
    first = await harness.generations.submit(new_generation(code="aaaaaa"), owner=True)
    second = await harness.generations.submit(new_generation(code="aaaaaa"), owner=True)
    assert first.generation.code == "aaaaaa"
    assert second.new
    assert second.generation.code != "aaaaaa"


async def test_the_same_command_twice_is_one_generation(harness: OrchestratorHarness) -> None:
    new = new_generation()
    assert (await harness.generations.submit(new, owner=True)).new
    assert not (await harness.generations.submit(replace(new, code="bbbbbb"), owner=True)).new


@pytest.mark.fault(name="F15")
async def test_a_grid_that_nobody_answers_for_is_asked_about_and_the_queue_goes_on(
    harness: OrchestratorHarness,
) -> None:
    harness.sender.answers = [Unknown("HTTP 504")]
    await harness.submit()
    await harness.submit("a dog")
    await harness.until(lambda row: row.status == Status.NEEDS_ATTENTION)
    await harness.until(lambda row: row.steps[0].delivered_at is not None, "a dog")
    assert [prompt for prompt, _ in harness.sender.sent] == ["a cat", "a dog"]


async def test_no_silence_ends_while_the_history_is_read(harness: OrchestratorHarness) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    with harness.orchestrator.looking():
        await harness.clock.advance(2 * LIMITS.unanswered)
        assert (await harness.row()).status == Status.SUBMITTING
    await harness.clock.advance(2)
    assert (await harness.row()).status == Status.NEEDS_ATTENTION


async def test_what_a_silent_press_has_made_is_looked_for_from_that_press_on(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await finish_grid(harness)
    await harness.sent(Slot.UPSCALE_1)
    first = (await harness.row()).step(Slot.UPSCALE_1).intended_at
    assert first is not None
    await harness.until(lambda row: all(row.step(slot).unanswered for slot in UPSCALES))
    await harness.until(lambda row: all(row.step(slot).intended_at for slot in UPSCALES))
    assert harness.orchestrator.first_unknown() == first_at(first - CLOCK_TOLERANCE)


async def test_an_answer_in_the_last_second_begins_the_wait_anew(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    await harness.clock.advance(LIMITS.unanswered - 2)
    harness.orchestrator.hear(waiting(nonce=(await harness.row()).step(Slot.GRID).nonce))
    await harness.until(lambda row: row.status == Status.SUBMITTED)
    await harness.clock.advance(LIMITS.unchanged - 2)
    assert (await harness.row()).status == Status.SUBMITTED


@pytest.mark.fault(name="F07")
async def test_a_silent_button_is_pressed_twice_and_the_others_are_kept(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await finish_grid(harness)
    for slot in UPSCALES:
        await harness.sent(slot)
        if slot != Slot.UPSCALE_3:
            harness.orchestrator.hear(solo(slot))
    await harness.until(lambda row: row.status == Status.FAILED)
    row = await harness.row()
    assert row.missing == (Slot.UPSCALE_3,)
    assert [slot for _, slot in harness.sender.sent].count(Slot.UPSCALE_3) == 2


async def test_a_grid_without_the_button_gives_that_upscale_up(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await finish_grid(harness, buttons=u_buttons()[:3])
    for slot in UPSCALES[:3]:
        await harness.sent(slot)
        harness.orchestrator.hear(solo(slot))
    await harness.until(lambda row: row.status == Status.FAILED)
    assert (await harness.row()).problem == Problem(ProblemKind.NO_BUTTON, "upscale_4")


async def test_what_was_not_accepted_waits_its_time_and_keeps_its_turn(
    harness: OrchestratorHarness,
) -> None:
    refusal = Problem(ProblemKind.NOT_SENT, "HTTP 429")
    harness.sender.answers = [Rejected(refusal, retry_after=5)]
    await harness.submit()
    await harness.submit("a dog")
    await harness.until(lambda row: row.status == Status.COMPLETED or row.active, "a dog")
    assert (await harness.row()).status == Status.QUEUED
    assert (await harness.row()).turn < (await harness.row("a dog")).turn


async def test_a_waiting_generation_is_found_without_a_nudge(harness: OrchestratorHarness) -> None:
    """Somebody else may have put it there, as an operator in the database."""
    await harness.store.create_generation(new_generation(prompt="a cat"), fence=harness.lease.fence)
    await harness.clock.advance(LOOK_EVERY + 2)
    await harness.until(lambda row: row.step(Slot.GRID).intended_at is not None)  # ever since


async def test_a_change_by_somebody_else_is_seen_and_built_upon(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    row = await harness.row()
    change = await harness.store.update_generation(
        row,
        replace(row, status_message_id=77),
        event="by hand",
        fence=harness.lease.fence,
    )
    assert change.outcome == Outcome.DONE
    after = await harness.orchestrator.report(row.id, FinalNoticeSent(78))
    assert (after.status_message_id, after.notice_message_id) == (77, 78)


async def test_a_pause_holds_back_what_is_about_to_be_sent(harness: OrchestratorHarness) -> None:
    pause = Pause(words="", since=harness.clock.now(), by=ANN)
    assert await harness.generations.pause(pause, 1)
    row = await harness.submit()
    intended = await harness.orchestrator.report(row.id, Intended(Slot.GRID, "n", "s"))
    assert intended.step(Slot.GRID).nonce is None
    await harness.clock.advance(5)
    assert harness.sender.sent == []
    assert await harness.generations.resume(2)
    await harness.sent(Slot.GRID)


async def test_a_restart_takes_up_the_active_one(tmp_path: Path) -> None:
    clock = FakeClock()
    async with working(tmp_path, clock) as first:
        await first.submit()
        await finish_grid(first)
    async with working(tmp_path, clock) as second:
        await second.sent(Slot.UPSCALE_2)
        assert (await second.row()).active


@pytest.mark.fault(name="F14")
async def test_a_stale_fence_ends_the_work(tmp_path: Path) -> None:
    """Another process holds the lease: this one must not write any more."""
    clock = FakeClock()
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3", clock=clock)
    try:
        lease = await store.acquire_lease("old", 30)
        harness = OrchestratorHarness(store, replace(lease, fence=lease.fence - 1), clock)
        with pytest.raises(ExceptionGroup) as ended:
            await harness.orchestrator.run()
        assert ended.group_contains(StaleFence)
        with pytest.raises(StaleFence):
            await harness.submit()
    finally:
        await store.close()


async def test_nobody_waits_for_a_loop_that_has_ended(tmp_path: Path) -> None:
    async with working(tmp_path) as harness:
        row = await harness.submit()
    with pytest.raises(asyncio.CancelledError):
        await harness.orchestrator.report(row.id, StatusMessageSent(1))


async def test_who_waits_when_the_inbox_is_closed_is_let_go() -> None:
    inbox = Inbox()
    waits = asyncio.create_task(inbox.report("g", StatusMessageSent(1)))
    await asyncio.sleep(0)
    inbox.put(Tick())
    inbox.close()
    with pytest.raises(asyncio.CancelledError):
        await waits


async def test_ticks_do_not_pile_up_while_nobody_takes_them() -> None:
    inbox = Inbox()
    for _ in range(3):
        inbox.tick()
    inbox.put(LiveEvent(MessageDeleted(1)))
    assert await inbox.get() == Tick()
    inbox.tick()
    assert [await inbox.get(), await inbox.get()] == [LiveEvent(MessageDeleted(1)), Tick()]


async def test_silence_is_measured_only_while_something_is_awaited(
    harness: OrchestratorHarness,
) -> None:
    assert harness.orchestrator.silence() == 0
    row = await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    await harness.clock.advance(5)
    assert harness.orchestrator.silence() >= 5
    await harness.orchestrator.report(row.id, Delivered(Slot.GRID, "another"))
    since = harness.orchestrator.first_unknown()
    assert since is not None
    assert created_at(since + 1) == harness.clock.now() - CLOCK_TOLERANCE - timedelta(seconds=5)


class LateForTheFirst:
    """Stores pictures at once; for the first upscale, the image store is away for a while."""

    def __init__(self) -> None:
        self.back = asyncio.Event()

    async def copy(
        self, generation: Generation, slot: Slot, delayed: Callable[[int], Awaitable[None]]
    ) -> PictureStored:
        if slot == Slot.UPSCALE_1:
            await delayed(2)
            await self.back.wait()
        return PictureStored(slot, picture(generation.id, slot))


async def test_that_a_picture_waits_is_told_with_every_change_until_it_is_stored(
    harness: OrchestratorHarness,
) -> None:
    late = LateForTheFirst()
    harness.use(late)
    await harness.submit()
    await finish_grid(harness)
    for slot in UPSCALES:
        await harness.sent(slot)
        harness.orchestrator.hear(solo(slot))
    await harness.until(lambda row: row.stored == (Slot.GRID, *UPSCALES[1:]))
    late.back.set()
    await harness.until(lambda row: row.status == Status.COMPLETED)
    told = [news for news in harness.news if isinstance(news, GenerationUpdate)]
    delayed = [news.delayed for news in told]
    assert set(delayed) == {0, 2}
    first = delayed.index(2)
    assert delayed[first:] == sorted(delayed[first:], reverse=True)
    assert {len(news.generation.stored) for news in told if news.delayed} == {1, 2, 3, 4}
    assert not any(news.delayed for news in told if news.generation.stored == tuple(Slot))
