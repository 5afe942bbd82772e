"""What people type, the one status message of each generation, and its final notice."""

from __future__ import annotations

import uuid
from pathlib import Path

from discord.ext import commands

from cogs import replies
from cogs.common import add_cog, answer, check_access
from cogs.errors import CommandErrors
from cogs.help import Help
from domain.effects import AnnounceProblem
from domain.errors import BadPrompt, PromptFault
from domain.events import FinalNoticeSent, StatusMessageSent
from domain.generation import (
    Generation,
    NewGeneration,
    Slot,
    Status,
    Step,
)
from domain.ports import Query
from domain.prompts import check
from services.atelier import Atelier
from services.codes import draw_code
from services.letters import Told

_ENDS = frozenset({Status.COMPLETED, Status.FAILED, Status.NEEDS_ATTENTION})
"""The states in which a person is told something by a message of its own."""

Context = commands.Context[commands.Bot]


class GenerationCog(commands.Cog, name="Generation"):
    """Make pictures with Midjourney and keep them."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier
        self._percents: dict[str, int] = {}
        self._noticed: set[str] = set()
        self._errors = CommandErrors(atelier.command_prefix, atelier.clock)

    async def cog_load(self) -> None:
        """Have `!help` answered as the other commands are: in the channel, to allowed people."""
        if isinstance(self._bot.help_command, Help):
            self._bot.help_command.cog = self

    async def cog_check(self, ctx: Context) -> bool:
        """Answer only in the channel, and only allowed people."""
        return check_access(ctx, self._atelier.settings)

    @commands.command(
        aliases=["i", "im"],
        usage="<prompt>",
        extras={"example": "a lighthouse at dusk --ar 3:2"},
    )
    async def imagine(self, ctx: Context, *, prompt: str = "") -> None:
        """Make a grid and its upscales."""
        settings = self._atelier.settings
        for attached in ctx.message.attachments:
            raise BadPrompt(PromptFault.LINK, found=attached.filename)
        assert ctx.guild is not None  # noqa: S101 -- the channel is a guild's: cog_check compared its id
        new = NewGeneration(
            id=str(uuid.uuid4()),
            code=draw_code(),
            prompt=check(prompt),
            author_id=ctx.author.id,
            author_name=ctx.author.display_name,
            guild_id=ctx.guild.id,
            channel_id=ctx.channel.id,
            command_message_id=ctx.message.id,
            wanted=tuple(Slot(number) for number in settings.auto_upscale),
        )
        accepted = await self._atelier.orchestrator.submit(new)
        if accepted.new:
            message = await answer(ctx, replies.accepted(accepted))
            sent = StatusMessageSent(message.id)
            await self._atelier.orchestrator.report(accepted.generation.id, sent)

    @commands.command(aliases=["s"], usage="[code]", extras={"example": "k7m2qx"})
    async def status(self, ctx: Context, *, code: str = "") -> None:
        """Say how a generation is doing, by default your latest."""
        generation = await self._find(code) if code else await self._latest(ctx.author.id)
        if generation is not None:
            percent = self._percents.get(generation.id)
            text = replies.status(generation, percent, self._atelier.clock.now())
        elif code:
            text = replies.unknown_code(code)
        else:
            text = replies.no_generation_yet(self._atelier.command_prefix)
        await answer(ctx, text)

    async def _find(self, code: str) -> Generation | None:
        generation = await self._atelier.store.get_generation(code)
        here = self._atelier.settings.discord_channel_id
        return generation if generation is not None and generation.channel_id == here else None

    async def _latest(self, author_id: int) -> Generation | None:
        page = await self._atelier.store.list_generations(Query(author_id=author_id, limit=1))
        return page[0] if page else None

    @commands.Cog.listener()
    async def on_atelier_told(self, told: Told) -> None:
        """Show what changed, and give the final notice once."""
        generation = told.generation
        if isinstance(told.announcement, AnnounceProblem):
            self._bot.dispatch("generation_error", generation, generation.problem)
        if told.percent is not None:  # Midjourney's own may go back; what is shown does not
            shown = self._percents.get(generation.id, 0)
            self._percents[generation.id] = max(shown, told.percent)
        self._show(generation)
        if generation.status in _ENDS and generation.notice_message_id is None:
            await self._give_notice(generation)

    def _show(self, generation: Generation) -> None:
        """Bring the status message up to date; one that never had its turn tells its place."""
        untouched = generation.status == Status.QUEUED and generation.step(Slot.GRID) == Step()
        if generation.status_message_id is None or untouched:
            return
        percent = self._percents.get(generation.id)
        text = replies.status(generation, percent, self._atelier.clock.now())
        self._atelier.board.show(generation.status_message_id, text)
        if generation.notice_message_id is not None:
            self._percents.pop(generation.id, None)
            self._noticed.discard(generation.id)

    async def _give_notice(self, generation: Generation) -> None:
        """Send the one message that notifies its author, with the pictures or their links."""
        if generation.id in self._noticed:
            return
        self._noticed.add(generation.id)
        links, files = await self._pictures(generation)
        text = replies.notice(generation, links, self._atelier.clock.now())
        message = await self._atelier.connection.send_notice(
            text,
            reply_to=generation.command_message_id,
            files=files,
            notify=self._atelier.settings.notify_author,
        )
        if message is None:
            self._noticed.discard(generation.id)
        else:
            sent = FinalNoticeSent(message.id)
            await self._atelier.orchestrator.report(generation.id, sent)

    async def _pictures(
        self,
        generation: Generation,
    ) -> tuple[dict[Slot, str], dict[str, Path]]:
        """Return links to what people can open, and files where there is no such link."""
        links: dict[Slot, str] = {}
        files: dict[str, Path] = {}
        limit = (await self._atelier.connection.channel()).guild.filesize_limit
        for slot in generation.stored:
            picture = generation.step(slot).picture
            assert picture is not None  # noqa: S101 -- `stored` names the slots that have one
            path = self._atelier.images.path(picture.key)
            if path is None:
                links[slot] = await self._atelier.images.url(picture.key)
            elif picture.size > limit:
                links[slot] = str(path)
            else:
                files[f"{generation.code}_{slot.title}.png"] = path
        return links, files

    async def cog_command_error(self, ctx: Context, error: Exception) -> None:
        """Say what happened and what to do next."""
        await self._errors.answer(ctx, error)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(GenerationCog, bot, __name__)
