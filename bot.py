"""The worker: settings → services → cogs → run → exit code; and the subcommands."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import discord
import structlog
from curl_cffi import CurlError
from discord.ext import commands

import config
import services
from cli import commands as subcommands
from cli.check import LEGACY_KEY, Given, run_check, slip
from cli.exit import Exit, unless_nobody_reads
from cli.gallery import serve
from cli.signals import until_stopped
from cogs import EXTENSIONS
from cogs.help import HelpCommand
from config_names import find_slips
from config_types import is_legacy
from domain.errors import (
    AtelierError,
    LeaseHeld,
    StaleFence,
    StoreRefused,
    WrongSchema,
)
from domain.ports import Clock
from services import error_reports, logs
from services.alerts.alerts import Alerts
from services.alerts.memory import AlertKind
from services.checks.machine import others_may_read, remedy
from services.clock import SystemClock
from services.discord.clock import DiscordClock
from services.discord.curl_wakeups import wake_rarely
from services.discord.event_channels import CHANNEL_OF
from services.opening import OpenedStores, open_when_available
from services.pictures.download import DISCORD_CDN
from services.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

log = structlog.get_logger("bot")

LOGIN_SECONDS = 60.0
"""The limit for the login: the library's own look-ups before it have no timeout."""
PARK_SECONDS = 60.0
ONLY_A_PERSON_HELPS = {Exit.TOKEN_REFUSED: AlertKind.TOKEN, Exit.STORE_REFUSED: AlertKind.STORE}
REFUSED = "Discord does not know DISCORD_TOKEN; get a new one"


