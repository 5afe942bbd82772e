"""The gallery without the worker: served by a process of its own, or written as files."""

from __future__ import annotations

import argparse
import contextlib
import sys
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from cli.exit import Exit
from cli.listing import counted
from cli.selection import Selection, add_filters, every
from domain.errors import AtelierError
from services.clock import SystemClock
from services.gallery.application import application
from services.gallery.gallery import Gallery, channel_collection
from services.gallery.originals import Originals
from services.gallery.source import GallerySource
from services.health import HealthReport
from services.logs import masked
from services.settings import GalleryAndStorageSettings
from services.stores import open_for_gallery, picture_routes
from services.web_server import WebServer

OPEN_TO_ALL = (
    "GALLERY_PASSWORD is not set: others can reach {address}, so write a password of 8 characters "
    "or more, or serve at 127.0.0.1 (PICTURES_ADDRESS).\n"
)

log = structlog.get_logger(__name__)


class GalleryCliSettings(GalleryAndStorageSettings, Protocol):
    """The settings of a process that only shows the gallery."""

    @property
    def gallery_address(self) -> str:
        """Where it serves: `host:port`."""
        ...


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where to write, and what."""
    parser.add_argument(
        "--html", type=Path, required=True, metavar="DIR", help="a folder, new or empty"
    )
    add_filters(parser)


async def serve(settings: GalleryCliSettings) -> Exit:
    """Serve the gallery until stopped. It changes favourites alone; a worker may be running."""
    server = WebServer(settings.gallery_address)
    if settings.gallery_password is None and not server.is_local:
        sys.stderr.write(OPEN_TO_ALL.format(address=settings.gallery_address))
        return Exit.SETTINGS_WRONG
    try:
        async with contextlib.AsyncExitStack() as opened:
            clock = SystemClock()
            reader, images, collection = await open_for_gallery(settings, clock, opened)
            gallery = Gallery(settings, reader, images, server, clock, collection)
            opened.push_async_callback(gallery.close)
            opened.push_async_callback(server.close)
            health = HealthReport()
            health.look = tuple  # whoever answers, serves
            await server.start(application(gallery, [health.route(), *picture_routes(settings)]))
            log.info("gallery_served", address=str(server.base))
            await gallery.run_alone()
    except AtelierError as error:
        sys.stderr.write(masked(f"{error}\n"))
        return Exit.FAILED
    return Exit.DONE


async def export(settings: GalleryCliSettings, arguments: argparse.Namespace) -> Exit:
    """Write the chosen generations as files, while a worker may be running."""
    folder: Path = arguments.html
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):  # noqa: ASYNC240 -- nothing else runs
        sys.stderr.write(f"{folder} is there already: name a new folder, or an empty one.\n")
        return Exit.FAILED
    from services.gallery.export import Export, Written  # noqa: PLC0415 -- a worker needs it never

    written, clock = Written(), SystemClock()
    async with contextlib.AsyncExitStack() as opened:
        reader, images, collection = await open_for_gallery(settings, clock, opened)
        originals = Originals(images, folder, here=settings.supabase_url is None)
        opened.push_async_callback(originals.close)
        known = channel_collection(settings, collection)
        source = GallerySource(reader, originals, clock, collection=known)
        rows = partial(every, reader, Selection.of(arguments), clock.now())
        exported = Export(source, originals, settings.reply_language, folder)
        async for written in exported.write(rows):
            sys.stderr.write(f"\r{counted(written.generations, 'generation')}")
    sys.stderr.write("\n" * bool(written.generations))
    made = counted(written.generations, "generation")
    kept, lost = counted(written.pictures, "picture"), counted(written.missing, "picture")
    missing = f"; {lost} not found in the image store" if written.missing else ""
    sys.stdout.write(f"{made} with {kept}{missing}. Open {folder / 'index.html'}\n")
    return Exit.DONE
