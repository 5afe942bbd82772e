"""The gallery of one installation: what it shows, and to whom."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from yarl import URL

from domain.slots import Slot
from services.collection import Collection
from services.gallery.access import LINK_SECONDS, Passes, PasswordCheck, installation_secret
from services.gallery.live import Live, LiveChange, Watcher
from services.gallery.originals import Originals
from services.gallery.records import card
from services.gallery.source import GallerySource, is_shown
from services.gallery.thumbnails import Thumbnails
from services.updates import GenerationUpdate, Update

if TYPE_CHECKING:
    from pathlib import Path

    from domain.collection import CollectionStore
    from domain.ports import Clock, GenerationReader, ImageStore
    from services.gallery.pages import Pages
    from services.settings import GalleryAndStorageSettings, GallerySettings
    from services.web_server import WebServer


@dataclass(frozen=True, slots=True)
class GalleryLink:
    """Where the gallery is; `until` is when the link ends that opens it, None for a bare one."""

    url: str
    until: datetime | None = None


def channel_collection(
    settings: GallerySettings, store: CollectionStore | None
) -> Collection | None:
    """Return the favourites of the channel, to be set without a lease; None if it is not known."""
    if store is None or not settings.discord_channel_id:
        return None
    return Collection(store, None, settings.discord_channel_id)


class Gallery:
    """Its parts. `bucket` is where pictures come from that are not here; empty for none."""

    def __init__(
        self,
        settings: GalleryAndStorageSettings,
        reader: GenerationReader,
        images: ImageStore,
        server: WebServer,
        clock: Clock,
        collection: CollectionStore | None = None,
    ) -> None:
        """Build them; nothing is asked of the stores yet. `collection` knows the favourites."""
        self._settings = settings
        self._server = server
        self._clock = clock
        self.live = Live()
        folder, here = settings.data_dir / "thumbnails", settings.supabase_url is None
        self._originals = Originals(images, folder, here=here)
        known = channel_collection(settings, collection)
        self.source = GallerySource(reader, self._originals, clock, self.live.percent, known)
        self.owner = next(iter(settings.owner_ids)) if len(settings.owner_ids) == 1 else None
        self.thumbnails = Thumbnails(folder, self._originals)
        self.passes = Passes(installation_secret(settings), clock)
        self.password = PasswordCheck(settings.gallery_password, clock)
        self.bucket = str(URL(settings.supabase_url).origin()) if settings.supabase_url else ""

    @cached_property
    def pages(self) -> Pages:
        """The pages; what makes them is loaded with the first."""
        from services.gallery.pages import Pages  # noqa: PLC0415 -- 2 MB that few need

        return Pages(self._settings.reply_language, self._settings.command_prefix)

    async def run(self) -> None:
        """Remove the thumbnails of pictures that another process deleted, until cancelled."""
        await self.thumbnails.run(self.source.reader, self._clock)

    async def run_alone(self) -> None:
        """Do that, and look what another process changes, until cancelled."""
        watcher = Watcher(self.live, self.source.reader, self._clock)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.run(), name="gallery")
            tasks.create_task(watcher.run(), name="watcher")

    async def close(self) -> None:
        """Close the connections of its own."""
        await self._originals.close()

    def hear(self, news: Update) -> None:
        """Take what the notifier tells, for those who look."""
        if not isinstance(news, GenerationUpdate):
            return
        if news.generation.archived:
            self.thumbnails.remove([news.generation.id])
        self.live.tell(news.generation, news.percent)

    def told(self, change: LiveChange, viewer: int | None = None) -> dict[str, object]:
        """Return what the browser of whoever looks is told of a change.

        The page keeps the stars that it shows; what it did not show is new, and has none.
        """
        starred = None if viewer is None else False
        shown = card(change.generation, change.percent, starred=starred)
        if not is_shown(change.generation):
            return {"code": shown.code, "gone": True}
        return {
            "code": shown.code,
            "state": shown.state,
            "asked": shown.asked_at.isoformat(),
            "progress": round(shown.progress, 1),
            "card": self.pages.card(shown),
        }

    @property
    def is_open(self) -> bool:
        """Whether who sits at this machine needs nothing to see it."""
        alone = self._settings.gallery_url is None and not self.password.wanted
        return alone and self._server.is_local

    def link(self, person: int) -> GalleryLink | None:
        """Return somebody's own link; None where nobody can get there.

        It opens the gallery for `LINK_SECONDS`, unless that is open to whoever can follow it, and
        says whose favourites the stars are. Whoever sits at this machine is its one owner.
        """
        if self._settings.gallery_url is None and not self._server.is_serving:
            return None
        bare = URL(self._settings.gallery_url or str(self._server.here.origin())).with_path("/")
        if self.is_open and self.owner is not None:
            return GalleryLink(str(bare))
        signed = bare.with_query(token=self.passes.issue(LINK_SECONDS, person))
        until = None if self.is_open else self._clock.now() + timedelta(seconds=LINK_SECONDS)
        return GalleryLink(str(signed), until)

    async def thumbnail(self, code: str) -> Path | None:
        """Return the small picture of a generation's grid; None if there is no grid any more."""
        generation = await self.source.get(code)
        if generation is None:
            return None
        picture = generation.step(Slot.GRID).picture
        if picture is None or generation.archived:
            self.thumbnails.remove([generation.id])
            return None
        return await self.thumbnails.of(picture)
