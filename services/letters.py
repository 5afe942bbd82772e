"""What comes to the orchestrator's inbox, and what it tells in return."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.effects import Announcement
from domain.events import Event, Heard, Request
from domain.generation import Generation
from domain.pause import Pause
from domain.requests import Objection


@dataclass(frozen=True, slots=True)
class Tick:
    """A second has passed."""


@dataclass(frozen=True, slots=True)
class FromChannel:
    """Something was heard, live."""

    heard: Heard


@dataclass(frozen=True, slots=True)
class FromHistory:
    """Everything that the channel's history holds about jobs after the message `since`.

    It was read from `at` on: what was said later may be in it or not.
    """

    heard: tuple[Heard, ...]
    since: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ForGeneration:
    """What became of something done for a generation; somebody waits until it is committed."""

    generation_id: str
    event: Event
    committed: asyncio.Future[Generation]


@dataclass(frozen=True, slots=True)
class Asked:
    """A person asks for something by the message `command`, and waits for the answer."""

    generation_id: str
    request: Request
    command: int
    answered: asyncio.Future[Answered]


Letter = Tick | FromChannel | FromHistory | ForGeneration | Asked


@dataclass(frozen=True, slots=True)
class Told:
    """What the channel should hear: a generation as it is now, and what is new about it.

    `announcement` is None where only the status message changes; `percent` is Midjourney's own;
    `delayed`: the try that a picture in Discord waits for, because the image store is away, or 0;
    `unanswered`: Midjourney has not answered its request for long.
    """

    event: ClassVar[str] = "atelier_told"

    generation: Generation
    announcement: Announcement | None = None
    percent: int | None = None
    delayed: int = 0
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """The queue was paused by something that needs a person."""

    event: ClassVar[str] = "atelier_stopped"

    pause: Pause


@dataclass(frozen=True, slots=True)
class Away:
    """The database does not answer; nothing is sent until it does."""

    event: ClassVar[str] = "atelier_away"


News = Told | Stopped | Away


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a request: the generation as it is now, and what spoke against it, if so."""

    generation: Generation
    objection: Objection | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a command: its generation, how many come before it, and whether it is new."""

    generation: Generation
    place: int
    new: bool
    pause: Pause | None = None
