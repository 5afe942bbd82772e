"""When nothing more is sent: after a cancel, in a pause, after two silences in a row."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.effects import TimeLimits
from domain.events import (
    Cancelled,
    InteractionCreated,
    InteractionSucceeded,
    Retried,
)
from domain.generation import Origin, OriginKind, Problem, ProblemKind, Status
from domain.pause import Pause
from domain.reasons import Reason
from domain.requests import Objection
from domain.slots import Slot
from services.generation.timeouts import AFTER_CHECK
from services.updates import GenerationUpdate, QueueStopped
from tests.builders import ANN, new_generation, notice, waiting
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import (
    LATER,
    LIMITS,
    OrchestratorHarness,
    asked,
    unanswered,
    working,
)


def stops(harness: OrchestratorHarness) -> list[QueueStopped]:
    return [news for news in harness.news if isinstance(news, QueueStopped)]


async def stopped(harness: OrchestratorHarness) -> None:
    """Wait until the queue stops, which is told once."""
    await harness.clock.advance_until(lambda: bool(stops(harness)))
    assert len(stops(harness)) == 1


def words(harness: OrchestratorHarness) -> int:
    """Return how often it was told that there is no answer yet."""
    return len(
        [news for news in harness.news if isinstance(news, GenerationUpdate) and news.unanswered]
    )


async def test_silence_that_begins_anew_lasts_its_whole_time(harness: OrchestratorHarness) -> None:
    """While the gateway is away, nothing that Midjourney says can be heard."""
    await asked(harness, "a cat")
    for _ in range(5):
        await harness.clock.advance(LIMITS.unanswered - 1)
        harness.orchestrator.judge_silence(counts=False, unread=False)
    assert (await harness.row()).active
    await harness.clock.advance(LIMITS.unanswered + 1)
    assert (await harness.row()).status == Status.NEEDS_ATTENTION


async def test_suspend_of_the_machine_is_no_silence(harness: OrchestratorHarness) -> None:
    """What Midjourney said meanwhile is found when the gateway is connected again."""
    await asked(harness, "a cat")
    harness.clock.jump(3600)
    await harness.clock.advance(LIMITS.unanswered - 1)
    assert (await harness.row()).active
    await harness.clock.advance(2)
    assert (await harness.row()).status == Status.NEEDS_ATTENTION


async def test_half_of_the_patience_without_an_answer_is_told_once(
    harness: OrchestratorHarness,
) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    await harness.clock.advance(LIMITS.unanswered / 2 - 1)
    assert words(harness) == 0
    await harness.clock.advance(2)
    assert words(harness) == 1
    await harness.until(lambda row: row.status == Status.NEEDS_ATTENTION)
    assert words(harness) == 1


async def test_nothing_is_told_of_a_silence_after_an_answer(harness: OrchestratorHarness) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    harness.orchestrator.hear(waiting(nonce=(await harness.row()).step(Slot.GRID).nonce))
    await harness.until(lambda row: row.status == Status.SUBMITTED)
    await harness.clock.advance(LIMITS.unchanged - 2)
    assert words(harness) == 0


async def checked_for_humans(harness: OrchestratorHarness) -> None:
    """Let the request for a grid be accepted, and then meet a check that a person must answer."""
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    nonce = (await harness.row()).step(Slot.GRID).nonce or ""
    harness.orchestrator.hear(InteractionSucceeded(nonce, 40))
    harness.orchestrator.hear(notice(title="Action required to continue", nonce=nonce))
    await stopped(harness)


@pytest.mark.parametrize("restarted", [False, True])
async def test_after_a_check_for_humans_the_queue_waits_a_minute_for_the_job(
    tmp_path: Path, *, restarted: bool
) -> None:
    """Whether it starts is unknown; until the person has answered the check, it can't."""
    clock, patient = FakeClock(), timedelta(hours=2).total_seconds()
    async with working(tmp_path, clock, limits=TimeLimits(unchanged=patient)) as harness:
        await checked_for_humans(harness)
        if not restarted:
            await waits_for_its_person(harness)
            return
        await harness.store.release_lease(harness.lease)
    async with working(tmp_path, clock, limits=TimeLimits(unchanged=patient)) as harness:
        await waits_for_its_person(harness)


