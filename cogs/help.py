"""`!help`: every command with an example, in one message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discord.ext import commands

from cogs.answers import answer
from cogs.base import AtelierCog
from cogs.parameter_list import parameter_lines

Command = commands.Command[Any, ..., Any]
Commands = Mapping[commands.Cog | None, list[Command]]


class HelpCommand(commands.HelpCommand):
    """One line for each command that the reader may use."""

    def __init__(self) -> None:
        """Answer to `help` and `?`."""
        super().__init__(command_attrs={"aliases": ["?"], "extras": {"topic": "help"}})

    async def command_callback(
        self, ctx: commands.Context[Any], /, *, command: str | None = None
    ) -> None:
        """Accept a command's name with its prefix, too."""
        name = (command or "").removeprefix(ctx.clean_prefix)
        await super().command_callback(ctx, command=name or None)

    async def send_bot_help(self, mapping: Commands, /) -> None:
        """List all commands."""
        known = [command for group in mapping.values() for command in group]
        usable = await self.filter_commands(known, sort=True)
        await self._say("\n".join(["**Atelier**", *(self._line(command) for command in usable)]))

    async def send_command_help(self, command: Command, /) -> None:
        """Explain one command."""
        await self._say(self._explanation(command))

    async def send_cog_help(self, cog: commands.Cog, /) -> None:
        """Treat the name of a cog as an unknown command: people do not know cogs."""
        await self.send_error_message(self.command_not_found(cog.qualified_name))

    def command_not_found(self, string: str, /) -> str:
        """Say that a command does not exist, or ask whether a similar one was meant."""
        cog = self._cog()
        near = cog.nearest(string)
        if near is None:
            return cog.replies.unknown_command(string)
        return cog.replies.nearest(f"help {near}", self._prefix())

    def subcommand_not_found(self, command: Command, _: str, /) -> str:
        """Explain the command, whatever follows its name."""
        return self._explanation(command)

    async def send_error_message(self, error: str, /) -> None:
        """Send the sentence from `command_not_found`."""
        await self._say(error)

    def _explanation(self, command: Command) -> str:
        names = ", ".join(f"`{self._prefix()}{alias}`" for alias in command.aliases)
        replies = self._cog().replies
        also = [replies.say(replies.sentences.also, names=names)] if names else []
        about = self._parameters() if command.extras.get("topic") == "imagine" else []
        return "\n".join([self._line(command), *also, *about])

    def _parameters(self) -> list[str]:
        cog = self._cog()
        return parameter_lines(cog.replies, cog.atelier.settings.costly)

    def _line(self, command: Command) -> str:
        """Return a command's usage and purpose; commands of other cogs bring their own."""
        name = f"{self._prefix()}{command.name}"
        topic = self._cog().replies.sentences.help.get(command.extras.get("topic", ""))
        if topic is None:
            return f"`{name}` {command.short_doc}".strip()
        text = f"`{f'{name} {topic.usage}'.strip()}` {topic.does}"
        return f"{text} `{f'{name} {topic.example}'.strip()}`" if topic.example else text

    def _cog(self) -> AtelierCog:
        cog = self.cog
        assert isinstance(cog, AtelierCog)  # noqa: S101 -- the generation cog takes it as its own
        return cog

    def _prefix(self) -> str:
        return self.context.clean_prefix

    async def _say(self, text: str) -> None:
        await answer(self.context, text)
