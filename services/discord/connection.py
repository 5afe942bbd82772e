"""Discord's objects on one side, plain records on the other."""

from __future__ import annotations

import asyncio
import functools
import math
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import discord
import stamina
import structlog
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from domain.errors import ChannelUnavailable
from domain.events import Heard, InteractionTroubled, Trouble
from domain.messages import (
    MessageSnapshot,
)
from services.discord.snapshots import snapshot
from services.lease import LeaseKeeper

log = structlog.get_logger(__name__)

RESUMABLE = 4000
"""A close code after which the session goes on."""

PASSING = (discord.DiscordServerError, discord.RateLimited, ChannelUnavailable, OSError)
"""What keeps Discord from doing something now, though it may do it later."""


def new_message_nonce() -> str:
    """Return a nonce of now for one message, whose second copy Discord drops.

    Those that the library makes by itself are equal for all messages of a millisecond.
    """
    return nonce_at(discord.utils.utcnow())


def nonce_at(moment: datetime) -> str:
    """Return a snowflake of a moment, unique by 22 random bits: Discord's form for a nonce."""
    return str(discord.utils.time_snowflake(moment) | secrets.randbits(22))


def _reference(channel: discord.TextChannel, message_id: int) -> discord.MessageReference:
    """Return what makes a message a reply, also to one that is gone."""
    return discord.MessageReference(
        message_id=message_id,
        channel_id=channel.id,
        guild_id=channel.guild.id,
        fail_if_not_exists=False,
    )


