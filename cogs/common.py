"""What every cog needs: the services of its bot, and who may use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import discord
from discord.ext import commands

from services.atelier import Atelier
from services.discord_adapter import new_message_nonce
from services.settings import ServiceSettings


class NotAttached(commands.ExtensionError):
    """The extension was loaded before `services.attach`."""

    def __init__(self, name: str) -> None:
        """Name the extension."""
        super().__init__(
            f"{name} needs the services: call `await services.attach(bot, settings)` first",
            name=name,
        )


class CommandNamesTaken(commands.ExtensionError):
    """The bot has commands of the same names already."""

    def __init__(self, name: str, taken: Sequence[str]) -> None:
        """Name the extension and the names."""
        super().__init__(
            f"{name} brings commands of names that this bot has already: {', '.join(taken)}. With "
            '`services.attach(bot, settings, commands_begin_with="atelier_")` '
            f"they are other names: atelier_{taken[0]}",
            name=name,
        )


class ElsewhereError(commands.CheckFailure):
    """The command came from another channel: nothing is answered there."""


class NotAllowedError(commands.CheckFailure):
    """The person may not use the bot."""


def services_of(bot: commands.Bot, extension: str) -> Atelier:
    """Return what `services.attach` hung on the bot, or raise `NotAttached`."""
    atelier = getattr(bot, "atelier", None)
    if not isinstance(atelier, Atelier):
        raise NotAttached(extension)
    return atelier


async def add_cog(
    kind: Callable[[commands.Bot, Atelier], commands.Cog],
    bot: commands.Bot,
    extension: str,
) -> None:
    """Give the bot a cog, its commands named as `services.attach` was told.

    Raises `NotAttached` and `CommandNamesTaken`; the latter names all of them, where the library
    names the first.
    """
    atelier = services_of(bot, extension)
    cog = kind(bot, atelier)
    names: list[str] = []
    for command in cog.get_commands():
        command.name = atelier.commands_begin_with + command.name
        command.aliases = [atelier.commands_begin_with + alias for alias in command.aliases]
        names += [command.name, *command.aliases]
    taken = [name for name in names if name in bot.all_commands]
    if taken:
        raise CommandNamesTaken(extension, taken)
    await bot.add_cog(cog)


async def answer(ctx: commands.Context[commands.Bot], text: str) -> discord.Message:
    """Reply to a command, also when its message is gone; it pings nobody."""
    return await ctx.send(
        text,
        reference=ctx.message.to_reference(fail_if_not_exists=False),
        mention_author=False,
        allowed_mentions=discord.AllowedMentions.none(),
        nonce=new_message_nonce(),
    )


def may_use(author: discord.abc.User, settings: ServiceSettings) -> bool:
    """Whether a person may use the bot: owners, allowed people, allowed roles, or everybody."""
    if settings.allow_everybody or author.id in settings.owner_ids | settings.allowed_user_ids:
        return True
    roles = author.roles if isinstance(author, discord.Member) else []
    return any(role.id in settings.allowed_role_ids for role in roles)


def check_access(ctx: commands.Context[commands.Bot], settings: ServiceSettings) -> bool:
    """Let a command through, or raise why not."""
    if ctx.channel.id != settings.discord_channel_id:
        raise ElsewhereError
    if not may_use(ctx.author, settings):
        raise NotAllowedError
    return True
