"""The channel's pictures as a collection: people's favourites among them."""

from __future__ import annotations

from collections.abc import Sequence

from discord.ext import commands

from cogs.answers import answer
from cogs.base import AtelierCog, Context, changing, reading
from cogs.choice import LATEST_UNDELETED
from cogs.errors import Refused
from cogs.extension import add_cog
from cogs.history_pages import PAGES, Whose, read_number
from cogs.replies import in_one_message
from domain.errors import PicturesGone
from domain.generation import Generation
from domain.requests import Objection

ON_A_PAGE = 10


class CollectionCog(AtelierCog, name="Collection"):
    """Keep favourites, and look at what the channel has."""

    @changing("favorite", "favourite")
    async def fav(self, ctx: Context, *, code: str = "") -> None:
        """Make a generation one of the person's favourites, or the opposite if it is one."""
        generation = await self.find(ctx, code, LATEST_UNDELETED)
        collection, words = self.atelier.collection, self.words.collection
        try:
            kept = await collection.toggle_favourite(generation.id, ctx.author.id, ctx.message.id)
        except PicturesGone as error:
            raise Refused(self.replies.objection(Objection.ARCHIVED, generation)) from error
        told = words.favourite if kept else words.favourite_no_more
        await answer(ctx, self.replies.say(told, generation))

    @reading("favorites", "favourites")
    async def favs(self, ctx: Context, *, rest: str = "") -> None:
        """List the favourites of the person, of another person, or of everybody."""
        whose = Whose.read(rest, ctx.author.id)
        page = self._page(whose.rest)
        found = await self.atelier.collection.favourites(
            whose.id, offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE + 1
        )
        if not found:
            raise Refused(self.replies.say(self.words.collection.no_favourites))
        await answer(ctx, self._listed(ctx, found, ["favs", whose.named, str(page + 1)]))

    def _page(self, words: Sequence[str]) -> int:
        """Return which page is wanted, by default the first; raise `Refused` for any other word."""
        return ([read_number(word, PAGES, self.replies) for word in words] or [1])[-1]

    def _listed(self, ctx: Context, found: Sequence[Generation], onwards: Sequence[str]) -> str:
        """Return a page as text; if there is another one, with the words that show it."""
        among = len(found)
        lines = [
            self.generation_replies.listed(one, ctx.author.id, among) for one in found[:ON_A_PAGE]
        ]
        if among <= ON_A_PAGE:
            return in_one_message(lines)
        command = " ".join(word for word in onwards if word)
        more = self.replies.say(self.words.collection.more, command=command)
        return in_one_message(lines, more)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(CollectionCog, bot, __name__)
