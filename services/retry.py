"""Waits for a database that is away; until it is back, nothing is decided or sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import stamina

from domain.errors import StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_PAUSE = 20.0
"""The longest pause between two tries, in seconds."""


async def when_available(
    call: Callable[P, Awaitable[T]],
    *arguments: P.args,
    **named: P.kwargs,
) -> T:
    """Repeat a call to the store until it is answered.

    Every call to the store may be repeated: if the work was already done, it returns `ALREADY`.
    """
    tries = stamina.retry_context(
        on=StoreUnavailable,
        attempts=None,
        timeout=None,
        wait_initial=0.5,
        wait_max=LONGEST_PAUSE,
    )
    async for attempt in tries:
        with attempt:
            return await call(*arguments, **named)
    raise AssertionError  # pragma: no cover -- without a limit the loop only ends by returning