async def waits_for_its_person(harness: OrchestratorHarness) -> None:
    await harness.clock.advance(3600)
    assert (await harness.row()).active
    await harness.generations.resume(LATER)
    await harness.clock.advance(AFTER_CHECK - 2)
    assert (await harness.row()).active
    await harness.clock.advance(5)
    assert (await harness.row()).status == Status.NEEDS_ATTENTION


async def test_a_job_that_starts_after_the_check_has_the_usual_time(
    harness: OrchestratorHarness,
) -> None:
    await checked_for_humans(harness)
    await harness.generations.resume(LATER)
    harness.orchestrator.hear(waiting(nonce=(await harness.row()).step(Slot.GRID).nonce))
    await harness.clock.advance(LIMITS.unchanged - 1)
    assert (await harness.row()).active


async def test_two_silences_in_a_row_are_no_matter_of_the_prompts(
    harness: OrchestratorHarness,
) -> None:
    await unanswered(harness, "a cat")
    assert stops(harness) == []
    await unanswered(harness, "a dog")
    await stopped(harness)
    assert stops(harness)[0].pause.words == Reason.SILENCE
    assert await harness.store.get_pause() is not None


async def test_a_stop_that_we_alone_are_shown_is_ours_whatever_it_replies_to(
    harness: OrchestratorHarness,
) -> None:
    """For instance to the grid of which a variation is asked for; others are shown none of ours."""
    await asked(harness, "a cat")
    harness.orchestrator.hear(notice(title="Subscription required", reference_id=4))
    harness.orchestrator.hear(notice(title="Pending mod message", reference_id=4, private=True))
    await stopped(harness)
    assert "Pending mod message" in stops(harness)[0].pause.words


async def test_a_sign_that_nothing_follows_is_no_answer(harness: OrchestratorHarness) -> None:
    """Discord took it, or Midjourney began with it: both happen in Midjourney's outages."""
    for prompt in ("a cat", "a hare"):
        nonce = await asked(harness, prompt)
        harness.orchestrator.hear(InteractionCreated(nonce, 9))
        harness.orchestrator.hear(waiting(nonce=nonce, prompt=prompt))
        await harness.until(lambda row: row.status == Status.SUBMITTED, prompt)
        await harness.until(lambda row: row.status == Status.NEEDS_ATTENTION, prompt)
    await stopped(harness)


async def test_a_refusal_in_between_begins_the_count_anew(harness: OrchestratorHarness) -> None:
    await unanswered(harness, "a cat")
    nonce = await asked(harness, "a hare")
    harness.orchestrator.hear(notice(title="Banned prompt", nonce=nonce))
    await harness.until(lambda row: row.status == Status.FAILED, "a hare")
    await unanswered(harness, "a dog")
    await harness.clock.advance(5)
    assert stops(harness) == []


async def test_after_a_stop_the_count_begins_anew(harness: OrchestratorHarness) -> None:
    await unanswered(harness, "a cat")
    await unanswered(harness, "a dog")
    await stopped(harness)
    await harness.generations.resume(LATER)
    await unanswered(harness, "a fox")
    await harness.clock.advance(5)
    assert len(stops(harness)) == 1


async def test_a_stop_during_a_persons_pause_is_told_and_takes_its_place(
    harness: OrchestratorHarness,
) -> None:
    """Or that person would resume without knowing of it."""
    nonce = await asked(harness, "a cat")
    await harness.generations.pause(
        Pause(words="back at noon", since=harness.clock.now(), by=ANN), LATER
    )
    harness.orchestrator.hear(notice(title="Blocked", nonce=nonce))
    await stopped(harness)
    for pause in (harness.generations.paused, await harness.store.get_pause()):
        assert pause is not None
        assert pause.by is None
        assert pause.words.startswith("Blocked")


async def test_a_cancel_presses_midjourneys_own_and_the_queue_goes_on(
    harness: OrchestratorHarness,
) -> None:
    harness.orchestrator.hear(waiting(nonce=await asked(harness, "a cat")))
    cat = await harness.row()
    await harness.until(lambda row: row.status == Status.SUBMITTED)
    await harness.submit("a dog")
    answered = await harness.generations.ask(cat, Cancelled(), LATER)
    assert answered.generation.status == Status.CANCELLED
    await harness.until(lambda row: row.active, "a dog")
    assert harness.sender.stopped == ["a cat"]
    assert await harness.store.get_mark() == LATER


