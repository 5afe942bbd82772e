"""Checks of the account and its channel. Nothing is written, and nothing is sent that costs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Protocol

import discord
from curl_cffi import CurlError
from discord.ext import commands

from domain.messages import MIDJOURNEY_ID
from services.checks.finding import Finding, doubtful, good, skipped, wrong
from services.clock import SystemClock
from services.discord.clock import DiscordClock
from services.discord.members import ask_for_members
from services.discord.midjourney import imagine_command
from services.discord.permissions import lacking, slowed
from services.settings import AccessSettings, CommandSettings, Secret, WorkSettings

PATIENCE = 60.0
"""How long to wait for the login and the gateway, in seconds."""
MOST_SKEW = timedelta(minutes=1)
"""How wrong this machine's clock may be before somebody should know."""
IN_CHANNEL = (
    *("privacy", "owners", "own commands", "permissions", "slow mode", "history", "midjourney"),
    "clock",
)
"""What can only be looked at in the channel."""


class AccountSettings(AccessSettings, CommandSettings, WorkSettings, Protocol):
    """What the checks need."""

    @property
    def discord_token(self) -> Secret:
        """The account's token."""
        ...

    @property
    def allow_own_commands(self) -> bool:
        """Whether the account's own messages may be commands."""
        ...


async def check_discord(settings: AccountSettings) -> list[Finding]:
    """Log in beside a worker that may be running, look at everything, and log out."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _logged_in(settings)
    except (discord.DiscordException, CurlError, OSError, ExceptionGroup) as error:
        words = _why(error)
    return [wrong("account", f"{words}."), *_skipped(("channel", *IN_CHANNEL), "See the account.")]


async def _logged_in(settings: AccountSettings) -> list[Finding]:
    bot = commands.Bot(
        settings.command_prefix,
        proxy=settings.proxy_url,
        chunk_guilds_at_startup=False,
        max_messages=None,
    )
    async with bot:
        await bot.login(settings.discord_token.get_secret_value())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.connect(reconnect=False), name="gateway")
            await bot.wait_until_ready()
            found = await _look(bot, settings)
            await bot.close()
    return found


def _why(error: Exception) -> str:
    match error:
        case ExceptionGroup(exceptions=[inner, *_]):
            return _why(inner)
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return "Discord does not know DISCORD_TOKEN: get a new one"
        case discord.ConnectionClosed():
            return f"Discord hung up ({error.code}): try again in some minutes"
        case discord.DiscordException():
            return f"Discord refuses: {error}"
        case _:
            return "Discord can't be reached: look at the network, or PROXY_URL"


async def _look(bot: commands.Bot, settings: AccountSettings) -> list[Finding]:
    clock = DiscordClock(SystemClock())
    clock.listen(bot)
    assert bot.user is not None  # noqa: S101 -- known from the login on
    account = good("account", f"Logged in as {bot.user}.")
    channel = bot.get_channel(settings.discord_channel_id)
    if not isinstance(channel, discord.TextChannel):
        words = "DISCORD_CHANNEL_ID names no text channel that this account can see: let it in."
        return [account, wrong("channel", words), *_skipped(IN_CHANNEL, "See the channel.")]
    return [
        account,
        good("channel", f"#{channel.name} in {channel.guild.name}."),
        _privacy(channel),
        await _owners(channel, settings),
        _own_commands(bot.user.id, settings),
        *_permissions(channel),
        await _history(channel),
        await _midjourney(channel),
        _time(clock),
    ]


def _privacy(channel: discord.TextChannel) -> Finding:
    if channel.permissions_for(channel.guild.default_role).view_channel:
        words = "Everybody in the server sees the channel: take `View Channel` from @everyone."
        return doubtful("privacy", words)
    return good("privacy", "Only those who were let in see the channel.")


async def _owners(channel: discord.TextChannel, settings: AccountSettings) -> Finding:
    found = await ask_for_members(channel.guild, settings.owner_ids)
    blind = [m for m in found.values() if not channel.permissions_for(m).view_channel]
    missing = sorted(settings.owner_ids - found.keys())
    if missing:
        names = ", ".join(map(str, missing))
        return doubtful("owners", f"Not in the server: {names} (OWNER_IDS).")
    if blind:
        names = ", ".join(str(member) for member in blind)
        return doubtful("owners", f"They can't see the channel: {names}.")
    return good("owners", ", ".join(str(member) for member in found.values()) + ".")


def _own_commands(account: int, settings: AccountSettings) -> Finding:
    """Look whether a person who uses the account themselves would be heard."""
    if account not in settings.owner_ids | settings.allowed_user_ids:
        return good("own commands", "People use accounts of their own.")
    if settings.allow_own_commands:
        return good("own commands", "What the account itself types is heard.")
    words = "The account itself is allowed, but isn't heard: set ALLOW_OWN_COMMANDS=true."
    if settings.owner_ids == frozenset({account}):
        return wrong("own commands", words)
    return doubtful("own commands", words)


def _permissions(channel: discord.TextChannel) -> list[Finding]:
    account: discord.Member | None = channel.guild.me
    if account is None:
        told = "Discord did not tell what the account may do: try again."
        return _skipped(("permissions", "slow mode"), told)
    may = channel.permissions_for(account)
    missing = ", ".join(lacking(may))
    seconds = channel.slowmode_delay
    return [
        wrong("permissions", f"Missing in the channel: {missing}. Give them to the account.")
        if missing
        else good("permissions", "It may read, write, attach files, and use commands."),
        wrong(
            "slow mode",
            f"The slow mode of {seconds} s holds up answers: turn it off, or give the account "
            "manage_messages.",
        )
        if slowed(seconds, may)
        else good("slow mode", "It doesn't hold up answers."),
    ]


async def _history(channel: discord.TextChannel) -> Finding:
    """Read a message; without the permission Discord would answer that there is none."""
    account: discord.Member | None = channel.guild.me
    if account is None or not channel.permissions_for(account).read_message_history:
        return skipped("history", "See the permissions.")
    try:
        async for _ in channel.history(limit=1):
            pass
    except discord.HTTPException as error:
        return wrong("history", f"The history can't be read: {error}.")
    return good("history", "It can be read.")


async def _midjourney(channel: discord.TextChannel) -> Finding:
    try:
        command = await imagine_command(channel)
    except discord.HTTPException as error:
        return wrong("midjourney", f"The list of commands can't be read: {error}.")
    if command is not None:
        return good("midjourney", "/imagine is there.")
    members = await ask_for_members(channel.guild, {MIDJOURNEY_ID})
    where = (
        "is in the server, but offers no /imagine in this channel: look at the server's "
        "Integrations, and at its permissions here"
        if members
        else "is not in the server: invite it"
    )
    return wrong("midjourney", f"Midjourney's bot {where}.")


def _time(clock: DiscordClock) -> Finding:
    skew = SystemClock().now() - clock.now()
    if abs(skew) < MOST_SKEW:
        return good("clock", "This machine's clock agrees with Discord's.")
    way = "ahead of" if skew > timedelta() else "behind"
    seconds = abs(skew.total_seconds())
    return doubtful(
        "clock", f"This machine's clock is {seconds:.0f} s {way} Discord's: let NTP set it."
    )


def _skipped(names: tuple[str, ...], words: str) -> list[Finding]:
    return [skipped(name, words) for name in names]
