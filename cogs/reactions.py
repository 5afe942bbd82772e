"""Carries out what reactions ask for, as if the person had typed the command."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import discord
import structlog
from discord.ext import commands

from cogs.interpreter import Interpreter
from cogs.pointing import Pointed, Pointing, Unheld
from cogs.reaction_context import ReactionContext, opening
from domain.errors import Transient
from domain.generation import OriginKind
from domain.messages import MIDJOURNEY_ID, NIJI_ID
from domain.reactions import Asked, ReactedTo, asked, means_something, sign
from domain.slots import Slot
from domain.snowflakes import reaction_key
from services.atelier import Atelier
from services.discord.snapshots import snapshot

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A person's reaction to a message."""

    message_id: int
    person: discord.Member | discord.User
    emoji: str

    @property
    def key(self) -> int:
        """What stands for it where a command has the id of its message."""
        return reaction_key(self.message_id, self.person.id, sign(self.emoji))


class Reactions:
    """Makes commands of reactions; live or found after a gap, they mean the same."""

    def __init__(self, bot: commands.Bot, atelier: Atelier, interpreter: Interpreter) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier
        self._interpreter = interpreter
        self._pointing = Pointing(atelier)

    async def came(self, event: discord.RawReactionActionEvent) -> None:
        """Carry out a reaction that came live, if it asks for something."""
        person, emoji = event.member, event.emoji.name
        if person is None or person.bot or not event.emoji.is_unicode_emoji():
            return
        if not means_something(emoji):
            return
        author_id = event.message_author_id
        if author_id is not None and not self.is_ours(author_id):
            return
        reaction = Reaction(event.message_id, person, emoji)
        try:
            message = await self._atelier.connection.message(reaction.message_id)
            ctx = None if message is None else await self.context(reaction, message)
        except Transient as error:
            log.warning("reaction_deferred", message=event.message_id, why=str(error))
            self._atelier.command_queue.defer(reaction.key)
            return
        if ctx is not None:
            await self._bot.invoke(ctx)

    def is_ours(self, author_id: int) -> bool:
        """Whether reactions to this author's messages may ask for something."""
        return author_id in {MIDJOURNEY_ID, NIJI_ID, self._atelier.connection.account_id}

    async def context(self, reaction: Reaction, message: discord.Message) -> ReactionContext | None:
        """Return the context of what a reaction asks for; None if that is nothing.

        Raises `ChannelUnavailable` and `StoreUnavailable`.
        """
        pointed = await self._pointing.about(message.id, snapshot(message))
        what = _asked(reaction, message, pointed)
        command = None if what is None else self._interpreter.command(what.topic)
        if what is None or command is None:
            return None
        about = pointed.generation if isinstance(pointed, Pointed) else None
        code = "" if about is None else about.code
        typed = copy.copy(message)
        typed.id, typed.author = reaction.key, reaction.person
        typed.content = self._interpreter.typed(command, f"{code} {what.number}".strip())
        typed.attachments, typed.mentions, typed.webhook_id = [], [], None
        typed.reference = message.to_reference(fail_if_not_exists=False)
        ctx = await self._bot.get_context(typed, cls=ReactionContext)
        ctx.opening, ctx.about = opening(reaction.emoji, reaction.person.id), about
        ctx.may_be_early = isinstance(pointed, Pointed) and _was_adopted(message, pointed)
        return None if ctx.command is None else ctx


def _was_adopted(message: discord.Message, pointed: Pointed) -> bool:
    """Whether this is a grid that was made by hand: it is older than the generation it became."""
    by_hand = pointed.generation.origin.kind == OriginKind.ADOPTED
    return by_hand and message.id == pointed.generation.step(Slot.GRID).message_id


def _asked(
    reaction: Reaction, message: discord.Message, pointed: Pointed | Unheld | None
) -> Asked | None:
    match pointed:
        case Pointed(generation, slot):
            by_midjourney = message.author.id in {MIDJOURNEY_ID, NIJI_ID}
            place = ReactedTo.GRID if by_midjourney and slot is None else ReactedTo.OTHER
            if message.id == generation.notice_message_id:
                place = ReactedTo.NOTICE
            return asked(reaction.emoji, place, generation.status)
        case Unheld(is_grid):
            return asked(
                reaction.emoji, ReactedTo.UNHELD_GRID if is_grid else ReactedTo.OTHER, None
            )
        case _:
            return None
