"""What is sent to Midjourney, and what is answered: the orchestrator's side of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.generation import Generation, Problem, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press of a button of one of Midjourney's messages; it repeats the message's flags."""

    message_id: int
    flags: int
    custom_id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Discord took the request (HTTP 204), which does not prove that Midjourney accepted it."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An explicit answer that the request was not accepted."""

    problem: Problem
    retry_after: float | None = None  #: seconds until it may be sent again; None: never


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or one that says nothing: the request may or may not have been accepted."""

    reason: str


Answer = Taken | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class Ready:
    """A request may go out now, in this session of the gateway; or it never could: `refusal`."""

    session_id: str
    refusal: Rejected | None = None


class Sender(Protocol):
    """The one who speaks to Midjourney. A request is one POST at the most, whatever happens."""

    def new_nonce(self) -> str:
        """Return a name for one request, by which its answer is known; unique for ever."""
        ...

    async def prepare(self, press: Press | None) -> Ready:
        """Wait for all that a request needs, so that it can go out as soon as it is intended."""
        ...

    async def send(
        self, generation: Generation, slot: Slot, press: Press | None, may_go: Callable[[], bool]
    ) -> Answer:
        """Ask for a picture with the nonce and session that the generation's step holds.

        By a press of a button, or without one by `/imagine`. `may_go` is asked right before: if it
        says no, nothing is sent.
        """
        ...

    async def stop_job(self, generation: Generation) -> None:
        """Press Midjourney's Cancel on the grid's progress message, if it has that button."""
        ...