class DiscordConnection(commands.Cog):
    """The true state of the gateway, and the end of the services with the end of the bot.

    While the gateway is down the library still calls itself ready, so its events are kept instead.
    """

    def __init__(self, bot: commands.Bot, channel_id: int, lease_keeper: LeaseKeeper) -> None:
        """Watch the bot, which may be connected already."""
        self._bot = bot
        self._lease_keeper = lease_keeper
        self._channel_id = channel_id
        self._connected = asyncio.Event()
        self._closers: list[Callable[[], Awaitable[None]]] = []
        self.connects = 0
        self.disconnects = 0
        if bot.is_ready():
            self._connect()

    def _connect(self) -> None:
        self.connects += 1  # so that others see that there may have been a gap
        self._connected.set()

    def closes(self, closer: Callable[[], Awaitable[None]]) -> None:
        """Call this when the bot closes."""
        self._closers.append(closer)

    @commands.Cog.listener("on_ready")
    @commands.Cog.listener("on_resumed")
    async def on_connected(self) -> None:
        """Note a new gateway session, or that the old one goes on."""
        self._connect()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note that nothing can be sent or heard."""
        self.disconnects += 1
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
    def away(self) -> bool:
        """Whether the gateway was connected once, and is not now."""
        return self.connects > 0 and not self._connected.is_set()

    @property
    def heartbeat(self) -> float | None:
        """How long the last answer to a heartbeat took, in seconds; None while down."""
        latency = self._bot.latency
        return latency if self._connected.is_set() and math.isfinite(latency) else None

    async def hang_up(self) -> None:
        """Close the socket, so that the library makes a new one and resumes the session."""
        await self._bot.ws.close(RESUMABLE)

    async def channel(self) -> discord.TextChannel:
        """Return the private channel once the gateway is connected, or raise `ChannelUnavailable`.

        Before that the library knows no channel at all.
        """
        await self._connected.wait()
        return self._channel()

    def _channel(self) -> discord.TextChannel:
        channel = self._bot.get_channel(self._channel_id)
        if not isinstance(channel, discord.TextChannel):
            msg = f"channel {self._channel_id} is not a text channel of this account"
            raise ChannelUnavailable(msg)
        return channel

    async def read(self, message_id: int) -> MessageSnapshot | None:
        """Return one message as it is now, with fresh links; None when it is gone.

        User accounts may not fetch a single message; the library asks for those around it.
        Raises `ChannelUnavailable` when Discord does not answer, or not with the message.
        """
        try:
            return snapshot(await (await self.channel()).fetch_message(message_id))
        except discord.NotFound:
            return None
        except (discord.HTTPException, *PASSING) as error:
            msg = f"message {message_id} cannot be read: {error}"
            raise ChannelUnavailable(msg) from error

    async def since(self, message_id: int) -> list[MessageSnapshot]:
        """Return what was said after a message, oldest first, or raise `ChannelUnavailable`."""
        return [snapshot(message) for message in await self.messages(message_id)]

    async def messages(self, after: int, limit: int | None = None) -> list[discord.Message]:
        """Return the messages after one, oldest first, or raise `ChannelUnavailable`."""
        since = discord.Object(after)
        try:
            channel = await self.channel()
            history = channel.history(limit=limit, after=since, oldest_first=True)
            return [message async for message in history]
        except (discord.HTTPException, *PASSING) as error:
            msg = f"the history cannot be read: {error}"
            raise ChannelUnavailable(msg) from error

    @property
    def account_id(self) -> int:
        """The account that the bot is logged in with."""
        assert self._bot.user is not None  # noqa: S101 -- known from the login on
        return self._bot.user.id

    async def send_notice(
        self,
        text: str,
        *,
        reply_to: int,
        files: Mapping[str, Path],
        notify: bool,
        without_files: str = "",
    ) -> discord.Message | None:
        """Send a message of its own, as a reply that pings its author only where `notify` says so.

        `without_files` is said when Discord will not take the files. None when Discord refuses it;
        that is logged, and no reason to stop the work. It waits while another process may be at
        work.
        """
        await self._lease_keeper.assured()
        try:
            sent = await self._reply(text, reply_to, files=files, notify=notify, attempts=6)
            if sent is None and files:
                sent = await self._reply(
                    without_files, reply_to, files={}, notify=notify, attempts=6
                )
        except ChannelUnavailable as error:
            log.warning("notice_not_sent", why=str(error))
            return None
        return sent

    async def reply(self, text: str, to: int) -> discord.Message | None:
        """Reply to a message, without a ping; None when Discord refuses it, which is logged.

        Raises `ChannelUnavailable` when that does not answer, and `StoreUnavailable` while another
        process may be at work: it is to be tried again. Others may wait for whoever waits here.
        """
        self._lease_keeper.check()
        return await self._reply(text, to, files={}, notify=False, attempts=2)

    async def _reply(
        self, text: str, to: int, *, files: Mapping[str, Path], notify: bool, attempts: int
    ) -> discord.Message | None:
        pings = discord.AllowedMentions.none()
        pings.replied_user = notify
        nonce = new_message_nonce()
        try:
            channel = await self.channel()
            async for attempt in stamina.retry_context(on=PASSING, attempts=attempts, wait_max=30):
                with attempt:
                    return await channel.send(
                        text,
                        files=[discord.File(path, name) for name, path in files.items()],
                        reference=_reference(channel, to),
                        allowed_mentions=pings,
                        nonce=nonce,
                    )
        except PASSING as error:
            msg = f"a reply cannot be sent: {error}"
            raise ChannelUnavailable(msg) from error
        except discord.HTTPException as error:
            log.warning("notice_not_sent", why=str(error))
        return None

    async def edit(self, message_id: int, text: str) -> bool:
        """Make a message of the account's say something, or raise `ChannelUnavailable`.

        False: it is gone. What Discord refuses for other reasons is logged, and left at that. It
        waits while another process may be at work, but not for a gateway that is away.
        """
        await self._lease_keeper.assured()
        try:
            channel = self._channel() if self.away else await self.channel()
            message = channel.get_partial_message(message_id)
            await message.edit(content=text, allowed_mentions=discord.AllowedMentions.none())
        except PASSING as error:
            msg = f"message {message_id} cannot be edited now: {error}"
            raise ChannelUnavailable(msg) from error
        except discord.HTTPException as error:
            log.warning("status_not_shown", message=message_id, why=str(error))
            return not isinstance(error, discord.NotFound)
        return True

    async def call(self, text: str, people: Sequence[int]) -> None:
        """Send a message that pings these people, unless another process took over meanwhile."""
        await self._lease_keeper.may_speak()
        pings = discord.AllowedMentions.none()
        pings.users = [discord.Object(person) for person in people]
        again = stamina.AsyncRetryingCaller(attempts=6, wait_max=30).on(PASSING)
        try:
            send = (await self.channel()).send
            await again(send, text, allowed_mentions=pings, nonce=new_message_nonce())
        except (discord.HTTPException, *PASSING) as error:
            log.warning("owners_not_called", why=str(error))

    async def hear_frames(self, hear: Callable[[Heard], None]) -> None:
        """Hear what the library drops, until cancelled, of every socket from its first event on.

        The library asks the check of a waiter at once. One that never says yes hears them all: the
        frames of a socket; and before each the name of its event, which shows a new socket in time
        even for what a RESUME replays.
        """
        known: DiscordWebSocket | None = None

        def look(_event_type: str) -> bool:
            nonlocal known
            if self._bot.ws is not known:
                known = self._bot.ws
                for name, trouble in _FRAMES.items():
                    known.wait_for(name, functools.partial(_listen, hear, trouble))
            return False

        await self._bot.wait_for("socket_event_type", check=look)


_FRAMES = {
    "INTERACTION_FAILURE": Trouble.FAILURE,
    "INTERACTION_MODAL_CREATE": Trouble.FORM,
    "INTERACTION_IFRAME_MODAL_CREATE": Trouble.HUMAN_CHECK,
}


def _listen(hear: Callable[[Heard], None], trouble: Trouble, frame: Mapping[str, object]) -> bool:
    if frame.get("nonce") is not None:
        hear(InteractionTroubled(str(frame["nonce"]), trouble))
    return False
