"""Tells whoever listens what has changed; nothing depends on anybody listening."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from domain.effects import Announcement, Effect, ShowProgress
from domain.generation import Generation, Slot
from services.letters import News, Told

log = structlog.get_logger(__name__)


class Herald:
    """Those who listen, and what they are told."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: list[Callable[[News], None]] = []
        self._delayed: set[tuple[str, Slot]] = set()

    def subscribe(self, listener: Callable[[News], None]) -> None:
        """Call `listener` with all news."""
        self._listeners.append(listener)

    def tell(self, news: News) -> None:
        """Tell one thing to all."""
        for listener in self._listeners:
            listener(news)

    def tell_again(self, generation: Generation) -> None:
        """Tell how a generation is, though nothing about it has changed."""
        self.tell(Told(generation, delayed=self._waits(generation.id)))

    def delay(self, generation: Generation, slot: Slot) -> None:
        """Tell that a picture waits to be stored, now and with each change until `end_delay`."""
        self._delayed.add((generation.id, slot))
        self.tell(Told(generation, delayed=True))

    def end_delay(self, generation_id: str, slot: Slot) -> None:
        """Say no more that a picture waits, if that was said."""
        self._delayed.discard((generation_id, slot))

    def tell_change(
        self,
        before: Generation,
        after: Generation,
        effects: tuple[Effect, ...],
    ) -> None:
        """Tell what the step from one state of a generation to the next means to people."""
        percent = next((e.percent for e in effects if isinstance(e, ShowProgress)), None)
        delayed = self._waits(after.id)
        if after.status != before.status:
            log.info("status", gen=after.code, before=before.status.value, now=after.status.value)
        if after != before or percent is not None:
            self.tell(Told(after, percent=percent, delayed=delayed))
        for effect in effects:
            if isinstance(effect, Announcement):
                self.tell(Told(after, announcement=effect, delayed=delayed))

    def _waits(self, generation_id: str) -> bool:
        return any(generation_id == waiting for waiting, _ in self._delayed)
