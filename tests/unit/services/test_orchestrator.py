"""The one loop: what it sends, when it gives up waiting, and what it tells; on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.effects import Limits
from domain.errors import StaleFence
from domain.events import (
    Delivered,
    FinalNoticeSent,
    GivenUp,
    Intended,
    PictureStored,
    StatusMessageSent,
)
from domain.generation import UPSCALES, Generation, Problem, ProblemKind, Slot, Status
from domain.likeness import EARLY
from domain.pause import Pause
from domain.ports import Answer, Lease, Outcome, Query, Rejected, Taken, Unknown
from services.database.sqlite import SqliteGenerationStore
from services.generation import LOOK_EVERY, Orchestrator
from services.inbox import Inbox
from services.letters import FromHistory, Stopped, Tick, Told
from tests.builders import (
    grid,
    new_generation,
    notice,
    picture,
    progress,
    solo,
    u_buttons,
    waiting,
)
from tests.fakes import FakeClock

LIMITS = Limits(unanswered=10, unpressed=10, unchanged=20, queued=30)


class ScriptedSender:
    """Answers as the test says, and keeps what it was asked to send."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.sent: list[tuple[str, Slot]] = []

    async def session(self) -> str:
        return "session"

    async def send(self, generation: Generation, slot: Slot) -> Answer:
        self.sent.append((generation.prompt, slot))
        return self.answers.pop(0) if self.answers else Taken()


class InstantCopier:
    """Stores every picture at once."""

    async def copy(self, generation: Generation, slot: Slot) -> PictureStored | GivenUp:
        return PictureStored(slot, picture(generation.id, slot))


class Studio:
    """An orchestrator, and what tests do with it."""

    def __init__(self, store: SqliteGenerationStore, lease: Lease, clock: FakeClock) -> None:
        self.store, self.clock, self.lease = store, clock, lease
        self.sender = ScriptedSender()
        self.news: list[Told | Stopped] = []
        self.orchestrator = Orchestrator(
            store=store,
            lease=lease,
            sender=self.sender,
            copier=InstantCopier(),  # pyright: ignore[reportArgumentType] -- has the one method that is used
            clock=clock,
            limits=LIMITS,
        )
        self.orchestrator.subscribe(self.news.append)

    async def submit(self, prompt: str = "a cat") -> Generation:
        accepted = await self.orchestrator.submit(new_generation(prompt=prompt))
        return accepted.generation

    async def until(self, condition: Callable[[Generation], bool], prompt: str = "a cat") -> None:
        """Let time pass, a second after the other, until a row is as wanted."""
        async with asyncio.timeout(10):
            while not condition(await self.row(prompt)):
                await self.clock.advance(1)

    async def row(self, prompt: str = "a cat") -> Generation:
        rows = await self.store.list_generations(Query(limit=100))
        return next(row for row in rows if row.prompt == prompt)

    async def sent(self, slot: Slot, times: int = 1) -> None:
        """Wait until a request for a slot was made and its outcome is on the row."""
        async with asyncio.timeout(10):
            while [s for _, s in self.sender.sent].count(slot) < times:
                await self.clock.advance(1)


def snowflake(moment: datetime) -> int:
    """Return the id that Discord gives to what it makes at that moment."""
    since_2015 = moment - datetime(2015, 1, 1, tzinfo=UTC)
    return int(since_2015.total_seconds() * 1000) << 22


@asynccontextmanager
async def working(folder: Path, clock: FakeClock | None = None) -> AsyncGenerator[Studio]:
    clock = clock or FakeClock()
    store = await SqliteGenerationStore.open(folder / "atelier.sqlite3", clock=clock)
    try:
        studio = Studio(store, await store.acquire_lease("test", 30), clock)
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(studio.orchestrator.run())
            yield studio
            work.cancel()
    finally:
        await store.close()


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncGenerator[Studio]:
    async with working(tmp_path) as studio:
        yield studio


async def finish_grid(studio: Studio, **changes: object) -> None:
    """Have Midjourney make the grid, and wait until it is stored."""
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    nonce = (await studio.row()).step(Slot.GRID).nonce
    studio.orchestrator.hear(waiting(nonce=nonce))
    studio.orchestrator.hear(grid(**changes))
    await studio.until(lambda row: Slot.GRID in row.stored)


async def test_a_generation_goes_through_to_its_end(studio: Studio) -> None:
    await studio.submit()
    await finish_grid(studio)
    for slot in UPSCALES:
        await studio.sent(slot)
        studio.orchestrator.hear(solo(slot))
    await studio.until(lambda row: row.status == Status.COMPLETED)
    assert [slot for _, slot in studio.sender.sent] == list(Slot)


