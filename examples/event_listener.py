"""A cog of your own that hears what Atelier dispatches on the bot, and says it in the channel.

Load it beside Atelier's extensions: `await bot.load_extension("examples.event_listener")`.
Listeners run beside the work: what they raise goes to the bot's `on_error`, and harms no
generation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import discord
from discord.ext import commands

from domain.generation import Button, Generation, Problem
from domain.slots import Slot


class ExampleAnnouncer(commands.Cog):
    """One line for each of the four events."""

    def __init__(self, bot: commands.Bot) -> None:
        """Keep the bot, to find channels with it."""
        self._bot = bot
        self._one_by_one = asyncio.Lock()

    @commands.Cog.listener()
    async def on_grid_completed(
        self,
        generation: Generation,
        url: str,
        buttons: Sequence[Button],
    ) -> None:
        """Hear that a grid is stored at `url`; the buttons are those under Midjourney's message."""
        labels = " ".join(button.label for button in buttons if button.label)
        await self._say(generation, f"grid of {generation.code}: {url} (buttons: {labels})")

    @commands.Cog.listener()
    async def on_upscale_completed(self, generation: Generation, slot: Slot, url: str) -> None:
        """Hear that one upscale is stored at `url`; `slot` is 1 to 4."""
        await self._say(generation, f"upscale {slot.value} of {generation.code}: {url}")

    @commands.Cog.listener()
    async def on_all_upscales_completed(
        self,
        generation: Generation,
        urls: Mapping[Slot, str],
    ) -> None:
        """Hear that all wanted upscales are stored; `urls` has the grid too, as slot 0."""
        await self._say(generation, f"all {len(urls)} pictures of {generation.code}")

    @commands.Cog.listener()
    async def on_generation_error(self, generation: Generation, problem: Problem) -> None:
        """Hear that a generation has ended without all it was to have, and why."""
        await self._say(generation, f"{generation.code} went wrong: {problem.kind.value}")

    async def _say(self, generation: Generation, text: str) -> None:
        channel = self._bot.get_channel(generation.channel_id)
        if isinstance(channel, discord.TextChannel):
            # In order; besides, of two messages in one millisecond Discord may drop the second.
            async with self._one_by_one:
                await channel.send(text, allowed_mentions=discord.AllowedMentions.none())


async def setup(bot: commands.Bot) -> None:
    """Load the extension."""
    await bot.add_cog(ExampleAnnouncer(bot))
