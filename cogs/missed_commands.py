"""Handles commands that were missed during a gap.

Discord drops events that fall into a gap, but keeps the messages. Commands that change something
are run unless they are too old. Commands that only read are not: their answers are of no use now.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import Any

import discord
import structlog
from discord.ext import commands

from cogs.base import AtelierCog, Context, go_on
from cogs.interpreter import Interpreter
from cogs.missed_notices import MissedNotices
from cogs.missed_reactions import MissedReactions
from cogs.permission import may_run
from cogs.replies import Replies
from domain.errors import StoreUnavailable
from domain.snowflakes import first_at
from services.atelier import Atelier
from services.discord.members import ask_for_members
from services.discord.snapshots import snapshot

log = structlog.get_logger(__name__)

FRESH = timedelta(minutes=15)
"""The maximum age of a command that is still run."""


class MissedCommands:
    """Catches up with what happened in the channel during a gap."""

    def __init__(
        self, bot: commands.Bot, atelier: Atelier, replies: Replies, interpreter: Interpreter
    ) -> None:
        """Keep the services, and what reads the messages as live ones are read."""
        self._bot = bot
        self._interpreter = interpreter
        self._atelier = atelier
        self._replies = replies
        self._began = atelier.clock.monotonic()
        self._notices = MissedNotices(bot, atelier, replies)
        self._reactions = MissedReactions(bot, atelier, replies, interpreter)
        self._named: set[int] = set()

    async def catch_up(self) -> None:
        """Run missed commands, and send answers and notices that were not sent.

        Call it again after `ChannelUnavailable` or `StoreUnavailable`.
        """
        async with self._atelier.command_queue.catching_up() as mark:
            if mark is None:  # the very first start: there is nothing to catch up with
                await self._atelier.command_queue.mark(await self._before_the_start())
                return
            await self._notices.answer_accepted()
            await self._run_missed(mark)
            await self._reactions.carry_out(FRESH)
        await self._notices.tell_ends()
        await self._notices.tell_stop()

    async def _before_the_start(self) -> int:
        """Return an id from just before this process; by Discord's clock, if Discord answers."""
        await self._atelier.connection.ask()
        clock = self._atelier.clock
        return first_at(clock.now() - timedelta(seconds=clock.monotonic() - self._began)) - 1

    async def _run_missed(self, mark: int) -> None:
        """Say which commands come too late, then run the others after the mark in order.

        The notice comes first, because each command that runs moves the mark.
        """
        last, missed = await self._read_gap(mark)
        if missed and self._atelier.settings.allowed_role_ids:
            await self._ask_for_roles([ctx.message for ctx in missed])
        late = [ctx.message for ctx in missed if self._comes_too_late(ctx.message)]
        await self._say_too_late([message for message in late if self._may_be_allowed(message)])
        for ctx in missed:
            if ctx.message not in late:
                await self._run(ctx)
        if last > mark:
            await self._atelier.command_queue.mark(last)

    async def _read_gap(self, mark: int) -> tuple[int, list[Context]]:
        """Return the last message of the gap, and the commands after the mark.

        The same read covers what the orchestrator is waiting for, even from before the mark. The
        gap may be of months: of each page, only the commands are kept.
        """
        recovery, missed, last = self._atelier.recovery, list[Context](), mark
        look = recovery.begin()
        since = mark if look is None else min(mark, look.reading.since)
        async with aclosing(self._atelier.connection.pages(since)) as pages:
            async for page in pages:
                if look is not None:
                    recovery.take(look, [snapshot(one) for one in page])
                missed += await self._commands_in([one for one in page if one.id > mark])
                last = max(last, page[-1].id)
        if look is not None:
            recovery.finish(look)
        return last, missed

    async def _commands_in(self, messages: list[discord.Message]) -> list[Context]:
        """Return the commands among the messages that change something."""
        typed = [message for message in messages if not message.author.bot]
        contexts = [await self._interpreter.context(message) for message in typed]
        return [ctx for ctx in contexts if _changes(ctx.command)]

    async def _ask_for_roles(self, messages: list[discord.Message]) -> None:
        """Make the authors of these messages members, if they are."""
        guild = (await self._atelier.connection.channel()).guild
        members = await ask_for_members(guild, {message.author.id for message in messages})
        for message in messages:
            message.author = members.get(message.author.id, message.author)

    async def _run(self, ctx: Context) -> None:
        log.info("command_found", message=ctx.message.id)
        await self._bot.invoke(ctx)
        go_on()
        if self._atelier.command_queue.is_deferred(ctx.message.id):
            raise StoreUnavailable("a command could not be saved yet")

    def _comes_too_late(self, message: discord.Message) -> bool:
        """Whether a command is too old to run.

        It never is if the bot has promised to run it, or if it came live and waits for its turn.
        """
        queue = self._atelier.command_queue
        awaited = queue.is_deferred(message.id) or queue.came_live(message.id)
        old = self._atelier.clock.now() - message.created_at > FRESH
        return (old and not awaited) or (
            self._roles_are_unknown(message.author) and not self._may_run(message)
        )

    def _may_be_allowed(self, message: discord.Message) -> bool:
        return self._may_run(message) or self._roles_are_unknown(message.author)

    def _may_run(self, message: discord.Message) -> bool:
        return may_run(message, self._atelier)

    def _roles_are_unknown(self, author: discord.abc.User) -> bool:
        """Whether the author might be allowed by a role, but the roles are unknown."""
        by_role = bool(self._atelier.settings.allowed_role_ids)
        return by_role and not isinstance(author, discord.Member)

    async def _say_too_late(self, late: list[discord.Message]) -> None:
        """List the commands that come too late, except those listed by an earlier try."""
        fresh = [message for message in late if message.id not in self._named]
        if fresh:
            since, now = fresh[0].created_at, self._atelier.clock.now()
            text = self._replies.offline(since, now, len(fresh))
            await self._atelier.messenger.reply(text, fresh[-1].id)
            self._named = {message.id for message in late}
            for message in fresh:
                log.info("command_too_late", by=message.author.id, message=message.id)


def _changes(command: commands.Command[Any, ..., Any] | None) -> bool:
    return (
        command is not None
        and isinstance(command.cog, AtelierCog)
        and bool(command.extras.get("changes"))
    )
