"""Where everything comes in, one letter after another."""

from __future__ import annotations

import asyncio

from domain.events import Event
from domain.generation import Generation
from services.letters import ForGeneration, Letter


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

    async def ask(self, generation_id: str, event: Event) -> Generation:
        """Take in an event of a generation, and return the row when that is committed."""
        committed: asyncio.Future[Generation] = asyncio.get_running_loop().create_future()
        if self._closed:  # libcurl's sessions swallow the cancellation of whoever closes them
            committed.cancel()
        self.put(ForGeneration(generation_id, event, committed))
        return await committed

    def close(self) -> None:
        """Let nobody wait for a loop that has ended."""
        self._closed = True
        while not self._letters.empty():
            letter = self._letters.get_nowait()
            if isinstance(letter, ForGeneration):
                letter.committed.cancel()
