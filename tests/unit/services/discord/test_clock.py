"""Discord's time of day, from the dates of its answers."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.ext import commands

from services.discord.clock import SESSION, DiscordClock
from tests.fakes import FakeClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.fault(name="F16")


def ahead(seconds: float) -> FakeClock:
    """Return a machine's clock that shows this much more than noon."""
    return FakeClock(NOON + timedelta(seconds=seconds))


def date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def test_without_an_answer_there_is_only_this_machines_clock() -> None:
    clock = ahead(1200)
    assert DiscordClock(clock).now() == clock.now()


@pytest.mark.parametrize("answer", [None, "", "soon", "Sun, 99 Nov 2026 12:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(answer: str | None) -> None:
    discord_clock = DiscordClock(ahead(1200))
    discord_clock.note(answer, 0)
    assert discord_clock.now() == NOON + timedelta(seconds=1200)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-1200, 0),
        (-0.001, 0),
        (0, 0),
        (0.999, 0.999),  # the date has whole seconds
        (3.5, 3.5),  # and the answer took two and a half to come
        (3.501, 0),
        (1200, 0),
    ],
)
def test_the_machines_clock_counts_as_long_as_it_can_be_right(seconds: float, shown: float) -> None:
    discord_clock = DiscordClock(ahead(seconds))
    discord_clock.note(date(NOON), 2.5)
    assert discord_clock.now() == NOON + timedelta(seconds=shown)


@pytest.mark.parametrize("seconds", [-1200, 0, 1200])
def test_time_goes_on_after_an_answer_whatever_becomes_of_the_machines(seconds: float) -> None:
    clock = ahead(seconds)
    discord_clock = DiscordClock(clock)
    discord_clock.note(date(NOON), 0)
    clock.jump(90)
    clock.put_back(3)
    assert discord_clock.now() == NOON + timedelta(seconds=90)
    discord_clock.note(date(NOON + timedelta(seconds=100)), 0)
    assert discord_clock.now() == NOON + timedelta(seconds=100)


@pytest.mark.parametrize(
    ("said", "took", "shown"),
    [
        (9, 0.0, 10),  # a whole second may be left out
        (8, 0.0, 9),
        (8, 1.0, 10),
        (10, 0.0, 10),
        (11, 0.0, 11),
    ],
)
def test_time_only_goes_back_if_it_cannot_be_right(said: int, took: float, shown: int) -> None:
    clock = ahead(1200)
    discord_clock = DiscordClock(clock)
    discord_clock.note(date(NOON), 0)
    clock.jump(10)
    discord_clock.note(date(NOON + timedelta(seconds=said)), took)
    assert discord_clock.now() == NOON + timedelta(seconds=shown)


async def test_every_answer_is_looked_at_and_handed_on() -> None:
    clock, asked = ahead(1200), list[Any]()
    answer = SimpleNamespace(headers={"Date": date(NOON)})

    async def request(*given: Any, **options: Any) -> Any:
        asked.append((given, options))
        clock.jump(2)
        return answer

    session = SimpleNamespace(request=request)
    bot = cast("commands.Bot", SimpleNamespace(http=SimpleNamespace(**{SESSION: session})))
    discord_clock = DiscordClock(clock)
    discord_clock.listen(bot)
    assert await session.request("GET", "/x", stream=True) is answer
    assert asked == [(("GET", "/x"), {"stream": True})]
    assert discord_clock.now() == NOON


async def test_the_library_keeps_its_client_there() -> None:
    """Until the login there is none, and nothing is looked at."""
    bot = commands.Bot("!")
    DiscordClock(ahead(0)).listen(bot)
    assert not getattr(bot.http, SESSION)


async def test_it_waits_as_the_machines_clock_does() -> None:
    clock = ahead(0)
    discord_clock = DiscordClock(clock)
    await discord_clock.sleep(0)
    clock.jump(7)
    assert discord_clock.monotonic() == 7
