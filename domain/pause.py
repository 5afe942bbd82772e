"""The pause of the queue: by a person, or by a stop that needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.snowflakes import first_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Nothing is sent to Midjourney until a person resumes; commands are still accepted.

    `words` are Midjourney's or Discord's own, a `Reason`, or what the person `by` typed.
    """

    words: str
    since: datetime
    by: int | None = None

    def is_unknown_to(self, command: int) -> bool:
        """Whether it is a stop that came after a command was typed, by Discord's time."""
        return self.by is None and command < first_at(self.since)
