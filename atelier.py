"""Atelier as one extension of another bot: `await bot.load_extension("atelier")`.

As a wheel, this is the package `atelier` itself, which its every part imports first; so nothing is
loaded before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import services

if TYPE_CHECKING:
    from discord.ext import commands

    from config import HostSettings as Settings

__all__ = ["Settings", "setup", "teardown"]


def __getattr__(name: str) -> Any:
    if name != "Settings":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from config import HostSettings  # noqa: PLC0415 -- who only loads a part needs no settings

    return HostSettings


async def setup(bot: commands.Bot) -> None:
    """Attach the services with the settings of the bot, and load all cogs.

    `bot.atelier_settings` may be a mapping or a `Settings`; without it, the environment is read.
    `bot.atelier_commands_begin_with` goes before the names of the commands. Raises what
    `services.attach` raises, and `config.SettingsError`.
    """
    from config import load_for_host  # noqa: PLC0415 -- as above
    from services import logs, termination  # noqa: PLC0415 -- as above

    host: Any = bot  # the library leaves open what finds its prefix
    settings = load_for_host(getattr(bot, "atelier_settings", None), host.command_prefix)
    secrets = getattr(settings, "secrets", ())  # settings of the host's own may not tell them
    logs.follow((*secrets, bot.http.token or ""))
    begin = getattr(bot, "atelier_commands_begin_with", "")
    atelier = await services.attach(bot, settings, commands_begin_with=begin)
    atelier.connection.closes(termination.close_on_sigterm(bot.close))
    for extension in _extensions():
        await bot.load_extension(extension)


async def teardown(bot: commands.Bot) -> None:
    """Unload all cogs and close the services; the bot goes on without them."""
    from services.atelier import detach  # noqa: PLC0415 -- as above

    for extension in _extensions():
        if extension in bot.extensions:
            await bot.unload_extension(extension)
    await detach(bot)


def _extensions() -> tuple[str, ...]:
    from cogs import EXTENSIONS  # noqa: PLC0415 -- as above

    return EXTENSIONS
