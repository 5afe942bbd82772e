"""What all commands share: when they run, who may use them, and which generation they mean."""

from __future__ import annotations

import asyncio
import functools
import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from discord.ext import commands

from cogs.answers import answer
from cogs.choice import WHICH, Choice
from cogs.command_log import CommandLog
from cogs.errors import CommandErrors, ElsewhereError, NotAllowedError, Refused
from cogs.explanations import Explanations, asks_to_explain
from cogs.generation_replies import GenerationReplies
from cogs.interpreter import Interpreter
from cogs.meaning import Meaning
from cogs.permission import may_run
from cogs.pointing import Pointed, is_code
from cogs.replies import Replies
from domain.content import UUID
from domain.events import JobFinished, Request, StatusMessageSent
from domain.generation import CODE_LENGTH, Generation, NewGeneration, Origin
from domain.prompt_check import too_dear
from domain.requests import by_hand
from domain.slots import UPSCALES, Slot
from services.atelier import Atelier
from services.generation.service import draw_code

Context = commands.Context[commands.Bot]
P = ParamSpec("P")
C = TypeVar("C", bound="AtelierCog")
Run = Callable[Concatenate[C, Context, P], Awaitable[None]]

BY_IMAGINE = Origin()
THE_LATEST = {"it", "this", "that", "the", "last", "latest", "my", "mine", "me", "one"} | {
    *("ça", "cette", "le", "la", "ma", "mes", "moi", "dernier", "dernière")
}
"""Words that people type in place of a code, and that say no more than none does."""
_ID = "[1-8]?[0-9]{15,18}"  # the databases hold no larger number
_BY_NAME = {f"{letter}{slot}": slot for slot in UPSCALES for letter in ("", "U", "V", "#")}
_PERSON = re.compile(f"<@!?({_ID})>|({_ID})")


def reading(*aliases: str) -> Callable[[Run[C, P]], commands.Command[Any, ..., None]]:
    """Make a command that changes nothing; it is not run late."""

    def make(run: Run[C, P]) -> commands.Command[Any, ..., None]:
        return _command(_explaining(run), aliases, changes=False)

    return make


def changing(*aliases: str) -> Callable[[Run[C, P]], commands.Command[Any, ..., None]]:
    """Make a command that changes something; it runs in its turn, once, even if found late."""

    def make(run: Run[C, P]) -> commands.Command[Any, ..., None]:
        explaining = _explaining(run)

        @functools.wraps(run)
        async def in_turn(cog: C, ctx: Context, *args: P.args, **kwargs: P.kwargs) -> None:
            async with cog.atelier.command_queue.turn(ctx.message.id) as first:
                if first:
                    await explaining(cog, ctx, *args, **kwargs)
                else:
                    cog.command_log.tell(ctx, "repeated")

        return _command(in_turn, aliases, changes=True)

    return make


def _explaining(run: Run[C, P]) -> Run[C, P]:
    """Have a command explained where what follows its name only asks for that."""

    @functools.wraps(run)
    async def or_explain(cog: C, ctx: Context, *args: P.args, **kwargs: P.kwargs) -> None:
        if any(asks_to_explain(str(text)) for text in kwargs.values()):
            await cog.explain(ctx)
        else:
            await run(cog, ctx, *args, **kwargs)
        cog.command_log.tell(ctx, "done")

    return or_explain


def _command(
    run: Callable[..., Any], aliases: Sequence[str], *, changes: bool
) -> commands.Command[Any, ..., None]:
    extras = {"changes": changes, "topic": run.__name__}
    return commands.Command(run, aliases=list(aliases), extras=extras)


