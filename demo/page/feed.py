"""Tells every open page what happens; each begins with all that is there."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cogs.sentences.english_help import HELP
from demo.page import state
from demo.page.shown import ShownMessages
from domain.errors import StoreRefused
from sandbox.troubles import TROUBLES

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from demo.page.parts import BotStatus, Control, DatabaseView
    from domain.generation import Generation
    from sandbox import Sandbox
    from sandbox.people import Json
    from sandbox.troubles import SandboxTrouble, TroublePanel

POLL_SECONDS = 0.5
"""How often the database is looked at while nothing happens in the channel."""
REST_SECONDS = 0.1
"""How long it is left alone while much happens there."""
MOST_BEHIND = 2000
"""A page that is so many changes behind is let go: it comes back, and begins anew."""

News = asyncio.Queue[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What stays as it is; `prefix` is what commands begin with, `people` are those who write."""

    prefix: str
    gallery: str
    people: Sequence[str]
    controls: Sequence[Control]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is watched beside the channel."""

    database: DatabaseView
    bot: BotStatus
    troubles: TroublePanel


class PageFeed:
    """Watches the channel and the database, for the pages that are open."""

    def __init__(self, sandbox: Sandbox, sources: Sources, about: About) -> None:
        self._sandbox = sandbox
        self._sources = sources
        self._about = about
        self._pages: set[News] = set()
        self._changed = asyncio.Event()
        self._state: Json = {}
        self.messages = ShownMessages(sandbox)

    @contextmanager
    def listening(self) -> Generator[News]:
        """Give what to send to a page, from its first message on; None is the end."""
        news: News = asyncio.Queue(MOST_BEHIND)
        news.put_nowait(_text(self._hello()))
        self._pages.add(news)
        self.look()
        try:
            yield news
        finally:
            self._pages.discard(news)

    def look(self) -> None:
        """Look soon whether anything has changed."""
        self._changed.set()

    def end(self) -> None:
        """Let all pages go."""
        for news in tuple(self._pages):
            self._let_go(news)

    async def run(self) -> None:
        """Watch, until cancelled."""
        stops = (
            self._sandbox.watch(self._hear),
            self._sandbox.watch_reactions(lambda message: self._hear("MESSAGE_UPDATE", message)),
        )
        try:
            while True:
                with suppress(StoreRefused):  # a row that somebody made unreadable by hand
                    await self._compare()
                await asyncio.sleep(REST_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), POLL_SECONDS)
                self._changed.clear()
        finally:
            for stop in stops:
                stop()

    def _hello(self) -> Json:
        everybody, about = self._sandbox.people, self._about
        return {
            "type": "hello",
            "people": about.people,
            "names": {str(who.id): who.as_user()["global_name"] for who in everybody.values()},
            "prefix": about.prefix,
            "gallery": about.gallery,
            "commands": [
                {"name": name, "usage": topic.usage, "does": topic.does}
                for name, topic in HELP.items()
            ],
            "controls": [_described(control) for control in about.controls],
            "troubles": [
                _described(trouble) | {"lasting": trouble.lasting} for trouble in TROUBLES
            ],
            "messages": self.messages.latest(),
            "state": self._state,
        }

    def _hear(self, event: str, message: Json) -> None:
        if event == "MESSAGE_DELETE":
            message = {"id": message["id"]}
        else:
            message = self.messages.message(message)
        self._tell({"type": "message", "event": event, "message": message})
        self.look()

    async def _compare(self) -> None:
        """Read everything beside the channel, and tell it if it is not as it was told last."""
        if not self._pages:
            return
        contents = await self._sources.database.read()
        found = state.database_state(contents, self._percent) | {
            "bot": state.bot_state(self._sources.bot),
            "troubles": state.trouble_state(self._sources.troubles),
            "pace": self._sandbox.clock.speed,
        }
        if found != self._state:
            self._state = found
            self._tell({"type": "state", "state": found})

    def _percent(self, generation: Generation) -> int | None:
        return state.percent_of(generation, self._sandbox.message)

    def _tell(self, news: Json) -> None:
        text = _text(news)
        for page in tuple(self._pages):
            if page.full():
                self._let_go(page)
            else:
                page.put_nowait(text)

    def _let_go(self, news: News) -> None:
        self._pages.discard(news)
        while news.full():
            news.get_nowait()
        news.put_nowait(None)


def _described(one: Control | SandboxTrouble) -> Json:
    return {"name": one.name, "title": one.title, "outcome": one.outcome}


def _text(news: Json) -> str:
    return json.dumps(news, ensure_ascii=False, separators=(",", ":"))
