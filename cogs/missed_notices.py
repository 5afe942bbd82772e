"""Sends, after a gap, what could not be sent because the process ended or Discord refused it."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta

import discord
from discord.ext import commands

from cogs.acceptance import AcceptanceText
from cogs.replies import Replies
from domain.effects import TOLD
from domain.events import StatusMessageSent
from domain.generation import Generation
from domain.pause import Pause
from domain.snowflakes import first_at, is_snowflake
from services.atelier import Atelier
from services.generation.ended import ended_lately
from services.updates import GenerationUpdate, QueueStopped

ANSWERED_WITHIN = 50
"""How many messages after a command or a stop to search for the bot's answer to it."""
LOOKED_THROUGH = 100
CLOCKS_DIFFER = timedelta(minutes=1)
"""How far this machine's clock may be ahead of Discord's."""


class MissedNotices:
    """Sends the answers, final notices and pings that are missing in the channel."""

    def __init__(self, bot: commands.Bot, atelier: Atelier, replies: Replies) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier
        self._acceptance = AcceptanceText(atelier, replies)
        self._start = atelier.clock.now()
        self._stop_is_told = False

    async def answer_accepted(self) -> None:
        """Send a status message for each waiting or active generation that has none yet."""
        store = self._atelier.store
        active = await store.get_processing_generation()
        waiting = await store.list_queue(LOOKED_THROUGH)
        for generation in [*([] if active is None else [active]), *waiting]:
            if generation.status_message_id is None:
                await self._answer(generation)

    async def _answer(self, generation: Generation) -> None:
        """Find the answer that was sent, or send it."""
        connection = self._atelier.connection
        typed = is_snowflake(generation.command_message_id)
        earliest = first_at(generation.created_at - CLOCKS_DIFFER)
        near = await self._just_after(generation.command_message_id if typed else earliest)
        own = (
            message
            for message in near
            if message.author.id == connection.account_id
            and message.reference is not None
            and (message.reference.message_id == generation.command_message_id or not typed)
            and f"`{generation.code}`" in message.content  # not an earlier promise
        )
        answer = next(own, None)
        if answer is None:
            accepted = await self._atelier.generations.place_of(generation)
            text = await self._acceptance.text(accepted)
            answer = await self._atelier.messenger.reply(text, generation.reply_to)
        if answer is not None:
            sent = StatusMessageSent(answer.id)
            await self._atelier.orchestrator.report(generation.id, sent)

    async def _just_after(self, message_id: int) -> list[discord.Message]:
        """Return the messages after one among which the bot's answer to it is."""
        connection = self._atelier.connection
        async with aclosing(connection.pages(message_id, ANSWERED_WITHIN)) as pages:
            return [message async for page in pages for message in page]

    async def tell_ends(self) -> None:
        """Send the final notices of the last day that were not sent."""
        for generation in await ended_lately(self._atelier.store, self._atelier.clock):
            if generation.status in TOLD and generation.notice_message_id is None:
                self._bot.dispatch(GenerationUpdate.event, GenerationUpdate(generation))

    async def tell_stop(self) -> None:
        """Ping the owners for a stop, if the last process was killed before it could."""
        if self._stop_is_told:
            return
        pause = await self._atelier.store.get_pause()
        if pause is not None and await self._is_untold(pause):
            self._bot.dispatch(QueueStopped.event, QueueStopped(pause))
        self._stop_is_told = True

    async def _is_untold(self, pause: Pause) -> bool:
        """Whether the stop is from an earlier process, and no message near it pings the owners."""
        if pause.by is not None or pause.since >= self._start:
            return False
        connection = self._atelier.connection
        before = discord.utils.time_snowflake(pause.since - CLOCKS_DIFFER)
        near = await self._just_after(before)
        own = (
            message
            for message in near
            if message.author.id == connection.account_id
            and message.reference is None  # an answer to an owner's reaction names them
        )
        owners = self._atelier.settings.owner_ids
        return not any(owners.intersection(message.raw_mentions) for message in own)
