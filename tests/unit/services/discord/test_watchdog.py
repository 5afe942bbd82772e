"""When the watchdog closes the gateway's socket, and what is told of an absence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from services.discord.watchdog import (
    DOUBTFUL_SECONDS,
    RECONNECTING_SECONDS,
    TICK_SECONDS,
    UNANSWERED_SECONDS,
    GatewayWatchdog,
)
from tests.fakes import FakeClock


class FakeGateway:
    """A gateway whose answers and disconnects are set by the test."""

    def __init__(self) -> None:
        self.away = False
        self.heartbeat: float | None = 0.05
        self.sequence: int | None = None
        self.hung_up = 0

    async def hang_up(self) -> None:
        self.hung_up += 1


class WatchdogHarness:
    def __init__(self) -> None:
        self.clock, self.connection = FakeClock(), FakeGateway()
        self.watch = GatewayWatchdog(self.connection, self.clock)
        self.told: list[bool] = []
        self.work = asyncio.create_task(self.watch.run(self._note))

    def _note(self) -> None:
        self.told.append(self.watch.reconnecting)


@pytest.fixture
async def harness() -> AsyncGenerator[WatchdogHarness]:
    harness = WatchdogHarness()
    await harness.clock.advance(0)
    yield harness
    harness.work.cancel()
    await asyncio.wait([harness.work])


@pytest.mark.fault(name="F03")
async def test_a_gateway_that_answers_no_heartbeat_is_hung_up_on(harness: WatchdogHarness) -> None:
    await harness.clock.advance(UNANSWERED_SECONDS - 1)
    assert harness.connection.hung_up == 0
    await harness.clock.advance(3)
    assert harness.connection.hung_up == 1
    await harness.clock.advance(UNANSWERED_SECONDS - 3)
    assert harness.connection.hung_up == 1


async def test_each_answer_to_a_heartbeat_begins_the_wait_anew(harness: WatchdogHarness) -> None:
    for beat in range(10):
        harness.connection.heartbeat = 0.05 + beat / 1000
        await harness.clock.advance(UNANSWERED_SECONDS / 2)
    assert harness.connection.hung_up == 0


async def test_nothing_may_be_heard_when_one_answer_is_missing(harness: WatchdogHarness) -> None:
    await harness.clock.advance(DOUBTFUL_SECONDS - 1)
    assert harness.watch.hears
    await harness.clock.advance(3)
    assert not harness.watch.hears
    harness.connection.heartbeat = 0.06
    await harness.clock.advance(TICK_SECONDS)
    assert harness.watch.hears


async def test_nothing_is_hung_up_on_while_there_is_no_connection(harness: WatchdogHarness) -> None:
    harness.connection.heartbeat = None
    await harness.clock.advance(UNANSWERED_SECONDS * 3)
    assert harness.connection.hung_up == 0


async def test_that_it_is_away_for_long_is_told_once_and_that_it_is_back_as_well(
    harness: WatchdogHarness,
) -> None:
    await harness.clock.advance(0.5)
    harness.connection.away = True
    await harness.clock.advance(RECONNECTING_SECONDS - 0.5)
    assert harness.told == []
    await harness.clock.advance(RECONNECTING_SECONDS * 3)
    assert harness.told == [True]
    harness.connection.away = False
    await harness.clock.advance(1)
    assert harness.told == [True, False]


async def test_an_absence_of_a_few_seconds_is_not_told_however_often_it_comes(
    harness: WatchdogHarness,
) -> None:
    for away in (True, False) * 5:
        harness.connection.away = away
        await harness.clock.advance(RECONNECTING_SECONDS - 2 if away else 1)
    assert harness.told == []


async def test_ages_count_from_the_last_event_and_the_last_answer(
    harness: WatchdogHarness,
) -> None:
    await harness.clock.advance(8)
    harness.connection.sequence = 1
    await harness.clock.advance(TICK_SECONDS)
    await harness.clock.advance(3)
    harness.connection.heartbeat = 0.06
    await harness.clock.advance(1)
    harness.clock.jump(3)
    assert (harness.watch.event_age, harness.watch.heartbeat_age) == (7, 3)
