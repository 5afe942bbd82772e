"""Finds the command that a message means, where the library finds none by its name."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import discord
from discord.ext import commands

from cogs.phrases import Meant, Midjourneys, PhraseReader, Unsure
from cogs.replies import Replies
from cogs.synonyms import TOPICS, folded
from domain.errors import BadPrompt, PromptFault
from domain.messages import MIDJOURNEY_ID, NIJI_ID
from services.atelier import Atelier

Command = commands.Command[Any, ..., Any]
Context = commands.Context[commands.Bot]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means: the command of its context, or with an `answer` only these words."""

    ctx: Context
    answer: str = ""


class Interpreter:
    """Reads messages as people type them; live or found after a gap, they mean the same."""

    def __init__(self, bot: commands.Bot, atelier: Atelier, replies: Replies) -> None:
        """Keep the bot, whose commands may change."""
        self._bot = bot
        self._prefix, begin = atelier.settings.command_prefix, atelier.commands_begin_with
        self._reader = PhraseReader(prefix=self._prefix, begin=begin, words=self._words)
        self._connection = atelier.connection
        self._replies = replies

    async def context(self, message: discord.Message) -> Context:
        """Return a message's context, with the command that it surely means, if any."""
        ctx = await self._bot.get_context(message)
        understood = None if ctx.command is not None else await self._understand(message)
        return ctx if understood is None or understood.answer else understood.ctx

    async def beside_the_library(self, message: discord.Message) -> Understood | None:
        """Return what a message means, unless the library finds the command by itself."""
        ctx = await self._bot.get_context(message)
        return None if ctx.command is not None else await self._understand(message)

    def command(self, word: str) -> Command | None:
        """Return the command that a word means, by its name or by another word for it."""
        return self._topics().get(self._words().get(folded(word), ""))

    def nearest(self, word: str) -> Command | None:
        """Return the command that a typo probably meant; None if none is close."""
        return self._topics().get(self._reader.nearest(word) or "")

    def refuse_further_command(self, text: str) -> None:
        """Raise `BadPrompt` if a line below the first is a command: it is no words of a prompt."""
        for line in map(str.strip, text.splitlines()[1:]):
            if self._is_command(line):
                raise BadPrompt(PromptFault.MULTIPLIES, found=line)

    def typed(self, command: Command, rest: str) -> str:
        """Return what a person would type for a command."""
        return f"{self._prefix}{command.name} {rest}".strip()

    async def _understand(self, message: discord.Message) -> Understood | None:
        account_id, pressing = self._connection.account_id, self._answers_a_button(message)
        phrase = self._reader.read(message.content, account_id=account_id, pressing=pressing)
        topics = {} if phrase is None else self._topics()
        match phrase:
            case Meant(topic, rest) if topic in topics:
                return await self._as_if(message, f"{topics[topic].name} {rest}")
            case Unsure(topic) if topic in topics:
                name = topics[topic].name
                return await self._as_if(message, name, self._replies.nearest(name, self._prefix))
            case Midjourneys(word):
                names = [command.name for command in topics.values()]
                return await self._as_if(message, names[0], self._replies.midjourneys(word))
            case _:
                return None

    def _is_command(self, line: str) -> bool:
        account_id = self._connection.account_id
        return isinstance(self._reader.read(line, account_id=account_id, pressing=False), Meant)

    async def _as_if(
        self, message: discord.Message, command: str, answer: str = ""
    ) -> Understood | None:
        """Have the library read the message as if that were typed after the prefix.

        None where it would not listen to its author.
        """
        typed = copy.copy(message)
        typed.content = f"{self._prefix}{command}"
        ctx = await self._bot.get_context(typed)
        return None if ctx.command is None else Understood(ctx, answer)

    def _answers_a_button(self, message: discord.Message) -> bool:
        """Whether it replies to a message of Midjourney's, or of the bot."""
        replied_to = None if message.reference is None else message.reference.resolved
        ours = {MIDJOURNEY_ID, NIJI_ID, self._connection.account_id}
        return isinstance(replied_to, discord.Message) and replied_to.author.id in ours

    def _words(self) -> dict[str, str]:
        """Return the words for each command, folded, with its topic; its names go first."""
        topics, begin = self._topics(), self._reader.begin
        names = {
            folded(name.removeprefix(begin)): topic
            for topic, command in topics.items()
            for name in (command.name, *command.aliases)
        }
        return {word: topic for word, topic in TOPICS.items() if topic in topics} | names

    def _topics(self) -> dict[str, Command]:
        """Return the commands by their topics; those of other cogs have none."""
        known = (command for command in self._bot.commands if "topic" in command.extras)
        return {command.extras["topic"]: command for command in known}
