"""Whether anything may be sent to Midjourney now."""

from __future__ import annotations

from dataclasses import dataclass

from services.generation.hold import Hold
from services.generation.pause import QueuePause


@dataclass(frozen=True, slots=True)
class Gate:
    """Closed by a pause, which a person ends, or by a hold, which time ends."""

    queue_pause: QueuePause
    hold: Hold

    @property
    def is_open(self) -> bool:
        """Whether the next request may be sent."""
        return not self.is_paused and not self.hold.lasts

    @property
    def is_paused(self) -> bool:
        """Whether a person has to let it go on."""
        return self.queue_pause.pause is not None
