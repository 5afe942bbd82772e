"""Hears Midjourney's messages in the channel, live, and hands on what concerns one cog."""

from __future__ import annotations

import discord
from discord.ext import commands

from domain.events import Heard
from domain.messages import parse
from services.atelier import Atelier
from services.discord_adapter import snapshot


class Ears(commands.Cog):
    """The listeners that the grid and upscale cogs share; each says what concerns it."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier

    def concerns(self, heard: Heard) -> bool:
        """Whether this cog hands on what was heard."""
        raise NotImplementedError

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Hear a new message."""
        self._hear(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Hear an edit, also of a message that the library no longer holds."""
        self._hear(payload.message)

    def _hear(self, message: discord.Message) -> None:
        if message.channel.id != self._atelier.settings.discord_channel_id:
            return
        heard = parse(snapshot(message))
        if heard is not None and self.concerns(heard):
            self._atelier.orchestrator.hear(heard)
