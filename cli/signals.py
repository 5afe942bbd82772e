"""How a process ends when it is told to: in order, by SIGTERM and Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable

import structlog

from cli.exit import Exit

log = structlog.get_logger("bot")


async def until_stopped(worker: Awaitable[Exit]) -> Exit:
    """Shut down in order on SIGTERM and Ctrl-C; a second Ctrl-C ends the process at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 -- this is a coroutine of `asyncio.run`

    def stop(*_: object) -> None:
        heed_no_more()
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        return await worker
    except asyncio.CancelledError:
        log.info("stopped")
        return Exit.DONE
    finally:
        heed_no_more()
        if hasattr(signal, "pthread_sigmask"):  # the interpreter's own end gives up all handlers
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def heed_no_more() -> None:
    """Ignore further SIGTERMs until the process has ended.

    Not with SIG_IGN: Python prints a traceback for a signal that arrives while that is being set.
    """
    signal.signal(signal.SIGTERM, _do_nothing)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _do_nothing(*_: object) -> None:
    pass
