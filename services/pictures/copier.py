"""Copies a finished picture from Discord to the image store, which may take long."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import structlog

from domain.errors import (
    AtelierError,
    DownloadFailed,
    FileTooLarge,
    ForbiddenLink,
    LinkExpired,
    NotAPicture,
    NotTranscoded,
    StoreRefused,
    StoreUnavailable,
    TooManyPixels,
    Transient,
)
from domain.events import GivenUp, JobFinished, PictureStored
from domain.generation import Generation, Picture, Problem, ProblemKind
from domain.messages import parse
from domain.ports import Clock, ImageStore, MessageReader
from domain.reasons import Reason
from domain.slots import Slot, picture_key
from services.pictures.download import PictureFetcher
from services.retry import when_available

log = structlog.get_logger(__name__)

TRIES = 5
"""How often a picture that is bad, or whose link is dead, is looked at."""
PASSING_SECONDS = 900.0
"""For how long what may pass is tried again: no network, a host in trouble, a stall."""
LONGEST_PAUSE = 60.0
_BAD = (ForbiddenLink, LinkExpired, NotAPicture)
_REASONS: Mapping[type[AtelierError], Reason] = MappingProxyType(
    {
        DownloadFailed: Reason.NOT_LOADED,
        ForbiddenLink: Reason.STRANGE_LINK,
        LinkExpired: Reason.DEAD_LINK,
        NotAPicture: Reason.NOT_A_PICTURE,
        TooManyPixels: Reason.TOO_MANY_PIXELS,
        NotTranscoded: Reason.NO_MEMORY,
        FileTooLarge: Reason.TOO_LARGE,
        StoreRefused: Reason.NOT_STORED,
        StoreUnavailable: Reason.NO_DISK,
    }
)


class PictureCopier:
    """Copies one picture: refetched link, download, verified PNG, image store."""

    def __init__(
        self,
        fetcher: PictureFetcher,
        images: ImageStore,
        reader: MessageReader,
        clock: Clock,
    ) -> None:
        """Keep the parts."""
        self._fetcher = fetcher
        self._images = images
        self._reader = reader
        self._clock = clock

    async def copy(
        self,
        generation: Generation,
        slot: Slot,
        delayed: Callable[[int], Awaitable[None]],
    ) -> PictureStored | GivenUp:
        """Return the outcome, after as many attempts as it is worth, with growing pauses.

        If the image store is down, this waits for as long as it takes; `delayed` is called with the
        number of each further attempt, before the pause that precedes it.

        Every further attempt starts by reading the message again: the link is fresh, and a broken
        file may have been replaced.
        """
        url, key = generation.step(slot).picture_url or "", picture_key(generation.id, slot)
        began, bad, passing, pause = self._clock.monotonic(), 0, 0, 0.5
        for number in itertools.count(1):
            try:
                if number > 1:
                    url = await self._fresh_url(generation, slot) or url
                return PictureStored(slot, await self._copy(key, url, delayed))
            except (StoreRefused, TooManyPixels) as error:  # neither passes
                return _given_up(generation, slot, error)
            except _BAD as error:
                bad += 1
                if bad == TRIES:
                    return _given_up(generation, slot, error)
            except Transient as error:
                passing += 1
                if passing > TRIES and self._clock.monotonic() - began >= PASSING_SECONDS:
                    return _given_up(generation, slot, error)
                await delayed(number + 1)
            await self._clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        raise AssertionError  # pragma: no cover -- the count never ends

    async def discard(self, key: str) -> None:
        """Delete a picture that was stored for a generation whose pictures were deleted."""
        log.info("picture_discarded", key=key)
        await when_available(self._images.delete, [key])

    async def _copy(self, key: str, url: str, delayed: Callable[[int], Awaitable[None]]) -> Picture:
        async with self._fetcher.fetch(url) as verified:
            await self._store(key, verified.path, delayed)
            return Picture(
                key=key,
                sha256=verified.sha256,
                size=verified.size,
                width=verified.width,
                height=verified.height,
                stored_at=self._clock.now(),
            )

    async def _store(
        self, key: str, source: Path, delayed: Callable[[int], Awaitable[None]]
    ) -> None:
        tries = itertools.count(1)

        async def put() -> None:
            number = next(tries)
            try:
                await self._images.put(key, source)
            except StoreUnavailable as error:
                if number == 1:
                    log.warning("storing_delayed", key=key, why=str(error))
                await delayed(number + 1)
                raise

        await when_available(put)

    async def _fresh_url(self, generation: Generation, slot: Slot) -> str | None:
        message_id = generation.step(slot).message_id
        snapshot = None if message_id is None else await self._reader.read(message_id)
        heard = None if snapshot is None else parse(snapshot)
        return heard.picture_url if isinstance(heard, JobFinished) else None


def _given_up(generation: Generation, slot: Slot, error: AtelierError) -> GivenUp:
    log.warning("picture_given_up", gen=generation.code, slot=slot.title, why=str(error))
    refused = isinstance(error, StoreRefused)
    kind = ProblemKind.STORAGE if refused else ProblemKind.BAD_PICTURE
    reason = _REASONS.get(type(error), Reason.UNREACHABLE)
    return GivenUp(slot, Problem(kind, f"{slot.title}: {reason}"))
