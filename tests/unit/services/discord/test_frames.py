"""Each event of the gateway is noted, also those of which nothing else is heard."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from discord.ext import commands

from services.discord.frames import hear_frames


class TellingBot:
    """A bot whose gateway tells of two events; its socket knows no frames."""

    def __init__(self) -> None:
        self.ws = SimpleNamespace(wait_for=lambda *_: None)  # pyright: ignore[reportUnknownLambdaType] -- called with anything

    async def wait_for(self, _: str, check: Callable[[str], bool]) -> None:
        assert [check(name) for name in ("READY", "TYPING_START")] == [False, False]


async def test_every_event_is_noted() -> None:
    events: list[None] = []
    heard: list[Any] = []
    bot = cast("commands.Bot", TellingBot())
    await hear_frames(bot, heard.append, lambda: events.append(None))
    assert len(events) == 2
    assert heard == []
