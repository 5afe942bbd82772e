"""Hears Midjourney's messages in the channel, live, and hands on what concerns one cog."""

from __future__ import annotations

import discord
from discord.ext import commands

from cogs.base import AtelierCog
from domain.events import Heard
from domain.messages import parse
from services.discord.snapshots import snapshot


class Listener(AtelierCog):
    """The listeners that the grid and upscale cogs share; each says what concerns it."""

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
        if message.channel.id != self.atelier.settings.discord_channel_id:
            return
        heard = parse(snapshot(message))
        if heard is not None and self.concerns(heard):
            self.atelier.orchestrator.hear(heard)
