"""The image store in a bucket of Supabase Storage."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import stamina
from storage3.exceptions import StorageApiError
from storage3.types import FileOptions

from domain.archive import StoredObject
from domain.errors import StoreUnavailable
from services.storage import (
    CACHE_SECONDS,
    CONTENT_TYPE,
    checked_key,
    is_generation,
    is_picture_key,
)
from services.storage.supabase.bucket import check_rules
from services.storage.supabase.refusals import CONFLICT, NOT_FOUND, explained, status_of
from services.supabase import Supabase
from services.temporary_files import disk_faults

T = TypeVar("T")

PAGE = 1000
"""How many entries of a folder to request at once."""
LINK_SECONDS = 7 * 24 * 3600
"""How long a signed link works; each request gives a new one."""
TRIES = 4
TRY_SECONDS = 120.0
"""The limit for a whole attempt; `services.supabase.TIMEOUT` limits each wait within it."""


class SupabaseImageStore:
    """Keeps the pictures under their keys in a bucket, which must exist.

    In a public bucket anybody can see them, and caches may keep them for `cache_seconds`; for a
    private one, `url` gives links for a week, and caches may keep them until the link ends.
    """

    def __init__(
        self,
        project: Supabase,
        bucket: str,
        *,
        public: bool,
        cache_seconds: int = CACHE_SECONDS,
    ) -> None:
        self._project = project
        self._name = bucket
        self._bucket = project.client.storage.from_(bucket)
        self._public = public
        self._options: FileOptions = {
            "content-type": CONTENT_TYPE,
            "cache-control": str(cache_seconds),  # the server turns it into `max-age=`
            "upsert": "true",
            # Storage answers some refusals before it has read the body. Over HTTP/1.1 the next
            # request on that connection would then wait for an answer that never comes.
            "headers": {"connection": "close"},
        }

    async def put(self, key: str, source: Path) -> None:
        """Upload a PNG file under a key, replacing what is there.

        Retries with growing pauses as long as that may help. Before it does, it checks whether the
        file has arrived, and whether the bucket still takes it: Storage may refuse a large upload
        and close the connection without reading it, and that answer is lost. Raises
        `StoreUnavailable` after the last attempt, and `StoreRefused` with what a person has to do.
        """
        checked_key(key)
        async for attempt in _tries("bucket: put"):
            with attempt:
                await self._try(key, source, again=attempt.num > 1)

    async def url(self, key: str) -> str:
        """Return the picture's public address, or a signed one if the bucket is private.

        Only the latter asks the server. For a picture that does not exist it returns an address
        that shows nothing.
        """
        checked_key(key)
        signed = None if self._public else await self._signed(key)
        return signed or await self._bucket.get_public_url(key)

    def path(self, key: str) -> Path | None:
        """Return None: no picture is on this machine."""
        checked_key(key)
        return None

    async def list_generations(self) -> AsyncGenerator[frozenset[str]]:
        """Yield the ids of the generations that have folders in the bucket, in pages.

        Also understands servers that list the objects instead of the folders. Pages shift if
        something is stored meanwhile (an id comes twice) or deleted (others may be missed).
        """
        offset = 0
        while page := await self._patiently("bucket: list", partial(self._page, "", offset)):
            names = {str(entry["name"]).partition("/")[0] for entry in page}
            yield frozenset(filter(is_generation, names))
            offset += len(page)

    async def list_objects(self, generation_id: str) -> list[StoredObject]:
        """Return the pictures of one generation."""
        page = await self._patiently("bucket: list", partial(self._page, generation_id, 0))
        named = ((f"{generation_id}/{entry['name'].rpartition('/')[2]}", entry) for entry in page)
        with explained(self._name):
            return [_object(key, entry) for key, entry in named if is_picture_key(key)]

    async def delete(self, keys: Collection[str]) -> None:
        """Delete pictures, with the same retries as an upload."""
        if keys:  # Storage refuses an empty list
            checked = [checked_key(key) for key in keys]
            await self._patiently("bucket: delete", partial(self._bucket.remove, checked))

    async def close(self) -> None:
        """Do nothing: whoever opened the connection closes it."""

    async def _page(self, folder: str, offset: int) -> list[dict[str, Any]]:
        return await self._bucket.list(folder, {"limit": PAGE, "offset": offset})

    async def _patiently(self, what: str, call: Callable[[], Awaitable[T]]) -> T:
        """Retry a repeatable call as long as that may help."""
        async for attempt in _tries(what):
            with attempt:
                return await self._once(call)
        raise AssertionError  # pragma: no cover -- the loop ends by returning or raising

    async def _once(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                with explained(self._name):
                    return await call()
        except TimeoutError as error:
            raise StoreUnavailable("Supabase Storage takes too long") from error

    async def _try(self, key: str, source: Path, *, again: bool) -> None:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                with disk_faults(), explained(self._name):
                    if again:
                        if await self._holds(key, source):
                            return
                        size = (await asyncio.to_thread(source.stat)).st_size
                        await check_rules(self._project, self._name, size)
                    await self._upload(key, source)
        except TimeoutError as error:
            raise StoreUnavailable("the upload takes too long") from error

    async def _upload(self, key: str, source: Path) -> None:
        try:
            await self._bucket.upload(key, source, self._options)
        except StorageApiError as error:
            # "Duplicate", although replacing is allowed: two uploads collided.
            if status_of(error) != CONFLICT or not await self._holds(key, source):
                raise

    async def _holds(self, key: str, source: Path) -> bool:
        """Whether the key holds exactly these bytes, and not the text of an error."""
        async with self._project.http.stream("GET", await self.url(key)) as answer:
            found = hashlib.sha256()
            async for piece in answer.aiter_bytes():
                found.update(piece)
        return found.hexdigest() == await asyncio.to_thread(_sha256, source)

    async def _signed(self, key: str) -> str | None:
        with explained(self._name):
            try:
                made = await self._bucket.create_signed_url(key, LINK_SECONDS)
            except StorageApiError as error:
                if status_of(error) == NOT_FOUND:
                    return None
                raise
        return made["signedURL"]


def _tries(what: str) -> AsyncIterator[stamina.Attempt]:
    tries = stamina.retry_context(
        on=StoreUnavailable, attempts=TRIES, timeout=None, wait_initial=0.5, wait_max=10.0
    )
    return tries.with_name(what, (), {})


def _object(key: str, entry: dict[str, Any]) -> StoredObject:
    times = [datetime.fromisoformat(entry[name]) for name in ("created_at", "updated_at")]
    facts: dict[str, Any] = entry["metadata"] or {}  # not given for every object
    return StoredObject(key=key, size=int(facts.get("size", 0)), changed_at=max(times))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
