"""Midjourney's pictures: from a signed link to a verified PNG file.

The link comes from Discord, but nothing about it is trusted: not the host, the length, the type or
the bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

import aiohttp
from yarl import URL

from domain.errors import DownloadFailed, ForbiddenLink, LinkExpired, NotAPicture
from services.pictures.child import transcode_apart
from services.pictures.png_check import PngCheck
from services.pictures.transcoding import Header, MadePng, check_size, read_header, transcode
from services.temporary_files import disk_faults, sweep, temporary_file

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from pathlib import Path
    from types import TracebackType

P = ParamSpec("P")
T = TypeVar("T")

DISCORD_CDN = frozenset({"https://cdn.discordapp.com"})
"""Where attachments are. `media.discordapp.net` is left out on purpose: it resizes pictures."""

_FOLDERS = ("attachments", "ephemeral-attachments")  # the other is for ephemeral messages
_BUFFER = 256 * 1024  # bytes that are read at once, from the network or a file
_EXPIRED = frozenset({403, 404, 410})  # Discord: "This content is no longer available."
_TAIL = re.compile(
    r"""
    (?: /(?!\.\.?(?:[/?]|\Z))               # no segment is empty, `.` or `..`
        (?: [A-Za-z0-9._~!$'()*+,;=-]
          | %(?!2[ef5]|5c|7f|[01])[0-9a-f]{2}  # no escape of . / % \ or a control character
        )+
    )+
    (?: \?[\x21\x22\x24-\x7e]+ )?           # the signature: any visible ASCII but `#`
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadLimits:
    """Limits for one picture.

    A PNG is verified without decompressing it. A WebP or JPEG becomes a PNG a few rows at a time,
    but some kinds hold all pixels until the end, with so many bytes each: 4 a lossless WebP or a
    JPEG, 5 a lossy WebP that can be seen through, 10 a progressive JPEG (12 for printing), 16 a
    film of one picture. What has more pixels than an ordinary grid is therefore left to a process
    of its own. The largest grids, those in HD, have 19 million.
    """

    max_bytes: int = 50_000_000  #: of the body, as sent
    max_pixels: int = 40_000_000  #: width times height
    max_pixels_here: int = 6_000_000  #: of those that are transcoded in this process
    max_child_bytes: int = 640_000_000  #: of memory for the pixels there: enough for every kind
    child_seconds: float = 180.0  #: for all its work
    total_seconds: float = 120.0  #: for the whole response
    stall_seconds: float = 20.0  #: to connect, and between two pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedPicture:
    """A complete PNG file; `sha256` (hexadecimal) and `size` (bytes) are the file's."""

    path: Path
    sha256: str
    size: int
    width: int
    height: int


class PictureFetcher:
    """Downloads the pictures attached in one channel; create it inside the running event loop.

    It has its own HTTP client, so that no token or cookie is ever sent to the CDN.
    `allowed_origins` are `scheme://host`, with a port where it is not the default one. `folder` is
    for temporary files.
    """

    def __init__(
        self,
        *,
        channel_id: int,
        folder: Path,
        allowed_origins: frozenset[str] = DISCORD_CDN,
        limits: DownloadLimits | None = None,
        proxy: str | None = None,
    ) -> None:
        sweep(folder)
        self._channel_id = channel_id
        self._folder = folder
        self._origins = allowed_origins
        self._limits = limits or DownloadLimits()
        # One picture is decoded at a time: four at once would take four times the memory.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._alone = asyncio.Lock()
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=_BUFFER,
            # The length and the hash are those of the file, not of a compressed form of it.
            headers={"Accept-Encoding": "identity"},
            proxy=proxy,
            timeout=aiohttp.ClientTimeout(
                total=self._limits.total_seconds,
                sock_connect=self._limits.stall_seconds,
                sock_read=self._limits.stall_seconds,
            ),
        )

    @asynccontextmanager
    async def fetch(self, url: str) -> AsyncGenerator[VerifiedPicture]:
        """Yield the picture behind a link as a PNG file, which exists only inside the `async with`.

        A PNG keeps its bytes; WebP and JPEG become PNG with the same pixels.

        Raises `ForbiddenLink`, `LinkExpired`, `NotAPicture`, `DownloadFailed`, and
        `StoreUnavailable` if the local disk fails. None of them contains the link, whose
        signature gives access to the picture.
        """
        link = checked_link(url, self._origins, self._channel_id)
        with temporary_file(self._folder) as path:
            png = await self._download(link, path)
            if png is not None:
                check_size(png.width, png.height, self._limits.max_pixels)
                yield png
                return
            found = await self._in_thread(read_header, path, self._limits.max_pixels)
            with temporary_file(self._folder) as made:
                facts = await self._transcoded(found, path, made)
                path.unlink(missing_ok=True)
                yield VerifiedPicture(path=made, **asdict(facts))

    async def close(self) -> None:
        """Close the connections and the thread, without waiting for what still runs."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        await self._session.close()

    async def _transcoded(self, header: Header, source: Path, target: Path) -> MadePng:
        limits = self._limits
        if header.width * header.height <= limits.max_pixels_here:
            return await self._in_thread(transcode, source, target, limits.max_pixels)
        async with self._alone:
            return await transcode_apart(
                source,
                target,
                max_pixels=limits.max_pixels,
                max_bytes=limits.max_child_bytes,
                seconds=limits.child_seconds,
            )

    async def _in_thread(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, partial(work, *arguments, **named))

    async def _download(self, link: URL, path: Path) -> VerifiedPicture | None:
        """Return the picture if it is a PNG."""
        with disk_faults(), _network_faults():
            async with self._session.get(link, allow_redirects=False) as answer:
                _check_answer(answer, self._limits)
                with _Body(path, self._limits.max_bytes) as body:
                    async for piece, _ in answer.content.iter_chunks():
                        body.take(piece)
        return body.verified()


def checked_link(url: str, origins: frozenset[str], channel_id: int) -> URL:
    """Return the link as it will be requested, byte for byte, or raise `ForbiddenLink`.

    The beginning is compared as text, so that ambiguities of URLs (user names, ports, escapes,
    other alphabets) do not matter.
    """
    for origin in origins:
        for folder in _FOLDERS:
            start = f"{origin}/{folder}/{channel_id}"
            if url.startswith(start) and _TAIL.fullmatch(url, len(start)):
                return URL(url, encoded=True)  # encoding it again would break Discord's signature
    raise ForbiddenLink("not a link to a picture of this channel")


@contextmanager
def _network_faults() -> Generator[None]:
    """Raise `DownloadFailed` for network errors; aiohttp's own messages contain the link."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        raise DownloadFailed(type(error).__name__) from None


