"""The one extension, loaded from the tree: it comes and goes, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from discord.ext import commands
from stamina.instrumentation import set_on_retry_hooks

import atelier
import config
from cogs.attached_services import CommandNamesTaken
from sandbox import Sandbox
from sandbox.pointing import point_library_at
from services.discord.clock import SESSION
from tests.integration.conftest import settings

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def logs_of_the_process() -> Generator[None]:
    """Give back what the extension changes for the whole process."""
    yield
    structlog.reset_defaults()
    set_on_retry_hooks(None)


class HostOfOne(commands.Bot):
    """A bot that gives its settings as an attribute."""

    def __init__(self, given: config.Settings | None) -> None:
        super().__init__(command_prefix="?")
        self.atelier_settings: config.Settings | dict[str, str] | None = given
        self.atelier: object = None


def traces(bot: commands.Bot) -> dict[str, object]:
    """Return what an extension could leave behind."""
    return {
        "tasks": {task for task in asyncio.all_tasks() if not task.get_name().startswith("Task-")},
        "cogs": set(bot.cogs),
        "commands": set(bot.all_commands),
        "listeners": sum(map(len, bot.extra_events.values())),
        "connect": bot.connect,
        "open": getattr(bot.http, "ws_connect"),  # noqa: B009 -- its type is partly unknown
        "asks": getattr(bot.http, SESSION).request,
        "sigterm": signal.getsignal(signal.SIGTERM),
    }


async def test_it_is_loaded_reloaded_and_unloaded_without_a_trace(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    bot = HostOfOne(settings(sandbox, tmp_path, command_prefix="?"))
    with point_library_at(sandbox):
        async with bot:
            await bot.login(sandbox.token)
            before = traces(bot)
            await bot.load_extension("atelier")
            assert bot.get_command("imagine") is not None
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
            first = bot.atelier
            await bot.reload_extension("atelier")
            assert bot.atelier not in (None, first)
            await bot.unload_extension("atelier")
            assert traces(bot) == before
            assert bot.atelier is None


async def test_what_cannot_be_loaded_leaves_no_trace_and_says_why(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    @commands.command(aliases=["queue"])
    async def mine(_: commands.Context[commands.Bot]) -> None: ...

    bot = HostOfOne(settings(sandbox, tmp_path))
    with point_library_at(sandbox):
        async with bot:
            await bot.login(sandbox.token)
            bot.add_command(mine)
            before = traces(bot)
            with pytest.raises(commands.ExtensionFailed, match="commands_begin_with") as raised:
                await bot.load_extension("atelier")
            failed = raised.value.original
            assert isinstance(failed, commands.ExtensionFailed)
            assert isinstance(failed.original, CommandNamesTaken)
            assert traces(bot) == before


async def test_a_reload_that_fails_leaves_no_trace_and_it_can_be_loaded_again(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """The library tries the old code once more, which meets the same settings."""
    good = settings(sandbox, tmp_path, command_prefix="?")
    bot = HostOfOne(good)
    with point_library_at(sandbox):
        async with bot:
            await bot.login(sandbox.token)
            before = traces(bot)
            await bot.load_extension("atelier")
            bot.atelier_settings = {"discord_token": sandbox.token, "press_interval": "soon"}
            with pytest.raises(config.SettingsError, match="PRESS_INTERVAL"):
                await bot.reload_extension("atelier")
            assert traces(bot) == before
            bot.atelier_settings = good
            await bot.load_extension("atelier")
            assert bot.get_command("imagine") is not None


def test_the_package_has_the_settings_of_a_host() -> None:
    assert atelier.Settings is config.HostSettings
    with pytest.raises(AttributeError, match="Nothing"):
        atelier.Nothing  # noqa: B018 -- this is the point  # pyright: ignore[reportAttributeAccessIssue, reportUnusedExpression] -- as above
