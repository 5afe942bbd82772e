"""`backup` and `restore`: all that a folder keeps, in one file."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from cli.exit import Exit
from cli.listing import counted
from services.backup import Copied, backup, restore
from services.settings import StorageSettings

IN_PROJECT = (
    "Everything is in the Supabase project (SUPABASE_URL), which has backups of its own database: "
    "see Database, Backups in its dashboard.\n"
)


def add_file(parser: argparse.ArgumentParser, hint: str) -> None:
    """Add the file that is written or read."""
    parser.add_argument("file", type=Path, metavar="FILE", help=hint)


async def run_backup(settings: StorageSettings, arguments: argparse.Namespace) -> Exit:
    """Write everything into a new file, while a worker may be running."""
    if settings.supabase_url is not None:
        sys.stderr.write(IN_PROJECT)
        return Exit.FAILED
    copied = await asyncio.to_thread(backup, settings.data_dir, arguments.file)
    gone = f" ({copied.gone} were deleted meanwhile)" if copied.gone else ""
    sys.stdout.write(f"{_counted(copied)} in {arguments.file}{gone}.\n")
    return Exit.DONE


async def run_restore(settings: StorageSettings, arguments: argparse.Namespace) -> Exit:
    """Put everything from such a file into DATA_DIR, where no database may be yet."""
    if settings.supabase_url is not None:
        sys.stderr.write(IN_PROJECT)
        return Exit.FAILED
    copied = await asyncio.to_thread(restore, arguments.file, settings.data_dir)
    lines = [
        f"{_counted(copied)} in {settings.data_dir}.",
        *(f"{key} is not in the backup." for key in copied.missing),
        *(
            f"{key} differs from what its row says; it was restored as it is."
            for key in copied.changed
        ),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return Exit.DONE


def _counted(copied: Copied) -> str:
    return f"The database and {counted(copied.pictures, 'picture')} are"
