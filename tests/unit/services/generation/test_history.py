"""What the history tells is applied once, to whom it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.events import Cancelled, Heard, MessageDeleted, StatusMessageSent
from domain.generation import Button, Origin, OriginKind, Problem, ProblemKind, Status
from domain.reasons import Reason
from domain.sender import Unknown
from domain.slots import UPSCALES, Slot
from domain.text_matching import EARLY
from services.generation.history_reading import HistoryReading
from services.generation.inbox import HistoryPage
from services.updates import QueueStopped
from tests.builders import (
    grid,
    new_generation,
    notice,
    progress,
    solo,
    waiting,
)
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import (
    LIMITS,
    OrchestratorHarness,
    finish_grid,
    snowflake,
    working,
)


def looked(harness: OrchestratorHarness, *heard: Heard) -> HistoryPage:
    """Return what the history tells now."""
    clock = harness.clock
    reading = HistoryReading(since=1, account_id=7, at=clock.now(), began=clock.monotonic())
    return HistoryPage(reading, heard, is_last=True)


async def test_a_job_that_stands_still_is_given_up_though_the_history_shows_it(
    harness: OrchestratorHarness,
) -> None:
    """The history is read in every silence: what it repeats must not end the silence."""
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    running = progress(51, nonce=(await harness.row()).step(Slot.GRID).nonce)
    harness.orchestrator.hear(running)
    for _ in range(6):
        await harness.clock.advance(LIMITS.unchanged / 3)
        harness.orchestrator.look_back(looked(harness, running))
    assert (await harness.row()).status == Status.NEEDS_ATTENTION


async def gone(harness: OrchestratorHarness, prompt: str = "a cat", message_id: int = 100) -> None:
    """Let a job begin, and its progress message be deleted."""
    await harness.submit(prompt)
    await harness.until(lambda row: row.step(Slot.GRID).delivered_at is not None, prompt)
    nonce = (await harness.row(prompt)).step(Slot.GRID).nonce
    harness.orchestrator.hear(progress(51, message_id=message_id, nonce=nonce, prompt=prompt))
    harness.orchestrator.hear(MessageDeleted(message_id))
    await harness.until(lambda row: row.step(Slot.GRID).gone_at is not None, prompt)


async def lost(harness: OrchestratorHarness, prompt: str = "a cat", message_id: int = 100) -> None:
    """Let that happen, and the history hold no result."""
    await gone(harness, prompt, message_id)
    await harness.clock.advance(LIMITS.gone + 2)
    harness.orchestrator.look_back(looked(harness))
    await harness.until(lambda row: row.status == Status.FAILED, prompt)


async def test_what_became_of_a_progress_message_that_is_gone_only_the_history_tells(
    harness: OrchestratorHarness,
) -> None:
    """A look before its result had time to come is none; without one, it is as unknown as ever."""
    await gone(harness)
    harness.orchestrator.look_back(looked(harness))
    assert not harness.orchestrator.misses()
    await harness.clock.advance(LIMITS.gone + 2)
    assert harness.orchestrator.misses()
    assert (await harness.row()).active
    harness.orchestrator.look_back(looked(harness))
    await harness.until(lambda row: not row.active)
    assert (await harness.row()).problem == Problem(ProblemKind.STOPPED)
    assert not harness.orchestrator.misses()


async def test_a_result_that_comes_in_a_gap_after_that_is_looked_for(tmp_path: Path) -> None:
    """The progress message was only tidied up: the job ran on, and was paid for."""
    clock = FakeClock()
    async with working(tmp_path, clock) as harness:
        await lost(harness)
        assert harness.orchestrator.first_unknown() == (await harness.row()).command_message_id
        await harness.store.release_lease(harness.lease)
    async with working(tmp_path, clock) as harness:
        await clock.advance_until(lambda: harness.orchestrator.first_unknown() is not None)
        harness.orchestrator.look_back(looked(harness, grid()))
        await harness.until(lambda row: Slot.GRID in row.stored)


async def test_two_in_a_row_that_vanish_are_no_matter_of_the_prompts(
    harness: OrchestratorHarness,
) -> None:
    for message_id, prompt in ((100, "a cat"), (101, "a hare")):
        await lost(harness, prompt, message_id)
    await harness.clock.advance(1)
    stops = [news for news in harness.news if isinstance(news, QueueStopped)]
    assert [stop.pause.words for stop in stops] == [Reason.SILENCE]


async def test_a_history_that_holds_the_result_ends_the_search_for_it(
    harness: OrchestratorHarness,
) -> None:
    await gone(harness)
    await harness.clock.advance(LIMITS.gone + 2)
    harness.orchestrator.look_back(looked(harness, grid()))
    await harness.until(lambda row: Slot.GRID in row.stored)
    assert not harness.orchestrator.misses()


async def test_what_no_history_tells_is_asked_about(harness: OrchestratorHarness) -> None:
    await gone(harness)
    await harness.until(lambda row: not row.active)
    row = await harness.row()
    assert (row.status, row.problem) == (
        Status.NEEDS_ATTENTION,
        Problem(ProblemKind.NO_ANSWER),
    )


async def test_a_process_that_finds_a_progress_message_gone_looks_before_it_decides(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    async with working(tmp_path, clock) as harness:
        await gone(harness)
        await harness.store.release_lease(harness.lease)
    clock.jump(60)
    async with working(tmp_path, clock) as harness:
        await clock.advance_until(harness.orchestrator.misses)
        await clock.advance(3)
        assert (await harness.row()).active
        harness.orchestrator.look_back(looked(harness))
        await harness.until(lambda row: row.status == Status.FAILED)


async def test_a_notice_is_taken_once_though_the_history_repeats_it(
    harness: OrchestratorHarness,
) -> None:
    """Else an old refusal would undo each new press."""
    await harness.submit()
    await finish_grid(harness)
    await harness.sent(Slot.UPSCALE_1)
    full = notice(title="Queue full", message_id=5, reference_id=200)
    harness.orchestrator.hear(full)
    await harness.sent(Slot.UPSCALE_1, times=2)
    pressed_again = (await harness.row()).step(Slot.UPSCALE_1)
    harness.orchestrator.look_back(looked(harness, full))
    row = await harness.orchestrator.report((await harness.row()).id, StatusMessageSent(1))
    assert row.step(Slot.UPSCALE_1).nonce == pressed_again.nonce is not None


async def test_what_likeness_binds_lets_ids_decide_the_rest_of_the_same_look(
    harness: OrchestratorHarness,
) -> None:
    """The first message was missed; once it is known by its text, the final references it."""
    harness.sender.answers = [Unknown("HTTP 504")]
    asked = new_generation(prompt="a cat", command_message_id=snowflake(harness.clock.now()))
    row = (await harness.generations.submit(asked, owner=True)).generation
    await harness.until(lambda row: row.steps[0].nonce is not None)
    start = snowflake(harness.clock.now())
    begun = waiting(message_id=start + 1, prompt="a cat", mentioned_id=7)
    done = grid(message_id=start + 2, reference_id=start + 1, prompt="a cat", mentioned_id=7)
    await harness.clock.advance(EARLY.total_seconds())  # until then, words decide nothing
    harness.orchestrator.look_back(looked(harness, begun, done))
    await harness.until(lambda row: Slot.GRID in row.stored)
    assert (await harness.row()).id == row.id


async def test_words_decide_nothing_while_our_request_is_on_its_way(
    harness: OrchestratorHarness,
) -> None:
    """What has the same words then, somebody else asked for."""
    harness.sender.answers = [Unknown("HTTP 504")]
    harness.sender.reachable.clear()
    asked = new_generation(prompt="a cat", command_message_id=snowflake(harness.clock.now()))
    await harness.generations.submit(asked, owner=True)
    await harness.clock.advance(0)
    assert harness.sender.sent
    begun = waiting(message_id=asked.command_message_id + 1, prompt="a cat", mentioned_id=7)

    async def look() -> int | None:
        harness.orchestrator.look_back(looked(harness, begun))
        row = await harness.orchestrator.report(asked.id, StatusMessageSent(1))
        return row.step(Slot.GRID).progress_message_id

    await harness.clock.advance(EARLY.total_seconds())
    assert await look() is None
    harness.sender.reachable.set()
    await harness.clock.advance(0)
    assert await look() == begun.message_id


async def test_the_grid_of_a_generation_that_has_ended_well_is_nobody_elses(
    harness: OrchestratorHarness,
) -> None:
    """Two asked for the same; the first one's answer never came, the second one's did."""
    harness.sender.answers = [Unknown("HTTP 504")]
    start = snowflake(harness.clock.now())
    first = new_generation(prompt="a cat", command_message_id=start)
    await harness.generations.submit(first, owner=True)
    await harness.until(lambda row: row.status == Status.NEEDS_ATTENTION)
    await harness.generations.submit(
        new_generation(prompt="a cat", command_message_id=start + 1), owner=True
    )
    await harness.until(lambda row: row.id != first.id and row.steps[0].delivered_at is not None)
    sent = snowflake(harness.clock.now())
    nonce = (await harness.row()).step(Slot.GRID).nonce
    same = {"prompt": "a cat", "mentioned_id": 7}
    done = grid(message_id=sent + 2, reference_id=sent + 1, **same)
    harness.orchestrator.hear(waiting(message_id=sent + 1, nonce=nonce, **same))
    harness.orchestrator.hear(done)
    for slot in UPSCALES:
        await harness.sent(slot)
        harness.orchestrator.hear(solo(slot, reference_id=sent + 2))
    await harness.until(lambda row: row.status == Status.COMPLETED)
    await harness.clock.advance(EARLY.total_seconds())
    harness.orchestrator.look_back(looked(harness, done))
    await harness.orchestrator.report(first.id, StatusMessageSent(1))
    row = await harness.store.get_generation(first.id)
    assert row is not None
    assert row.status == Status.NEEDS_ATTENTION


@pytest.mark.parametrize(("reference", "found"), [(200, True), (201, False)])
async def test_what_a_button_of_a_finished_grid_has_made_is_found_after_a_gap(
    harness: OrchestratorHarness, reference: int, found: bool
) -> None:
    """It references the grid whose button was pressed, and no other with the same prompt."""
    reroll = Button("MJ::JOB::reroll::0::x")
    parent = new_generation(prompt="a cat", wanted=(), command_message_id=1)
    await harness.generations.submit(parent, owner=True)
    await finish_grid(harness, message_id=200, buttons=(reroll,))
    origin = Origin(kind=OriginKind.REROLL, parent_id=parent.id)
    child = new_generation(prompt="a cat", origin=origin, wanted=(), command_message_id=2)
    await harness.generations.submit(child, owner=True)
    await harness.until(lambda row: row.id == child.id and row.steps[0].delivered_at is not None)
    sent = snowflake(harness.clock.now())
    await harness.clock.advance(EARLY.total_seconds())
    made = grid(message_id=sent + 1, reference_id=reference, prompt="a cat", mentioned_id=7)
    harness.orchestrator.look_back(looked(harness, made))
    await harness.clock.advance(1)
    assert ((await harness.row()).status == Status.COMPLETED) == found


async def test_a_refusal_that_was_heard_before_its_job_was_known_is_taken_then(
    harness: OrchestratorHarness,
) -> None:
    """The job's own message fell into a gap, and has no ids that tell whose it is."""
    start = snowflake(harness.clock.now())
    await harness.generations.submit(
        new_generation(prompt="a cat", command_message_id=start), owner=True
    )
    await harness.until(lambda row: row.step(Slot.GRID).delivered_at is not None)
    sent = snowflake(harness.clock.now())
    broken = notice(
        title="Sorry! Could not complete the job!", message_id=sent + 2, reference_id=sent + 1
    )
    harness.orchestrator.hear(broken)
    await harness.clock.advance(EARLY.total_seconds())
    begun = waiting(message_id=sent + 1, prompt="a cat", mentioned_id=7)
    harness.orchestrator.look_back(looked(harness, begun, broken))
    await harness.until(lambda row: row.status == Status.FAILED)
    problem = (await harness.row()).problem
    assert problem is not None
    assert problem.detail.startswith("Sorry!")


async def test_all_that_ended_lately_is_remembered_by_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also beyond the first page."""
    monkeypatch.setattr("services.generation.ended.PAGE", 1)
    clock = FakeClock()
    async with working(tmp_path, clock) as harness:
        harness.sender.answers = [Unknown("HTTP 504")]
        for prompt in ("a cat", "a dog"):
            await harness.submit(prompt)
            await harness.until(lambda row: row.step(Slot.GRID).intended_at is not None, prompt)
            await harness.generations.ask(await harness.row(prompt), Cancelled(), 1)
        late = (await harness.row("a cat")).step(Slot.GRID)
        await harness.store.release_lease(harness.lease)
    async with working(tmp_path, clock) as harness:
        harness.orchestrator.hear(waiting(nonce=late.nonce, prompt="a cat"))
        await harness.until(
            lambda row: row.step(Slot.GRID).progress_message_id is not None, "a cat"
        )