async def test_a_taken_code_is_drawn_anew(studio: Studio) -> None:
    first = await studio.orchestrator.submit(new_generation(code="aaaaaa"))
    second = await studio.orchestrator.submit(new_generation(code="aaaaaa"))
    assert first.generation.code == "aaaaaa"
    assert second.new
    assert second.generation.code != "aaaaaa"


async def test_the_same_command_twice_is_one_generation(studio: Studio) -> None:
    new = new_generation()
    assert (await studio.orchestrator.submit(new)).new
    assert not (await studio.orchestrator.submit(replace(new, code="bbbbbb"))).new


async def test_a_grid_that_nobody_answers_for_is_asked_about_and_the_queue_goes_on(
    studio: Studio,
) -> None:
    studio.sender.answers = [Unknown("HTTP 504")]
    await studio.submit()
    await studio.submit("a dog")
    await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION)
    await studio.until(lambda row: row.steps[0].delivered_at is not None, "a dog")
    assert [prompt for prompt, _ in studio.sender.sent] == ["a cat", "a dog"]


async def test_an_answer_in_the_last_second_begins_the_wait_anew(studio: Studio) -> None:
    await studio.submit()
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    await studio.clock.advance(LIMITS.unanswered - 2)
    studio.orchestrator.hear(waiting(nonce=(await studio.row()).step(Slot.GRID).nonce))
    await studio.until(lambda row: row.status == Status.SUBMITTED)
    await studio.clock.advance(LIMITS.unchanged - 2)
    assert (await studio.row()).status == Status.SUBMITTED


async def test_a_silent_button_is_pressed_twice_and_the_others_are_kept(studio: Studio) -> None:
    await studio.submit()
    await finish_grid(studio)
    for slot in UPSCALES:
        await studio.sent(slot)
        if slot != Slot.UPSCALE_3:
            studio.orchestrator.hear(solo(slot))
    await studio.until(lambda row: row.status == Status.FAILED)
    row = await studio.row()
    assert row.missing == (Slot.UPSCALE_3,)
    assert [slot for _, slot in studio.sender.sent].count(Slot.UPSCALE_3) == 2


async def test_a_grid_without_the_button_gives_that_upscale_up(studio: Studio) -> None:
    await studio.submit()
    await finish_grid(studio, buttons=u_buttons()[:3])
    for slot in UPSCALES[:3]:
        await studio.sent(slot)
        studio.orchestrator.hear(solo(slot))
    await studio.until(lambda row: row.status == Status.FAILED)
    assert (await studio.row()).problem == Problem(ProblemKind.NO_BUTTON, "upscale_4")


async def test_what_was_not_accepted_waits_its_time_and_keeps_its_turn(studio: Studio) -> None:
    refusal = Problem(ProblemKind.NOT_SENT, "HTTP 429")
    studio.sender.answers = [Rejected(refusal, retry_after=5)]
    await studio.submit()
    await studio.submit("a dog")
    await studio.until(lambda row: row.status == Status.COMPLETED or row.active, "a dog")
    assert (await studio.row()).status == Status.QUEUED
    assert (await studio.row()).turn < (await studio.row("a dog")).turn


async def test_a_waiting_generation_is_found_without_a_nudge(studio: Studio) -> None:
    """Somebody else may have put it there, as an operator in the database."""
    await studio.store.create_generation(new_generation(prompt="a cat"), fence=studio.lease.fence)
    await studio.clock.advance(LOOK_EVERY.total_seconds() + 2)
    await studio.until(lambda row: row.active)


async def test_a_change_by_somebody_else_is_seen_and_built_upon(studio: Studio) -> None:
    await studio.submit()
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    row = await studio.row()
    change = await studio.store.update_generation(
        row,
        replace(row, status_message_id=77),
        event="by hand",
        fence=studio.lease.fence,
    )
    assert change.outcome == Outcome.DONE
    after = await studio.orchestrator.report(row.id, FinalNoticeSent(78))
    assert (after.status_message_id, after.notice_message_id) == (77, 78)


async def test_a_pause_holds_back_what_is_about_to_be_sent(studio: Studio) -> None:
    pause = Pause(words="", since=studio.clock.now())
    assert await studio.orchestrator.pause(pause)
    row = await studio.submit()
    intended = await studio.orchestrator.report(row.id, Intended(Slot.GRID, "n", "s"))
    assert intended.step(Slot.GRID).nonce is None
    await studio.clock.advance(5)
    assert studio.sender.sent == []
    assert await studio.orchestrator.resume()
    await studio.sent(Slot.GRID)