def _check_answer(answer: aiohttp.ClientResponse, limits: DownloadLimits) -> None:
    if 300 <= answer.status < 400:  # noqa: PLR2004 - the range of HTTP's redirects
        raise ForbiddenLink("the link leads elsewhere")
    if answer.status in _EXPIRED:
        raise LinkExpired(f"HTTP {answer.status}")
    if answer.status != 200:  # noqa: PLR2004 - HTTP's "here it is"
        raise DownloadFailed(f"HTTP {answer.status}")
    if (answer.content_length or 0) > limits.max_bytes:
        raise NotAPicture(f"{answer.content_length} bytes are too many")


class _Body:
    """The part of a body received so far: written, hashed, checked and counted as it arrives."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        # Opened to be cut, it would be flushed when it is closed, here in the loop.
        self._file = path.open("r+b")
        self._hash = hashlib.sha256()
        self._check = PngCheck()
        self._size, self._max_bytes = 0, max_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._max_bytes:
            raise NotAPicture("more bytes than a picture may have")
        self._hash.update(piece)
        self._check.take(piece)
        self._file.write(piece)

    def verified(self) -> VerifiedPicture | None:
        """Return the whole PNG; None if it is something else."""
        png = self._check.finish()
        if png is None:
            return None
        return VerifiedPicture(
            path=self._path,
            sha256=self._hash.hexdigest(),
            size=self._size,
            width=png.width,
            height=png.height,
        )
