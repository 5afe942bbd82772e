"""A sleeper wakes in time, and only then or when it is woken."""

from __future__ import annotations

import asyncio

from services.alarm import Alarm
from tests.fakes import FakeClock


async def test_it_sleeps_for_as_long_as_nothing_is_due_sooner() -> None:
    clock = FakeClock()
    alarm = Alarm(clock)
    asleep = asyncio.ensure_future(alarm.sleep(100))
    await clock.advance(50)
    alarm.bring_forward(50)
    await clock.advance(49)
    assert not asleep.done()
    await clock.advance(1)
    assert await asleep


async def test_it_is_woken_when_something_is_due_sooner() -> None:
    clock = FakeClock()
    alarm = Alarm(clock)
    asleep = asyncio.ensure_future(alarm.sleep(100))
    await clock.advance(1)
    alarm.bring_forward(98)
    await clock.advance(0)
    assert not await asleep
