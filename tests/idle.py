"""Knows when nothing is under way on the event loop, nor in a thread that it waits for.

A fake clock moves only then, so what a slow or busy machine takes for its work decides nothing.
Sockets are not looked at: what is on its way through one is not seen.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

_under_way: set[asyncio.Future[Any]] = set()
"""What threads have begun, or are about to, and the event loop has not heard the end of."""


async def nothing_under_way() -> None:
    """Wait until everybody else on this event loop waits for time, or for this caller."""
    loop: Any = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        if threads := [work for work in _under_way if work.get_loop() is loop]:
            await asyncio.wait(threads)
        elif not loop._ready:
            return


@contextmanager
def threads_noted() -> Generator[None]:
    """Note what any event loop leaves to a thread: its executor's, or that of a database."""
    start = asyncio.BaseEventLoop.run_in_executor
    with (
        patch.object(asyncio.BaseEventLoop, "run_in_executor", _noting(start)),
        patch("aiosqlite.core.SimpleQueue", _Statements),
    ):
        yield


class _Statements(queue.SimpleQueue[tuple[asyncio.Future[Any] | None, object]]):
    """What a database's thread is to do, one after the other."""

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, object]) -> None:
        if item[0] is not None:
            _note(item[0])
        super().put_nowait(item)


def _noting(start: Callable[..., asyncio.Future[Any]]) -> Callable[..., asyncio.Future[Any]]:
    def noted(*args: Any) -> asyncio.Future[Any]:
        return _note(start(*args))

    return noted


def _note(work: asyncio.Future[Any]) -> asyncio.Future[Any]:
    _under_way.add(work)
    work.add_done_callback(_under_way.discard)
    return work
