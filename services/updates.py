"""What the orchestrator reports; the bot dispatches each as an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.effects import Announcement
from domain.generation import Generation
from domain.pause import Pause


@dataclass(frozen=True, slots=True)
class GenerationUpdate:
    """What the channel should hear: a generation as it is now, and what is new about it.

    `announcement` is None where only the status message changes; `percent` is Midjourney's own;
    `delayed`: the try that a picture in Discord waits for, because the image store is away, or 0;
    `unanswered`: Midjourney has not answered its request for long.
    """

    event: ClassVar[str] = "atelier_update"

    generation: Generation
    announcement: Announcement | None = None
    percent: int | None = None
    delayed: int = 0
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class QueueStopped:
    """The queue was paused by something that needs a person."""

    event: ClassVar[str] = "atelier_stopped"

    pause: Pause


@dataclass(frozen=True, slots=True)
class PauseChange:
    """A person paused the queue, or let it go on: then there is no pause."""

    event: ClassVar[str] = "atelier_pause"

    pause: Pause | None


@dataclass(frozen=True, slots=True)
class DatabaseAway:
    """The database does not answer; nothing is sent until it does."""

    event: ClassVar[str] = "atelier_database_away"


@dataclass(frozen=True, slots=True)
class DatabaseBack:
    """The database answers again, after `DatabaseAway`."""

    event: ClassVar[str] = "atelier_database_back"


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """The account may not read the channel's history, or may do so again."""

    event: ClassVar[str] = "atelier_history"

    is_open: bool


Update = GenerationUpdate | QueueStopped | PauseChange | DatabaseAway | DatabaseBack | HistoryChange
