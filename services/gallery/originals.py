"""The stored pictures, wherever the image store has them: as files, and for browsers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp

from domain.errors import StoreUnavailable
from services.temporary_files import disk_faults, temporary_file

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from domain.ports import ImageStore

MOST_BYTES = 60_000_000
"""Of a picture that is fetched."""
FETCHED_AT_ONCE = 4
FETCH_SECONDS = 60.0
_CHUNK = 256 * 1024


class Originals:
    """Fetches what is in a bucket; `folder` is for the copies."""

    def __init__(self, images: ImageStore, folder: Path, *, here: bool) -> None:
        """Open no connection yet. `here`: the store keeps its pictures on this machine."""
        self._images = images
        self._here = here
        self._folder = folder
        self._fetching = asyncio.Semaphore(FETCHED_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def file(self, key: str) -> AsyncGenerator[Path | None]:
        """Give a picture's file: the store's own, or a copy for as long as it is needed.

        None if it is not there. Raises `StoreUnavailable` if it cannot be had now.
        """
        if self._here:
            yield self._images.path(key)
            return
        async with self._fetching:
            with temporary_file(self._folder) as copy:
                yield copy if await self._fetched(key, copy) else None

    async def link(self, key: str) -> str:
        """Return where a browser finds it: a path of ours, also behind a proxy, or the bucket."""
        return f"/{key}" if self._here else await self._images.url(key)

    async def close(self) -> None:
        """Close the connections to the bucket."""
        if self._session is not None:
            await self._session.close()

    async def _fetched(self, key: str, target: Path) -> bool:
        """Fetch a picture from the bucket; False if it is not there. Errors name no link."""
        link = await self._images.url(key)
        if self._session is None:
            limits = aiohttp.ClientTimeout(total=FETCH_SECONDS)
            self._session = aiohttp.ClientSession(timeout=limits, trust_env=True)
        try:
            async with self._session.get(link) as answer:
                if answer.status in {400, 404}:  # Storage says either of an object it has not
                    return False
                if answer.status != 200:  # noqa: PLR2004 -- HTTP's "here it is"
                    raise StoreUnavailable(f"a picture is answered with HTTP {answer.status}")
                await _save(answer, target)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise StoreUnavailable(f"a picture cannot be had: {type(error).__name__}") from None
        return True


async def _save(answer: aiohttp.ClientResponse, target: Path) -> None:
    room = MOST_BYTES
    with disk_faults(), target.open("wb") as file:
        async for piece in answer.content.iter_chunked(_CHUNK):
            room -= len(piece)
            if room < 0:
                raise StoreUnavailable("a picture has more bytes than any of ours")
            file.write(piece)
