"""What the one loop has to deal with, in the order in which it came."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import NoneType
from typing import TypeVar

from domain.events import Event, Heard, Request
from domain.generation import Generation
from domain.requests import Objection
from services.generation.history_reading import HistoryReading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a request: the generation as it is now, and what spoke against it, if so."""

    generation: Generation
    objection: Objection | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A second has passed."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something was heard, live."""

    heard: Heard


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the channel's history: what it says about jobs, the oldest first."""

    reading: HistoryReading
    heard: tuple[Heard, ...] = ()
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What became of something done for a generation; somebody waits until it is committed."""

    generation_id: str
    event: Event
    committed: asyncio.Future[Generation]


@dataclass(frozen=True, slots=True)
class RequestMade:
    """A person asks for something by the message `command`, and waits for the answer."""

    generation_id: str
    request: Request
    command: int | None
    answered: asyncio.Future[Answered]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Somebody waits until everything before it is on the rows."""

    reached: asyncio.Future[None]


InboxItem = Tick | LiveEvent | HistoryPage | Report | RequestMade | Checkpoint


class Inbox:
    """What is waiting for the orchestrator; once it is closed, waiting for answers ends."""

    def __init__(self) -> None:
        """Begin open and empty."""
        self._items: asyncio.Queue[InboxItem] = asyncio.Queue()
        self._tick_waits = False
        self._closed = False

    def put(self, item: InboxItem) -> None:
        """Take in an item."""
        self._items.put_nowait(item)

    def tick(self) -> None:
        """Take in a tick, unless one is waiting: while the database is away they would pile up."""
        if not self._tick_waits:
            self._tick_waits = True
            self.put(Tick())

    async def get(self) -> InboxItem:
        """Return the next item, when there is one."""
        item = await self._items.get()
        if isinstance(item, Tick):
            self._tick_waits = False
        return item

    async def report(self, generation_id: str, event: Event) -> Generation:
        """Take in an event of a generation, and return the row when that is committed."""
        committed = self._promise(Generation)
        self.put(Report(generation_id, event, committed))
        return await committed

    async def ask(self, generation_id: str, request: Request, command: int | None) -> Answered:
        """Take in a person's request, and return what became of it."""
        answered = self._promise(Answered)
        self.put(RequestMade(generation_id, request, command, answered))
        return await answered

    async def caught_up(self) -> None:
        """Return when everything that was taken in so far is on the rows."""
        await self.checkpoint()

    def checkpoint(self) -> asyncio.Future[None]:
        """Return what is done then."""
        reached = self._promise(NoneType)
        self.put(Checkpoint(reached))
        return reached

    def _promise(self, _: type[T]) -> asyncio.Future[T]:
        promise: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._closed:  # libcurl's sessions swallow the cancellation of whoever closes them
            promise.cancel()
        return promise

    def close(self) -> None:
        """End all waiting for a loop that has ended."""
        self._closed = True
        while not self._items.empty():
            match self._items.get_nowait():
                case (
                    Report(committed=promise)
                    | RequestMade(answered=promise)
                    | Checkpoint(reached=promise)
                ):
                    promise.cancel()
                case _:
                    pass
