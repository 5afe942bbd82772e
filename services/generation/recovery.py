"""Finds out what happened while nothing was heard: after a start, a gap, or a long silence.

Discord forgets the events that fall into a gap, but not the messages. They are read from the
channel's history and go through the same `parse`, matching and `apply` as live events do.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

import structlog

from domain.errors import ChannelUnavailable, HistoryForbidden
from domain.messages import MessageSnapshot, parse
from domain.ports import Clock
from domain.text_matching import EARLY
from services.generation.history_reading import HistoryReading
from services.generation.inbox import HistoryPage
from services.generation.orchestrator import Orchestrator

log = structlog.get_logger(__name__)

TICK_SECONDS, IDLE_SECONDS = 1.0, 5.0
"""How often it asks itself whether to look: more rarely while nothing is awaited."""
SILENCE_SECONDS = 30.0
"""After how much silence about the active generation the history is read (again)."""
OTHERS_SECONDS = 5.0
"""How long after a connect it waits for those who look for missed commands: one reading is enough
for both, unless the database keeps them from it."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""After a history that could not be read, the pause before it is read again; it doubles up to the
longest."""
AGAIN_SECONDS = 10.0
"""How long after a look the next one comes if only the history can have the result."""
MOST_PAGES = 500
"""How many pages of 100 messages a look takes at most."""


class HistoryReader(Protocol):
    """The channel's history, and how often the gateway was connected; Discord's has both."""

    connects: int

    @property
    def connected(self) -> bool:
        """Whether the gateway is connected, so that Midjourney is heard live."""
        ...

    @property
    def account_id(self) -> int:
        """The account that the bot is logged in with."""
        ...

    def since(self, message_id: int) -> AsyncGenerator[list[MessageSnapshot]]:
        """Yield what was said after a message in pages, oldest first.

        Raises `ChannelUnavailable`.
        """
        ...


@dataclass(slots=True)
class Look:
    """A look into the history that has begun: what was said since its start is wanted."""

    reading: HistoryReading
    connects: int
    pages: int = 0
    about_jobs: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there were more pages than are looked at."""
        return self.pages > MOST_PAGES


class Recovery:
    """Reads the history when there is a reason to, or takes what somebody else has read of it."""

    def __init__(
        self,
        history: HistoryReader,
        orchestrator: Orchestrator,
        clock: Clock,
        hears: Callable[[], bool],
    ) -> None:
        """Keep the parts; `hears` says whether what is said comes through the connection."""
        self._history = history
        self._hears = hears
        self._orchestrator = orchestrator
        self._clock = clock
        self._seen_connects = 0
        self._connected_since: float | None = None
        self._looked_at = clock.monotonic()
        self._second_look_at: float | None = None
        self._pause = self._again_at = 0.0
        self._failed_in = 0
        self._forbidden = False

    async def run(self) -> None:
        """Look after each connect and in every long silence, until cancelled.

        While nothing can be heard or read, there is no silence of Midjourney's; but where reading
        is forbidden, waiting does not help.
        """
        while True:
            await self._clock.sleep(IDLE_SECONDS if self._is_idle() else TICK_SECONDS)
            self._judge_silence()
            if self._history.connected and self._has_reason() and self._may_ask():
                try:
                    with self._orchestrator.looking():
                        await self.look()
                        await self._orchestrator.caught_up()  # while the database is away: no pile
                except ChannelUnavailable as error:
                    self._wait_longer(error)
                    self._judge_silence()  # before anybody else does

    def _judge_silence(self) -> None:
        hears, unread = self._history.connected and self._hears(), bool(self._pause)
        self._orchestrator.judge_silence(
            counts=hears and (self._forbidden or not unread), unread=unread and self._forbidden
        )

    def _is_idle(self) -> bool:
        """Whether only a connect, or a generation that begins, can give a reason."""
        awaits_look = self._second_look_at is not None or self._pause
        known = self._history.connects == self._seen_connects
        return known and not awaits_look and self._orchestrator.first_unknown() is None

    def _wait_longer(self, error: ChannelUnavailable) -> None:
        """Ask again after a longer pause each time, and say so once."""
        if not self._pause:
            log.warning("history_not_read", why=str(error))
        self._forbidden = isinstance(error, HistoryForbidden)
        self._pause = min(2 * self._pause or FIRST_PAUSE, LONGEST_PAUSE)
        self._again_at = self._clock.monotonic() + self._pause
        self._failed_in = self._history.connects

    def _may_ask(self) -> bool:
        """Whether it was read last time, or the pause is over, or the gateway is connected anew."""
        new = self._history.connects != self._failed_in
        return new or self._clock.monotonic() >= self._again_at

    def _has_reason(self) -> bool:
        """Look after each connect, again when a request just before it has its message, and so on.

        What could not be read has to be read in any case.
        """
        now = self._clock.monotonic()
        if self._waited_for_others(now) or self._pause:
            return True
        if self._second_look_at is not None and now >= self._second_look_at:
            return True
        since = now - self._looked_at
        if self._orchestrator.misses() and since >= AGAIN_SECONDS:
            return True
        return min(self._orchestrator.silence(), since) >= SILENCE_SECONDS

    def _waited_for_others(self, now: float) -> bool:
        """Whether there was a connect, and nobody who looks for missed commands has read for us."""
        if self._history.connects == self._seen_connects:
            self._connected_since = None
            return False
        if self._connected_since is None:
            self._connected_since = now
        return now - self._connected_since >= OTHERS_SECONDS

    async def look(self) -> None:
        """Look now, if anything is awaited, or raise `ChannelUnavailable`."""
        look = self.begin()
        if look is None:
            return
        async with aclosing(self._history.since(look.reading.since)) as pages:
            async for page in pages:
                self.take(look, page)
                if look.is_cut:
                    break
        self.finish(look)

    def begin(self) -> Look | None:
        """Begin a look; None when nothing is awaited. Then give each page to `take`."""
        since, connects = self._orchestrator.first_unknown(), self._history.connects
        if since is None:
            if self._orchestrator.has_taken_up:  # what begins from now on is heard live
                self._seen_connects = connects
            return None
        self._looked_at = self._clock.monotonic()
        reading = HistoryReading(
            since=since,
            account_id=self._history.account_id,
            at=self._clock.now(),
            began=self._looked_at,
        )
        return Look(reading, connects)

    def take(self, look: Look, page: Sequence[MessageSnapshot]) -> None:
        """Hand on a page, the oldest message first; nothing more than a look may take."""
        look.pages += 1
        if look.is_cut:
            return
        wanted = (one for one in page if one.id > look.reading.since)
        heard = tuple(h for h in map(parse, wanted) if h is not None)
        look.about_jobs += len(heard)
        self._orchestrator.look_back(HistoryPage(look.reading, heard))

    def finish(self, look: Look) -> None:
        """Note that all was read. Of a history that is cut off, only the ids were of use."""
        self._pause = self._again_at = 0.0
        began, since = look.reading.began, look.reading.since
        if look.connects != self._seen_connects:
            self._second_look_at = began + EARLY.total_seconds()
        elif self._second_look_at is not None and began >= self._second_look_at:
            self._second_look_at = None
        self._seen_connects = look.connects
        log.info("history_read", since=since, pages=look.pages, about_jobs=look.about_jobs)
        if look.is_cut:
            log.warning("history_too_long", since=since, pages=MOST_PAGES)
        else:
            self._orchestrator.look_back(HistoryPage(look.reading, is_last=True))
