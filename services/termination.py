"""SIGTERM to somebody else's bot, which would otherwise end the process at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any


def close_on_sigterm(
    close: Callable[[], Coroutine[Any, Any, None]],
) -> Callable[[], Awaitable[None]]:
    """Have SIGTERM close the bot in order, unless the host handles it; return what ends that.

    After the first SIGTERM it does not end any more: a second one must not disturb the close.
    """
    loop, closing = asyncio.get_running_loop(), list[asyncio.Task[None]]()

    def heard() -> None:
        if not closing:
            closing.append(loop.create_task(close(), name="close"))

    async def end() -> None:
        if installed and not closing:
            loop.remove_signal_handler(signal.SIGTERM)

    installed = False
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        # Windows cannot, and neither can any thread but the main one.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGTERM, heard)
            installed = True
    return end
