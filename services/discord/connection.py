"""The state of the gateway, and the channel's messages as plain records."""

from __future__ import annotations

import asyncio
import math
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from datetime import datetime

import discord
import structlog
from discord.ext import commands

from domain.errors import ChannelUnavailable
from domain.messages import (
    MessageSnapshot,
)
from services.discord.history_access import HistoryAccess
from services.discord.snapshots import snapshot

log = structlog.get_logger(__name__)

PAGE = 100
"""How many messages of a history Discord returns at once."""
RESUMABLE = 4000
"""A close code after which the session can be resumed."""

PASSING = (discord.DiscordServerError, discord.RateLimited, ChannelUnavailable, OSError)
"""Temporary errors: Discord cannot do something now, but may do it later."""


def new_message_nonce() -> str:
    """Return a nonce for one message, so that Discord drops a second copy of it.

    The library's own nonces are the same for all messages sent within one millisecond.
    """
    return nonce_at(discord.utils.utcnow())


def nonce_at(moment: datetime) -> str:
    """Return a nonce in Discord's form: a snowflake of that time, with 22 random bits."""
    return str(discord.utils.time_snowflake(moment) | secrets.randbits(22))


class DiscordConnection(commands.Cog):
    """The true state of the gateway, the history, and the closing of the services with the bot.

    While the gateway is down the library still calls itself ready, so this follows its events.
    """

    def __init__(self, bot: commands.Bot, channel_id: int) -> None:
        """Watch the bot, which may already be connected."""
        self._bot = bot
        self._channel_id = channel_id
        self._connected = asyncio.Event()
        self.history_access = HistoryAccess()
        self._closers: list[Callable[[], Awaitable[None]]] = []
        self.connects = int(bot.is_ready())  # so that others see that there may have been a gap
        self.resumes = 0  # how many of these took up the session of before
        if self.connects:
            self._connected.set()

    def closes(self, closer: Callable[[], Awaitable[None]]) -> None:
        """Call this when the bot closes."""
        self._closers.append(closer)

    @commands.Cog.listener("on_ready")
    @commands.Cog.listener("on_resumed")
    async def on_connected(self) -> None:
        """Note a new gateway session, or that the old one was resumed."""
        self.connects += 1
        self._connected.set()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Count a resumed session."""
        self.resumes += 1

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note that nothing can be sent or received."""
        self._connected.clear()

    async def cog_unload(self) -> None:
        """Close the services with the bot."""
        for closer in self._closers:
            await closer()

    async def session(self) -> str:
        """Wait until the gateway is connected and return its session id."""
        while True:
            await self._connected.wait()
            session_id = self._bot.ws.session_id
            if session_id is not None and self._bot.ws.open:
                return session_id
            self._connected.clear()
            log.warning("gateway_not_open")

    @property
    def connected(self) -> bool:
        """Whether the gateway is connected now."""
        return self._connected.is_set()

    @property
    def away(self) -> bool:
        """Whether the gateway was connected before, but is not now."""
        return self.connects > 0 and not self.connected

    @property
    def heartbeat(self) -> float | None:
        """How long the last answer to a heartbeat took, in seconds; None while down."""
        latency = self._bot.latency
        return latency if self.connected and math.isfinite(latency) else None

    @property
    def sequence(self) -> int | None:
        """The number of the last event, which each one changes; None before the first."""
        return getattr(self._bot.ws, "sequence", None)  # there is no socket before the first one

    async def hang_up(self) -> None:
        """Close the socket, so that the library makes a new one and resumes the session."""
        await self._bot.ws.close(RESUMABLE)

    async def channel(self) -> discord.TextChannel:
        """Return the private channel once the gateway is connected, or raise `ChannelUnavailable`.

        Until then the library knows no channels.
        """
        await self._connected.wait()
        return self.known_channel()

    def known_channel(self) -> discord.TextChannel:
        """Return the private channel without waiting, or raise `ChannelUnavailable`."""
        channel = self._bot.get_channel(self._channel_id)
        if not isinstance(channel, discord.TextChannel):
            msg = f"channel {self._channel_id} is not a text channel of this account"
            raise ChannelUnavailable(msg)
        return channel

    async def read(self, message_id: int) -> MessageSnapshot | None:
        """Return one message as it is now, with fresh links; None if it is gone.

        User accounts may not fetch a single message; the library asks for those around it.
        Raises `ChannelUnavailable` if Discord does not answer, or answers without the message.
        """
        message = await self.message(message_id)
        return None if message is None else snapshot(message)

    async def message(self, message_id: int) -> discord.Message | None:
        """Return the same as the library has it, for what a snapshot does not tell."""
        try:
            return await (await self.channel()).fetch_message(message_id)
        except discord.NotFound:
            return None
        except (discord.HTTPException, *PASSING) as error:
            msg = f"message {message_id} cannot be read: {error}"
            raise ChannelUnavailable(msg) from error

    async def since(self, message_id: int) -> AsyncGenerator[list[MessageSnapshot]]:
        """Yield what came after a message in pages, oldest first; `ChannelUnavailable`."""
        async with aclosing(self.pages(message_id)) as pages:
            async for page in pages:
                yield [snapshot(message) for message in page]

    async def pages(
        self, after: int, limit: int | None = None
    ) -> AsyncGenerator[list[discord.Message]]:
        """Yield the messages after one, oldest first, as many at a time as Discord returns.

        The messages of a page have buttons only until the next page is asked for. Raises
        `ChannelUnavailable`; `HistoryForbidden` where only a person can help.
        """
        since, page = discord.Object(after), list[discord.Message]()
        try:
            channel = await self.channel()
            self.history_access.check(channel)
            async for message in channel.history(limit=limit, after=since, oldest_first=True):
                page.append(message)
                if len(page) == PAGE:
                    self.history_access.worked()
                    yield page
                    _drop_buttons(page)
                    page = []
        except (discord.HTTPException, *PASSING) as error:
            raise self.history_access.failed(error) from error
        self.history_access.worked()
        if page:
            yield page

    async def ask(self) -> None:
        """Ask Discord for one message, only to be answered: `DiscordClock` learns the time."""
        with suppress(ChannelUnavailable):
            await self.latest(1)

    async def latest(self, limit: int) -> list[discord.Message]:
        """Return the channel's latest messages, oldest first; raises as `pages` does."""
        try:
            channel = await self.channel()
            self.history_access.check(channel)
            return [message async for message in channel.history(limit=limit)][::-1]
        except (discord.HTTPException, *PASSING) as error:
            raise self.history_access.failed(error) from error

    async def reacted(self, reaction: discord.Reaction) -> list[discord.Member | discord.User]:
        """Return who reacted so to a message, or raise `ChannelUnavailable`.

        Where Discord refuses to tell, it is nobody: people's commands must not wait for it.
        """
        try:
            return [person async for person in reaction.users()]
        except PASSING as error:
            msg = f"reactions cannot be read: {error}"
            raise ChannelUnavailable(msg) from error
        except discord.HTTPException as error:
            log.warning("reactions_not_read", message=reaction.message.id, why=str(error))
            return []

    @property
    def account_id(self) -> int:
        """The account that the bot is logged in with."""
        assert self._bot.user is not None  # noqa: S101 -- known from the login on
        return self._bot.user.id


def _drop_buttons(page: list[discord.Message]) -> None:
    """Let a page that was read leave the memory at once.

    A button refers to its message, and so keeps it until the garbage collector finds both. With
    months of history that takes long enough to hold up everything else.
    """
    for message in page:
        message.components.clear()