class AtelierBot(commands.Bot):
    """The account's bot: services first, then the cogs, then the gateway."""

    atelier: services.Atelier | None = None
    ended_by: BaseException | None = None

    def __init__(
        self,
        settings: config.Settings,
        picture_origins: frozenset[str] = DISCORD_CDN,
        clock: Clock | None = None,
    ) -> None:
        """Keep the settings; nothing is opened yet."""
        super().__init__(
            command_prefix=settings.command_prefix,
            case_insensitive=True,
            help_command=HelpCommand(),
            owner_ids=set(settings.owner_ids),
            user_bot=settings.allow_own_commands,
            proxy=settings.proxy_url,
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.values = settings
        self._picture_origins = picture_origins
        self._clock = DiscordClock(clock or SystemClock())
        self.alerts = Alerts.of(settings, self._clock)
        self._opened: OpenedStores | None = None

    async def open_stores(self) -> None:
        """Open the stores and take the lease: what fails here needs no login, again and again."""
        self._opened = await open_when_available(self.values, self._clock, self.alerts)

    async def close(self) -> None:
        """Close everything; what was opened before a login that failed, too."""
        await super().close()
        if self._opened is not None:
            await self._opened.closing.aclose()

    async def setup_hook(self) -> None:
        """Attach the services and load the extensions."""
        await services.attach(
            self,
            self.values,
            picture_origins=self._picture_origins,
            opened=self._opened,
        )
        for extension in EXTENSIONS:
            await self.load_extension(extension)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Skip what happens in other channels, before anybody is looked for who hears it.

        Otherwise a task would look for a command in each message.
        """
        channel_id = CHANNEL_OF.get(event_name)
        if channel_id is None or channel_id(args[0]) == self.values.discord_channel_id:
            super().dispatch(event_name, *args, **kwargs)

    async def on_ready(self) -> None:
        """Log that the worker is ready, and for whom; this may happen many times."""
        settings, channel = self.values, self.get_channel(self.values.discord_channel_id)
        access = None if self.atelier is None else self.atelier.access
        log.info(
            "ready",
            version=VERSION,
            account=str(self.user),
            channel=f"#{channel}",
            channel_id=settings.discord_channel_id,
            server=str(getattr(channel, "guild", None)),
            store="this machine" if settings.supabase_url is None else "Supabase",
            owners=sorted(settings.owner_ids),
            everybody=settings.allow_everybody,
            allowed=access and access.allowed(),
            allowed_roles=sorted(settings.allowed_role_ids),
            denied=access and access.denied(),
        )
        if channel is None:
            log.error("channel_missing", hint="DISCORD_CHANNEL_ID names no channel of this account")

    async def on_command_error(self, context: object, exception: Exception, /) -> None:
        """Ignore unknown commands, as other bots share the prefix; cogs answer other errors."""


async def run(bot: AtelierBot) -> Exit:
    """Run a bot until it is closed, and return how it ended."""
    try:
        async with bot:
            await bot.open_stores()
            async with asyncio.timeout(LOGIN_SECONDS):
                await bot.login(bot.values.discord_token.get_secret_value())
            await bot.connect()
    except Exception as error:  # noqa: BLE001 -- every end becomes one line and an exit code
        return _ended(bot, error)
    return _ended(bot, None)


def _ended(bot: AtelierBot, error: Exception | None) -> Exit:
    """Return how it ended; an error of the services goes first, as it causes the library's."""
    failure = (bot.atelier and bot.atelier.failure) or error
    if failure is None:
        return Exit.DONE
    bot.ended_by = _single(failure)
    return _explain(bot.ended_by)


def _explain(error: BaseException) -> Exit:
    """Log in one line why the process ends; only unexpected errors get a traceback."""
    error = _single(error)
    match error:
        case LeaseHeld() | StaleFence():
            log.error("lease_held", hint=str(error) or "another process is at work on the data")
            return Exit.LEASE_HELD
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            log.error("token_refused", hint=REFUSED)
            return Exit.TOKEN_REFUSED
        case StoreRefused() | WrongSchema():
            log.error("failed", error=type(error).__name__, why=str(error))
            return Exit.STORE_REFUSED
        case TimeoutError():
            log.error("login_timed_out", seconds=LOGIN_SECONDS, hint="Discord cannot be reached")
        case CurlError():
            log.error("discord_unreachable", why=str(error), hint="the network, or PROXY_URL")
        case AtelierError() | discord.DiscordException():
            log.error("failed", error=type(error).__name__, why=str(error))
        case _:
            log.error("failed_unexpectedly", exc_info=error)
    return Exit.FAILED


def _single(error: BaseException) -> BaseException:
    """Return the one error inside groups of errors.

    Several tasks may notice at once that another process took over; that explains the others.
    """
    if not isinstance(error, BaseExceptionGroup):
        return error
    group = cast("BaseExceptionGroup[BaseException]", error)
    inner = [_single(each) for each in group.exceptions]
    stale = (each for each in inner if isinstance(each, StaleFence))
    return next(stale, inner[0] if len(inner) == 1 else AtelierError(*inner))


def settle_in(bot: AtelierBot) -> None:
    """Once it is ready, take all that is there from the garbage collector: it is there to stay.

    To look through all of it takes 0.1 to 0.2 s, in which nothing else is done, again and again
    while a long history is read. Later on, the same would keep what is only there for a while.
    """

    async def settle() -> None:
        bot.remove_listener(settle, "on_ready")
        gc.collect()
        gc.freeze()

    bot.add_listener(settle, "on_ready")


async def _park(
    reason: Exit, hint: str, clock: Clock, repeat: Callable[[], Awaitable[None]] | None = None
) -> NoReturn:
    """Keep running and repeat the reason, as the platform would restart it again and again."""
    while True:
        log.error("parked", why=reason.name.lower(), hint=hint)
        await clock.sleep(PARK_SECONDS)
        if repeat is not None:
            await repeat()


def tell_about_settings(settings: config.Settings, env_file: Path = config.DOTENV) -> None:
    """Log what works today, but is not as it should be."""
    if settings.allow_turbo:
        log.warning("setting_renamed", hint="instead of ALLOW_TURBO=true, write ALLOW_COSTLY=turbo")
    for name, meant in find_slips(env_file).items():
        log.warning("setting_unknown", name=name, meant=meant, hint=slip(name, meant))
    if _has_legacy_key(settings):
        log.warning("key_deprecated", hint=LEGACY_KEY)
    if env_file.exists() and others_may_read(env_file):
        log.warning("secrets_readable", file=str(env_file), hint=remedy(env_file))


def _has_legacy_key(settings: config.Settings) -> bool:
    key = settings.supabase_key
    return key is not None and is_legacy(key.get_secret_value())


async def run_worker(
    settings: config.Settings,
    picture_origins: frozenset[str] = DISCORD_CDN,
    clock: Clock | None = None,
) -> Exit:
    tell_about_settings(settings)
    clock = clock or SystemClock()
    bot = AtelierBot(settings, picture_origins, clock)
    settle_in(bot)
    wake_rarely()
    code = await run(bot)
    trouble = ONLY_A_PERSON_HELPS.get(code)
    if trouble is None:
        return code
    tell = partial(bot.alerts.tell, trouble)
    await tell()
    if settings.park_on_fatal:
        hint = REFUSED if code == Exit.TOKEN_REFUSED else str(bot.ended_by)
        await _park(code, hint, clock, tell)
    return code


def _run_subcommand(arguments: argparse.Namespace) -> int:
    """Run a subcommand; all but `check` need no account."""
    if arguments.command == "check":
        return _check(as_json=arguments.json)
    try:
        settings = config.load_for_subcommands()
    except config.SettingsError as error:
        return _settings_wrong(error)
    logs.configure(settings.log_format, settings.secrets)
    if arguments.command == "gallery":
        return asyncio.run(until_stopped(serve(settings)))
    return subcommands.run(settings, arguments)


def _settings_wrong(error: config.SettingsError) -> Exit:
    sys.stderr.write("The settings are wrong:\n")
    sys.stderr.writelines(f"- {problem}\n" for problem in error.problems)
    return Exit.SETTINGS_WRONG


def _check(*, as_json: bool) -> int:
    """Look at everything that the worker needs, beginning with the settings."""
    settings, problems = None, list[str]()
    try:
        settings = config.load()
    except config.SettingsError as error:
        problems = error.problems
    logs.configure("logfmt", settings.secrets if settings else ())
    logging.disable(logging.WARNING)  # what the libraries tell would stand between the findings
    legacy = settings is not None and _has_legacy_key(settings)
    given = Given(config.DOTENV, tuple(problems), find_slips(), legacy_key=legacy)
    return run_check(settings, given, as_json=as_json)


def _load() -> config.Settings:
    settings = config.load()
    if settings.sentry_dsn is not None and not error_reports.available():
        raise config.SettingsError([error_reports.MISSING], park=settings.park_on_fatal)
    return settings


def main(argv: Sequence[str] | None = None, picture_origins: frozenset[str] = DISCORD_CDN) -> int:
    """Run the worker or a subcommand; return the exit code.

    The worker downloads pictures from `picture_origins` alone.
    """
    arguments = subcommands.parse(argv)
    logs.configure("logfmt", ())  # until the settings are known
    logs.catch_crashes()
    try:
        return _start(arguments, picture_origins)
    except Exception:  # Python would print it, with every secret in it
        log.exception("failed_unexpectedly")
        return Exit.FAILED


def _start(arguments: argparse.Namespace, picture_origins: frozenset[str]) -> int:
    if arguments.command:
        return unless_nobody_reads(partial(_run_subcommand, arguments))
    try:
        settings = _load()
    except config.SettingsError as error:
        code = _settings_wrong(error)
        if error.park:
            return asyncio.run(until_stopped(_park(code, str(error), SystemClock())))
        return code
    logs.configure(settings.log_format, settings.secrets)
    with contextlib.ExitStack() as stack:
        if settings.sentry_dsn is not None:
            stack.callback(error_reports.begin(settings.sentry_dsn))
        return asyncio.run(until_stopped(run_worker(settings, picture_origins)))


if __name__ == "__main__":
    sys.exit(main())
