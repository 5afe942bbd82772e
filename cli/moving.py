"""`move`: everything from the folder to the Supabase project of the settings, or back."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from cli.exit import Exit
from cli.listing import counted
from domain.errors import StoreUnavailable

if TYPE_CHECKING:
    from services.moving.move import Moved
    from services.settings import StorageSettings

FOLDER, SUPABASE = "folder", "supabase"
NO_PROJECT = (
    "A move needs the Supabase project in the settings, whichever way: "
    "SUPABASE_URL and SUPABASE_KEY.\n"
)
GO_ON = "Run the same again: it goes on from here.\n"
EARLIER = "Everything had arrived already.\n"
_NEXT = {
    SUPABASE: "From now on the worker uses the project. The folder is as it was, but its queue is "
    "paused: don't start a worker on it again.\n",
    FOLDER: "Now take SUPABASE_URL and SUPABASE_KEY out of the settings. The project is as it was, "
    "but its queue is paused: don't start a worker on it again.\n",
}


def add_direction(parser: argparse.ArgumentParser) -> None:
    """Add where everything goes."""
    parser.add_argument(
        "--to", choices=(SUPABASE, FOLDER), required=True, help="where everything goes"
    )


async def run_move(settings: StorageSettings, arguments: argparse.Namespace) -> Exit:
    """Move everything, while no worker is running; go on with a move that was interrupted."""
    if settings.supabase_url is None:
        sys.stderr.write(NO_PROJECT)
        return Exit.SETTINGS_WRONG
    try:
        moved = await _move(settings, arguments.to)
    except asyncio.CancelledError:
        sys.stderr.write(f"Interrupted. {GO_ON}")
        return Exit.FAILED
    except StoreUnavailable as error:
        sys.stderr.write(f"{error}. {GO_ON}")
        return Exit.FAILED
    told = EARLIER if moved is None else summary(moved)
    sys.stdout.write(told + _NEXT[arguments.to])
    return Exit.DONE


async def _move(settings: StorageSettings, to: str) -> Moved | None:
    """Return what was moved; None if all of it had arrived in an earlier run."""
    # They load Supabase's client, which other subcommands do without.
    from services.moving.folder import folder_source, folder_target  # noqa: PLC0415 -- see above
    from services.moving.journal import Journal  # noqa: PLC0415 -- see above
    from services.moving.move import Move, retire  # noqa: PLC0415 -- see above
    from services.moving.places import AlreadyMoved  # noqa: PLC0415 -- see above
    from services.moving.project import project_source, project_target  # noqa: PLC0415 -- see above

    route = f"{to} {settings.supabase_url} {settings.supabase_bucket}"
    journal = await asyncio.to_thread(Journal.open, settings.data_dir, route)
    from_ = folder_source if to == SUPABASE else project_source
    async with from_(settings, journal.id) as source:
        into = (
            project_target(settings, journal.id)
            if to == SUPABASE
            else folder_target(settings, journal)
        )
        try:
            async with into as target:
                move = Move(source, target, journal, _tell)
                await move.run(settings.data_dir if to == FOLDER else None)
        except AlreadyMoved:
            await retire(source, journal)
            return None
    return move.moved


def summary(moved: Moved) -> str:
    """Return what was moved, and what could not be."""
    rows, done = moved.rows, counted(moved.pictures, "picture")
    earlier = f", {moved.earlier} of them in an earlier run" if moved.earlier else ""
    kept = f"{counted(rows['favourites'], 'favourite')}, {counted(rows['presets'], 'preset')}"
    events = counted(rows["generation_events"], "event")
    lines = [
        f"{counted(rows['generations'], 'generation')} with {events}, {kept}.",
        f"{done} ({moved.size // 1_000_000} MB){earlier}, each read back.",
        *(f"{key} was not there." for key in moved.missing),
        *(f"{key} is not what its row tells of; it was moved as it is." for key in moved.changed),
    ]
    return "".join(f"{line}\n" for line in lines)


def _tell(moved: Moved) -> None:
    done = moved.pictures + len(moved.missing)
    sys.stderr.write(f"{done} of {moved.wanted} pictures, {moved.size // 1_000_000} MB\n")