class AtelierCog(commands.Cog):
    """A cog whose commands answer only in the one channel, and only to allowed people."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        self.bot = bot
        self.atelier = atelier
        self.replies = Replies(atelier.settings.reply_language, atelier.command_prefix)
        self.words = self.replies.sentences
        self.generation_replies = GenerationReplies(self.replies)
        self.command_log = CommandLog()
        self._errors = CommandErrors(self.replies, atelier, self.command_log)
        self.explanations = Explanations(self.replies, atelier.settings)
        self.interpreter = Interpreter(bot, atelier, self.replies)
        self.meaning = Meaning(atelier, self.replies)

    async def cog_check(self, ctx: Context) -> bool:
        """Allow a command, or raise the reason why not."""
        if ctx.channel.id != self.atelier.settings.discord_channel_id:
            raise ElsewhereError
        if ctx.message.webhook_id is not None:  # its author's id is whatever its owner wrote
            raise ElsewhereError
        if not may_run(ctx.message, self.atelier):
            raise NotAllowedError
        return True

    async def cog_command_error(self, ctx: Context, error: Exception) -> None:
        """Say what happened and what to do next."""
        await self._errors.answer(ctx, error)

    def is_owner(self, ctx: Context) -> bool:
        """Whether an owner typed it."""
        return self.atelier.access.is_owner(ctx.author.id)

    async def explain(self, ctx: Context) -> None:
        """Say what the command does that was typed."""
        assert ctx.command is not None  # noqa: S101 -- this is called by a command
        await answer(ctx, await self.explanation(ctx, ctx.command))

    async def explanation(self, ctx: Context, command: commands.Command[Any, ..., Any]) -> str:
        """Return what a command does, with examples for whoever asks."""
        code, owner = await self.meaning.example_for(ctx.author.id), self.is_owner(ctx)
        return self.explanations.whole(command, ctx.clean_prefix, code, owner=owner)

    async def point(self, ctx: Context, words: str, choice: Choice = WHICH) -> Pointed:
        """Return what a command is about: by a code or id, by a reply, or by that choice.

        Raises `Refused` if there is none, or none in this channel, or several to choose from.
        """
        code, meaning = code_in(words), self.meaning
        named = meaning.by_code(code) if code else None
        pointed = await (named or meaning.without_code(ctx.message, choice, topic_of(ctx)))
        self.command_log.note(ctx, pointed.generation)
        return pointed

    async def find(self, ctx: Context, words: str, choice: Choice = WHICH) -> Generation:
        """Find a generation, whichever of its pictures is meant."""
        return (await self.point(ctx, words, choice)).generation

    async def point_own(self, ctx: Context, words: str, choice: Choice = WHICH) -> Pointed:
        """Find a generation that the person may change: as its author, or as an owner."""
        pointed = await self.point(ctx, words, choice)
        if pointed.generation.author_id != ctx.author.id and not self.is_owner(ctx):
            raise Refused(self.replies.say(self.words.not_yours, pointed.generation), "not_yours")
        return pointed

    async def find_own(self, ctx: Context, words: str, choice: Choice = WHICH) -> Generation:
        """Find a generation that the person may change, whichever of its pictures is meant."""
        return (await self.point_own(ctx, words, choice)).generation

    def slot(self, ctx: Context, pointed: Pointed, number: str) -> Slot:
        """Return the upscale that `2`, `u2` or `v2` means, or the picture that this replies to.

        Raises `Refused` if there is neither.
        """
        slot = _BY_NAME.get(number.upper()) if number else pointed.slot
        if slot is None:
            told, topic = self.words.which_picture, topic_of(ctx)
            asked = self.replies.say(told, pointed.generation, command=topic)
            raise Refused(asked, "which_picture")
        return slot

    async def ask(
        self, ctx: Context, generation: Generation, request: Request, **facts: object
    ) -> Generation:
        """Carry out a request and return the changed generation, or raise `Refused`.

        `facts` fill in the sentence that says why not.
        """
        answered = await self.atelier.generations.ask(generation, request, ctx.message.id)
        if answered.objection is not None:
            against = answered.objection
            told = self.replies.objection(against, answered.generation, **facts)
            raise Refused(told, against)
        return answered.generation

    def refuse_costs(self, generation: Generation) -> None:
        """Raise `Refused` if making it once more would cost more than is allowed."""
        dear = too_dear(generation.prompt, self.atelier.settings.costly)
        if dear is not None:
            raise Refused(self.replies.costly_again(generation, *dear), "costly")

    async def accept(
        self,
        ctx: Context,
        prompt: str,
        origin: Origin = BY_IMAGINE,
        *,
        grid: JobFinished | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        """Accept a new generation, or adopt a grid made by hand; answer with its status message.

        `notes` are further parts of the answer. Raises `OverQuota` if it would be one too many.
        """
        assert ctx.guild is not None  # noqa: S101 -- the channel is a guild's: cog_check compared its id
        generations, settings = self.atelier.generations, self.atelier.settings
        new = NewGeneration(
            id=str(uuid.uuid4()),
            code=draw_code(),
            prompt=prompt,
            author_id=ctx.author.id,
            author_name=ctx.author.display_name,
            guild_id=ctx.guild.id,
            channel_id=ctx.channel.id,
            command_message_id=ctx.message.id,
            wanted=tuple(Slot(number) for number in settings.auto_upscale),
            origin=origin,
        )
        if grid is not None:
            new = by_hand(new, grid, self.atelier.clock.now())
        accepted = await generations.submit(new, owner=self.is_owner(ctx))
        self.atelier.command_queue.note_mark(ctx.message.id)
        self.command_log.note(ctx, accepted.generation)
        if accepted.new:
            message = await answer(ctx, " · ".join([self.replies.accepted(accepted), *notes]))
            sent = StatusMessageSent(message.id)
            await self.atelier.orchestrator.report(accepted.generation.id, sent)

    async def say_place(
        self, ctx: Context, generation: Generation, sentence: str, **facts: str
    ) -> None:
        """Say that a generation is back in the queue, and at which place."""
        accepted = await self.atelier.generations.place_of(generation)
        await answer(ctx, self.replies.accepted(accepted, sentence, **facts))


def go_on() -> None:
    """Stop here if cancelled, because the library's commands swallow their task's cancellation."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def topic_of(ctx: Context) -> str:
    """Return which command this is, whatever its name in this bot."""
    return "" if ctx.command is None else str(ctx.command.extras["topic"])


def person_id(text: str) -> int | None:
    """Return the id from a mention or an id; None for anything else, and for more than one."""
    found = _PERSON.fullmatch(text.strip())
    return None if found is None else int(found[1] or found[2])


def split_code(text: str) -> tuple[str, str]:
    """Split `k7m2qx 2` or `2 k7m2qx` into the code (or id) and the rest.

    Without a code, all is the rest. Words that mean the latest, such as `it`, are left out.
    """
    words = [word for word in text.replace("`", " ").split() if word.lower() not in THE_LATEST]
    first = next((word for word in words if is_code(word) or UUID.fullmatch(word)), None)
    if first is None and words and len(words[0]) >= CODE_LENGTH:
        first = words[0]
    if first is None:
        return "", " ".join(words)
    words.remove(first)
    return first, " ".join(words)


def code_in(text: str) -> str:
    """Return the code (or id) that a text begins with, or has in it; other words are ignored."""
    code, rest = split_code(text)
    return code or rest.partition(" ")[0]
