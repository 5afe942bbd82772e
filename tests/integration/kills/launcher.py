"""`bot.py` in a sandbox, killed at a point: `launcher.py PLACE POINT MARKER ADDRESSES`.

`MARKER` is the file in which the process writes, as the last thing it does, at which point it was.
`ADDRESSES` are those of the sandbox, as JSON.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import os
import signal
import sys
from collections.abc import Callable
from contextvars import ContextVar, Token
from pathlib import Path
from typing import Any, TypeVar, cast

from demo.worker import run
from sandbox.addresses import SandboxAddresses
from tests.integration.kills.points import Point, points

T = TypeVar("T")
Function = Callable[..., Any]

ENDING = "services.generation.worker:Worker.finish"
"""Called when the process ends in order, to wait for what it is storing."""
_under_way = ContextVar("_under_way", default=False)


class Killer:
    """Counts the calls of a point's function, and kills the process at the right one."""

    def __init__(self, name: str, point: Point, marker: Path) -> None:
        """Keep what it needs; `arm` sets it up."""
        self._name = name
        self._point = point
        self._marker = marker
        self._calls = 0
        self._ending = asyncio.Event()

    def arm(self) -> None:
        """Replace the functions of the point."""
        point = self._point
        replace(point.where, self._deadly)
        if point.within:
            replace(point.within, self._noted)
        if point.held:
            replace(point.held, lambda _: _never)
        if point.told_to_end:
            replace(ENDING, self._noting_the_end)
            replace(point.told_to_end, self._ending_first)

    def _deadly(self, function: Function) -> Function:
        """Return a function that kills the process before or after it does its work."""
        meets, after = self._meets(function), self._point.after

        def begins(*args: Any, **named: Any) -> bool:
            counts = _under_way.get() if self._point.within else meets(*args, **named)
            self._calls += counts
            now = counts and self._calls == self._point.nth
            if now and not after:
                self._kill()
            return now

        return around(function, begins, lambda now: self._kill() if now else None)

    def _noted(self, function: Function) -> Function:
        """Return a function that lets others know that it is under way."""
        meets = self._meets(function)

        def begins(*args: Any, **named: Any) -> Token[bool]:
            return _under_way.set(meets(*args, **named))

        return around(function, begins, _under_way.reset)

    def _meets(self, function: Function) -> Callable[..., bool]:
        """Return whether a call is one that the point is about."""
        signature, when = inspect.signature(function), self._point.when
        return lambda *args, **named: when(signature.bind(*args, **named).arguments)

    def _noting_the_end(self, function: Function) -> Function:
        async def ending(*args: Any, **named: Any) -> Any:
            self._ending.set()
            return await function(*args, **named)

        return ending

    def _ending_first(self, function: Function) -> Function:
        async def told_to_end(*args: Any, **named: Any) -> Any:
            os.kill(os.getpid(), signal.SIGTERM)
            await self._ending.wait()
            return await function(*args, **named)

        return told_to_end

    def _kill(self) -> None:
        self._marker.write_text(self._name, encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)


def around(function: Function, begins: Callable[..., T], ends: Callable[[T], object]) -> Function:
    """Return a function, as asynchronous as the given one, with something before and after it."""

    @functools.wraps(function)
    async def later(*args: Any, **named: Any) -> Any:
        begun = begins(*args, **named)
        result = await function(*args, **named)
        ends(begun)
        return result

    @functools.wraps(function)
    def at_once(*args: Any, **named: Any) -> Any:
        begun = begins(*args, **named)
        result = function(*args, **named)
        ends(begun)
        return result

    return later if inspect.iscoroutinefunction(function) else at_once


def replace(name: str, by: Callable[[Function], Function]) -> None:
    """Replace a function, given by its dotted name, by one made from it."""
    module, _, path = name.partition(":")
    *owners, last = path.split(".")
    owner = cast("Any", importlib.import_module(module))
    for each in owners:
        owner = getattr(owner, each)
    setattr(owner, last, by(getattr(owner, last)))


async def _never(*_: object, **__: object) -> None:
    await asyncio.Event().wait()


def main(place: str, name: str, marker: str, addresses: str) -> int:
    """Run the worker until it is killed; return the exit code if it was not."""
    chosen = points("supabase" if place == "supabase" else "folder")[name]
    Killer(name, chosen, Path(marker)).arm()
    return run(SandboxAddresses.from_json(addresses))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
