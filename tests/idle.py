"""Knows when nothing is running on the event loop, or in a thread that it waits for.

A fake clock moves only then, so a slow or busy machine does not change any result. Sockets are
not checked: data on its way through one is not seen.
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
    """Wait until all other tasks on this event loop wait for time, or for this caller."""
    loop: Any = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        if threads := [work for work in _under_way if work.get_loop() is loop]:
            await asyncio.wait(threads)
        elif not loop._ready:
            return


@contextmanager
def threads_noted() -> Generator[None]:
    """Track the work that event loops give to threads: an executor's, or a database's."""
    start = asyncio.BaseEventLoop.run_in_executor
    with (
        patch.object(asyncio.BaseEventLoop, "run_in_executor", _noting(start)),
        patch("aiosqlite.core.SimpleQueue", _Statements),
    ):
        yield


class _Statements(queue.SimpleQueue[tuple[asyncio.Future[Any] | None, object]]):
    """The queue of a database's thread."""

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
