"""Which generation a command means: by its code, by a reply, or as the person's own latest."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from cogs.choice import WHICH, Choice
from cogs.errors import Refused
from cogs.generation_replies import GenerationReplies
from cogs.listing import Listing
from cogs.pointing import Pointed, Pointing, Unheld
from cogs.replies import Replies, in_one_message
from cogs.sentences import EXAMPLE
from domain.errors import StoreUnavailable
from domain.generation import Generation
from domain.ports import Query
from services.atelier import Atelier


class Meaning:
    """Finds it among the generations of the channel, or raises `Refused`."""

    def __init__(self, atelier: Atelier, replies: Replies) -> None:
        """Keep the services."""
        self._store = atelier.store
        self._channel_id = atelier.settings.discord_channel_id
        self._replies = replies
        self._words = replies.sentences
        self._generation_replies = GenerationReplies(replies)
        self._pointing = Pointing(atelier)
        self.listing = Listing(atelier.store, self._channel_id)

    async def by_code(self, code: str) -> Pointed:
        """Return the generation with a code or id."""
        generation = await self._store.get_generation(code.lower())
        if generation is None or generation.channel_id != self._channel_id:
            raise Refused(self._replies.unknown_code(code), "unknown_code")
        return Pointed(generation)

    async def without_code(self, message: discord.Message, choice: Choice, topic: str) -> Pointed:
        """Return what a command is about that replies to a message, or names nothing at all."""
        if message.reference is not None:
            return await self._replied_to(message, topic)
        found = await choice.of(message.author.id, self.listing)
        if not found:
            raise Refused(self._replies.say(self._words.no_generation_yet), "no_generation_yet")
        if choice.asks or len(found) > 1:
            raise self._which(topic, found)
        return Pointed(found[0])

    async def example_for(self, person_id: int) -> str:
        """Return the code of a person's newest generation, or an invented one."""
        try:
            found = await self.listing.page(Query(author_id=person_id, limit=1))
        except StoreUnavailable:
            return EXAMPLE
        return found[0].code if found else EXAMPLE

    async def _replied_to(self, message: discord.Message, topic: str) -> Pointed:
        message_id = message.reference and message.reference.message_id
        pointed = await self._pointing.at(message_id) if message_id else None
        if isinstance(pointed, Unheld):
            told = self._words.unheld if pointed.is_grid else self._words.unheld_job
            raise Refused(self._replies.say(told), "unheld")
        if pointed is None:
            raise self._which(topic, await WHICH.of(message.author.id, self.listing))
        return pointed

    def _which(self, topic: str, found: Sequence[Generation]) -> Refused:
        """Ask which one is meant, of those found."""
        code = found[0].code if found else EXAMPLE
        asked = self._replies.say(self._words.no_code, command=topic, code=code)
        lines = (self._generation_replies.listed(one, among=len(found)) for one in found)
        return Refused(in_one_message([asked, *lines]), "no_code")
