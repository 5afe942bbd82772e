"""`!help`: every command with an example, in one message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discord.ext import commands

from cogs.answers import answer
from cogs.base import AtelierCog

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
        """Accept a command's name with its prefix, and other words for it, too."""
        name, _, rest = (command or "").removeprefix(ctx.clean_prefix).partition(" ")
        meant = self._cog().interpreter.command(name)
        name = f"{name} {rest}".strip() if meant is None else meant.name
        await super().command_callback(ctx, command=name or None)
        self._cog().command_log.tell(ctx, "done")

    async def send_bot_help(self, mapping: Commands, /) -> None:
        """List all commands."""
        known = [command for group in mapping.values() for command in group]
        usable = await self.filter_commands(known, sort=True)
        code = await self._cog().meaning.example_for(self.context.author.id)
        await self._say("\n".join(self._cog().explanations.listed(usable, self._prefix(), code)))

    async def send_command_help(self, command: Command, /) -> None:
        """Explain one command."""
        await self._say(await self._cog().explanation(self.context, command))

    async def send_cog_help(self, cog: commands.Cog, /) -> None:
        """Treat the name of a cog as an unknown command: people do not know cogs."""
        await self.send_error_message(self.command_not_found(cog.qualified_name))

    def command_not_found(self, string: str, /) -> str:
        """Say that a command does not exist, or ask whether a similar one was meant."""
        cog = self._cog()
        near = cog.interpreter.nearest(string)
        if near is None:
            return cog.replies.unknown_command(string)
        return cog.replies.nearest(f"help {near.name}", self._prefix())

    def subcommand_not_found(self, command: Command, _: str, /) -> str:
        """Explain a command of another cog, whatever follows its name."""
        return self._cog().explanations.line(command, self._prefix())

    async def send_error_message(self, error: str, /) -> None:
        """Send the sentence from `command_not_found`."""
        await self._say(error)

    def _cog(self) -> AtelierCog:
        cog = self.cog
        assert isinstance(cog, AtelierCog)  # noqa: S101 -- the generation cog takes it as its own
        return cog

    def _prefix(self) -> str:
        return self.context.clean_prefix

    async def _say(self, text: str) -> None:
        await answer(self.context, text)
