"""What a store looks at before it accepts a command: how much there is of everybody's already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.generation import Generation, ProblemKind

MOST_COUNTED = 1000
"""Higher than any limit of the settings, so that counting stays quick."""
REFUSALS = 2
"""After so many refusals in a short time, a person has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is waiting, in total and for one person, and what that person asked for lately.

    Each count stops at `MOST_COUNTED`.
    """

    waiting: int
    own_waiting: int
    own_lately: int  #: accepted since the time that was asked about
    own_last: datetime | None  #: when the latest of these was accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The load, and the person's latest failed generations, newest first, as many as `REFUSALS`."""

    load: Load
    failed: Sequence[Generation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From where on a command is one too many; None: that does not matter.

    `domain.quota` makes them of the settings, and says why a command is one too many.
    """

    since: datetime  #: the start of what counts as lately
    waiting: int | None = None
    own_waiting: int | None = None
    own_lately: int | None = None
    own_last: datetime | None = None  #: when the latest was accepted: later is too late
    refused: datetime | None = None  #: when the latest failed ones were refused: all later

    def are_reached(self, standing: Standing) -> bool:
        """Whether one more would be one too many."""
        load = standing.load
        counts = (
            (self.waiting, load.waiting),
            (self.own_waiting, load.own_waiting),
            (self.own_lately, load.own_lately),
        )
        return (
            any(bound is not None and count >= bound for bound, count in counts)
            or self._is_too_soon(load.own_last)
            or self._are_refused(standing.failed)
        )

    def _is_too_soon(self, own_last: datetime | None) -> bool:
        return own_last is not None and self.own_last is not None and own_last > self.own_last

    def _are_refused(self, failed: Sequence[Generation]) -> bool:
        since = self.refused
        if since is None:
            return False
        refused = [one for one in failed if is_refused(one) and one.updated_at > since]
        return len(refused) >= REFUSALS


def is_refused(generation: Generation) -> bool:
    """Whether Midjourney refused it, which counts against the account."""
    problem = generation.problem
    return problem is not None and problem.kind == ProblemKind.REFUSED
