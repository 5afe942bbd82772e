"""Hears about grids, and announces each with its live buttons."""

from __future__ import annotations

import discord
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from cogs.common import add_cog
from cogs.ears import Ears
from domain.effects import AnnounceGrid
from domain.events import (
    Action,
    Heard,
    InteractionCreated,
    InteractionSucceeded,
    JobMessage,
    MessageDeleted,
)
from domain.generation import Slot, picture_key
from services.atelier import Atelier
from services.discord_adapter import hear_frames
from services.letters import Told


class GridCog(Ears, name="Grid"):
    """Everything Midjourney says that is not about an upscale, and what became of our requests."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services; the bot may be connected already."""
        super().__init__(bot, atelier)
        self._socket: DiscordWebSocket | None = None
        if bot.is_ready():
            self._hear_frames()

    def concerns(self, heard: Heard) -> bool:
        """Whether it is not about an upscale."""
        return not (isinstance(heard, JobMessage) and heard.action == Action.UPSCALE)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Hear that a message is gone."""
        if payload.channel_id == self._atelier.settings.discord_channel_id:
            self._atelier.orchestrator.hear(MessageDeleted(payload.message_id))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Hear the frames of a new socket, too."""
        self._hear_frames()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Hear the frames of a new socket, too."""
        self._hear_frames()

    def _hear_frames(self) -> None:
        if self._bot.ws is not self._socket:
            self._socket = self._bot.ws
            hear_frames(self._socket, self._atelier.orchestrator.hear)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hear that Discord took a request."""
        heard = InteractionCreated(str(interaction.nonce), interaction.id)
        self._atelier.orchestrator.hear(heard)

    @commands.Cog.listener()
    async def on_interaction_finish(self, interaction: discord.Interaction) -> None:
        """Hear that Midjourney acknowledged a request."""
        if interaction.successful:
            heard = InteractionSucceeded(str(interaction.nonce), interaction.id)
            self._atelier.orchestrator.hear(heard)

    @commands.Cog.listener()
    async def on_atelier_told(self, told: Told) -> None:
        """Announce a stored grid: `grid_completed(generation, url, buttons)`."""
        if isinstance(told.announcement, AnnounceGrid):
            generation = told.generation
            url = await self._atelier.images.url(picture_key(generation.id, Slot.GRID))
            self._bot.dispatch("grid_completed", generation, url, generation.buttons)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(GridCog, bot, __name__)
