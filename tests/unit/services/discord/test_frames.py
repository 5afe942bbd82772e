"""Each event of the gateway is noted, also those of which nothing else is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from discord.ext import commands

from services.discord.frames import hear_frames


class TellingBot:
    """A bot whose gateway tells of two events, and whose socket gets no frames."""

    def __init__(self) -> None:
        self.waiting = list[asyncio.Future[None]]()
        self.ws = SimpleNamespace(wait_for=self._wait, _dispatch_listeners=list[object]())

    def _wait(self, *_: object) -> asyncio.Future[None]:
        self.waiting.append(asyncio.get_running_loop().create_future())
        self.ws._dispatch_listeners.append(SimpleNamespace(future=self.waiting[-1]))
        return self.waiting[-1]

    async def wait_for(self, _: str, check: Callable[[str], bool]) -> None:
        assert [check(name) for name in ("READY", "TYPING_START")] == [False, False]


async def test_every_event_is_noted() -> None:
    events: list[None] = []
    heard: list[Any] = []
    bot = TellingBot()
    await hear_frames(cast("commands.Bot", bot), heard.append, lambda: events.append(None))
    assert len(events) == 2
    assert heard == []


async def test_at_its_end_nothing_of_it_stays_at_the_socket() -> None:
    bot = TellingBot()
    await hear_frames(cast("commands.Bot", bot), lambda _: None, lambda: None)
    assert len(bot.waiting) == 3
    assert all(each.cancelled() for each in bot.waiting)
    assert bot.ws._dispatch_listeners == []
