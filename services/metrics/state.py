"""How the worker is now, as far as it can be told to whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.pause import Pause
from domain.reasons import Reason


class PausedBy(StrEnum):
    """Why a person has to let the queue go on."""

    PERSON = "person"
    STOP = "stop"  #: a captcha, a moderator's notice and the like


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """The state of its gateway, its database and its queue; ages are in seconds."""

    connected: bool
    connects: int  #: to the gateway since the start, also those that took up the old session
    resumes: int  #: those that did
    event_age: float  #: since the gateway told anything
    heartbeat_age: float  #: since it answered a heartbeat
    database_answers: bool
    paused_by: PausedBy | None
    held_back: Reason | None  #: why nothing is sent for a while


def paused_by(pause: Pause | None) -> PausedBy | None:
    """Return who or what has paused the queue."""
    if pause is None:
        return None
    return PausedBy.STOP if pause.by is None else PausedBy.PERSON
