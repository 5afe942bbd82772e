"""Keeps the connections to Discord's gateway apart if it hangs up on them.

The library connects again at once after most closes, hundreds of times a second if need be, and
Discord resets the token of an account that does so. Its own pauses are only for connections that
could not be made at all; and if the very first one could not be made, it ends.
"""

from __future__ import annotations

import asyncio
import functools
import math
from collections.abc import Awaitable, Callable
from typing import Any, cast

import structlog
from discord.ext import commands
from discord.gateway import ReconnectWebSocket

from domain.errors import GatewayLoop
from domain.hang_ups import HangUps
from domain.ports import Clock, GenerationStore, Lease, checked
from services.retry import when_available

log = structlog.get_logger(__name__)

OpenSocket = Callable[..., Awaitable[Any]]

TICK_SECONDS = 1.0
MOMENT = 0.01
"""Seconds more than what is left: a sleeper may be woken a little early."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries to reach the gateway for the first time; each is twice the one before."""
LASTING_SECONDS = 120.0
"""A connection that ends after this time was no hang-up: even if each one did, there would be
fewer than the 1000 a day after which Discord resets the token."""
MOST_IN_A_ROW = 10
"""After so many a person should look into it: the process ends. The next one goes on with the
same distance."""
WORTH_A_LINE = 3
ASLEEP_SECONDS = 25.0
"""How long a connection waits in one go: the library gives it 60 seconds, and the handshake 30."""
LARGEST_MESSAGE = 64 * 1024 * 1024
"""Bytes, as they are sent. The transport itself would cut the connection at 4 MiB, and READY names
all servers of the account: one in many of them could never connect."""


class HangUpGuard(commands.Cog):
    """Makes each connection wait that follows a hang-up too closely, also after a restart.

    A gateway that is away from the first is waited for.
    """

    def __init__(self, store: GenerationStore, lease: Lease, clock: Clock) -> None:
        """Know of no hang-up yet: see `guard`."""
        self._store = store
        self._lease = lease
        self._clock = clock
        self._hang_ups: HangUps | None = None
        self._stored: HangUps | None = None
        self._not_before = clock.monotonic()
        self._opened_at: float | None = None
        self._of_this_process = 0
        self._news = asyncio.Event()
        self._undo: Callable[[], None] = lambda: None

    async def guard(self, bot: commands.Bot) -> None:
        """Take up the hang-ups of the last process, and stand before the bot's connections."""
        self._hang_ups = self._stored = await self._store.get_hang_ups()
        if self._hang_ups is not None:
            self._put_off(self._hang_ups.left(self._clock.now()))
            self._news.set()
        connect = bot.connect
        open_socket = cast("OpenSocket", cast("Any", bot.http).ws_connect)

        async def connect_later(*, reconnect: bool = True) -> None:
            pause = FIRST_PAUSE
            while True:
                await self._wait(bot)
                try:
                    return await connect(reconnect=reconnect)
                except AttributeError:  # the library has looked at its last socket, to resume it
                    if getattr(bot, "ws", None) is not None:
                        raise
                again_at = self._clock.monotonic() + pause
                self._not_before = max(self._not_before, again_at)
                pause = min(2 * pause, LONGEST_PAUSE)

        async def open_later(url: str, **options: Any) -> Any:
            await self.on_disconnect()  # the library's event may come after this
            await self._wait(bot, ASLEEP_SECONDS)
            if self._left > 0:  # the library connects again, without a pause of its own
                # To resume what the gateway has ended would be one more hang-up, again and again.
                raise ReconnectWebSocket(resume=bot.ws.session_id is not None)
            socket = await open_socket(url, max_message_size=LARGEST_MESSAGE, **options)
            self._opened_at = self._clock.monotonic()
            return socket

        self._undo = functools.partial(_connect_by, bot, connect, open_socket)
        bot.connect = connect_later
        bot.http.ws_connect = open_later
        await bot.add_cog(self)

    async def cog_unload(self) -> None:
        """Stand before the bot's connections no more."""
        self._undo()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Count the end of a connection, if one was open; the bot's own end is not heard."""
        self._forget_if_it_lasts()
        counts = self._opened_at is not None and not self._lasts
        self._opened_at = None
        if not counts:
            return
        before = 0 if self._hang_ups is None else self._hang_ups.in_a_row
        self._hang_ups = HangUps(in_a_row=before + 1, last_at=self._clock.now())
        self._of_this_process += 1
        self._put_off(self._hang_ups.distance)
        self._news.set()

    async def run(self) -> None:
        """Keep what the next process must know; `GatewayLoop` if a person must look into it."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._hang_ups is not None:
                await self._store_it()
                if self._of_this_process >= MOST_IN_A_ROW:
                    raise GatewayLoop(f"Discord's gateway hung up {MOST_IN_A_ROW} times in a row")
                await self._clock.sleep(TICK_SECONDS)
                self._forget_if_it_lasts()
            await self._store_it()

    async def _store_it(self) -> None:
        wanted = self._hang_ups
        if wanted != self._stored:
            outcome = await when_available(
                self._store.set_hang_ups, wanted, fence=self._lease.fence
            )
            checked(outcome)
            self._stored = wanted

    def _forget_if_it_lasts(self) -> None:
        if self._lasts:
            self._hang_ups, self._of_this_process = None, 0

    def _put_off(self, seconds: float) -> None:
        self._not_before = self._clock.monotonic() + seconds
        if self._hang_ups is not None and self._hang_ups.in_a_row >= WORTH_A_LINE and seconds > 0:
            log.warning("gateway_hangs_up", in_a_row=self._hang_ups.in_a_row, seconds=seconds)

    @property
    def _lasts(self) -> bool:
        """Whether there is a connection that was no hang-up."""
        opened_at = self._opened_at
        return opened_at is not None and self._clock.monotonic() - opened_at >= LASTING_SECONDS

    @property
    def _left(self) -> float:
        return self._not_before - self._clock.monotonic()

    async def _wait(self, bot: commands.Bot, at_most: float = math.inf) -> None:
        """Wait until the next connection may begin, or the bot is closed."""
        wakes = self._clock.monotonic() + at_most
        while self._left > 0 and self._clock.monotonic() < wakes and not bot.is_closed():
            await self._clock.sleep(min(self._left + MOMENT, TICK_SECONDS))


def _connect_by(
    bot: commands.Bot, connect: Callable[..., Awaitable[None]], open_socket: OpenSocket
) -> None:
    client: Any = bot  # whose methods have narrower types than what stands in for them
    client.connect, client.http.ws_connect = connect, open_socket
