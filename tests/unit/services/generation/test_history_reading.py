"""What is kept of months of history: little, and the text decides nothing where that is not all."""

from __future__ import annotations

import pytest

from domain.sender import Unknown
from domain.slots import Slot
from domain.text_matching import EARLY
from services.generation.history_reading import MOST_LEFT, HistoryReading
from services.generation.inbox import HistoryPage
from tests.builders import grid, new_generation, notice, progress
from tests.fakes import FakeClock
from tests.unit.services.orchestrator_harness import OrchestratorHarness, snowflake

ACCOUNT = 7


def begun(clock: FakeClock) -> HistoryReading:
    return HistoryReading(since=1, account_id=ACCOUNT, at=clock.now(), began=clock.monotonic())


def test_of_what_ids_have_given_to_a_row_only_the_ids_are_kept() -> None:
    reading = begun(FakeClock())
    reading.take(progress(message_id=100), matched=True, candidates=())
    reading.take(grid(message_id=200), matched=True, candidates=())
    assert [one in reading.message_ids for one in (100, 200)] == [True, True]
    assert [one in reading.finished for one in (100, 200)] == [False, True]
    assert reading.left == []


@pytest.mark.parametrize(("others", "known"), [(MOST_LEFT - 1, True), (MOST_LEFT, False)])
async def test_where_more_is_left_than_is_kept_the_text_decides_nothing(
    harness: OrchestratorHarness, others: int, known: bool
) -> None:
    """What was not kept may have been the other job with this prompt."""
    harness.sender.answers = [Unknown("HTTP 504")]
    asked = new_generation(prompt="a cat", command_message_id=snowflake(harness.clock.now()))
    await harness.generations.submit(asked, owner=True)
    await harness.until(lambda row: row.steps[0].nonce is not None)
    await harness.clock.advance(EARLY.total_seconds())
    start = snowflake(harness.clock.now())
    done = grid(message_id=start, reference_id=None, prompt="a cat", mentioned_id=ACCOUNT)
    reading = begun(harness.clock)
    unclear = (notice(message_id=start + number) for number in range(1, others + 1))
    harness.orchestrator.look_back(HistoryPage(reading, (done, *unclear), is_last=True))
    await harness.orchestrator.caught_up()
    assert (len(reading.left), reading.crowded) == (min(others + 1, MOST_LEFT), not known)
    grid_id = (await harness.row()).step(Slot.GRID).message_id
    assert grid_id == (start if known else None)


async def test_jobs_of_others_are_not_kept(harness: OrchestratorHarness) -> None:
    harness.sender.answers = [Unknown("HTTP 504")]
    await harness.generations.submit(new_generation(prompt="a cat"), owner=True)
    await harness.until(lambda row: row.steps[0].nonce is not None)
    reading, start = begun(harness.clock), snowflake(harness.clock.now())
    theirs = grid(message_id=start + 1, prompt="a cat", mentioned_id=ACCOUNT + 1)
    harness.orchestrator.look_back(HistoryPage(reading, (theirs,), is_last=True))
    await harness.orchestrator.caught_up()
    assert reading.left == []
    assert start + 1 in reading.finished
