"""Takes people's commands in order, each at most once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from domain.errors import HistoryForbidden, HistoryUnavailable, StoreUnavailable, Transient
from domain.ports import Clock, GenerationStore, Lease, checked
from domain.snowflakes import is_snowflake

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 5.0
"""The pause after a failed catch-up; it doubles after each further failure."""
LONGEST_PAUSE = 60.0
"""The longest pause,"""
LONGEST_WITHOUT_HISTORY = 300.0
"""where it is the channel's history that cannot be read; the next connect ends it."""
REMEMBERED = 500
"""How many commands to remember, to notice a second delivery by the gateway or the history."""


class CommandQueue:
    """Runs commands that change something, in message order, and marks them as handled.

    The mark is the latest handled message. Commands after it came while the bot was offline or the
    database was away; they are found in the history and run again. A reaction is a command too: its
    key stands for the id of a message, but moves no mark.
    """

    def __init__(self, store: GenerationStore, lease: Lease, clock: Clock) -> None:
        """Keep the parts."""
        self._store = store
        self._lease = lease
        self._clock = clock
        self._one_by_one = asyncio.Lock()  # commands, in the order in which they arrive
        self._at_work = asyncio.Lock()  # held by one command, or by the catch-up
        self._catching_up: asyncio.Task[object] | None = None
        self._handled: deque[int] = deque(maxlen=REMEMBERED)
        self._came: deque[int] = deque(maxlen=REMEMBERED)
        self._deferred: set[int] = set()
        self._marked = 0
        self._gap = asyncio.Event()
        self._looked = asyncio.Event()  # the catch-up is done, or failed: see the obstacle
        self._looked.set()
        self._obstacle: type[Transient] | None = None
        self._connected_anew = False
        self._catch_up: Callable[[], Awaitable[None]] | None = None

    def is_deferred(self, message_id: int) -> bool:
        """Whether this command is left for later: it will be found and run again."""
        return message_id in self._deferred

    def came_live(self, message_id: int) -> bool:
        """Whether this command came live, from somebody who was allowed to use it then."""
        return message_id in self._came

    def note_refusal(self, message_id: int) -> bool:
        """Note that a command is refused before its turn; return False if that was noted before.

        The gateway and the history may both deliver it; only the first delivery is answered.
        """
        first = message_id not in self._handled
        if first:
            self._handled.append(message_id)
        return first

    def note_mark(self, message_id: int) -> None:
        """Note that a change has moved the mark to this command, which then need not be done."""
        self._marked = max(self._marked, message_id)

    def missed(self, *, connected: bool = False) -> None:
        """Note that commands may have been missed, or answers not sent.

        From now on other commands wait until the bot has caught up. A new connection ends the pause
        after a catch-up that failed.
        """
        self._connected_anew = self._connected_anew or connected
        self._gap.set()
        self._looked.clear()

    def when_missed(self, catch_up: Callable[[], Awaitable[None]]) -> None:
        """Set what is called after each gap, and again after a temporary failure."""
        self._catch_up = catch_up

    async def run(self) -> None:
        """Catch up after every gap, until cancelled."""
        pause = AGAIN_SECONDS
        while True:
            await self._gap.wait()
            self._gap.clear()
            try:
                if self._catch_up is not None:
                    await self._catch_up()
            except Transient as error:
                longest = _longest_pause(error)
                pause = min(pause, longest)
                if not (isinstance(error, HistoryForbidden) and self._obstacle is type(error)):
                    log.warning("not_caught_up", why=str(error), again_in=pause)
                self._obstacle = type(error)
                self._looked.set()  # waiting commands learn why
                self.missed()
                self._connected_anew = False
                await _sleep_unless(lambda: self._connected_anew, pause, self._clock)
                pause = AGAIN_SECONDS if self._connected_anew else min(2 * pause, longest)
            else:
                self._obstacle = None
                pause = AGAIN_SECONDS
                if not self._gap.is_set():  # nothing was missed meanwhile
                    self._looked.set()

    @asynccontextmanager
    async def turn(self, message_id: int) -> AsyncGenerator[bool]:
        """Wait for this command's turn; yield False if it was already handled.

        It is marked as handled at the end, even if it was refused. But if the database or the
        channel's history is away, this command and all later ones are left for later, with
        `StoreUnavailable` or `ChannelUnavailable`. Otherwise the mark would move past it, or past
        commands that were missed before it.
        """
        if self._catching_up is not None and self._catching_up is asyncio.current_task():
            async with self._handling(message_id) as first:
                yield first
            return
        if message_id in self._handled:
            yield False
            return
        self._came.append(message_id)
        self._defer_behind(message_id)
        async with self._one_by_one:
            while not self._looked.is_set() and self._obstacle is None:
                await self._looked.wait()
            async with self._at_work:
                self._defer_behind(message_id)
                async with self._handling(message_id) as first:
                    yield first

    @asynccontextmanager
    async def catching_up(self) -> AsyncGenerator[int | None]:
        """Hold back all other commands and yield the mark; commands after it must be run again.

        So are those that were left for later, although they may have moved the mark: the database
        may have done them, and its answer was lost. The mark is None if no command was ever
        handled. Try again after `StoreUnavailable`.
        """
        async with self._at_work:
            self._catching_up = asyncio.current_task()
            deferred = frozenset(self._deferred)
            try:
                mark = await self._store.get_mark()
                typed = filter(is_snowflake, deferred)
                yield mark and min([mark, *(one - 1 for one in typed)])
                self._deferred -= deferred
            finally:
                self._catching_up = None

    async def mark(self, message_id: int) -> None:
        """Record that everything up to this message is handled."""
        checked(await self._store.set_mark(message_id, fence=self._lease.fence))

    def _defer_behind(self, message_id: int) -> None:
        if message_id in self._handled or not (self._deferred or self._obstacle):
            return
        self.defer(message_id)
        obstacle = self._obstacle or StoreUnavailable
        raise obstacle("earlier commands are left for later")

    def defer(self, message_id: int) -> None:
        """Leave a command for later: the next catch-up, which comes soon, finds it."""
        self._deferred.add(message_id)
        self.missed()

    @asynccontextmanager
    async def _handling(self, message_id: int) -> AsyncGenerator[bool]:
        if message_id in self._handled:
            yield False
            return
        try:
            yield True
        except Transient:
            self.defer(message_id)
            raise
        except Exception:
            await self._done(message_id)
            raise
        await self._done(message_id)

    async def _done(self, message_id: int) -> None:
        self._handled.append(message_id)
        self._deferred.discard(message_id)
        if not is_snowflake(message_id) or message_id <= self._marked:  # no mark for reactions
            return
        try:
            await self.mark(message_id)
        except StoreUnavailable:
            self.missed()  # the next catch-up moves the mark


async def _sleep_unless(over: Callable[[], bool], seconds: float, clock: Clock) -> None:
    """Sleep for so long, or until it is over."""
    wakes = clock.monotonic() + seconds
    while not over() and (left := wakes - clock.monotonic()) > 0:
        await clock.sleep(min(left, AGAIN_SECONDS))


def _longest_pause(error: Transient) -> float:
    return LONGEST_WITHOUT_HISTORY if isinstance(error, HistoryUnavailable) else LONGEST_PAUSE
