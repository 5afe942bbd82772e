"""Whether a request may be sent to Midjourney now."""

from __future__ import annotations

from dataclasses import dataclass

from domain.generation import Generation
from services.generation.hold import Hold
from services.generation.pause import QueuePause
from services.generation.waits import Waits


@dataclass(frozen=True, slots=True)
class Gate:
    """Closed by a pause, which a person ends, or by a hold, which time ends."""

    queue_pause: QueuePause
    hold: Hold
    waits: Waits

    @property
    def is_open(self) -> bool:
        """Whether the next request may be sent."""
        return not self.is_paused and not self.hold.lasts

    def is_open_for(self, generation: Generation) -> bool:
        """Whether this generation's next request may be sent: it may have to wait for itself."""
        return self.is_open and self.waits.are_over(generation.not_before)

    @property
    def is_paused(self) -> bool:
        """Whether a person has to let it go on."""
        return self.queue_pause.pause is not None
