"""When the channel's history is read."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from domain.effects import TimeLimits
from domain.errors import ChannelUnavailable, HistoryForbidden
from domain.messages import MessageSnapshot
from domain.text_matching import EARLY
from services.generation.recovery import (
    AGAIN_SECONDS,
    FIRST_PAUSE,
    IDLE_SECONDS,
    LONGEST_PAUSE,
    MOST_PAGES,
    OTHERS_SECONDS,
    SILENCE_SECONDS,
)
from tests import mj
from tests.unit.services.generation.recovery_harness import SINCE, RecoveryHarness, running


@pytest.fixture
async def harness() -> AsyncGenerator[RecoveryHarness]:
    async with running() as harness:
        yield harness


async def test_it_is_read_soon_after_a_connect_and_again_when_a_first_message_must_be_there(
    harness: RecoveryHarness,
) -> None:
    harness.connection.connects += 1
    assert await harness.reads_within(OTHERS_SECONDS) == 0
    assert await harness.reads_within(2) == 1
    assert await harness.reads_within(EARLY.total_seconds() - 2) == 0
    assert await harness.reads_within(3) == 1
    harness.orchestrator.last_sign = harness.clock.monotonic()
    assert await harness.reads_within(SILENCE_SECONDS - 2) == 0


async def test_after_a_connect_at_which_nothing_was_awaited_it_looks_rarely(
    harness: RecoveryHarness,
) -> None:
    """What begins later is heard live, so that only a silence of it is a reason."""
    harness.orchestrator.awaits, harness.hears = None, False
    harness.connection.connects += 1
    await harness.clock.advance(OTHERS_SECONDS + 2)
    before = harness.orchestrator.restarts
    await harness.clock.advance(60)
    assert harness.orchestrator.restarts - before == 60 / IDLE_SECONDS
    harness.hears, harness.orchestrator.awaits = True, SINCE
    harness.orchestrator.last_sign = harness.clock.monotonic()
    assert await harness.reads_within(SILENCE_SECONDS - 1) == 0


async def test_a_connect_before_the_rows_are_known_is_no_connect_at_which_nothing_was_awaited(
    harness: RecoveryHarness,
) -> None:
    harness.orchestrator.awaits, harness.orchestrator.has_taken_up = None, False
    harness.connection.connects += 1
    await harness.clock.advance(OTHERS_SECONDS + 2)
    harness.orchestrator.awaits, harness.orchestrator.has_taken_up = SINCE, True
    harness.orchestrator.last_sign = harness.clock.monotonic()
    assert await harness.reads_within(2) == 1


async def test_a_history_that_cannot_be_read_is_asked_for_less_and_less_and_said_once(
    harness: RecoveryHarness,
) -> None:
    harness.connection.connects += 1
    harness.connection.away = ChannelUnavailable("away")
    with capture_logs() as logs:
        assert 5 <= await harness.reads_within(600) <= 8
        assert await harness.reads_within(3600) <= 3600 / LONGEST_PAUSE
        harness.connection.away = None
        assert await harness.reads_within(LONGEST_PAUSE + 1) >= 1
    told = [log["event"] for log in logs if log["event"] == "history_not_read"]
    assert told == ["history_not_read"]


async def test_a_look_that_somebody_asks_for_in_between_takes_no_other_s_place(
    harness: RecoveryHarness,
) -> None:
    harness.connection.connects += 1
    assert await harness.reads_within(OTHERS_SECONDS + 2) == 1
    await harness.recovery.look()
    assert await harness.reads_within(EARLY.total_seconds()) == 1


async def test_what_others_have_read_after_a_connect_is_not_read_again(
    harness: RecoveryHarness,
) -> None:
    """Whoever looks for missed commands reads for both; the second look comes all the same."""
    harness.connection.connects += 1
    look = harness.recovery.begin()
    assert look is not None
    harness.recovery.finish(look)
    assert [one.reading for one in harness.orchestrator.looks] == [look.reading]
    assert await harness.reads_within(EARLY.total_seconds() - 1) == 0
    assert await harness.reads_within(3) == 1


async def test_it_is_read_in_a_long_silence_and_not_more_often_than_that(
    harness: RecoveryHarness,
) -> None:
    assert await harness.reads_within(SILENCE_SECONDS - 1) == 0
    assert await harness.reads_within(2) == 1
    assert await harness.reads_within(SILENCE_SECONDS - 3) == 0
    assert await harness.reads_within(5) == 1


async def test_through_a_connection_that_answers_no_heartbeat_there_is_no_silence(
    harness: RecoveryHarness,
) -> None:
    await harness.clock.advance(10)
    assert harness.orchestrator.restarts == 0
    harness.hears = False
    await harness.clock.advance(10)
    assert harness.orchestrator.restarts == 10


async def test_without_a_connection_there_is_no_silence(harness: RecoveryHarness) -> None:
    """Nothing can be heard then, and the history is read after the next connect."""
    harness.connection.connected = False
    assert await harness.reads_within(3 * SILENCE_SECONDS) == 0
    assert harness.orchestrator.restarts == 3 * SILENCE_SECONDS
    harness.connection.connected = True
    assert await harness.reads_within(2) == 1
    assert harness.orchestrator.restarts == 3 * SILENCE_SECONDS


def test_it_is_read_before_a_button_is_pressed_again() -> None:
    """Its picture may be there, and only its events were lost."""
    assert TimeLimits().unpressed >= SILENCE_SECONDS + OTHERS_SECONDS + EARLY.total_seconds()


async def test_it_is_read_soon_when_a_progress_message_went_and_nothing_came(
    harness: RecoveryHarness,
) -> None:
    await harness.clock.advance(15)
    harness.orchestrator.lacks = True
    assert await harness.reads_within(1) == 1
    harness.orchestrator.last_sign = harness.clock.monotonic()
    assert await harness.reads_within(AGAIN_SECONDS - 1) == 0
    assert await harness.reads_within(AGAIN_SECONDS) == 1
    harness.orchestrator.lacks = False
    assert await harness.reads_within(AGAIN_SECONDS - 2) == 0


async def test_it_is_not_read_when_nothing_is_awaited(harness: RecoveryHarness) -> None:
    harness.orchestrator.awaits = None
    harness.connection.connects += 1
    assert await harness.reads_within(100) == 0


async def test_what_could_not_be_read_is_read_again(harness: RecoveryHarness) -> None:
    harness.connection.away = ChannelUnavailable("away")
    harness.connection.connects += 1
    assert await harness.reads_within(OTHERS_SECONDS) == 0
    assert await harness.reads_within(3) == 1
    harness.connection.away = None
    assert await harness.reads_within(FIRST_PAUSE) == 1
    assert len(harness.orchestrator.looks) == 1


async def test_nothing_is_overdue_while_the_history_cannot_be_read(
    harness: RecoveryHarness,
) -> None:
    """Its answer may be there: requests may reach Discord whose answers are lost."""
    harness.connection.away = ChannelUnavailable("away")
    await harness.clock.advance(SILENCE_SECONDS + 2)
    before = harness.orchestrator.restarts
    await harness.clock.advance(300)
    assert harness.orchestrator.restarts >= before + 299
    harness.connection.away = None
    await harness.clock.advance(LONGEST_PAUSE + 2)
    before = harness.orchestrator.restarts
    await harness.clock.advance(SILENCE_SECONDS)
    assert harness.orchestrator.restarts == before


async def test_no_silence_ends_while_the_history_is_read_nor_right_after_it_could_not_be(
    harness: RecoveryHarness,
) -> None:
    """A read that hangs takes longer than what is left of the patience with a press."""
    harness.connection.away = ChannelUnavailable("a timeout")
    await harness.clock.advance(SILENCE_SECONDS + 0.5)
    assert harness.orchestrator.readings == 1
    assert harness.orchestrator.restarts == 1


async def test_silence_counts_where_reading_is_forbidden_and_the_answer_may_be_there(
    harness: RecoveryHarness,
) -> None:
    """Waiting does not help then: only a person does."""
    harness.connection.away = HistoryForbidden("403")
    await harness.clock.advance(SILENCE_SECONDS + 2)
    assert harness.connection.reads == 1
    assert harness.orchestrator.unread
    await harness.clock.advance(300)
    assert harness.orchestrator.restarts == 0
    harness.connection.away = None
    await harness.clock.advance(LONGEST_PAUSE)
    assert not harness.orchestrator.unread


async def test_an_outage_after_it_was_forbidden_counts_no_silence(
    harness: RecoveryHarness,
) -> None:
    harness.connection.away = HistoryForbidden("403")
    await harness.clock.advance(SILENCE_SECONDS + 2)
    harness.connection.away = ChannelUnavailable("503")
    await harness.clock.advance(FIRST_PAUSE + 3)
    assert harness.orchestrator.restarts > 0
    assert not harness.orchestrator.unread


async def test_a_new_connection_ends_the_pause_before_the_next_try(
    harness: RecoveryHarness,
) -> None:
    harness.connection.away = ChannelUnavailable("away")
    harness.connection.connects += 1
    await harness.reads_within(300)
    harness.connection.away = None
    harness.connection.connects += 1
    assert await harness.reads_within(OTHERS_SECONDS + 2) == 1


def said(first: int, count: int) -> list[MessageSnapshot]:
    """Return the final messages of so many jobs, with ids from the first on."""
    one = mj.snapshot("imagine_final")
    return [replace(one, id=first + number) for number in range(count)]


async def test_it_is_read_page_by_page(harness: RecoveryHarness) -> None:
    """What is not newer than the request is left out; only the last page has its end."""
    harness.connection.pages = [said(SINCE - 1, 4), said(SINCE + 3, 2)]
    await harness.recovery.look()
    heard = [[getattr(h, "message_id", 0) for h in p.heard] for p in harness.orchestrator.looks]
    assert heard == [[SINCE + 1, SINCE + 2], [SINCE + 3, SINCE + 4], []]
    assert [page.is_last for page in harness.orchestrator.looks] == [False, False, True]


async def test_of_a_history_that_is_too_long_only_the_ids_count(harness: RecoveryHarness) -> None:
    harness.connection.pages = [[] for _ in range(MOST_PAGES + 1)]
    with capture_logs() as logs:
        await harness.recovery.look()
    assert "history_too_long" in {line["event"] for line in logs}
    assert len(harness.orchestrator.looks) == MOST_PAGES
    assert not any(page.is_last for page in harness.orchestrator.looks)


async def test_a_look_knows_since_when_it_may_lack_something(harness: RecoveryHarness) -> None:
    """What was said while the history was read may be in it or not."""
    harness.connection.takes = 25
    harness.connection.connects += 1
    began = harness.clock.now()
    assert await harness.reads_within(OTHERS_SECONDS + 1) == 1
    (look,) = harness.orchestrator.looks
    assert look.reading.at - began == timedelta(seconds=OTHERS_SECONDS + 1)
