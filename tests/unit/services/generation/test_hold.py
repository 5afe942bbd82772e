"""What concerns every request holds all of them back: nothing is lost, and nothing is hammered."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from domain.events import Cancelled, InteractionSucceeded
from domain.generation import Status
from domain.reasons import Reason
from domain.sender import Postponed
from domain.slots import Slot
from services.generation.hold import FIRST, FORGOTTEN, LONGEST, Hold
from tests.builders import notice
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import OrchestratorHarness, finish_grid

UNREACHABLE = Postponed(Reason.UNREACHABLE)


async def submit_many(harness: OrchestratorHarness, count: int) -> list[str]:
    prompts = [f"cat {number}" for number in range(count)]
    for prompt in prompts:
        await harness.submit(prompt)
    return prompts


def is_taken(prompt: str, harness: OrchestratorHarness) -> bool:
    return (prompt, Slot.GRID) in harness.sender.sent


@pytest.mark.fault(name="F08")
async def test_nothing_is_sent_before_a_rate_limit_is_over(harness: OrchestratorHarness) -> None:
    """Not for the generations behind it either."""
    harness.sender.answers = [Postponed(Reason.RATE_LIMITED, 60)]
    first, *_ = await submit_many(harness, 6)
    await harness.clock.advance(59)
    assert harness.sender.sent == [(first, Slot.GRID)]
    await harness.until(lambda row: row.steps[0].delivered_at is not None, first)
    assert harness.sender.sent == [(first, Slot.GRID)] * 2


async def test_rate_limits_in_a_row_count_for_no_attempt(harness: OrchestratorHarness) -> None:
    harness.sender.answers = [Postponed(Reason.RATE_LIMITED, 1)] * 8
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    row = await harness.row()
    assert (row.status, row.step(Slot.GRID).attempts) == (Status.SUBMITTING, 1)


async def test_outage_ends_no_generation_and_is_said_once(harness: OrchestratorHarness) -> None:
    harness.sender.outage = UNREACHABLE
    with capture_logs() as logs:
        first, *others = await submit_many(harness, 20)
        await harness.clock.advance(900)
        assert {(await harness.row(prompt)).status for prompt in others} == {Status.QUEUED}
        assert not any(is_taken(prompt, harness) for prompt in others)
        assert len(harness.sender.sent) <= 900 / LONGEST[Reason.UNREACHABLE] + 5
        harness.sender.outage = None
        await harness.until(lambda row: row.steps[0].delivered_at is not None, first)
    told = [log["event"] for log in logs if log["event"] in {"held_back", "sending", "goes_on"}]
    assert told == ["sending", "held_back", "sending", "goes_on"]


async def test_outage_in_the_middle_holds_a_press_back(harness: OrchestratorHarness) -> None:
    await harness.submit()
    await harness.until(lambda row: row.steps[0].delivered_at is not None)
    harness.sender.outage = UNREACHABLE
    await finish_grid(harness)
    await harness.clock.advance(600)
    assert (await harness.row()).active
    harness.sender.outage = None
    await harness.until(lambda row: row.step(Slot.UPSCALE_1).delivered_at is not None)


@pytest.mark.parametrize("acknowledged", [False, True])
async def test_full_queue_holds_everybody_back_longer_each_time(
    harness: OrchestratorHarness, acknowledged: bool
) -> None:
    """Midjourney's bot may acknowledge a request before it refuses it."""
    first, *_ = await submit_many(harness, 6)
    for minute in (60, 120, 240):
        await harness.until(lambda row: row.steps[0].delivered_at is not None, first)
        sent, nonce = len(harness.sender.sent), (await harness.row(first)).step(Slot.GRID).nonce
        if acknowledged:
            harness.orchestrator.hear(InteractionSucceeded(nonce or "", minute))
        harness.orchestrator.hear(notice(title="Queue full", message_id=minute, nonce=nonce))
        await harness.clock.advance(minute - 1)
        assert len(harness.sender.sent) == sent
        row = await harness.row(first)
        assert (row.problem, row.step(Slot.GRID).attempts) == (None, 0)
    await harness.until(lambda row: row.steps[0].delivered_at is not None, first)


async def test_cancelled_generation_leaves_the_next_one_held_back(
    harness: OrchestratorHarness,
) -> None:
    harness.sender.answers = [Postponed(Reason.RATE_LIMITED, 60)]
    first, second = await submit_many(harness, 2)
    await harness.clock.advance(1)
    await harness.generations.ask(await harness.row(first), Cancelled(), 1)
    await harness.clock.advance(50)
    assert not is_taken(second, harness)
    await harness.until(lambda row: row.steps[0].delivered_at is not None, second)


@pytest.mark.parametrize(
    ("said", "waits"),
    [(None, [60, 120, 240, 480, 600, 600]), (1.0, [1, 1, 3, 7, 15, 31]), (90.0, [90] * 6)],
    ids=["nothing", "a second", "more"],
)
def test_a_wait_that_was_not_enough_is_followed_by_a_longer_one(
    said: float | None, waits: list[float]
) -> None:
    clock = FakeClock()
    hold, begun = Hold(clock), list[float]()
    for _ in waits:
        begun.append(hold.begin(Reason.RATE_LIMITED, said))
        clock.jump(begun[-1])
    assert begun == waits


def test_a_request_that_was_on_its_way_neither_ends_a_wait_nor_makes_the_next_one_longer() -> None:
    clock = FakeClock()
    hold = Hold(clock)
    hold.begin(Reason.MIDJOURNEY_FULL)
    hold.begin(Reason.MIDJOURNEY_FULL)
    hold.end(accepted=True)
    assert hold.wait is not None
    clock.jump(FIRST[Reason.MIDJOURNEY_FULL])
    assert hold.begin(Reason.MIDJOURNEY_FULL) == 2 * FIRST[Reason.MIDJOURNEY_FULL]


@pytest.mark.parametrize("said", [None, 0.0])
def test_an_outage_of_days_ends_in_no_error(said: float | None) -> None:
    clock = FakeClock()
    hold = Hold(clock)
    for _ in range(3000):
        clock.jump(hold.begin(Reason.UNREACHABLE, said))
    assert hold.begin(Reason.UNREACHABLE, said) == LONGEST[Reason.UNREACHABLE]


def test_a_new_outage_long_after_another_begins_anew() -> None:
    clock = FakeClock()
    hold = Hold(clock)
    for _ in range(5):
        clock.jump(hold.begin(Reason.UNREACHABLE))
    clock.jump(LONGEST[Reason.UNREACHABLE] + 1)
    assert hold.begin(Reason.UNREACHABLE) == FIRST[Reason.UNREACHABLE]


def test_a_wait_that_nobody_tries_to_end_is_not_spoken_of() -> None:
    """The one generation that waited was cancelled."""
    clock = FakeClock()
    hold = Hold(clock)
    hold.begin(Reason.UNREACHABLE)
    clock.jump(FIRST[Reason.UNREACHABLE] + FORGOTTEN)
    assert hold.wait is not None
    clock.jump(1)
    assert hold.wait is None


def test_a_wait_is_over_only_when_what_it_was_for_is_taken() -> None:
    clock = FakeClock()
    hold = Hold(clock)
    clock.jump(hold.begin(Reason.MIDJOURNEY_FULL))
    hold.end(accepted=False)
    assert hold.wait is not None
    hold.end(accepted=True)
    assert hold.wait is None
