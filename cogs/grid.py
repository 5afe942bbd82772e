"""Announces each grid with its live buttons, makes new grids, and starts the listener."""

from __future__ import annotations

import discord
from discord.ext import commands

from cogs.acceptance import made_from
from cogs.attached_services import add_cog
from cogs.base import AtelierCog, Context, changing, split_code
from cogs.choice import LATEST_GRID
from cogs.errors import Refused
from cogs.listener import Listener
from cogs.pointing import GRIDS
from cogs.reactions import Reactions
from domain.effects import AnnounceGrid
from domain.errors import GridTaken
from domain.events import Adopted, JobFinished
from domain.generation import Generation, Origin, OriginKind
from domain.messages import parse
from domain.requests import child_objection
from domain.slots import Slot, picture_key
from domain.text_matching import may_be_grid_of
from services.atelier import Atelier
from services.updates import GenerationUpdate


class GridCog(AtelierCog, name="Grid"):
    """The commands about grids; it also runs the listener that feeds the orchestrator."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        super().__init__(bot, atelier)
        channel_id = atelier.settings.discord_channel_id
        self._listener = Listener(bot, channel_id, atelier.orchestrator)
        self._reactions = Reactions(bot, atelier, self.interpreter)

    @commands.Cog.listener()
    async def on_atelier_reacted(self, event: discord.RawReactionActionEvent) -> None:
        """Carry out what a reaction asks for."""
        if self.atelier.settings.reactions:
            await self._reactions.came(event)

    async def cog_load(self) -> None:
        """Start listening to Midjourney and Discord."""
        self._listener.start()

    async def cog_unload(self) -> None:
        """Stop listening."""
        await self._listener.stop()

    @commands.Cog.listener()
    async def on_atelier_update(self, told: GenerationUpdate) -> None:
        """Announce a stored grid: `grid_completed(generation, url, buttons)`."""
        if isinstance(told.announcement, AnnounceGrid):
            generation = told.generation
            url = await self.atelier.images.url(picture_key(generation.id, Slot.GRID))
            self.bot.dispatch("grid_completed", generation, url, generation.buttons)

    @changing("v")
    async def vary(self, ctx: Context, *, rest: str = "") -> None:
        """Press a V button of a stored grid: a new generation, at the usual cost."""
        code, number = split_code(rest)
        pointed = await self.point(ctx, code, LATEST_GRID)
        parent, slot = pointed.generation, self.slot(ctx, pointed, number)
        await self._child(
            ctx, parent, Origin(kind=OriginKind.VARIATION, parent_id=parent.id, index=slot.value)
        )

    @changing()
    async def reroll(self, ctx: Context, *, code: str = "") -> None:
        """Press the reroll button of a stored grid: a new generation, at the usual cost."""
        parent = await self.find(ctx, code, LATEST_GRID)
        await self._child(ctx, parent, Origin(kind=OriginKind.REROLL, parent_id=parent.id))

    @changing()
    async def adopt(self, ctx: Context, *, code: str = "") -> None:
        """Keep the grid that this replies to, for an existing generation or as a new one."""
        found = await self._grid_replied_to(ctx)
        await self.atelier.recovery.look()  # it may be one that was awaited, and fell into a gap
        await self.atelier.generations.catch_up()
        holder = await self.atelier.store.get_generation_of_grid(found.message_id)
        if holder is not None:
            raise GridTaken(holder)
        self._refuse_what_is_awaited(found)
        if not code:
            await self.accept(ctx, found.prompt, grid=found)
            return
        adopted = await self.ask(ctx, await self.find_own(ctx, code), Adopted(found))
        await self.say_place(ctx, adopted, self.words.adopting)

    def _refuse_what_is_awaited(self, grid: JobFinished) -> None:
        """Raise `Refused` if it may be the grid that the generation at work waits for."""
        active = self.atelier.orchestrator.active()
        account_id = self.atelier.connection.account_id
        if active is not None and may_be_grid_of(active, grid, account_id):
            raise Refused(self.replies.say(self.words.grid_awaited, active), "grid_awaited")

    async def _child(self, ctx: Context, parent: Generation, origin: Origin) -> None:
        against = child_objection(parent, origin)
        if against is not None:
            raise Refused(self.replies.objection(against, parent), against)
        self.refuse_costs(parent)
        note = made_from(self.replies, parent, origin)
        await self.accept(ctx, parent.prompt, origin, notes=[note])

    async def _grid_replied_to(self, ctx: Context) -> JobFinished:
        """Return the finished grid that the command replies to, or raise `Refused`."""
        reference = ctx.message.reference
        if reference is None or reference.message_id is None:
            raise Refused(self.replies.say(self.words.reply_to_grid), "reply_to_grid")
        message = await self.atelier.connection.read(reference.message_id)
        heard = None if message is None else parse(message)
        if not isinstance(heard, JobFinished) or heard.action not in GRIDS:
            raise Refused(self.words.not_a_grid, "not_a_grid")
        return heard


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(GridCog, bot, __name__)
