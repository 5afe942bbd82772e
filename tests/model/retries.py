"""Stamina's retries without its cost: the same waits, in the loop's own time."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self


class QuickRetries:
    """Stands for the module in `services.retry`, which asks for one thing only."""

    @staticmethod
    def retry_context(
        *, on: type[Exception], wait_initial: float, wait_max: float, **_: object
    ) -> Attempts:
        """Return the attempts of one call; their number has no limit."""
        return Attempts(on, wait_initial, wait_max)


class Attempts:
    """Each is the same context manager: it swallows the error that is to be retried."""

    def __init__(self, on: type[Exception], wait: float, longest: float) -> None:
        self._on = on
        self._wait = wait
        self._longest = longest
        self._failed = False

    def with_name(self, *_: object) -> Self:
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Self:
        if self._failed:
            await asyncio.sleep(self._wait)
            self._wait = min(2 * self._wait, self._longest)
            self._failed = False
        return self

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._failed = kind is not None and issubclass(kind, self._on)
        return self._failed
