"""How an extension gets the services of its bot, and adds its cog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from discord.ext import commands

from services.atelier import Atelier


class NotAttached(commands.ExtensionError):
    """The extension was loaded before `services.attach`."""

    def __init__(self, name: str) -> None:
        """Name the extension."""
        super().__init__(
            f"{name} needs the services: call `await services.attach(bot, settings)` first",
            name=name,
        )


class CommandNamesTaken(commands.ExtensionError):
    """The bot already has commands with the same names."""

    def __init__(self, name: str, taken: Sequence[str]) -> None:
        """Name the extension and the taken names."""
        super().__init__(
            f"{name} brings commands of names that this bot has already: {', '.join(taken)}. With "
            '`bot.atelier_commands_begin_with = "atelier_"` (for the extension `atelier`) or '
            '`services.attach(bot, settings, commands_begin_with="atelier_")` '
            f"they are other names: atelier_{taken[0]}",
            name=name,
        )


def services_of(bot: commands.Bot, extension: str) -> Atelier:
    """Return the services that `services.attach` put on the bot, or raise `NotAttached`."""
    atelier = getattr(bot, "atelier", None)
    if not isinstance(atelier, Atelier):
        raise NotAttached(extension)
    return atelier


async def add_cog(
    kind: Callable[[commands.Bot, Atelier], commands.Cog],
    bot: commands.Bot,
    extension: str,
) -> None:
    """Add a cog to the bot, with its commands named as configured in `services.attach`.

    Raises `NotAttached` and `CommandNamesTaken`; the latter lists all taken names, unlike the
    library's error, which has only the first.
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
