"""A gallery on a real store and real files, served on loopback, and a visitor."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from yarl import URL

from domain.generation import Generation, Status
from domain.ports import ImageStore
from domain.slots import UPSCALES, Slot, picture_key
from services.gallery.application import application
from services.gallery.gallery import Gallery
from services.stores import open_stores, picture_routes
from services.web_server import WebServer
from tests.builders import new_generation, picture
from tests.contract.databases import LeasedStore, done
from tests.fakes import FakeClock
from tests.pictures import png

ANN, BEN = 301_000_000_000_000_001, 302_000_000_000_000_002
CHANNEL, GUILD = 401_000_000_000_000_001, 501_000_000_000_000_001
ANY_PORT = "127.0.0.1:0"
SIZE = (96, 64)
SECRET = "gallery-word"


class GalleryTestSettings:
    """The settings of a gallery whose stores are in a folder, or else in a project."""

    picture_cache_seconds = 60
    command_prefix = "!"

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.data_dir = folder
        self.discord_channel_id = CHANNEL
        self.owner_ids: frozenset[int] = changes.get("owner_ids", frozenset({ANN}))
        self.gallery_address: str = changes.get("gallery_address", ANY_PORT)
        self.pictures_address: str = changes.get("pictures_address", ANY_PORT)
        self.reply_language: str = changes.get("reply_language", "en")
        self.gallery_url: str | None = changes.get("gallery_url")
        self.gallery_password = _secret(changes.get("gallery_password"))
        self.supabase_url: str | None = changes.get("supabase_url")
        self.supabase_key = _secret(changes.get("supabase_key"))
        self.supabase_bucket: str = changes.get("supabase_bucket", "generations")
        self.supabase_bucket_public: bool = changes.get("supabase_bucket_public", True)


def _secret(text: str | None) -> SecretStr | None:
    return None if text is None else SecretStr(text)


@dataclass(slots=True)
class GalleryHarness:
    """What tests put into the stores, and what a visitor gets to see."""

    gallery: Gallery
    worker: LeasedStore
    images: ImageStore
    clock: FakeClock
    server: WebServer
    visitor: aiohttp.ClientSession
    folder: Path
    settings: GalleryTestSettings

    def url(self, path: str) -> URL:
        """Return the address of a path, at loopback also where others may come."""
        return self.server.base.with_host("127.0.0.1").join(URL(path))

    async def get(self, path: str, status: int = 200, **options: Any) -> str:
        """Visit a page and return its text."""
        async with self.visitor.get(self.url(path), **options) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return text

    async def asked(self, prompt: str = "a cat", **changes: Any) -> Generation:
        """Return a new generation that waits."""
        ids = {"author_id": ANN, "channel_id": CHANNEL, "guild_id": GUILD}
        new = new_generation(**ids | {"prompt": prompt} | changes)
        return done(await self.worker.create(new))

    async def painting(self, prompt: str = "a cat", **changes: Any) -> Generation:
        """Return a new generation that Midjourney works on."""
        await self.asked(prompt, **changes)
        claimed = done(await self.worker.claim())
        return await self.worker.moved(claimed, Status.SUBMITTED)

    async def made(
        self,
        prompt: str = "a cat",
        *slots: Slot,
        file: bytes = b"",
        size: tuple[int, int] = SIZE,
        **changes: Any,
    ) -> Generation:
        """Return a new generation that has ended with these pictures, all by default."""
        upscales = UPSCALES if not slots else tuple(slot for slot in slots if slot)
        row = await self.painting(prompt, wanted=upscales, **changes)
        for slot in (Slot.GRID, *upscales):
            row = await self.stored(row, slot, file or png(size), size)
        return row

    async def stored(
        self, row: Generation, slot: Slot, file: bytes, size: tuple[int, int] = SIZE
    ) -> Generation:
        """Store a picture of a generation, and return its row."""
        source = self.folder / "source.png"
        source.write_bytes(file)
        facts = picture(row.id, slot, size=len(file), width=size[0], height=size[1])
        await self.images.put(facts.key, source)
        source.unlink()  # it may be the stored file itself
        change = await self.worker.store.record_picture(
            row.id, slot, facts, fence=self.worker.fence
        )
        return done(change)

    async def delete(self, row: Generation) -> Generation:
        """Delete the pictures and the prompt, and return the row."""
        await self.worker.store.begin_archiving([row.id], unchanged_since=row.updated_at)
        await self.images.delete([picture_key(row.id, slot) for slot in Slot])
        await self.worker.store.finish_archiving([row.id])
        now = await self.worker.store.get_generation(row.id)
        assert now is not None
        return done(await self.worker.update(now, replace(now, prompt="")))

    async def failed(self, prompt: str, **facts: Any) -> Generation:
        """Return a new generation that has failed."""
        row = await self.painting(prompt)
        return done(await self.worker.update(row, replace(row, status=Status.FAILED, **facts)))


@asynccontextmanager
async def open_gallery(folder: Path, **changes: Any) -> AsyncGenerator[GalleryHarness]:
    """Serve the gallery of an empty store until the block is left."""
    settings, clock = GalleryTestSettings(folder, **changes), FakeClock()
    async with AsyncExitStack() as opened:
        server = WebServer(settings.pictures_address)
        store, images = await open_stores(settings, clock, opened, server)
        lease = await store.acquire_lease("test", 60)
        gallery = Gallery(settings, store, images, server, clock, store.collection)
        opened.push_async_callback(gallery.close)
        opened.push_async_callback(server.close)
        await server.start(application(gallery, picture_routes(settings)))
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
        visitor = await opened.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        yield GalleryHarness(
            gallery=gallery,
            worker=LeasedStore(store, lease.fence),
            images=images,
            clock=clock,
            server=server,
            visitor=visitor,
            folder=folder,
            settings=settings,
        )


def codes(page: str) -> list[str]:
    """Return the codes of the cards on a page, in order."""
    return re.findall(r'<li class="card" data-code="(\w+)"', page)


def following(page: str) -> str | None:
    """Return the address of the next page."""
    found = re.search(r'<a rel="next" href="([^"]+)"', page)
    return None if found is None else found[1].replace("&amp;", "&")
