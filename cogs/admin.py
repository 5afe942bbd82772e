"""What owners type: the pause of the queue. It also calls them when only a person can go on."""

from __future__ import annotations

from discord.ext import commands

from cogs import replies
from cogs.common import add_cog, answer, check_access
from cogs.errors import CommandErrors
from domain.pause import Pause
from services.atelier import Atelier
from services.letters import Stopped

Context = commands.Context[commands.Bot]


class AdminCog(commands.Cog, name="Admin"):
    """Pause the queue and let it go on."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier
        self._errors = CommandErrors(atelier.command_prefix, atelier.clock)

    async def cog_check(self, ctx: Context) -> bool:
        """Answer owners only, in the channel."""
        check_access(ctx, self._atelier.settings)
        if ctx.author.id not in self._atelier.settings.owner_ids:
            raise commands.NotOwner
        return True

    @commands.command(usage="[reason]", extras={"example": "back at noon"})
    async def pause(self, ctx: Context, *, reason: str = "") -> None:
        """Send nothing more to Midjourney; prompts are still accepted."""
        now = self._atelier.clock.now()
        pause = Pause(words=reason, since=now, by=ctx.author.id)
        done = await self._atelier.orchestrator.pause(pause)
        prefix = self._atelier.command_prefix
        await answer(ctx, replies.paused(prefix) if done else replies.paused_already(prefix))

    @commands.command(extras={"example": ""})
    async def resume(self, ctx: Context) -> None:
        """Go on after a pause or a stop, having read what happened meanwhile."""
        await self._atelier.recovery.look()
        done = await self._atelier.orchestrator.resume()
        await answer(ctx, replies.resumed() if done else replies.not_paused())

    async def cog_command_error(self, ctx: Context, error: Exception) -> None:
        """Say what happened and what to do next."""
        await self._errors.answer(ctx, error)

    @commands.Cog.listener()
    async def on_atelier_stopped(self, stopped: Stopped) -> None:
        """Call the owners, once for each stop."""
        prefix = self._atelier.command_prefix
        owners = sorted(self._atelier.settings.owner_ids)
        text = replies.stopped(stopped.pause, owners, prefix)
        await self._atelier.connection.call(text, owners)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(AdminCog, bot, __name__)
