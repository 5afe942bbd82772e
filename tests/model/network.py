"""What lies between a process and everything outside of it: delays, outages, and its death."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, Protocol, TypeVar

from tests.model.memory_store import MemoryStore

T = TypeVar("T")

How = Literal["refuses", "stalls", "loses answers"]
"""How a part is away: no connection at all, no answer in time, or the work is done unanswered."""
STALL_SECONDS = 10.0
DELAYS = (0.001, 0.005, 0.02, 0.08, 0.3)
"""Seconds that one way of a call takes; an answer may also be there at once."""
AT_ONCE = 0.5


@dataclass
class Part:
    """One thing outside of the process, which may be away; `error` is what a caller gets then."""

    name: str
    error: Callable[[str], Exception]
    away: How | None = None
    calls: Counter[str] = field(default_factory=Counter[str])
    failed_at: float = float("-inf")  #: when a call last got no answer


class Mortal(Protocol):
    """A process: with each way over its border it may be killed."""

    def cross(self, name: str) -> None:
        """Count a way over the border, on which the process may die."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it was not killed."""
        ...


class NetworkLine:
    """The calls of one process to one part."""

    def __init__(self, part: Part, process: Mortal, random: Random) -> None:
        self.part = part
        self.random = random
        self._process = process

    async def call(self, name: str, effect: Callable[[], Awaitable[T]]) -> T:
        """Do something outside; the process may be killed before and after it was done."""
        self.part.calls[name] += 1
        await self.go(f"{self.part.name}.{name} asks")
        if self.part.away in {"refuses", "stalls"}:
            await self._fail(name)
        result = await effect()
        lost = self.part.away is not None  # also where it went away meanwhile
        if self.random.random() < AT_ONCE:
            self._process.cross(f"{self.part.name}.{name} answers at once")
        else:
            await self.go(f"{self.part.name}.{name} answers")
        if lost or self.part.away is not None:
            await self._fail(name)
        return result

    async def go(self, name: str) -> None:
        """Go one way; a process that was killed comes no further."""
        self._process.cross(name)
        await asyncio.sleep(self.random.choice(DELAYS))
        if not self._process.alive:
            raise asyncio.CancelledError

    async def _fail(self, name: str) -> None:
        self.part.failed_at = asyncio.get_running_loop().time()
        if self.part.away == "stalls":
            await asyncio.sleep(STALL_SECONDS)
        raise self.part.error(f"{self.part.name} is away: {name}")


class Remote:
    """An object at the other end of a line: every call of its methods goes over the line."""

    def __init__(self, there: object, line: NetworkLine) -> None:
        self._there = there
        self._line = line

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Awaitable[object]] = getattr(self._there, name)

        def call(*arguments: object, **named: object) -> Awaitable[object]:
            return self._line.call(name, lambda: method(*arguments, **named))

        return call


class RemoteStore(Remote):
    """The store of generations, with what else the same database knows."""

    def __init__(self, there: MemoryStore, line: NetworkLine) -> None:
        super().__init__(there, line)
        self.collection = Remote(there.collection, line)
        self.parts = Remote(there.parts, line)
