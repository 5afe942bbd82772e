"""Where everything comes in, one letter after another."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from domain.events import Event, Request
from domain.generation import Generation
from services.letters import Answered, Asked, ForGeneration, Letter

T = TypeVar("T")


class Inbox:
    """The orchestrator's letters; once closed, nobody waits for an answer any more."""

    def __init__(self) -> None:
        """Begin open and empty."""
        self._letters: asyncio.Queue[Letter] = asyncio.Queue()
        self._closed = False

    def put(self, letter: Letter) -> None:
        """Take in a letter."""
        self._letters.put_nowait(letter)

    async def get(self) -> Letter:
        """Return the next letter, when there is one."""
        return await self._letters.get()

    async def report(self, generation_id: str, event: Event) -> Generation:
        """Take in an event of a generation, and return the row when that is committed."""
        committed = self._promise(Generation)
        self.put(ForGeneration(generation_id, event, committed))
        return await committed

    async def ask(self, generation_id: str, request: Request, command: int) -> Answered:
        """Take in a person's request, and return what became of it."""
        answered = self._promise(Answered)
        self.put(Asked(generation_id, request, command, answered))
        return await answered

    def _promise(self, _: type[T]) -> asyncio.Future[T]:
        promise: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._closed:  # libcurl's sessions swallow the cancellation of whoever closes them
            promise.cancel()
        return promise

    def close(self) -> None:
        """Let nobody wait for a loop that has ended."""
        self._closed = True
        while not self._letters.empty():
            match self._letters.get_nowait():
                case ForGeneration(committed=promise) | Asked(answered=promise):
                    promise.cancel()
                case _:
                    pass
