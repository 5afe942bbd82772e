"""Has a final notice that could not be sent tried again, until it is sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from domain.effects import TOLD
from domain.ports import Clock, GenerationStore
from services.generation.notifier import Notifier
from services.retry import when_available
from services.updates import GenerationUpdate

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 40.0
"""Seconds before the next try: each pause is twice as long as the one before."""


@dataclass(slots=True)
class _Delay:
    due_at: float
    pause: float


class DelayedNotices:
    """Tells the cogs again that a generation has ended: they send the notice."""

    def __init__(self, store: GenerationStore, notifier: Notifier, clock: Clock) -> None:
        """Keep the parts; nothing is delayed."""
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._delays: dict[str, _Delay] = {}
        self._added = asyncio.Event()

    def add(self, generation_id: str, why: str) -> None:
        """Have it tried again later; each time it fails again, after a longer pause."""
        now, delay = self._clock.monotonic(), self._delays.get(generation_id)
        if delay is None:
            log.warning("notice_delayed", gen=generation_id, why=why)
        pause = FIRST_PAUSE if delay is None else min(2 * delay.pause, LONGEST_PAUSE)
        self._delays[generation_id] = _Delay(now + pause, pause)
        self._added.set()

    def settle(self, generation_id: str) -> None:
        """Note that it was sent, or refused for good."""
        self._delays.pop(generation_id, None)

    async def run(self) -> None:
        """Try again what is due, until cancelled."""
        while True:
            await self._added.wait()
            self._added.clear()
            while self._delays:
                await self._clock.sleep(FIRST_PAUSE)
                for generation_id in self._due():
                    await self._tell(generation_id)

    def _due(self) -> list[str]:
        now = self._clock.monotonic()
        return [key for key, delay in self._delays.items() if delay.due_at <= now]

    async def _tell(self, generation_id: str) -> None:
        """Tell it once more, unless nobody has to be told any longer."""
        delay = self._delays.get(generation_id)
        if delay is None:  # it was sent meanwhile
            return
        delay.due_at = float("inf")  # until the cogs say what came of it
        row = await when_available(self._store.get_generation, generation_id)
        if row is None or row.status not in TOLD or row.notice_message_id is not None:
            self.settle(generation_id)
        else:
            self._notifier.tell(GenerationUpdate(row))
