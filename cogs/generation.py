"""What people type about generations."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import takewhile

from discord.ext import commands

from cogs.announcing import Announcer
from cogs.answers import answer
from cogs.base import AtelierCog, Context, changing, person_id, reading, split_code
from cogs.common import add_cog
from cogs.errors import Refused
from cogs.help import HelpCommand
from cogs.missed_commands import MissedCommands
from cogs.replies import in_one_message
from domain.errors import BadPrompt, PromptFault
from domain.events import Cancelled, Deleted, Retried
from domain.generation import Generation, Origin, Slot
from domain.ports import Query
from domain.prompts import check
from domain.requests import Objection, objection
from services.atelier import Atelier
from services.notifications import GenerationUpdate

QUEUE_SHOWN = 10
HISTORY_SHOWN, HISTORY_LIMIT, PAGES = 5, 20, 50
COSTS_AGAIN = {Objection.MAY_COST_TWICE, Objection.COST_ALREADY}
AGAIN, SURE, ALL = "again", "yes", "all"


class GenerationCog(AtelierCog, name="Generation"):
    """Make pictures with Midjourney and keep them."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        super().__init__(bot, atelier)
        self._announcer = Announcer(bot, atelier, self.replies)
        self._gap = MissedCommands(bot, atelier, self.replies)

    async def cog_load(self) -> None:
        """Have `!help` answered as the other commands are, and gaps caught up with."""
        if isinstance(self.bot.help_command, HelpCommand):
            self.bot.help_command.cog = self
        self.atelier.command_queue.when_missed(self._gap.catch_up)
        if self.bot.is_ready():
            self.atelier.command_queue.missed()

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Hold commands up from the first one on: the library is not ready for seconds yet."""
        self.atelier.command_queue.missed()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with what was typed before."""
        self.atelier.command_queue.missed()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Catch up with what was typed in between."""
        self.atelier.command_queue.missed()

    @commands.Cog.listener()
    async def on_atelier_update(self, told: GenerationUpdate) -> None:
        """Show what changed, and give the final notice once."""
        await self._announcer.tell(told)

    @commands.Cog.listener()
    async def on_command_error(self, ctx: Context, error: commands.CommandError) -> None:
        """Help with a slip of the pen; other unknown words are other bots'."""
        if not isinstance(error, commands.CommandNotFound) or ctx.invoked_with is None:
            return
        try:
            await self.cog_check(ctx)
        except commands.CheckFailure:
            return
        near = self.nearest(ctx.invoked_with)
        if near is not None:
            await answer(ctx, self.replies.nearest(near, ctx.clean_prefix))

    @changing("i", "im")
    async def imagine(self, ctx: Context, *, prompt: str = "") -> None:
        """Accept a prompt, and answer with its code and its place."""
        await self.accept(ctx, self._checked(ctx, prompt))

    @reading("s")
    async def status(self, ctx: Context, *, code: str = "") -> None:
        """Say how a generation is doing, by default the person's latest."""
        if code or ctx.message.reference is not None:
            generation = await self.find(ctx, code)
        else:
            page = await self._listed(Query(author_id=ctx.author.id, limit=1))
            if not page:
                raise Refused(self.replies.say(self.words.no_generation_yet))
            generation = page[0]
        await answer(ctx, await self._announcer.status(generation))

    @reading("q")
    async def queue(self, ctx: Context) -> None:
        """Say what is being made, and what waits."""
        store, reader = self.atelier.store, ctx.author.id
        active, waiting, load = await asyncio.gather(
            store.get_processing_generation(),
            store.list_queue(QUEUE_SHOWN),
            store.get_load(reader, self.atelier.clock.now()),
        )
        pause = self.atelier.generations.paused
        lines = [] if pause is None else [f"⏸️ {self.replies.paused(pause)}"]
        if active is not None:
            lines.append(f"🎨 {self.replies.listed(active, reader)}")
        if active is None and not waiting:
            lines.append(self.replies.say(self.words.queue_empty))
        else:
            lines.append(self.replies.say(self.words.queue_head, waiting=load.waiting))
        for place, one in enumerate(waiting, 1):
            lines.append(f"{place}. {self.replies.listed(one, reader)}")
        more = load.waiting - len(waiting)
        last = self.replies.say(self.words.queue_more, more=more) if more > 0 else ""
        await answer(ctx, in_one_message(lines, last))

    @changing("c")
    async def cancel(self, ctx: Context, *, code: str = "") -> None:
        """Stop a generation; what Midjourney has begun it may still finish."""
        generation = await self.ask(ctx, await self.find_own(ctx, code), Cancelled())
        begun = generation.step(Slot.GRID).intended_at is not None
        told = self.words.cancelled_running if begun else self.words.cancelled
        await answer(ctx, self.replies.say(told, generation))

    @changing("r")
    async def retry(self, ctx: Context, *, rest: str = "") -> None:
        """Go on with what a generation lacks; `again` risks that it costs twice."""
        code, word = split_code(rest)
        generation = await self.find_own(ctx, code)
        answered = await self.atelier.generations.ask(generation, Retried(), ctx.message.id)
        if answered.objection in COSTS_AGAIN and word.lower() == AGAIN:
            origin = generation.origin
            anew = origin if origin.by_button else Origin(parent_id=generation.id)
            await self.accept(ctx, generation.prompt, anew)
        elif answered.objection is not None:
            raise Refused(self.replies.objection(answered.objection, answered.generation))
        else:
            await self.say_place(ctx, answered.generation, self.words.retrying)

    @reading("get")
    async def show(self, ctx: Context, *, code: str = "") -> None:
        """Give links to the pictures of a generation."""
        generation = await self.find(ctx, code)
        if generation.archived:
            raise Refused(self.replies.objection(Objection.ARCHIVED, generation))
        if not generation.stored:
            raise Refused(self.replies.say(self.words.no_pictures_yet, generation))
        pictures, now = await self._announcer.pictures(generation), self.atelier.clock.now()
        text = self.replies.pictures(generation, pictures.links, now)
        without_files = self.replies.pictures(generation, pictures.places, now)
        await answer(ctx, text, pictures.files, without_files)

    @reading("h", "list")
    async def history(self, ctx: Context, *, rest: str = "") -> None:
        """List the latest generations of the person, of another one, or of all."""
        wanted = self._wanted(ctx, rest)
        found = await self._page(wanted)
        if not found:
            raise Refused(self.words.history_empty)
        reader = None if wanted.whose == ctx.author.id else ctx.author.id
        among = len(found)
        lines = [self.replies.listed(one, reader, among) for one in found[: wanted.count]]
        more = self.replies.more_history(wanted.count, wanted.named, wanted.page + 1)
        await answer(ctx, in_one_message(lines, more if among > wanted.count else ""))

    @changing("remove")
    async def delete(self, ctx: Context, *, rest: str = "") -> None:
        """Remove the pictures and the prompt of a generation, when asked twice."""
        code, word = split_code(rest)
        generation = await self.find_own(ctx, code)
        if objection(generation, Deleted()) is not None:
            raise Refused(self.replies.say(self.words.delete_running, generation))
        gone = generation.archived and not generation.prompt
        if word.lower() != SURE and not gone:
            raise Refused(self.replies.say(self.words.delete_first, generation))
        answered = await self.atelier.generations.delete(generation, ctx.message.id)
        if answered.objection is not None:
            raise Refused(self.replies.say(self.words.delete_running, answered.generation))
        await answer(ctx, self.replies.say(self.words.deleted, generation))

    def _checked(self, ctx: Context, prompt: str) -> str:
        """Return the prompt, after the pictures that are attached, or raise `BadPrompt`."""
        settings, attached = self.atelier.settings, ctx.message.attachments
        if attached and not settings.allow_image_prompts:
            raise BadPrompt(PromptFault.LINK, found=attached[0].filename)
        may = {
            PromptFault.LINK: settings.allow_image_prompts,
            PromptFault.TURBO: settings.allow_turbo,
        }
        allowed = frozenset(fault for fault, yes in may.items() if yes)
        whole = " ".join([*(file.url for file in attached), prompt])
        return check(whole, settings.prompt_limit, allowed=allowed)

    def _wanted(self, ctx: Context, rest: str) -> _Wanted:
        """Read `[how many] [@person|all] [page]`, in any order of the person and the numbers."""
        whose, named = ctx.author.id, ""
        numbers: list[int] = []
        for word in rest.split():
            person = person_id(word)
            if person is not None:
                whose, named = person, f"<@{person}>"
            elif word.lower() == ALL:
                whose, named = None, ALL
            else:
                limit = PAGES if numbers else HISTORY_LIMIT
                if not word.isdecimal() or not 1 <= int(word) <= limit:
                    raise Refused(self.replies.bad_number(word, limit))
                numbers.append(int(word))
        count, page = (*numbers, *(HISTORY_SHOWN, 1)[len(numbers) :])[:2]
        return _Wanted(whose, named, count, page)

    async def _page(self, wanted: _Wanted) -> list[Generation]:
        """Return the page, and one more where there is another page."""
        query = Query(author_id=wanted.whose, limit=wanted.count + 1)
        found = await self._listed(query)
        for _ in range(1, wanted.page):
            if len(found) <= wanted.count:
                return []
            query = replace(query, before_seq=found[wanted.count - 1].seq)
            found = await self._listed(query)
        return found

    async def _listed(self, query: Query) -> list[Generation]:
        """List back to the first that is of another channel, and as unknown here as its code."""
        here = self.atelier.settings.discord_channel_id
        found = await self.atelier.store.list_generations(query)
        return list(takewhile(lambda one: one.channel_id == here, found))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What `!history` is to list; `whose` is None for everybody, `named` is how to type it."""

    whose: int | None
    named: str
    count: int
    page: int


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(GenerationCog, bot, __name__)
