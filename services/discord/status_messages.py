"""The status messages: edited rarely, but never left out of date."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from domain.errors import ChannelUnavailable
from domain.ports import Clock
from services.alarm import Alarm

log = structlog.get_logger(__name__)

CALM_SECONDS = 7.0
"""How much longer a text waits that has nothing new but the time and Midjourney's percentage."""
MOST_DOUBLINGS = 5
"""After this many failures in a row, the pause between attempts stops growing."""


class Editor(Protocol):
    """Edits messages; implemented by `Messenger`."""

    async def until_editable(self) -> None:
        """Wait until Discord takes edits."""
        ...

    async def edit(self, message_id: int, text: str) -> bool:
        """Edit a message; return False if it is gone. May raise `ChannelUnavailable`."""
        ...


class StatusMessages:
    """Keeps the status messages up to date, with edits some seconds apart.

    Texts in between are dropped, but never the latest. One task makes all edits, one by one.
    """

    def __init__(self, editor: Editor, clock: Clock, *, interval: float = 3.0) -> None:
        """Keep the parts; `interval` is the minimum of seconds between two edits of one message."""
        self._editor = editor
        self._clock = clock
        self._interval = interval
        self._wanted: dict[int, str] = {}
        self._shown: dict[int, str] = {}
        self._next_edit: dict[int, float] = {}
        self._failures: dict[int, int] = {}
        self._when_gone: dict[int, Callable[[], Awaitable[None]]] = {}
        self._calm: set[int] = set()
        self._news = asyncio.Event()
        self._alarm = Alarm(clock)

    def show(
        self,
        message_id: int,
        text: str,
        gone: Callable[[], Awaitable[None]] | None = None,
        *,
        after: float = 0.0,
        calm: bool = False,
    ) -> None:
        """Set the message's text as soon as it may be edited; call `gone` if it is gone.

        Not before `after` seconds from now: of many edits at once, others need not wait for all.
        A `calm` text waits longer, unless a text with news waits already, whose place it takes.
        """
        if self._shown.get(message_id) == text:
            self._wanted.pop(message_id, None)
            self._when_gone.pop(message_id, None)
            return
        if not calm:
            self._calm.discard(message_id)
        elif message_id not in self._wanted:
            self._calm.add(message_id)
        self._wanted[message_id] = text
        if after:
            earliest = self._clock.monotonic() + after
            self._next_edit[message_id] = max(self._next_edit.get(message_id, 0.0), earliest)
        if gone is not None:
            self._when_gone[message_id] = gone
        self._news.set()
        self._alarm.bring_forward(self._due_at(message_id) - self._clock.monotonic())

    async def run(self) -> None:
        """Edit until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._wanted:
                await self._editor.until_editable()
                await self._edit_due()
                await self._pause()
            self._forget()

    async def _edit_due(self) -> None:
        now = self._clock.monotonic()
        for message_id in [m for m in self._wanted if self._due_at(m) <= now]:
            text = self._wanted.pop(message_id)
            await self._edit(message_id, text)
            doublings = min(max(self._failures.get(message_id, 0) - 1, 0), MOST_DOUBLINGS)
            self._next_edit[message_id] = now + self._interval * 2**doublings

    async def _edit(self, message_id: int, text: str) -> None:
        gone = self._when_gone.pop(message_id, None)
        try:
            there = await self._editor.edit(message_id, text)
        except ChannelUnavailable as error:
            log.warning("status_delayed", message=message_id, why=str(error))
            self._failures[message_id] = self._failures.get(message_id, 0) + 1
            if gone is not None:
                self._when_gone.setdefault(message_id, gone)
            self._wanted.setdefault(message_id, text)
            return
        self._failures.pop(message_id, None)
        self._shown[message_id] = text
        if not there and gone is not None:
            await gone()

    def _due_at(self, message_id: int) -> float:
        """Return when a message may be edited; of one that was not edited lately, at once."""
        calm = CALM_SECONDS if message_id in self._calm else 0.0
        return self._next_edit.get(message_id, -math.inf) + calm

    def _forget(self) -> None:
        """Forget the messages that may be edited again anyway."""
        now = self._clock.monotonic()
        for message_id in [m for m, at in self._next_edit.items() if at + CALM_SECONDS <= now]:
            del self._next_edit[message_id]
            self._shown.pop(message_id, None)
            self._failures.pop(message_id, None)

    async def _pause(self) -> None:
        if self._wanted:
            soonest = min(map(self._due_at, self._wanted))
            await self._alarm.sleep(max(0.0, soonest - self._clock.monotonic()))
