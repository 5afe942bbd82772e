"""What is counted of generations, from what the orchestrator tells, and the line `alive`."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from domain.events import Cancelled, StatusMessageSent
from domain.generation import Problem, ProblemKind, Status
from domain.pause import Pause
from domain.reasons import Reason
from domain.slots import UPSCALES, Slot
from services.metrics.alive import HOUR, Alive
from services.metrics.counts import Counts, Durations, TimedStep
from services.metrics.exposition import exposition
from services.metrics.state import WorkerState, paused_by
from services.updates import DatabaseAway, DatabaseBack, GenerationUpdate, QueueStopped
from tests.builders import NOW, generation, solo, waiting
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import OrchestratorHarness, finish_grid, unanswered

WELL = WorkerState(
    connected=True,
    connects=3,
    resumes=2,
    event_age=7.0,
    heartbeat_age=11.5,
    database_answers=True,
    paused_by=None,
    held_back=None,
)


@pytest.fixture
def counts(harness: OrchestratorHarness) -> Counts:
    made = Counts(harness.clock)
    harness.orchestrator.notifier.subscribe(made.hear)
    return made


def taken(counts: Counts, step: TimedStep) -> tuple[int, float]:
    """Return how often a step was timed, and the seconds of all."""
    return [number for _, number in counts.took[step].up_to()][-1], counts.took[step].sum


def numbers(counts: Counts, state: WorkerState = WELL) -> dict[tuple[str, str], float]:
    """Return every sample as Prometheus reads it, by its name and its labels' values in order."""
    read = text_string_to_metric_families(exposition(counts, state).decode())
    samples = (sample for family in read for sample in family.samples)
    return {(one.name, " ".join(one.labels.values())): one.value for one in samples}


async def finish_upscales(harness: OrchestratorHarness) -> None:
    """Let each upscale be in the channel three seconds after its button was pressed."""
    await harness.sent(UPSCALES[-1])
    await harness.clock.advance(3)
    for slot in UPSCALES:
        harness.orchestrator.hear(solo(slot))
    await harness.until(lambda row: row.status == Status.COMPLETED)


# ------------------------------------------------------------------------------------ generations


async def test_a_finished_generation_counts_once_whatever_is_told_of_it_later(
    harness: OrchestratorHarness, counts: Counts
) -> None:
    await harness.submit()
    await finish_grid(harness)
    await finish_upscales(harness)
    harness.orchestrator.notifier.tell_again(await harness.row())
    assert counts.ended == {(Status.COMPLETED, ""): 1}
    assert counts.active is None


async def test_an_end_without_pictures_counts_with_its_kind_of_problem(
    harness: OrchestratorHarness, counts: Counts
) -> None:
    await unanswered(harness, "a cat")
    assert counts.ended == {(Status.NEEDS_ATTENTION, "no_answer"): 1}


def test_two_that_ended_alike_are_one_number() -> None:
    counts = Counts(FakeClock())
    for problem in ("blood", "guts"):
        row = generation(Status.SUBMITTED)
        ended = replace(row, status=Status.FAILED, problem=Problem(ProblemKind.REFUSED, problem))
        counts.hear(GenerationUpdate(row))
        counts.hear(GenerationUpdate(ended))
    assert counts.ended == {(Status.FAILED, "refused"): 2}


async def test_the_queue_is_known_without_asking_the_database(
    harness: OrchestratorHarness, counts: Counts
) -> None:
    first = await harness.submit("first")
    await harness.clock.advance(0)
    second = await harness.submit("second")
    await harness.orchestrator.report(second.id, StatusMessageSent(1))
    assert (counts.active and counts.active.id, counts.waiting) == (first.id, 1)
    await harness.generations.ask(second, Cancelled(), 2)
    assert counts.waiting == 0
    assert counts.ended == {(Status.CANCELLED, ""): 1}


async def test_what_was_there_before_the_start_is_taken_up(harness: OrchestratorHarness) -> None:
    active = await harness.submit("first")
    await harness.clock.advance(0)
    await harness.submit("second")
    counts = Counts(harness.clock)
    await counts.load(harness.store)
    assert (counts.active and counts.active.id, counts.waiting) == (active.id, 1)
    assert taken(counts, TimedStep.QUEUE) == (0, 0.0)


