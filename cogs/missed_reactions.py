"""Carries out reactions that were missed during a gap.

Discord keeps them with their messages, but says of none when it came. It is only known to be
younger than its message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import discord
import structlog
from discord.ext import commands

from cogs.answers import answer
from cogs.base import go_on, topic_of
from cogs.generation_replies import GenerationReplies
from cogs.interpreter import Interpreter
from cogs.permission import may_run
from cogs.reaction_context import ReactionContext, answered
from cogs.reactions import Reaction, Reactions
from cogs.replies import Replies
from domain.errors import StoreUnavailable
from domain.generation import Generation, Status
from domain.ports import Query
from domain.reactions import COSTLY, means_something
from services.atelier import Atelier
from services.discord.members import ask_for_members

log = structlog.get_logger(__name__)

LOOKED_THROUGH = 300
"""How many of the channel's latest messages are read again."""
LATEST_ROWS = 100
"""Among how many of the latest generations one is looked for that a reaction asked for."""


class MissedReactions:
    """Finds the reactions to the latest messages that were not carried out."""

    def __init__(
        self, bot: commands.Bot, atelier: Atelier, replies: Replies, interpreter: Interpreter
    ) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier
        self._replies = replies
        self._generation_replies = GenerationReplies(replies)
        self._reactions = Reactions(bot, atelier, interpreter)

    async def carry_out(self, fresh: timedelta) -> None:
        """Carry out each missed reaction once, oldest message first.

        What costs is only done if the message is younger than `fresh`, and so the reaction too. Nor
        may it have come when it asked for nothing: to a grid that was adopted later, or by somebody
        who was allowed later.
        Raises `ChannelUnavailable` and `StoreUnavailable`: call it again then.
        """
        if not self._atelier.settings.reactions:
            return
        messages = await self._atelier.connection.latest(LOOKED_THROUGH)
        found = [(message, each) for message in messages for each in await self._of(message)]
        if not found:
            return
        done = await self._done(messages)
        missed = [(message, each) for message, each in found if not self._is_done(each, done)]
        for message, reaction in await self._with_members(missed):
            ctx = await self._reactions.context(reaction, message)
            if ctx is None or not may_run(ctx.message, self._atelier):
                continue
            if (cancelled := self._cancelled_by(ctx, messages)) is not None:
                await self._tell_once(ctx, self._generation_replies.cancelled(cancelled))
            else:
                await self._run(ctx, old=ctx.may_be_early or self._is_old(message, reaction, fresh))

    def _is_old(self, message: discord.Message, reaction: Reaction, fresh: timedelta) -> bool:
        """Whether it may have come long ago, or when its author was not allowed yet."""
        allowed = self._atelier.access.allowed_since(reaction.person.id)
        refused = allowed is not None and message.created_at < allowed
        return refused or self._atelier.clock.now() - message.created_at > fresh

    async def _of(self, message: discord.Message) -> list[Reaction]:
        """Return people's reactions to a message that may ask for something."""
        if not self._reactions.is_ours(message.author.id):
            return []
        signs = [one for one in message.reactions if isinstance(one.emoji, str)]
        return [
            Reaction(message.id, person, str(one.emoji))
            for one in signs
            if means_something(str(one.emoji))
            for person in await self._atelier.connection.reacted(one)
            if not person.bot
        ]

    async def _done(self, messages: Sequence[discord.Message]) -> Collection[int]:
        """Return the keys of those that an earlier process carried out.

        Each is told by the answer to it, or by the generation that came of it.
        """
        rows = await self._atelier.store.list_generations(Query(limit=LATEST_ROWS))
        return {row.command_message_id for row in rows} | {
            key for message in messages for key in self._answered_by(message)
        }

    def _answered_by(self, message: discord.Message) -> Iterable[int]:
        """Yield the key of the reaction that one of the bot's messages answers, if it does."""
        words = self._replies.sentences
        to = None if message.reference is None else message.reference.message_id
        promises = (words.no_database, words.no_history)
        own = message.author.id == self._atelier.connection.account_id
        if own and to is not None and not message.content.endswith(promises):
            yield from answered(message.content, to)

    def _is_done(self, reaction: Reaction, done: Collection[int]) -> bool:
        queue = self._atelier.command_queue
        is_done = reaction.key in done and not queue.is_deferred(reaction.key)
        if is_done:
            queue.note_refusal(reaction.key)  # also if it is taken away and comes again
        return is_done

    async def _with_members(
        self, missed: Sequence[tuple[discord.Message, Reaction]]
    ) -> Sequence[tuple[discord.Message, Reaction]]:
        """Have the people with their roles, if roles count here."""
        if not missed or not self._atelier.settings.allowed_role_ids:
            return missed
        guild = (await self._atelier.connection.channel()).guild
        people = {reaction.person.id for _, reaction in missed}
        members = await ask_for_members(guild, people)
        return [
            (message, replace(each, person=members.get(each.person.id, each.person)))
            for message, each in missed
        ]

    def _cancelled_by(
        self, ctx: ReactionContext, messages: Sequence[discord.Message]
    ) -> Generation | None:
        """Return the generation that this reaction has cancelled, if the answer was lost.

        Nobody was told that it is cancelled. Now the reaction would ask whether to delete it.
        """
        row, reactor = ctx.about, ctx.author.id
        if row is None or row.status != Status.CANCELLED or topic_of(ctx) != "delete":
            return None
        own = (one for one in messages if one.author.id == self._atelier.connection.account_id)
        told = any("🛑" in one.content and f"`{row.code}`" in one.content for one in own)
        may = reactor == row.author_id or self._atelier.access.is_owner(reactor)
        return row if may and not told else None

    async def _tell_once(self, ctx: ReactionContext, text: str) -> None:
        if self._atelier.command_queue.note_refusal(ctx.message.id):
            await answer(ctx, text)

    async def _run(self, ctx: ReactionContext, *, old: bool) -> None:
        queue, key = self._atelier.command_queue, ctx.message.id
        awaited = queue.is_deferred(key) or queue.came_live(key)
        if old and not awaited and topic_of(ctx) in COSTLY:
            words, command = self._replies.sentences, ctx.message.content
            await self._tell_once(ctx, self._replies.say(words.reaction_late, command=command))
            return
        log.info("reaction_found", key=key)
        await self._bot.invoke(ctx)
        go_on()
        if queue.is_deferred(key):
            raise StoreUnavailable("a reaction could not be carried out yet")
