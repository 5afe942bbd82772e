"""The worker: settings → services → cogs → run → exit code; and the subcommands that only read."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn, cast

import discord
import structlog
from curl_cffi import CurlError
from discord.ext import commands

import config
import services
from cogs.help import Help
from domain.errors import AtelierError, LeaseHeld, StaleFence
from domain.ports import Clock, GenerationReader, ImageStore
from services import cleaning, logs
from services.clock import SystemClock
from services.database.migrate import migrate
from services.images import DISCORD_CDN
from services.listing import as_json, as_table
from services.retention import Cleaner, Done, Plan, Rules
from services.selection import Selection, add_arguments, find, select
from services.stores import open_for_cleaning, open_for_reading

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

log = structlog.get_logger("bot")

EXTENSIONS = ("cogs.generation", "cogs.grid", "cogs.upscale", "cogs.admin")
LOGIN_SECONDS = 60.0
"""The library's own look-ups before the login have no limit when packets are swallowed."""
PARK_SECONDS = 60.0
REFUSED = "Discord does not know DISCORD_TOKEN; get a new one"


class Exit(IntEnum):
    """How the process ends."""

    DONE = 0
    FAILED = 1
    LEASE_HELD = 75
    TOKEN_REFUSED = 77
    SETTINGS_WRONG = 78