def test_a_picture_that_waits_for_its_store_is_told_until_it_is_there() -> None:
    counts, row = Counts(FakeClock()), generation(Status.SUBMITTED)
    told = [GenerationUpdate(row), GenerationUpdate(row, delayed=2), GenerationUpdate(row)]
    seen: list[float] = []
    for news in told:
        counts.hear(news)
        seen.append(numbers(counts)["atelier_pictures_delayed", ""])
    assert seen == [0, 1, 0]


def test_a_picture_that_was_given_up_waits_no_longer() -> None:
    counts, row = Counts(FakeClock()), generation(Status.SUBMITTED)
    counts.hear(GenerationUpdate(row, delayed=2))
    counts.hear(GenerationUpdate(replace(row, status=Status.FAILED)))
    assert not counts.delayed


# ------------------------------------------------------------------------------------------- steps


async def test_each_step_is_timed_from_the_end_of_the_one_before(
    harness: OrchestratorHarness, counts: Counts
) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    await harness.clock.advance(4)
    nonce = (await harness.row()).step(Slot.GRID).nonce
    harness.orchestrator.hear(waiting(nonce=nonce))
    await harness.clock.advance(9)
    await finish_grid(harness)
    await finish_upscales(harness)
    assert taken(counts, TimedStep.QUEUE) == (1, 0.0)
    assert taken(counts, TimedStep.ANSWER) == (1, 4.0)
    assert taken(counts, TimedStep.GRID) == (1, 9.0)
    assert taken(counts, TimedStep.GRID_COPY)[0] == 1
    assert taken(counts, TimedStep.UPSCALE) == (4, 12.0)
    assert taken(counts, TimedStep.UPSCALE_COPY)[0] == 4


async def test_the_time_in_the_queue_is_until_the_turn(
    harness: OrchestratorHarness, counts: Counts
) -> None:
    await harness.submit()
    await harness.clock.advance(0)
    second = await harness.submit("second")
    await harness.orchestrator.report(second.id, StatusMessageSent(1))
    await harness.clock.advance(6)
    await harness.generations.ask(await harness.row(), Cancelled(), 2)
    await harness.until(lambda row: row.active, "second")
    assert taken(counts, TimedStep.QUEUE) == (2, 6.0)


def test_a_bound_counts_what_took_no_longer() -> None:
    durations = Durations()
    for seconds in (-1.0, 0.5, 0.6, 10_000.0):
        durations.add(seconds)
    told = dict(durations.up_to())
    assert (told["0.5"], told["1.0"], told["7200.0"], told["+Inf"]) == (2, 3, 3, 4)
    assert durations.sum == 10_001.1


# --------------------------------------------------------------------------------- what is exposed


def test_prometheus_reads_every_number() -> None:
    counts = Counts(FakeClock())
    counts.hear(GenerationUpdate(generation(Status.QUEUED)))
    counts.hear(DatabaseAway())
    counts.hear(DatabaseBack())
    counts.hear(QueueStopped(Pause(words="captcha", since=NOW)))
    counts.ended[Status.FAILED, "refused"] = 2
    counts.took[TimedStep.GRID].add(40)
    told = numbers(counts)
    assert told["atelier_queue_waiting", ""] == 1
    assert told["atelier_queue_active", ""] == 0
    assert told["atelier_queue_stops_total", ""] == 1
    assert told["atelier_generations_ended_total", "refused failed"] == 2
    assert told["atelier_step_seconds_bucket", "30.0 grid"] == 0
    assert told["atelier_step_seconds_bucket", "60.0 grid"] == 1
    assert told["atelier_step_seconds_sum", "grid"] == 40
    assert told["atelier_gateway_connected", ""] == 1
    assert told["atelier_gateway_connects_total", "new"] == 1
    assert told["atelier_gateway_connects_total", "resumed"] == 2
    assert told["atelier_gateway_event_age_seconds", ""] == 7.0
    assert told["atelier_gateway_heartbeat_age_seconds", ""] == 11.5
    assert told["atelier_database_up", ""] == 1
    assert told["atelier_database_outages_total", ""] == 1
    assert told["process_resident_memory_bytes", ""] > 0
    assert [value for (name, _), value in told.items() if name == "atelier_build_info"] == [1]