async def test_a_restart_takes_up_the_active_one_and_tells_what_was_not_told(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    async with working(tmp_path, clock) as first:
        first.sender.answers = [Rejected(Problem(ProblemKind.NOT_SENT, "HTTP 403"))]
        failed = await first.submit("a failure")
        await first.until(lambda row: row.status == Status.FAILED, "a failure")
        await first.submit()
        await finish_grid(first)
    async with working(tmp_path, clock) as second:
        await second.sent(Slot.UPSCALE_2)
        told = [news.generation.id for news in second.news if isinstance(news, Told)]
        assert failed.id in told
        assert (await second.row()).active


async def test_a_stale_fence_ends_the_work(tmp_path: Path) -> None:
    """Another process holds the lease: this one must not write any more."""
    clock = FakeClock()
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3", clock=clock)
    try:
        lease = await store.acquire_lease("old", 30)
        studio = Studio(store, replace(lease, fence=lease.fence - 1), clock)
        with pytest.raises(ExceptionGroup) as ended:
            await studio.orchestrator.run()
        assert ended.group_contains(StaleFence)
        with pytest.raises(StaleFence):
            await studio.submit()
    finally:
        await store.close()


async def test_nobody_waits_for_a_loop_that_has_ended(tmp_path: Path) -> None:
    async with working(tmp_path) as studio:
        row = await studio.submit()
    with pytest.raises(asyncio.CancelledError):
        await studio.orchestrator.report(row.id, StatusMessageSent(1))


async def test_who_waits_when_the_inbox_is_closed_is_let_go() -> None:
    inbox = Inbox()
    waits = asyncio.create_task(inbox.ask("g", StatusMessageSent(1)))
    await asyncio.sleep(0)
    inbox.put(Tick())
    inbox.close()
    with pytest.raises(asyncio.CancelledError):
        await waits


async def test_silence_is_measured_only_while_something_is_awaited(studio: Studio) -> None:
    assert studio.orchestrator.silence() == 0
    row = await studio.submit()
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    await studio.clock.advance(5)
    assert studio.orchestrator.silence() >= 5
    await studio.orchestrator.report(row.id, Delivered(Slot.GRID, "another"))
    assert studio.orchestrator.first_unknown() == row.command_message_id


async def test_a_job_that_stands_still_is_given_up_though_the_history_shows_it(
    studio: Studio,
) -> None:
    """The history is read in every silence: what it repeats must not end the silence."""
    await studio.submit()
    await studio.until(lambda row: row.steps[0].delivered_at is not None)
    running = progress(51, nonce=(await studio.row()).step(Slot.GRID).nonce)
    studio.orchestrator.hear(running)
    async with asyncio.timeout(5):
        while (await studio.row()).active:
            await studio.clock.advance(LIMITS.unchanged / 3)
            studio.orchestrator.look_back(FromHistory((running,), 1, account_id=7))
    assert (await studio.row()).status == Status.NEEDS_ATTENTION


async def test_a_notice_is_taken_once_though_the_history_repeats_it(studio: Studio) -> None:
    """Else an old refusal would undo each new press."""
    await studio.submit()
    await finish_grid(studio)
    await studio.sent(Slot.UPSCALE_1)
    full = notice(title="Queue full", message_id=5, reference_id=200)
    studio.orchestrator.hear(full)
    await studio.sent(Slot.UPSCALE_1, times=2)
    pressed_again = (await studio.row()).step(Slot.UPSCALE_1)
    studio.orchestrator.look_back(FromHistory((full,), 1, 2))
    row = await studio.orchestrator.report((await studio.row()).id, StatusMessageSent(1))
    assert row.step(Slot.UPSCALE_1).nonce == pressed_again.nonce is not None


async def test_what_likeness_binds_lets_ids_decide_the_rest_of_the_same_look(
    studio: Studio,
) -> None:
    """The first message was missed; once it is known by its text, the final references it."""
    studio.sender.answers = [Unknown("HTTP 504")]
    asked = new_generation(prompt="a cat", command_message_id=snowflake(studio.clock.now()))
    row = (await studio.orchestrator.submit(asked)).generation
    await studio.until(lambda row: row.steps[0].nonce is not None)
    start = snowflake(studio.clock.now())
    begun = waiting(message_id=start + 1, prompt="a cat", mentioned_id=7)
    done = grid(message_id=start + 2, reference_id=start + 1, prompt="a cat", mentioned_id=7)
    await studio.clock.advance(EARLY.total_seconds())  # until then, words decide nothing
    studio.orchestrator.look_back(FromHistory((begun, done), 1, account_id=7))
    await studio.until(lambda row: Slot.GRID in row.stored)
    assert (await studio.row()).id == row.id
