"""Reports changes to listeners; nothing depends on them."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from domain.effects import Announcement, Effect, ShowProgress
from domain.generation import Generation
from domain.slots import Slot
from services.updates import GenerationUpdate, Update

log = structlog.get_logger(__name__)


class Notifier:
    """Those who listen, and what they are told."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: list[Callable[[Update], None]] = []
        self._delayed: dict[tuple[str, Slot], int] = {}

    def subscribe(self, listener: Callable[[Update], None]) -> None:
        """Call `listener` with all news."""
        self._listeners.append(listener)

    def tell(self, news: Update) -> None:
        """Report one thing to all listeners."""
        for listener in self._listeners:
            listener(news)

    def tell_again(self, generation: Generation) -> None:
        """Report a generation again, although nothing about it has changed."""
        self.tell(GenerationUpdate(generation, delayed=self._next_try(generation.id)))

    def delay(self, generation: Generation, slot: Slot, number: int) -> None:
        """Report that storing a picture is delayed, now and with each change until `end_delay`.

        `number` is that of the next try; of pictures that wait together the highest is told.
        """
        told = self._next_try(generation.id)
        self._delayed[generation.id, slot] = number
        if number > told:
            self.tell_again(generation)

    def end_delay(self, generation_id: str, slot: Slot) -> None:
        """Stop reporting that storing a picture is delayed, if it was reported."""
        self._delayed.pop((generation_id, slot), None)

    def tell_change(
        self,
        before: Generation,
        after: Generation,
        effects: tuple[Effect, ...],
    ) -> None:
        """Report what changed between two states of a generation."""
        percent = next((e.percent for e in effects if isinstance(e, ShowProgress)), None)
        delayed = self._next_try(after.id)
        if after.status != before.status:
            log.info("status", gen=after.code, before=before.status.value, now=after.status.value)
        if after != before or percent is not None:
            self.tell(GenerationUpdate(after, percent=percent, delayed=delayed))
        for effect in effects:
            if isinstance(effect, Announcement):
                self.tell(GenerationUpdate(after, announcement=effect, delayed=delayed))

    def _next_try(self, generation_id: str) -> int:
        numbers = (n for (waiting, _), n in self._delayed.items() if waiting == generation_id)
        return max(numbers, default=0)
