"""`!help`: every command with an example, in one message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discord.ext import commands

from cogs import replies
from cogs.common import answer

Commands = Mapping[commands.Cog | None, list[commands.Command[Any, ..., Any]]]


class Help(commands.HelpCommand):
    """One line for each command that the reader may use."""

    def __init__(self) -> None:
        """Answer to `help` and `?`."""
        super().__init__(
            command_attrs={
                "aliases": ["?"],
                "usage": "[command]",
                "help": "Show this, or explain one command.",
                "extras": {"example": "imagine"},
            },
        )

    async def send_bot_help(self, mapping: Commands, /) -> None:
        """List all commands."""
        known = [command for group in mapping.values() for command in group]
        usable = await self.filter_commands(known, sort=True)
        await self._say("\n".join(["**Atelier**", *(self._line(command) for command in usable)]))

    async def send_command_help(self, command: commands.Command[Any, ..., Any], /) -> None:
        """Explain one command."""
        names = ", ".join(f"`{self._prefix()}{alias}`" for alias in command.aliases)
        also = f"\nAlso: {names}" if names else ""
        await self._say(f"{self._line(command)}{also}")

    async def send_cog_help(self, cog: commands.Cog, /) -> None:
        """Take the name of a cog for what it is to people: no command."""
        await self.send_error_message(self.command_not_found(cog.qualified_name))

    def command_not_found(self, string: str, /) -> str:
        """Return the sentence about a command that does not exist."""
        return replies.unknown_command(string, self._prefix())

    async def send_error_message(self, error: str, /) -> None:
        """Say that there is no such command."""
        await self._say(error)

    def _line(self, command: commands.Command[Any, ..., Any]) -> str:
        name = f"{self._prefix()}{command.name}"
        usage = f"{name} {command.usage or ''}".strip()
        example = f"{name} {command.extras['example']}".strip()
        return f"`{usage}` {command.help or ''} Like `{example}`"

    def _prefix(self) -> str:
        return self.context.clean_prefix

    async def _say(self, text: str) -> None:
        await answer(self.context, text)