async def test_midjourneys_own_is_not_pressed_while_the_queue_is_stopped(
    harness: OrchestratorHarness,
) -> None:
    harness.orchestrator.hear(waiting(nonce=await asked(harness, "a cat")))
    await harness.until(lambda row: row.status == Status.SUBMITTED)
    await harness.generations.pause(Pause(words="", since=harness.clock.now(), by=ANN), LATER)
    answered = await harness.generations.ask(await harness.row(), Cancelled(), LATER + 1)
    assert answered.generation.status == Status.CANCELLED
    await harness.clock.advance(5)
    assert harness.sender.stopped == []


async def stop_by_cancel(harness: OrchestratorHarness) -> Status:
    await harness.generations.ask(await harness.row(), Cancelled(), LATER)
    return Status.CANCELLED


async def stop_by_pause(harness: OrchestratorHarness) -> Status:
    await harness.generations.pause(Pause(words="", since=harness.clock.now(), by=ANN), LATER)
    return Status.QUEUED


@pytest.mark.parametrize("stop", [stop_by_cancel, stop_by_pause])
async def test_nothing_is_sent_for_what_is_stopped_after_it_was_intended(
    harness: OrchestratorHarness, stop: Callable[[OrchestratorHarness], Awaitable[Status]]
) -> None:
    harness.sender.about_to_send.clear()
    await harness.submit()
    await harness.until(lambda row: row.step(Slot.GRID).nonce is not None)
    ends = await stop(harness)
    harness.sender.about_to_send.set()
    await harness.until(lambda row: row.status == ends)
    await harness.clock.advance(5)
    assert harness.sender.sent == []


async def test_nothing_is_intended_before_all_that_the_request_needs_is_there(
    harness: OrchestratorHarness,
) -> None:
    """Or its silence would be counted, though nobody was asked."""
    harness.sender.prepared.clear()
    await harness.submit()
    await harness.until(lambda row: row.status == Status.SUBMITTING)
    await harness.clock.advance(LIMITS.unanswered * 2)
    assert (await harness.row()).step(Slot.GRID).intended_at is None
    await harness.generations.ask(await harness.row(), Cancelled(), LATER)
    harness.sender.prepared.set()
    await harness.clock.advance(5)
    assert harness.sender.sent == []


async def test_a_request_that_cannot_be_says_why_and_changes_nothing(
    harness: OrchestratorHarness,
) -> None:
    cat = await harness.submit()
    answered = await harness.generations.ask(cat, Retried(), LATER)
    assert answered.objection == Objection.RUNNING
    assert await harness.store.get_mark() != LATER


async def test_a_child_of_a_row_that_was_deleted_by_hand_fails_and_the_queue_goes_on(
    harness: OrchestratorHarness,
) -> None:
    origin = Origin(kind=OriginKind.REROLL, parent_id=str(uuid.uuid4()))
    await harness.generations.submit(new_generation(prompt="a cat", origin=origin), owner=True)
    await harness.until(lambda row: row.status == Status.FAILED)
    assert (await harness.row()).problem == Problem(ProblemKind.NO_BUTTON, "reroll")
    await asked(harness, "a dog")


async def test_a_request_is_decided_by_what_the_database_holds(
    harness: OrchestratorHarness,
) -> None:
    """The clean-up changes rows beside the loop, which keeps copies."""
    await unanswered(harness, "a cat")
    cat = (await harness.generations.ask(await harness.row("a cat"), Cancelled(), LATER)).generation
    since = cat.updated_at + timedelta(days=1)
    assert await harness.store.begin_archiving([cat.id], unchanged_since=since)
    answered = await harness.generations.ask(cat, Retried(), LATER)
    assert answered.objection == Objection.ARCHIVED


async def test_what_midjourney_says_is_logged_word_for_word_as_fields(
    harness: OrchestratorHarness,
) -> None:
    with capture_logs() as lines:
        await checked_for_humans(harness)
    row = await harness.row()
    (said,) = (line for line in lines if line["event"] == "midjourney_says")
    assert (said["title"], said["text"]) == ("Action required to continue", "")
    assert (said["gen"], said["slot"]) == (row.code, "grid")
    assert said["nonce"] == row.step(Slot.GRID).nonce
