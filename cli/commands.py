"""The subcommands of `bot.py`: list, show, export, migrate, clean. A worker may be running."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from typing import TYPE_CHECKING, Any, Protocol

from cli import cleaning
from cli.backup import add_file, run_backup, run_restore
from cli.exit import Exit
from cli.gallery import GalleryCliSettings, add_export_arguments, export
from cli.health import ask_health
from cli.listing import as_json, as_table
from cli.moving import add_move_arguments, run_move
from cli.selection import Selection, add_arguments, find, select
from domain.errors import AtelierError
from services.clock import SystemClock
from services.logs import masked
from services.retention import Cleaner, CleanupPlan, CleanupResult, RetentionRules
from services.settings import Secret, ServiceSettings
from services.stores import open_for_reading, open_to_write

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence


class CliSettings(GalleryCliSettings, ServiceSettings, Protocol):
    """The settings that the subcommands need."""

    @property
    def supabase_db_url(self) -> Secret | None:
        """The address of the project's database, only for `migrate`."""
        ...


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; `command` is None where the worker is to run."""
    parser = argparse.ArgumentParser(description="Atelier's worker.")
    subcommands = parser.add_subparsers(dest="command", title="instead of running the worker")
    listing = subcommands.add_parser("list", help="print the latest generations, newest first")
    add_arguments(listing)
    showing = subcommands.add_parser("show", help="print one generation")
    showing.add_argument("id", metavar="ID", help="its code or id")
    subcommands.add_parser("migrate", help="bring the database's schema to a Supabase project")
    subcommands.add_parser("gallery", help="serve the gallery alone; it changes favourites only")
    exporting = subcommands.add_parser("export", help="write the gallery as plain files")
    add_export_arguments(exporting)
    clearing = subcommands.add_parser("clean", help="delete what RETENTION_… lets go")
    clearing.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
    subcommands.add_parser("health", help="ask the worker on this machine how it is")
    add_file(subcommands.add_parser("backup", help="copy the folder into a file"), "a new file")
    add_file(subcommands.add_parser("restore", help="put such a copy back"), "a backup")
    moving = subcommands.add_parser("move", help="bring everything to Supabase, or back")
    add_move_arguments(moving)
    checking = subcommands.add_parser("check", help="look whether everything is ready for a start")
    for subcommand in (listing, showing, clearing, checking):
        subcommand.add_argument("--json", action="store_true", help="as JSON")
    return parser.parse_args(argv)


def run(settings: CliSettings, arguments: argparse.Namespace) -> int:
    """Run a subcommand and return the exit code; failures are printed as one sentence."""
    actions: dict[str, Callable[[CliSettings, argparse.Namespace], Coroutine[Any, Any, Exit]]] = {
        "migrate": _migrate,
        "clean": _clean,
        "list": _list,
        "show": _show,
        "export": export,
        "health": ask_health,
        "backup": run_backup,
        "restore": run_restore,
        "move": run_move,
    }
    try:
        return asyncio.run(actions[arguments.command](settings, arguments))
    except AtelierError as error:
        sys.stderr.write(masked(f"{error}\n"))
        return Exit.FAILED


async def _list(settings: CliSettings, arguments: argparse.Namespace) -> Exit:
    """Print generations from the store, while a worker may be running."""
    async with contextlib.AsyncExitStack() as opened:
        store, images = await open_for_reading(settings, opened)
        found = await select(store, Selection.of(arguments), SystemClock().now())
        if arguments.json:
            _print([await as_json(generation, images) for generation in found])
        else:
            _print(as_table(found))
    return Exit.DONE


async def _show(settings: CliSettings, arguments: argparse.Namespace) -> Exit:
    """Print one generation, while a worker may be running."""
    async with contextlib.AsyncExitStack() as opened:
        store, images = await open_for_reading(settings, opened)
        generation = await find(store, arguments.id)
        facts = await as_json(generation, images)
    _print(facts if arguments.json else _facts(facts))
    if generation.archived and not arguments.json:
        _print("Its pictures were cleaned away; everything else stays.")
    return Exit.DONE


async def _migrate(settings: CliSettings, _: argparse.Namespace) -> Exit:
    """Migrate the project; without its address, say whether that is needed, and how to do it."""
    if settings.supabase_url is None:
        sys.stdout.write("Supabase is not used; the embedded database migrates by itself.\n")
        return Exit.DONE
    if settings.supabase_db_url is not None:
        from services.database.migrate import migrate  # noqa: PLC0415 -- it loads libpq

        applied = await migrate(settings.supabase_db_url.get_secret_value())
        sys.stdout.write("".join(f"applied {name}\n" for name in applied) or "nothing to do\n")
        return Exit.DONE
    async with contextlib.AsyncExitStack() as opened:
        await open_for_reading(settings, opened)
    sys.stdout.write("The schema is current.\n")
    return Exit.DONE


async def _clean(settings: CliSettings, arguments: argparse.Namespace) -> Exit:
    """Print what exceeds the retention settings, and delete it unless it is a dry run."""
    rules = RetentionRules.of(settings)
    if not rules.given:
        sys.stderr.write(cleaning.NO_RULE)
        return Exit.SETTINGS_WRONG
    async with contextlib.AsyncExitStack() as opened:
        clock = SystemClock()
        archive, images = await open_to_write(settings, clock, opened)
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


async def _carry_out(cleaner: Cleaner, plan: CleanupPlan) -> CleanupResult:
    """Carry out a plan, and print the progress."""
    done = CleanupResult()
    whole = len(plan.generations) + len(plan.orphans) + plan.removable_events
    async for done in cleaner.execute(plan):
        so_far = done.generations + done.changed + done.orphans + done.events
        sys.stderr.write(f"{so_far} of {whole}\n")
    return done


def _facts(facts: dict[str, object]) -> str:
    return "\n".join(f"{name:22} {value}" for name, value in facts.items() if value is not None)


def _print(what: object) -> None:
    text = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False, indent=2)
    sys.stdout.write(f"{text}\n")
