"""The command that says where the gallery is."""

from __future__ import annotations

from discord.ext import commands

from cogs.answers import answer
from cogs.attached_services import add_cog
from cogs.base import AtelierCog, Context, reading
from cogs.replies import age


class GalleryCog(AtelierCog, name="Gallery"):
    """Say where the gallery is."""

    @reading()
    async def gallery(self, ctx: Context) -> None:
        """Give a link to the gallery, which opens it for a while; without a preview."""
        link = self.atelier.gallery.link(ctx.author.id)
        if link is None:
            told = self.words.no_gallery
        elif link.until is None:
            told = self.replies.say(self.words.gallery_here, link=link.url)
        else:
            told = self.replies.say(self.words.gallery_link, link=link.url, until=age(link.until))
        await answer(ctx, told)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(GalleryCog, bot, __name__)
