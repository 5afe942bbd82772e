"""The page of a sandbox, without a bot: what a browser asks and is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from demo.page.actions import Actions
from demo.page.feed import About, PageFeed, Sources
from demo.page.parts import Contents, Control
from demo.page.server import page_served
from sandbox import Sandbox
from sandbox.troubles import TroublePanel

Json = dict[str, Any]
WAIT_SECONDS = 10.0
GALLERY = "http://127.0.0.1:1/"


@dataclass
class ToldBot:
    """Stands for the bot's process."""

    running: bool = True
    starts: int = 1

    @property
    def ready(self) -> bool:
        return self.running

    async def kill(self) -> None:
        self.running = False

    async def start(self) -> None:
        self.running = True
        self.starts += 1


class GivenDatabase:
    """A database that has what a test puts into it."""

    def __init__(self) -> None:
        self.contents = Contents()
        self.was_read = asyncio.Event()

    async def read(self) -> Contents:
        self.was_read.set()
        return self.contents

    async def close(self) -> None:
        """Do nothing: nothing is open."""


class OpenPage:
    """One browser's connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def ask(self, **request: Any) -> None:
        await self._socket.send_json(request)

    async def ask_text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def told(self, fits: Callable[[Json], bool]) -> Json:
        """Return the next news that fits; what comes before it is left out."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                news = json.loads(await self._socket.receive_str())
                if fits(news):
                    return news

    async def of_type(self, name: str) -> Json:
        return await self.told(lambda news: news["type"] == name)

    async def message(self, fits: Callable[[Json], bool]) -> Json:
        """Return the next message that was written or changed, and fits."""
        news = await self.told(
            lambda news: (
                news["type"] == "message"
                and news["event"] != "MESSAGE_DELETE"
                and fits(news["message"])
            )
        )
        return news["message"]

    async def state(self, fits: Callable[[Json], bool]) -> Json:
        news = await self.told(lambda news: news["type"] == "state" and fits(news["state"]))
        return news["state"]

    async def is_closed(self) -> bool:
        async with asyncio.timeout(WAIT_SECONDS):
            async for _ in self._socket:
                pass
        return self._socket.closed


@dataclass(frozen=True)
class PageHarness:
    """A sandbox with its page, and what stands for the rest of the demo."""

    sandbox: Sandbox
    url: URL
    feed: PageFeed
    web: aiohttp.ClientSession
    bot: ToldBot
    database: GivenDatabase

    @property
    def origin(self) -> str:
        return str(self.url.origin())

    async def get(self, path: str, **options: Any) -> aiohttp.ClientResponse:
        return await self.web.get(self.url / path if path else self.url, **options)

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[tuple[OpenPage, Json]]:
        """Open the page, and give it with what it begins with."""
        headers = {"Origin": self.origin}
        async with self.web.ws_connect(self.url / "live", headers=headers, max_msg_size=0) as ws:
            page = OpenPage(ws)
            yield page, await page.of_type("hello")


@asynccontextmanager
async def open_harness() -> AsyncGenerator[PageHarness]:
    bot, database = ToldBot(), GivenDatabase()
    kill = Control(name="kill", title="Kill", outcome="It ends.", run=bot.kill)
    start = Control(name="start", title="Start", outcome="It runs.", run=bot.start)
    async with Sandbox(speed=200, picture_size=64) as sandbox, aiohttp.ClientSession() as web:
        panel = TroublePanel(sandbox)
        about = About(prefix="!", gallery=GALLERY, people=("ann", "ben"), controls=(kill, start))
        feed = PageFeed(sandbox, Sources(database=database, bot=bot, troubles=panel), about)
        async with page_served(feed, Actions(sandbox, panel, about)) as url:
            yield PageHarness(sandbox, url, feed, web, bot, database)
