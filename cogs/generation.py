"""The commands about generations."""

from __future__ import annotations

import asyncio
import contextlib

import discord
from discord.ext import commands

from cogs.answers import answer
from cogs.attached_services import add_cog
from cogs.base import AtelierCog, Context, changing, reading, split_code
from cogs.choice import LATEST, LATEST_PICTURES, RETRYABLE, RUNNING, WHICH_ENDED, WHICH_UNSOLVED
from cogs.errors import Refused
from cogs.help import HelpCommand
from cogs.history_pages import History, HistoryRequest
from cogs.limit_replies import limit_lines
from cogs.missed_commands import MissedCommands
from cogs.notices import Notices
from cogs.prompts import Prompts
from cogs.replies import in_one_message
from domain.events import Cancelled, Deleted, Retried
from domain.generation import Origin
from domain.requests import Objection, objection
from services.atelier import Atelier
from services.updates import GenerationUpdate, PauseChange, QueueStopped

QUEUE_SHOWN = 10
COSTS_AGAIN = {Objection.MAY_COST_TWICE, Objection.CANCELLED_LATE, Objection.COST_ALREADY}
AGAIN, SURE = "again", "yes"
EVERYTHING = {"all", "everything", "tout", "toutes"}


class GenerationCog(AtelierCog, name="Generation"):
    """Make pictures with Midjourney and keep them."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        super().__init__(bot, atelier)
        self._notices = Notices(bot, atelier, self.replies)
        self._history = History(self.meaning.listing)
        self._prompts = Prompts(atelier.settings, atelier.prompt_parts, self.replies)
        self._gap = MissedCommands(bot, atelier, self.replies, self.interpreter)

    async def cog_load(self) -> None:
        """Answer `!help` like the other commands, and catch up after gaps."""
        if isinstance(self.bot.help_command, HelpCommand):
            self.bot.help_command.cog = self
        self.atelier.command_queue.when_missed(self._gap.catch_up)
        if self.bot.is_ready():
            self.atelier.command_queue.missed()

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Hold back commands from the first one on: the library needs some seconds to be ready."""
        self.atelier.command_queue.missed()

    @commands.Cog.listener("on_ready")
    @commands.Cog.listener("on_resumed")
    async def on_connected(self) -> None:
        """Catch up with commands typed in between."""
        self.atelier.command_queue.missed(connected=True)

    @commands.Cog.listener("on_atelier_update")
    @commands.Cog.listener("on_atelier_stopped")
    @commands.Cog.listener("on_atelier_pause")
    async def on_news(self, news: GenerationUpdate | QueueStopped | PauseChange) -> None:
        """Show what changed, and send the final notice once; tell a pause to those that wait."""
        if isinstance(news, GenerationUpdate):
            await self._notices.tell(news)
        else:
            await self._notices.tell_waiting()

    @commands.Cog.listener()
    async def on_atelier_typed(self, message: discord.Message) -> None:
        """Run what is typed in other words than a command's name, or ask whether it is meant.

        Other unknown commands belong to other bots.
        """
        understood = await self.interpreter.beside_the_library(message)
        if understood is None:
            return
        if not understood.answer:
            await self.bot.invoke(understood.ctx)
            return
        with contextlib.suppress(commands.CheckFailure):
            await self.cog_check(understood.ctx)
            await self.cog_command_error(understood.ctx, Refused(understood.answer, "unclear"))

    @changing("i", "im")
    async def imagine(self, ctx: Context, *, prompt: str = "") -> None:
        """Accept a prompt; answer with its code and its place in the queue."""
        if not prompt.strip() and not ctx.message.attachments:
            await self.explain(ctx)
            return
        self.interpreter.refuse_further_command(ctx.message.content)
        sent, notes = self._prompts.read(ctx.message, prompt)
        await self.accept(ctx, sent, notes=notes)

    @reading("s")
    async def status(self, ctx: Context, *, code: str = "") -> None:
        """Show the status of a generation, by default the person's latest."""
        generation = await self.find(ctx, code, LATEST)
        await answer(ctx, await self._notices.status(generation))

    @reading("q")
    async def queue(self, ctx: Context) -> None:
        """Show the active generation and those that wait."""
        store, reader = self.atelier.store, ctx.author.id
        active, waiting, load = await asyncio.gather(
            store.get_processing_generation(),
            store.list_queue(QUEUE_SHOWN),
            store.get_load(reader, self.atelier.clock.now()),
        )
        pause = self.atelier.generations.paused
        wait = self.atelier.orchestrator.hold.wait
        lines = [] if wait is None else [f"⏳ {self.replies.held_back(wait)}"]
        lines = lines if pause is None else [f"⏸️ {self.replies.paused(pause)}"]
        if active is not None:
            lines.append(f"🎨 {self.generation_replies.listed(active, reader)}")
        if active is None and not waiting:
            lines.append(self.replies.say(self.words.queue_empty))
        else:
            lines.append(self.replies.say(self.words.queue_head, waiting=load.waiting))
        for place, one in enumerate(waiting, 1):
            lines.append(f"{place}. {self.generation_replies.listed(one, reader)}")
        more = load.waiting - len(waiting)
        last = self.replies.say(self.words.queue_more, more=more) if more > 0 else ""
        await answer(ctx, in_one_message(lines, last))

    @changing("c")
    async def cancel(self, ctx: Context, *, code: str = "") -> None:
        """Stop a generation; Midjourney may still finish a job that it has begun."""
        if code.lower() in EVERYTHING:
            channel_id = self.atelier.settings.discord_channel_id
            ended = await self.atelier.generations.cancel_all(ctx.author.id, channel_id)
            await answer(ctx, self.generation_replies.cancelled_all(ended))
            return
        generation = await self.ask(ctx, await self.find_own(ctx, code, RUNNING), Cancelled())
        await answer(ctx, self.generation_replies.cancelled(generation))

    @changing("r")
    async def retry(self, ctx: Context, *, rest: str = "") -> None:
        """Get a generation's missing pictures; `again` may cost twice."""
        code, word = split_code(rest)
        again = word.lower() == AGAIN
        generation = await self.find_own(ctx, code, WHICH_UNSOLVED if again else RETRYABLE)
        answered = await self.atelier.generations.ask(generation, Retried(), ctx.message.id)
        if answered.objection in COSTS_AGAIN and again:
            self.refuse_costs(generation)
            origin = generation.origin
            anew = origin if origin.by_button else Origin(parent_id=generation.id)
            await self.accept(ctx, generation.prompt, anew)
        elif answered.objection is not None:
            against = answered.objection
            raise Refused(self.replies.objection(against, answered.generation), against)
        else:
            await self.say_place(ctx, answered.generation, self.words.retrying)

    @reading("get")
    async def show(self, ctx: Context, *, code: str = "") -> None:
        """Give links to the pictures of a generation."""
        generation = await self.find(ctx, code, LATEST_PICTURES)
        if generation.archived:
            raise Refused(
                self.replies.objection(Objection.ARCHIVED, generation), Objection.ARCHIVED
            )
        if not generation.stored:
            raise Refused(
                self.replies.say(self.words.no_pictures_yet, generation), "no_pictures_yet"
            )
        await self._notices.show(ctx, generation)

    @reading("h", "list")
    async def history(self, ctx: Context, *, rest: str = "") -> None:
        """List the latest generations of the person, of another person, or of everybody."""
        wanted = HistoryRequest.read(rest, ctx.author.id, self.replies)
        found = await self._history.page(wanted)
        if not found:
            raise Refused(self.words.history_empty, "history_empty")
        reader = None if wanted.whose == ctx.author.id else ctx.author.id
        among = len(found)
        lines = [
            self.generation_replies.listed(one, reader, among) for one in found[: wanted.count]
        ]
        more = self.replies.more_history(wanted.count, wanted.named, wanted.page + 1)
        await answer(ctx, in_one_message(lines, more if among > wanted.count else ""))

    @reading()
    async def limits(self, ctx: Context) -> None:
        """Say what is saved of each prompt, and how much one may ask for."""
        settings, owner = self.atelier.settings, self.is_owner(ctx)
        await answer(ctx, "\n".join(limit_lines(self.replies, settings, owner=owner)))

    @changing("remove")
    async def delete(self, ctx: Context, *, rest: str = "") -> None:
        """Delete the pictures and the prompt of a generation, after asking for a confirmation."""
        code, word = split_code(rest)
        generation = await self.find_own(ctx, code, WHICH_ENDED)
        if objection(generation, Deleted()) is not None:
            raise Refused(self.replies.say(self.words.delete_running, generation), "running")
        gone = generation.archived and not generation.prompt
        if word.lower() != SURE and not gone:
            raise Refused(self.replies.say(self.words.delete_first, generation), "not_confirmed")
        answered = await self.atelier.generations.delete(generation, ctx.message.id)
        if answered.objection is not None:
            told = self.replies.say(self.words.delete_running, answered.generation)
            raise Refused(told, answered.objection)
        await answer(ctx, self.replies.say(self.words.deleted, generation))


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(GenerationCog, bot, __name__)
