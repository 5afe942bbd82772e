"""Announces each upscale and the complete set, and stores more upscales."""

from __future__ import annotations

from discord.ext import commands

from cogs.attached_services import add_cog
from cogs.base import AtelierCog, Context, changing, split_code
from cogs.choice import LATEST_GRID
from domain.effects import AnnounceAll, AnnounceUpscale
from domain.events import UpscaleWanted
from domain.slots import picture_key
from services.updates import GenerationUpdate


class UpscaleCog(AtelierCog, name="Upscale"):
    """The command and the events for single pictures of a grid."""

    @commands.Cog.listener()
    async def on_atelier_update(self, told: GenerationUpdate) -> None:
        """Announce `upscale_completed` with slot and URL, and `all_upscales_completed` with all."""
        generation, images = told.generation, self.atelier.images
        match told.announcement:
            case AnnounceUpscale(slot):
                url = await images.url(picture_key(generation.id, slot))
                self.bot.dispatch("upscale_completed", generation, slot, url)
            case AnnounceAll():
                urls = {
                    s: await images.url(picture_key(generation.id, s)) for s in generation.stored
                }
                self.bot.dispatch("all_upscales_completed", generation, urls)
            case _:
                return

    @changing("u")
    async def upscale(self, ctx: Context, *, rest: str = "") -> None:
        """Store one upscale of a stored grid that failed, or was not requested before."""
        code, number = split_code(rest)
        pointed = await self.point_own(ctx, code, LATEST_GRID)
        slot = self.slot(ctx, pointed, number)
        picture = self.words.picture[slot]
        after = await self.ask(ctx, pointed.generation, UpscaleWanted(slot), picture=picture)
        await self.say_place(ctx, after, self.words.fetching, picture=picture)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(UpscaleCog, bot, __name__)
