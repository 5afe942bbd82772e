"""The channel's pictures as a collection: favourites, searching, statistics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from discord.ext import commands

from cogs.answers import answer
from cogs.attached_services import add_cog
from cogs.base import AtelierCog, Context, changing, reading
from cogs.choice import LATEST_UNDELETED
from cogs.errors import Refused
from cogs.history_pages import PAGES, Whose, read_number
from cogs.notices import Notices
from cogs.reaction_context import ReactionContext
from cogs.replies import as_typed, in_one_message
from cogs.statistics_replies import StatisticsReplies
from domain.collection import search_words
from domain.errors import PicturesGone
from domain.generation import Generation
from domain.months import Month
from domain.requests import Objection
from services.atelier import Atelier

ON_A_PAGE = 10
_PAGE = re.compile(r"(?:\A|\s)page\s+(\S+)\s*\Z", re.IGNORECASE)


class CollectionCog(AtelierCog, name="Collection"):
    """Keep favourites, and look at what the channel has."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        super().__init__(bot, atelier)
        self._collection = atelier.collection
        self._notices = Notices(bot, atelier, self.replies)
        self._statistics = StatisticsReplies(self.replies)

    @changing("favorite", "favourite")
    async def fav(self, ctx: Context, *, code: str = "") -> None:
        """Make a generation one of the person's favourites, or the opposite if it is one.

        A star only gives: the grid and the final notice may both have one.
        """
        generation = await self.find(ctx, code, LATEST_UNDELETED)
        words = self.words.collection
        try:
            kept = await self._collection.toggle_favourite(
                generation.id,
                ctx.author.id,
                ctx.message.id,
                only_keep=isinstance(ctx, ReactionContext),
            )
        except PicturesGone as error:
            raise Refused(
                self.replies.objection(Objection.ARCHIVED, generation), Objection.ARCHIVED
            ) from error
        told = words.favourite if kept else words.favourite_no_more
        await answer(ctx, self.replies.say(told, generation))

    @reading("favorites", "favourites")
    async def favs(self, ctx: Context, *, rest: str = "") -> None:
        """List the favourites of the person, of another person, or of everybody."""
        whose = Whose.read(rest, ctx.author.id)
        page = ([read_number(word, PAGES, self.replies) for word in whose.rest] or [1])[-1]
        found = await self._collection.favourites(
            whose.id, offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE + 1
        )
        if not found:
            raise Refused(self.replies.say(self.words.collection.no_favourites), "no_favourites")
        await answer(ctx, self._listed(ctx, found, f"favs {whose.named}", page + 1))

    @reading()
    async def random(self, ctx: Context) -> None:
        """Show a finished generation of the channel, any one."""
        generation = await self._collection.one_at_random()
        if generation is None:
            raise Refused(self.words.history_empty, "history_empty")
        await self._notices.show(ctx, generation)

    @reading("find")
    async def search(self, ctx: Context, *, text: str = "") -> None:
        """List the generations whose prompts have some words, newest first."""
        asked = _PAGE.search(text)
        page = 1 if asked is None else read_number(asked[1], PAGES, self.replies)
        typed = text if asked is None else text[: asked.start()]
        words = search_words(typed)
        if not words:
            raise Refused(self.replies.say(self.words.collection.search_what), "search_what")
        found = await self._collection.search(
            words, offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE + 1
        )
        if not found:
            raise Refused(self.words.collection.nothing_found, "nothing_found")
        await answer(ctx, self._listed(ctx, found, f"search {' '.join(words)} page", page + 1))

    @reading()
    async def stats(self, ctx: Context, *, month: str = "") -> None:
        """Tell what was asked for in a month, by whom, and what became of it."""
        meant = Month.read(month.strip(), self.atelier.clock.now())
        if meant is None:
            told = self.words.collection.which_month
            raise Refused(self.replies.say(told, found=as_typed(month)), "which_month")
        found = await self._collection.statistics(meant)
        await answer(ctx, self._statistics.of_month(str(meant), found))

    def _listed(self, ctx: Context, found: Sequence[Generation], command: str, page: int) -> str:
        """Return a page as text; if there is another one, with the command that shows it."""
        among = len(found)
        lines = [
            self.generation_replies.listed(one, ctx.author.id, among) for one in found[:ON_A_PAGE]
        ]
        onwards = " ".join(f"{command} {page}".split())
        more = self.replies.say(self.words.collection.more, command=onwards)
        return in_one_message(lines, more if among > ON_A_PAGE else "")


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(CollectionCog, bot, __name__)
