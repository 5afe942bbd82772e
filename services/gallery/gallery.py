"""The gallery of one installation: what it shows, and to whom."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from yarl import URL

from domain.generation import Slot
from services.gallery.access import LINK_SECONDS, Passes, PasswordCheck, installation_secret
from services.gallery.live import Live, LiveChange
from services.gallery.records import card
from services.gallery.source import GallerySource, is_shown
from services.gallery.thumbnails import Thumbnails
from services.updates import GenerationUpdate, Update

if TYPE_CHECKING:
    from pathlib import Path

    from domain.ports import Clock, GenerationReader, ImageStore
    from services.gallery.pages import Pages
    from services.settings import GalleryAndStorageSettings
    from services.web_server import WebServer


class Gallery:
    """Its parts. `bucket` is where pictures come from that are not here; empty for none."""

    def __init__(
        self,
        settings: GalleryAndStorageSettings,
        reader: GenerationReader,
        images: ImageStore,
        server: WebServer,
        clock: Clock,
    ) -> None:
        """Build them; nothing is asked of the stores yet."""
        self._settings = settings
        self._server = server
        self.live = Live()
        self.source = GallerySource(reader, images, clock, self.live.percent)
        self.thumbnails = Thumbnails(settings.data_dir / "thumbnails", images)
        self.passes = Passes(installation_secret(settings), clock)
        self.password = PasswordCheck(settings.gallery_password, clock)
        self.bucket = str(URL(settings.supabase_url).origin()) if settings.supabase_url else ""

    @cached_property
    def pages(self) -> Pages:
        """The pages; what makes them is loaded with the first."""
        from services.gallery.pages import Pages  # noqa: PLC0415 -- 2 MB that few need

        return Pages(self._settings.reply_language)

    def hear(self, news: Update) -> None:
        """Take what the notifier tells, for those who look."""
        if not isinstance(news, GenerationUpdate):
            return
        if news.generation.archived:
            self.thumbnails.remove([news.generation.id])
        self.live.tell(news.generation, news.percent)

    def told(self, change: LiveChange) -> dict[str, object]:
        """Return what a browser is told of a change."""
        shown = card(change.generation, change.percent)
        if not is_shown(change.generation):
            return {"code": shown.code, "gone": True}
        return {
            "code": shown.code,
            "state": shown.state,
            "progress": round(shown.progress, 1),
            "card": self.pages.card(shown),
        }

    @property
    def is_open(self) -> bool:
        """Whether who sits at this machine needs nothing to see it."""
        alone = self._settings.gallery_url is None and not self.password.wanted
        return alone and self._server.is_local

    @property
    def address(self) -> str:
        """Where people find it."""
        return self._settings.gallery_url or str(self._server.base.origin())

    def link(self, path: str = "/") -> str:
        """Return a link for others, which opens it for `LINK_SECONDS`; a bare one if it is open."""
        bare = URL(self.address + path)
        return str(bare if self.is_open else bare % {"token": self.passes.issue(LINK_SECONDS)})

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
