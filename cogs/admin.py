"""The owners' commands: pause and resume the queue, allow and deny people, show the health.

It also pings the owners when only a person can help.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import discord
import structlog
from discord.ext import commands

from cogs.answers import answer
from cogs.attached_services import add_cog
from cogs.base import AtelierCog, Context, changing, person_id, reading, topic_of
from cogs.errors import Refused
from cogs.permission import may_use
from cogs.replies import Replies, duration, shown
from domain.errors import StoreRefused, StoreUnavailable
from domain.pause import Pause
from domain.ports import Person
from services.atelier import Atelier
from services.discord.permissions import lacking, slowed
from services.updates import DatabaseAway, DatabaseBack, HistoryChange, QueueStopped
from services.version import VERSION

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 5.0
"""How long `health` waits for a store; nobody should wait longer for that answer."""
NOBODY = str(uuid.UUID(int=0))
"""A generation that never exists, so asking the image store for its pictures is cheap."""
T = TypeVar("T")


class AdminCog(AtelierCog, name="Admin"):
    """Pause and resume the queue; allow and deny people."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services, and note the start time."""
        super().__init__(bot, atelier)
        self._since = atelier.clock.monotonic()
        self._looked = self._history_told = False

    async def cog_check(self, ctx: Context) -> bool:
        """Allow owners only, except for `health`."""
        await super().cog_check(ctx)
        if topic_of(ctx) != "health" and not self.is_owner(ctx):
            raise commands.NotOwner
        return True

    @changing()
    async def pause(self, ctx: Context, *, reason: str = "") -> None:
        """Send nothing more to Midjourney; prompts are still accepted."""
        pause = Pause(words=reason, since=self.atelier.clock.now(), by=ctx.author.id)
        done = await self.atelier.generations.pause(pause, ctx.message.id)
        told = self.words.paused if done else self.words.paused_already
        await answer(ctx, self.replies.say(told))

    @changing()
    async def resume(self, ctx: Context) -> None:
        """Continue after a pause or a stop, after reading what happened meanwhile."""
        generations = self.atelier.generations
        await self.atelier.recovery.look()
        await generations.catch_up()
        done = await generations.resume(ctx.message.id)
        if generations.paused is not None:  # not by what this was typed for
            raise Refused(self.replies.paused(generations.paused), "stopped_since")
        await answer(ctx, self.words.resumed if done else self.words.not_paused)

    @reading("ping")
    async def health(self, ctx: Context) -> None:
        """Show the gateway's true state, how fast the stores answer, and the current work."""
        heartbeat, pause = self.atelier.connection.heartbeat, self.atelier.generations.paused
        (active, database), (_, storage) = await asyncio.gather(
            self._timed(self.atelier.store.get_processing_generation()),
            self._timed(self.atelier.images.list_objects(NOBODY)),
        )
        up, wait = self.atelier.clock.monotonic() - self._since, self.atelier.orchestrator.hold.wait
        state = self.words.running if wait is None else self.replies.held_back(wait)
        parts = [
            self.replies.say(
                self.words.health,
                gateway=_milliseconds(heartbeat),
                database=_milliseconds(database),
                storage=_milliseconds(storage),
                uptime=duration(timedelta(seconds=up)),
                version=VERSION,
                state=state if pause is None else self.replies.paused(pause),
            ),
            "" if active is None else self.generation_replies.listed(active, ctx.author.id),
        ]
        await answer(ctx, "\n".join(part for part in parts if part))

    async def _timed(self, question: Awaitable[T]) -> tuple[T | None, float | None]:
        """Return the answer and how many seconds it took; None and None without an answer."""
        clock = self.atelier.clock
        began = clock.monotonic()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found = await question
        except (TimeoutError, StoreUnavailable, StoreRefused) as error:
            log.warning("no_answer", why=str(error))
            return None, None
        return found, clock.monotonic() - began

    @changing()
    async def allow(self, ctx: Context, *, whom: str = "") -> None:
        """Let somebody use the bot, from now on."""
        await self._set(ctx, whom, allowed=True)

    @changing()
    async def deny(self, ctx: Context, *, whom: str = "") -> None:
        """Stop letting somebody use the bot; not for owners."""
        await self._set(ctx, whom, allowed=False)

    async def _set(self, ctx: Context, whom: str, *, allowed: bool) -> None:
        member = self._meant(ctx, whom)
        access, words = self.atelier.access, self.words
        known = isinstance(member, discord.User | discord.Member)
        name = shown(member.display_name) if known else f"`{member.id}`"
        if access.is_owner(member.id):
            raise Refused(self.replies.say(words.owner_stays, name=name), "owner_stays")
        could = may_use(member, access)
        now = self.atelier.clock.now()
        person = Person(id=member.id, allowed=allowed, by=ctx.author.id, since=now)
        await access.set_person(person, ctx.message.id)
        if allowed:
            told = words.allowed_already if could else words.allowed
        else:
            told = words.denied if could else words.denied_already
        await answer(ctx, self.replies.say(told, name=name))

    def _meant(self, ctx: Context, whom: str) -> discord.abc.Snowflake:
        """Return the one person named in the text, even if no longer a member, or raise `Refused`.

        Discord also mentions the author of the message being replied to, whom nobody typed.
        """
        number = person_id(whom)
        if number is None:
            topic = topic_of(ctx)
            raise Refused(self.replies.say(self.words.nobody_meant, command=topic), "nobody_meant")
        member = ctx.guild.get_member(number) if ctx.guild else None
        mentioned = (person for person in ctx.message.mentions if person.id == number)
        return member or next(mentioned, None) or discord.Object(number)

    @commands.Cog.listener("on_ready")
    @commands.Cog.listener("on_resumed")
    async def look_at_channel(self) -> None:
        """Check once whether the channel lets the bot do its work, and log what is missing."""
        channel = self.bot.get_channel(self.atelier.settings.discord_channel_id)
        if self._looked or not isinstance(channel, discord.TextChannel):
            return
        account = channel.guild.me
        if account is None:  # Discord left it out; it is looked at after the next connect
            log.warning("own_member_unknown")
            return
        self._looked = True
        may = channel.permissions_for(account)
        self._history_told = not may.read_message_history
        told = _obstacles(self.replies, channel.slowmode_delay, may)
        if told:
            slow = channel.slowmode_delay if slowed(channel.slowmode_delay, may) else None
            log.warning("channel_hinders", lacks=lacking(may), slow_mode=slow)
            await self.atelier.messenger.call("\n".join(told), ())

    @commands.Cog.listener()
    async def on_atelier_database_away(self, _: DatabaseAway) -> None:
        """Tell the channel once per outage, without a ping."""
        await self.atelier.messenger.call(self.words.database_away, ())

    @commands.Cog.listener()
    async def on_atelier_database_back(self, _: DatabaseBack) -> None:
        """Say that the work goes on."""
        await self.atelier.messenger.call(self.words.database_back, ())

    @commands.Cog.listener()
    async def on_atelier_history(self, change: HistoryChange) -> None:
        """Tell the channel once each, unless the look at its permissions has told it already."""
        told, self._history_told = self._history_told, False
        words = self.words.history_open if change.is_open else self.words.history_closed
        if change.is_open or not told:
            await self.atelier.messenger.call(words, ())

    @commands.Cog.listener()
    async def on_atelier_stopped(self, stopped: QueueStopped) -> None:
        """Ping the owners once per stop."""
        owners = sorted(self.atelier.settings.owner_ids)
        await self.atelier.messenger.call(self.replies.stopped(stopped.pause, owners), owners)


def _obstacles(replies: Replies, slow_mode: int, may: discord.Permissions) -> list[str]:
    words = replies.sentences
    missing = [f"`{name}`" for name in lacking(may)]
    told: list[str] = []
    if missing:
        told.append(replies.say(words.lacking, names=", ".join(missing)))
    if slowed(slow_mode, may):
        told.append(replies.say(words.slow_mode, seconds=slow_mode))
    return told


def _milliseconds(seconds: float | None) -> str:
    """Return a delay in readable form; `?` if there was no answer."""
    return "?" if seconds is None else str(round(seconds * 1000))


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(AdminCog, bot, __name__)
