"""What the history tells is applied once, to whom it belongs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from domain.events import Cancelled, Heard, MessageDeleted, StatusMessageSent
from domain.generation import UPSCALES, Problem, ProblemKind, Slot, Status
from domain.likeness import EARLY
from domain.ports import Unknown
from domain.reasons import Reason
from services.letters import FromHistory, Stopped
from tests.builders import (
    grid,
    new_generation,
    notice,
    progress,
    solo,
    waiting,
)
from tests.fakes import FakeClock
from tests.unit.services.studio import LIMITS, Studio, finish_grid, snowflake, working


def looked(studio: Studio, *heard: Heard) -> FromHistory:
    """Return what the history tells now."""
    return FromHistory(heard, 1, account_id=7, at=studio.clock.now())


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
            studio.orchestrator.look_back(looked(studio, running))
    assert (await studio.row()).status == Status.NEEDS_ATTENTION


async def gone(studio: Studio, prompt: str = "a cat", message_id: int = 100) -> None:
    """Let a job begin, and its progress message be deleted."""
    await studio.submit(prompt)
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None, prompt)
    nonce = (await studio.row(prompt)).step(Slot.GRID).nonce
    studio.orchestrator.hear(progress(51, message_id=message_id, nonce=nonce, prompt=prompt))
    studio.orchestrator.hear(MessageDeleted(message_id))
    await studio.until(lambda row: row.step(Slot.GRID).gone_at is not None, prompt)


async def lost(studio: Studio, prompt: str = "a cat", message_id: int = 100) -> None:
    """Let that happen, and the history hold no result."""
    await gone(studio, prompt, message_id)
    await studio.clock.advance(LIMITS.gone + 2)
    studio.orchestrator.look_back(looked(studio))
    await studio.until(lambda row: row.status == Status.FAILED, prompt)


async def test_what_became_of_a_progress_message_that_is_gone_only_the_history_tells(
    studio: Studio,
) -> None:
    """A look before its result had time to come is none; without one, it is as unknown as ever."""
    await gone(studio)
    studio.orchestrator.look_back(looked(studio))
    assert not studio.orchestrator.misses()
    await studio.clock.advance(LIMITS.gone + 2)
    assert studio.orchestrator.misses()
    assert (await studio.row()).active
    studio.orchestrator.look_back(looked(studio))
    await studio.until(lambda row: not row.active)
    assert (await studio.row()).problem == Problem(ProblemKind.STOPPED)
    assert not studio.orchestrator.misses()


async def test_a_result_that_comes_in_a_gap_after_that_is_looked_for(tmp_path: Path) -> None:
    """The progress message was only tidied up: the job ran on, and was paid for."""
    clock = FakeClock()
    async with working(tmp_path, clock) as studio:
        await lost(studio)
        assert studio.orchestrator.first_unknown() == (await studio.row()).command_message_id
        await studio.store.release_lease(studio.lease)
    async with working(tmp_path, clock) as studio:
        async with asyncio.timeout(5):
            while studio.orchestrator.first_unknown() is None:
                await clock.advance(1)
        studio.orchestrator.look_back(looked(studio, grid()))
        await studio.until(lambda row: Slot.GRID in row.stored)


async def test_two_in_a_row_that_vanish_are_no_matter_of_the_prompts(studio: Studio) -> None:
    for message_id, prompt in ((100, "a cat"), (101, "a hare")):
        await lost(studio, prompt, message_id)
    async with asyncio.timeout(5):
        while not (stops := [news for news in studio.news if isinstance(news, Stopped)]):
            await studio.clock.advance(1)
    assert [stop.pause.words for stop in stops] == [Reason.SILENCE]


async def test_a_history_that_holds_the_result_ends_the_search_for_it(studio: Studio) -> None:
    await gone(studio)
    await studio.clock.advance(LIMITS.gone + 2)
    studio.orchestrator.look_back(looked(studio, grid()))
    await studio.until(lambda row: Slot.GRID in row.stored)
    assert not studio.orchestrator.misses()


async def test_what_no_history_tells_is_asked_about(studio: Studio) -> None:
    await gone(studio)
    await studio.until(lambda row: not row.active)
    row = await studio.row()
    assert (row.status, row.problem) == (
        Status.NEEDS_ATTENTION,
        Problem(ProblemKind.NO_ANSWER),
    )


async def test_a_process_that_finds_a_progress_message_gone_looks_before_it_decides(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    async with working(tmp_path, clock) as studio:
        await gone(studio)
        await studio.store.release_lease(studio.lease)
    clock.jump(60)
    async with working(tmp_path, clock) as studio:
        async with asyncio.timeout(5):
            while not studio.orchestrator.misses():
                await clock.advance(1)
        await clock.advance(3)
        assert (await studio.row()).active
        studio.orchestrator.look_back(looked(studio))
        await studio.until(lambda row: row.status == Status.FAILED)


async def test_a_notice_is_taken_once_though_the_history_repeats_it(studio: Studio) -> None:
    """Else an old refusal would undo each new press."""
    await studio.submit()
    await finish_grid(studio)
    await studio.sent(Slot.UPSCALE_1)
    full = notice(title="Queue full", message_id=5, reference_id=200)
    studio.orchestrator.hear(full)
    await studio.sent(Slot.UPSCALE_1, times=2)
    pressed_again = (await studio.row()).step(Slot.UPSCALE_1)
    studio.orchestrator.look_back(looked(studio, full))
    row = await studio.orchestrator.report((await studio.row()).id, StatusMessageSent(1))
    assert row.step(Slot.UPSCALE_1).nonce == pressed_again.nonce is not None


async def test_what_likeness_binds_lets_ids_decide_the_rest_of_the_same_look(
    studio: Studio,
) -> None:
    """The first message was missed; once it is known by its text, the final references it."""
    studio.sender.answers = [Unknown("HTTP 504")]
    asked = new_generation(prompt="a cat", command_message_id=snowflake(studio.clock.now()))
    row = (await studio.desk.submit(asked)).generation
    await studio.until(lambda row: row.steps[0].nonce is not None)
    start = snowflake(studio.clock.now())
    begun = waiting(message_id=start + 1, prompt="a cat", mentioned_id=7)
    done = grid(message_id=start + 2, reference_id=start + 1, prompt="a cat", mentioned_id=7)
    await studio.clock.advance(EARLY.total_seconds())  # until then, words decide nothing
    studio.orchestrator.look_back(looked(studio, begun, done))
    await studio.until(lambda row: Slot.GRID in row.stored)
    assert (await studio.row()).id == row.id


async def test_words_decide_nothing_while_our_request_is_on_its_way(studio: Studio) -> None:
    """What has the same words then, somebody else asked for."""
    studio.sender.answers = [Unknown("HTTP 504")]
    studio.sender.reachable.clear()
    asked = new_generation(prompt="a cat", command_message_id=snowflake(studio.clock.now()))
    await studio.desk.submit(asked)
    async with asyncio.timeout(5):
        while not studio.sender.sent:  # and no time passes, of which too much would be a silence
            await studio.clock.advance(0)
    begun = waiting(message_id=asked.command_message_id + 1, prompt="a cat", mentioned_id=7)

    async def look() -> int | None:
        studio.orchestrator.look_back(looked(studio, begun))
        row = await studio.orchestrator.report(asked.id, StatusMessageSent(1))
        return row.step(Slot.GRID).progress_message_id

    await studio.clock.advance(EARLY.total_seconds())
    assert await look() is None
    studio.sender.reachable.set()
    await studio.clock.advance(0)
    assert await look() == begun.message_id


async def test_the_grid_of_a_generation_that_has_ended_well_is_nobody_elses(studio: Studio) -> None:
    """Two asked for the same; the first one's answer never came, the second one's did."""
    studio.sender.answers = [Unknown("HTTP 504")]
    start = snowflake(studio.clock.now())
    first = new_generation(prompt="a cat", command_message_id=start)
    await studio.desk.submit(first)
    await studio.until(lambda row: row.status == Status.NEEDS_ATTENTION)
    await studio.desk.submit(new_generation(prompt="a cat", command_message_id=start + 1))
    await studio.until(lambda row: row.id != first.id and row.steps[0].delivered_at is not None)
    sent = snowflake(studio.clock.now())
    nonce = (await studio.row()).step(Slot.GRID).nonce
    same = {"prompt": "a cat", "mentioned_id": 7}
    done = grid(message_id=sent + 2, reference_id=sent + 1, **same)
    studio.orchestrator.hear(waiting(message_id=sent + 1, nonce=nonce, **same))
    studio.orchestrator.hear(done)
    for slot in UPSCALES:
        await studio.sent(slot)
        studio.orchestrator.hear(solo(slot, reference_id=sent + 2))
    await studio.until(lambda row: row.status == Status.COMPLETED)
    await studio.clock.advance(EARLY.total_seconds())
    studio.orchestrator.look_back(looked(studio, done))
    await studio.orchestrator.report(first.id, StatusMessageSent(1))
    row = await studio.store.get_generation(first.id)
    assert row is not None
    assert row.status == Status.NEEDS_ATTENTION


async def test_a_refusal_that_was_heard_before_its_job_was_known_is_taken_then(
    studio: Studio,
) -> None:
    """The job's own message fell into a gap, and has no ids that tell whose it is."""
    start = snowflake(studio.clock.now())
    await studio.desk.submit(new_generation(prompt="a cat", command_message_id=start))
    await studio.until(lambda row: row.step(Slot.GRID).delivered_at is not None)
    sent = snowflake(studio.clock.now())
    broken = notice(
        title="Sorry! Could not complete the job!", message_id=sent + 2, reference_id=sent + 1
    )
    studio.orchestrator.hear(broken)
    await studio.clock.advance(EARLY.total_seconds())
    begun = waiting(message_id=sent + 1, prompt="a cat", mentioned_id=7)
    studio.orchestrator.look_back(looked(studio, begun, broken))
    await studio.until(lambda row: row.status == Status.FAILED)
    problem = (await studio.row()).problem
    assert problem is not None
    assert problem.detail.startswith("Sorry!")


async def test_all_that_ended_lately_is_remembered_by_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also beyond the first page."""
    monkeypatch.setattr("services.known.PAGE", 1)
    clock = FakeClock()
    async with working(tmp_path, clock) as studio:
        studio.sender.answers = [Unknown("HTTP 504")]
        for prompt in ("a cat", "a dog"):
            await studio.submit(prompt)
            await studio.until(lambda row: row.step(Slot.GRID).intended_at is not None, prompt)
            await studio.desk.ask(await studio.row(prompt), Cancelled(), 1)
        late = (await studio.row("a cat")).step(Slot.GRID)
        await studio.store.release_lease(studio.lease)
    async with working(tmp_path, clock) as studio:
        studio.orchestrator.hear(waiting(nonce=late.nonce, prompt="a cat"))
        await studio.until(lambda row: row.step(Slot.GRID).progress_message_id is not None, "a cat")
