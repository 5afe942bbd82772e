"""The bot's clock: this machine's, as long as Discord's answers allow it.

Discord's ids say by Discord's clock when something was created. If this machine's is far from that
one, a command that was just typed seems old, and an answer seems to come before its request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, cast

from discord.ext import commands

from domain.ports import Clock

_SECOND = timedelta(seconds=1)
SESSION = "_HTTPClient__session"
"""Where the library keeps the client of its REST requests, from the login on."""


class DiscordClock:
    """Discord's time of day, from the `Date` of its REST answers, which has whole seconds.

    Until the first answer, this machine's clock is all there is.
    """

    def __init__(self, clock: Clock) -> None:
        """Know nothing yet of Discord's time: see `listen`."""
        self._clock = clock
        self._noted: tuple[datetime, float] | None = None  # a time, and when it was
        self.stop: Callable[[], None] = lambda: None
        """Look at no more answers."""

    def listen(self, bot: commands.Bot) -> None:
        """Look at every REST answer from now on; the bot must be logged in."""
        session: Any = getattr(bot.http, SESSION, None)
        if not session:  # there is none yet
            return
        ask = cast("Callable[..., Awaitable[Any]]", session.request)

        async def noted(*asked: Any, **options: Any) -> Any:
            began = self._clock.monotonic()
            answer = await ask(*asked, **options)
            self.note(answer.headers.get("Date"), self._clock.monotonic() - began)
            return answer

        def stop() -> None:
            session.request = ask

        self.stop = stop
        session.request = noted

    def note(self, date: str | None, took: float) -> None:
        """Note the `Date` of an answer that has just come, so many seconds after its request.

        This machine's clock counts if it can be right. If not, time goes on from what was known:
        it only goes back if that can't be right either.
        """
        try:
            earliest = parsedate_to_datetime(date or "").astimezone(UTC)
        except ValueError:
            return
        latest = earliest + _SECOND + timedelta(seconds=took)
        now = self._clock.now()
        if not earliest <= now <= latest:
            now = earliest if self._noted is None else min(max(self.now(), earliest), latest)
        self._noted = now, self._clock.monotonic()

    def now(self) -> datetime:
        """Return the time of day, in UTC; if this machine's is wrong, at most an answer early."""
        if self._noted is None:
            return self._clock.now()
        then, noted = self._noted
        return then + timedelta(seconds=self._clock.monotonic() - noted)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._clock.sleep(seconds)
