"""Waits for a database that is away; until it is back, nothing is decided or sent.

Every retry is named, also where others wait for something else, so that its log line says what is
tried again. Arguments are never named: they may be prompts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import stamina
import structlog
from stamina.instrumentation import RetryDetails

from domain.errors import StoreUnavailable

log = structlog.get_logger(__name__)

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
    async for attempt in tries.with_name(_name(call), (), {}):
        with attempt:
            return await call(*arguments, **named)
    raise AssertionError  # pragma: no cover -- without a limit the loop only ends by returning


def log_retry(details: RetryDetails) -> None:
    """Write one line for each failure after which there is another try."""
    log.warning(
        "trying_again",
        what=details.name,
        failures=details.retry_num,
        seconds=round(details.wait_for, 2),
        error=type(details.caused_by).__name__,
        why=str(details.caused_by),
    )


def _name(call: Callable[..., object]) -> str:
    """Return the name of a function with its class: `SqliteGenerationStore.claim_next`."""
    return getattr(call, "__qualname__", type(call).__name__).replace("<locals>.", "")