class AtelierBot(commands.Bot):
    """The account's bot: services first, then the cogs, then the gateway."""

    atelier: services.Atelier | None = None

    def __init__(
        self,
        settings: config.Settings,
        picture_origins: frozenset[str] = DISCORD_CDN,
        clock: Clock | None = None,
    ) -> None:
        """Keep the settings; nothing is opened before the login has succeeded."""
        super().__init__(
            command_prefix=settings.command_prefix,
            case_insensitive=True,
            help_command=Help(),
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
        self._clock = clock

    async def setup_hook(self) -> None:
        """Attach the services and load the extensions."""
        await services.attach(
            self,
            self.values,
            picture_origins=self._picture_origins,
            clock=self._clock,
        )
        for extension in EXTENSIONS:
            await self.load_extension(extension)

    async def on_ready(self) -> None:
        """Say that the worker is ready, and for whom; this may happen many times."""
        settings = self.values
        everybody = "everybody in the channel" if settings.allow_everybody else None
        more = len(settings.allowed_user_ids) + len(settings.allowed_role_ids)
        whom = everybody or (f"owners and {more} more ids" if more else "owners only")
        log.info("ready", account=str(self.user), answers=whom)
        if self.get_channel(settings.discord_channel_id) is None:
            log.error("channel_missing", hint="DISCORD_CHANNEL_ID names no channel of this account")

    async def on_command_error(self, context: object, exception: Exception, /) -> None:
        """Stay silent about unknown words: other bots share the prefix; cogs answer the rest."""


async def run(bot: AtelierBot) -> Exit:
    """Run a bot until it is closed, and say how it ended."""
    try:
        async with bot:
            async with asyncio.timeout(LOGIN_SECONDS):
                await bot.login(bot.values.discord_token.get_secret_value())
            await bot.connect()
    except Exception as error:  # noqa: BLE001 -- every end becomes one line and an exit code
        return _ended(bot, error)
    return _ended(bot, None)


def _ended(bot: AtelierBot, error: Exception | None) -> Exit:
    """Say how it ended: what ended the services comes first, since it makes the library stumble."""
    failure = (bot.atelier and bot.atelier.failure) or error
    return Exit.DONE if failure is None else _explain(failure)


def _explain(error: BaseException) -> Exit:
    """Say in one line why the process ends; a traceback only for what nobody thought of."""
    match _single(error):
        case LeaseHeld() | StaleFence():
            log.error("lease_held", hint="another process is at work on the same data")
            return Exit.LEASE_HELD
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            log.error("token_refused", hint=REFUSED)
            return Exit.TOKEN_REFUSED
        case TimeoutError():
            log.error("login_timed_out", seconds=LOGIN_SECONDS, hint="Discord cannot be reached")
        case CurlError():
            log.error("discord_unreachable", why=str(error), hint="the network, or PROXY_URL")
        case AtelierError() | discord.DiscordException():
            log.error("failed", why=f"{type(error).__name__}: {error}")
        case _:
            log.error("failed_unexpectedly", exc_info=error)
    return Exit.FAILED


def _single(error: BaseException) -> BaseException:
    """Unwrap what groups of tasks wrap around the one error that ended them.

    Several tasks may learn at once that another process took over; that explains all the rest.
    """
    if not isinstance(error, BaseExceptionGroup):
        return error
    group = cast("BaseExceptionGroup[BaseException]", error)
    inner = [_single(each) for each in group.exceptions]
    stale = (each for each in inner if isinstance(each, StaleFence))
    return next(stale, inner[0] if len(inner) == 1 else AtelierError(*inner))


async def _park(reason: Exit, hint: str) -> NoReturn:
    """Stay up and repeat why, where the platform would only restart the process again and again."""
    while True:
        log.error("parked", why=reason.name.lower(), hint=hint)
        await asyncio.sleep(PARK_SECONDS)


async def _run_worker(settings: config.Settings) -> Exit:
    code = await run(AtelierBot(settings))
    if code == Exit.TOKEN_REFUSED and settings.park_on_fatal:
        await _park(code, REFUSED)
    return code


async def _until_stopped(worker: Awaitable[Exit]) -> Exit:
    """Let SIGTERM and Ctrl-C end the worker in order; a second Ctrl-C ends it at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 -- this is a coroutine of `asyncio.run`

    def stop(*_: object) -> None:
        _heed_no_more()
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        return await worker
    except asyncio.CancelledError:
        log.info("stopped")
        return Exit.DONE
    finally:
        _heed_no_more()


def _heed_no_more() -> None:
    """Let another SIGTERM change nothing, up to the very end of the process."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)


async def _read(settings: config.Settings, arguments: argparse.Namespace) -> Exit:
    """Print generations from the store, beside a running worker."""
    async with contextlib.AsyncExitStack() as opened:
        store, images = await open_for_reading(settings, opened)
        if arguments.command == "list":
            selection = Selection.of(arguments)
            found = await select(store, selection, SystemClock().now())
            if arguments.json:
                _print([await as_json(generation, images) for generation in found])
            else:
                _print(as_table(found))
            return Exit.DONE
        return await _show(store, images, arguments)


async def _migrate(settings: config.Settings) -> Exit:
    """Bring the schema to the project; without its address, say whether that is needed, and how."""
    if settings.supabase_url is None:
        sys.stdout.write("Supabase is not used; the embedded database migrates by itself.\n")
        return Exit.DONE
    if settings.supabase_db_url is not None:
        applied = await migrate(settings.supabase_db_url.get_secret_value())
        sys.stdout.write("".join(f"applied {name}\n" for name in applied) or "nothing to do\n")
        return Exit.DONE
    async with contextlib.AsyncExitStack() as opened:
        await open_for_reading(settings, opened)
    sys.stdout.write("The schema is current.\n")
    return Exit.DONE


async def _clean(settings: config.Settings, arguments: argparse.Namespace) -> Exit:
    """Print what the retention settings let go, and let it go unless it is only to be seen."""
    rules = Rules.of(settings)
    if not rules.given:
        sys.stderr.write(cleaning.NO_RULE)
        return Exit.SETTINGS_WRONG
    async with contextlib.AsyncExitStack() as opened:
        clock = SystemClock()
        archive, images = await open_for_cleaning(settings, clock, opened)
        cleaner = Cleaner(archive, images, rules, clock)
        plan = await cleaner.plan()
        if not arguments.json:
            _print(cleaning.plan_as_text(plan, rules))
        done = None if arguments.dry_run else await _carry_out(cleaner, plan)
    if arguments.json:
        _print(cleaning.plan_as_json(plan, rules, done))
    elif done is not None:
        _print(cleaning.result(done))
    return Exit.DONE


async def _carry_out(cleaner: Cleaner, plan: Plan) -> Done:
    """Carry a plan out, and say on the way how far it has come."""
    done, whole = Done(), len(plan.generations) + len(plan.orphans)
    async for done in cleaner.execute(plan):
        so_far = done.generations + done.changed + done.orphans
        sys.stderr.write(f"{so_far} of {whole}\n")
    return done


async def _show(
    store: GenerationReader,
    images: ImageStore,
    arguments: argparse.Namespace,
) -> Exit:
    generation = await find(store, arguments.id)
    facts = await as_json(generation, images)
    _print(facts if arguments.json else _facts(facts))
    if generation.archived and not arguments.json:
        _print("Its pictures were cleaned away; everything else stays.")
    return Exit.DONE


def _facts(facts: dict[str, object]) -> str:
    return "\n".join(f"{name:22} {value}" for name, value in facts.items() if value is not None)


def _print(what: object) -> None:
    text = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False, indent=2)
    sys.stdout.write(f"{text}\n")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bot.py", description="Atelier's worker.")
    subcommands = parser.add_subparsers(dest="command", title="instead of running the worker")
    listing = subcommands.add_parser("list", help="print the latest generations, newest first")
    add_arguments(listing)
    showing = subcommands.add_parser("show", help="print one generation")
    showing.add_argument("id", metavar="ID", help="its code or id")
    subcommands.add_parser("migrate", help="bring the database's schema to a Supabase project")
    clearing = subcommands.add_parser("clean", help="delete what RETENTION_… lets go")
    clearing.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
    for subcommand in (listing, showing, clearing):
        subcommand.add_argument("--json", action="store_true", help="as JSON")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the worker or a subcommand; return the exit code."""
    arguments = _arguments(argv)
    try:
        settings = config.load()
    except config.SettingsError as error:
        sys.stderr.write("The settings are wrong:\n")
        sys.stderr.writelines(f"- {problem}\n" for problem in error.problems)
        if error.park and not arguments.command:
            logs.configure("logfmt", ())
            return asyncio.run(_until_stopped(_park(Exit.SETTINGS_WRONG, str(error))))
        return Exit.SETTINGS_WRONG
    logs.configure(settings.log_format, settings.secrets)
    if arguments.command:
        return _reading(settings, arguments)
    return asyncio.run(_until_stopped(_run_worker(settings)))


def _reading(settings: config.Settings, arguments: argparse.Namespace) -> int:
    try:
        match arguments.command:
            case "migrate":
                return asyncio.run(_migrate(settings))
            case "clean":
                return asyncio.run(_clean(settings, arguments))
            case _:
                return asyncio.run(_read(settings, arguments))
    except AtelierError as error:
        sys.stderr.write(f"{error}\n")
        return Exit.FAILED


if __name__ == "__main__":
    sys.exit(main())
