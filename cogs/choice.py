"""Which of a person's own generations a command means that names none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cogs.listing import Listing
from domain.events import Retried
from domain.generation import ENDED, TERMINAL, Generation, Status
from domain.ports import Query
from domain.requests import objection

LOOKED_THROUGH = 20
"""Among how many of the latest it is searched for."""
OFFERED = 5
"""How many of the latest a person is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What such a command means: what is picked of the latest. Of several, the person is asked."""

    pick: Callable[[Sequence[Generation]], Sequence[Generation]]
    among: frozenset[Status] = frozenset()  #: of those in these statuses; empty: of all
    asks: bool = False  #: the person is asked in any case

    async def of(self, author_id: int, listing: Listing) -> Sequence[Generation]:
        """Return what a person may mean: the latest if nothing fits, nothing if there is none."""
        latest = Query(author_id=author_id, limit=LOOKED_THROUGH)
        own = await listing.page(replace(latest, statuses=self.among))
        picked = self.pick(own) if own else own
        return picked or (await listing.page(replace(latest, limit=1)))


def _latest(fits: Callable[[Generation], bool]) -> Choice:
    return Choice(pick=lambda own: [one for one in own if fits(one)][:1])


def _running(own: Sequence[Generation]) -> Sequence[Generation]:
    return [one for one in own if one.status not in ENDED] or own


def _retryable(own: Sequence[Generation]) -> Sequence[Generation]:
    """Return the latest that can be retried, or else the latest: it is said why it can't be."""
    return ([one for one in own if objection(one, Retried()) is None] or own)[:1]


WHICH = Choice(pick=lambda own: own[:OFFERED], asks=True)
WHICH_UNSOLVED = replace(WHICH, among=ENDED - {Status.COMPLETED})
WHICH_ENDED = replace(WHICH, among=TERMINAL)
LATEST = _latest(lambda _: True)
LATEST_UNDELETED = _latest(lambda one: not one.archived)
LATEST_PROMPT = _latest(lambda one: bool(one.prompt))
LATEST_PICTURES = _latest(lambda one: bool(one.stored) and not one.archived)
LATEST_GRID = _latest(lambda one: one.has_grid and not one.archived)
RETRYABLE = Choice(pick=_retryable, among=ENDED - {Status.COMPLETED})
RUNNING = Choice(pick=_running, among=frozenset(Status) - TERMINAL)
