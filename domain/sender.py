"""The interface of what sends requests to Midjourney, and its possible answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.events import JobFinished
from domain.generation import Generation, Problem
from domain.reasons import Reason
from domain.slots import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press of a button of one of Midjourney's messages; it repeats the message's flags."""

    message_id: int
    flags: int
    custom_id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Discord accepted the request (HTTP 204), which does not prove that Midjourney did."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An explicit answer that the request was not accepted."""

    problem: Problem
    retry_after: float | None = None  #: seconds until it may be sent again; None: never


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not accepted, for a reason that concerns every request, whatever it asks for.

    Nothing may be sent for `seconds`; None where nobody says for how long.
    """

    reason: Reason
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Nothing was sent: something came in between."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or an unclear one: the request may or may not have been accepted."""

    reason: str


Answer = Taken | Rejected | Postponed | Withdrawn | Unknown


@dataclass(frozen=True, slots=True)
class Ready:
    """A request can be sent now, in this gateway session; or not, because of `refusal`."""

    session_id: str
    refusal: Rejected | Postponed | None = None


class Sender(Protocol):
    """Sends requests to Midjourney: each with one POST at most, whatever happens."""

    def new_nonce(self) -> str:
        """Return a unique id for one request, by which its answer is recognised."""
        ...

    async def prepare(self, press: Press | None) -> Ready:
        """Wait for everything a request needs, so that it can be sent once it is recorded."""
        ...

    async def send(
        self, generation: Generation, slot: Slot, press: Press | None, may_go: Callable[[], bool]
    ) -> Answer:
        """Request a picture with the nonce and session of the generation's step.

        With a button, or without `press` by `/imagine`. `may_go` is called right before: if it
        returns False, nothing is sent.
        """
        ...

    async def read_grid(self, message_id: int) -> JobFinished | None:
        """Return a finished grid as its message is now; None if that can't be read."""
        ...

    async def stop_job(self, generation: Generation) -> None:
        """Press Midjourney's Cancel on the grid's progress message, if it has that button."""
        ...
