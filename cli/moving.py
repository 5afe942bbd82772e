"""`move`: everything from the folder to the Supabase project of the settings, or back."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from cli.exit import Exit
from cli.listing import counted
from domain.errors import StoreUnavailable
from services.moving.places import FOLDER, SUPABASE

if TYPE_CHECKING:
    from services.moving.move import Moved
    from services.settings import StorageSettings

NO_PROJECT = (
    "A move needs the Supabase project in the settings, whichever way: "
    "SUPABASE_URL and SUPABASE_KEY.\n"
)
AGAIN = "Run the same again.\n"
GO_ON = "Run the same again: it goes on from here.\n"
READY = "Nothing was moved: both ends are ready for it."
EARLIER = "Everything had arrived already.\n"
_NEXT = {
    SUPABASE: "From now on the worker uses the project. The folder is as it was, but its queue is "
    "paused: don't start a worker on it again.\n",
    FOLDER: "Now take SUPABASE_URL and SUPABASE_KEY out of the settings. The project is as it was, "
    "but its queue is paused: don't start a worker on it again.\n",
}


def add_move_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where everything goes, and that it is only looked at."""
    parser.add_argument(
        "--to", choices=(SUPABASE, FOLDER), required=True, help="where everything goes"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be moved")


async def run_move(settings: StorageSettings, arguments: argparse.Namespace) -> Exit:
    """Move everything, while no worker is running; go on with a move that was interrupted."""
    if settings.supabase_url is None:
        sys.stderr.write(NO_PROJECT)
        return Exit.SETTINGS_WRONG
    act = _look if arguments.dry_run else _move
    try:
        sys.stdout.write(await act(settings, arguments.to))
    except asyncio.CancelledError:
        sys.stderr.write(f"Interrupted. {GO_ON}")
        return Exit.FAILED
    except StoreUnavailable as error:
        sys.stderr.write(f"{error}. {AGAIN if arguments.dry_run else GO_ON}")
        return Exit.FAILED
    return Exit.DONE


async def _look(settings: StorageSettings, to: str) -> str:
    """Look at both ends, and return what would be moved."""
    from services.moving.trial import try_out  # noqa: PLC0415 -- it loads Supabase's client

    plan = await try_out(settings, to)
    earlier = f", {plan.earlier} of them in an earlier run" if plan.earlier else ""
    lines = [
        _counted_rows(plan),
        f"{counted(plan.pictures, 'picture')} ({plan.size // 1_000_000} MB){earlier}.",
        *(f"{key} is not there." for key in plan.missing),
        READY,
    ]
    return "".join(f"{line}\n" for line in lines)


async def _move(settings: StorageSettings, to: str) -> str:
    """Move everything, and return what is told of it."""
    # They load Supabase's client, which other subcommands do without.
    from services.moving.move import Move, retire  # noqa: PLC0415 -- see above
    from services.moving.places import AlreadyMoved  # noqa: PLC0415 -- see above
    from services.moving.ways import WAYS, begun  # noqa: PLC0415 -- see above

    async with begun(settings, to) as (source, journal):
        try:
            async with WAYS[to].target(settings, journal) as target:
                move = Move(source, target, journal, _tell)
                await move.run()
        except AlreadyMoved:
            await retire(source, journal)
            return EARLIER + _NEXT[to]
    return summary(move.moved) + _NEXT[to]


def summary(moved: Moved) -> str:
    """Return what was moved, and what could not be."""
    done = counted(moved.pictures, "picture")
    earlier = f", {moved.earlier} of them in an earlier run" if moved.earlier else ""
    lines = [
        _counted_rows(moved),
        f"{done} ({moved.size // 1_000_000} MB){earlier}, each read back.",
        *(f"{key} was not there." for key in moved.missing),
        *(f"{key} differs from what its row says; it was moved as it is." for key in moved.changed),
    ]
    return "".join(f"{line}\n" for line in lines)


def _counted_rows(moved: Moved) -> str:
    rows = moved.rows
    kept = f"{counted(rows['favourites'], 'favourite')}, {counted(rows['presets'], 'preset')}"
    events = counted(rows["generation_events"], "event")
    return f"{counted(rows['generations'], 'generation')} with {events}, {kept}."


def _tell(moved: Moved) -> None:
    done = moved.pictures + len(moved.missing)
    sys.stderr.write(f"{done} of {moved.wanted} pictures, {moved.size // 1_000_000} MB\n")