@pytest.mark.parametrize(
    ("pause", "by"),
    [
        (Pause(words="captcha", since=NOW), "stop"),
        (Pause(words="dinner", since=NOW, by=7), "person"),
        (None, None),
    ],
)
def test_a_pause_is_told_with_who_or_what_has_made_it(pause: Pause | None, by: str | None) -> None:
    told = numbers(Counts(FakeClock()), replace(WELL, paused_by=paused_by(pause)))
    assert {each: told["atelier_queue_paused", each] for each in ("person", "stop")} == {
        "person": by == "person",
        "stop": by == "stop",
    }


def test_what_holds_requests_back_is_told_by_its_reason() -> None:
    told = numbers(Counts(FakeClock()), replace(WELL, held_back=Reason.RATE_LIMITED))
    assert told["atelier_queue_held_back", "rate_limited"] == 1
    assert told["atelier_queue_held_back", "unreachable"] == 0


def test_what_never_happened_is_told_as_none() -> None:
    told = numbers(Counts(FakeClock()))
    ends = {
        key: value for key, value in told.items() if key[0] == "atelier_generations_ended_total"
    }
    assert set(ends.values()) == {0}
    assert {labels.strip() for _, labels in ends} == {
        *("completed", "failed", "cancelled", "needs_attention")
    }


def test_nothing_of_a_person_or_a_prompt_is_told() -> None:
    counts = Counts(FakeClock())
    row = generation(Status.SUBMITTED, prompt="a secret fox", author_name="Ann")
    counts.hear(GenerationUpdate(row))
    problem = Problem(ProblemKind.REFUSED, "secret fox is banned")
    counts.hear(GenerationUpdate(replace(row, status=Status.FAILED, problem=problem)))
    told = exposition(counts, WELL).decode()
    secrets = ("fox", "Ann", row.code, row.id, str(row.author_id), str(row.channel_id))
    assert not [secret for secret in secrets if secret in told]


# ------------------------------------------------------------------------------------ once an hour


@contextmanager
def logged(
    clock: FakeClock, counts: Counts, state: WorkerState
) -> Generator[list[dict[str, object]]]:
    """Give the lines that are written while the block lasts."""
    work = asyncio.get_running_loop().create_task(Alive(counts, lambda: state, clock).run())
    with capture_logs() as lines:
        yield lines  # pyright: ignore[reportReturnType] -- structlog's own type is the same
    work.cancel()


async def test_a_line_each_hour_says_how_it_is_and_what_ended_since_the_last() -> None:
    clock = FakeClock()
    counts = Counts(clock)
    row = generation(Status.SUBMITTED)
    counts.hear(GenerationUpdate(generation(Status.QUEUED)))
    with logged(clock, counts, replace(WELL, connected=False)) as lines:
        counts.ended[Status.COMPLETED, ""] = 3
        counts.ended[Status.FAILED, "refused"] = counts.ended[Status.FAILED, "film"] = 1
        await clock.advance(HOUR)
        counts.hear(GenerationUpdate(row))
        counts.ended[Status.COMPLETED, ""] += 1
        await clock.advance(HOUR)
    first, second = lines
    memory = first.pop("memory_mb")
    assert isinstance(memory, int)
    assert first == {
        "event": "alive",
        "log_level": "info",
        "waiting": 1,
        "active": None,
        "completed": 3,
        "failed": 2,
        "cancelled": 0,
        "needs_attention": 0,
        "gateway": "away",
        "database": "answers",
        "paused": None,
        "held_back": None,
    }
    assert (second["active"], second["completed"], second["failed"]) == (row.code, 1, 0)


async def test_nothing_is_written_before_an_hour_is_over() -> None:
    clock = FakeClock()
    with logged(clock, Counts(clock), WELL) as lines:
        await clock.advance(HOUR - 1)
    assert lines == []
