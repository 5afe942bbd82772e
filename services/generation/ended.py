"""What ended lately: late results are for it, and perhaps nobody was told of its end."""

from __future__ import annotations

from domain.generation import Generation
from domain.ports import Clock, GenerationReader
from domain.steps import LATE_RESULTS

PAGE = 100


async def ended_lately(store: GenerationReader, clock: Clock) -> list[Generation]:
    """Return what ended within the time of late results, in the order in which it ended."""
    found: list[Generation] = []
    since, after_seq = clock.now() - LATE_RESULTS, 0
    while page := await store.list_ended(since, after_seq=after_seq, limit=PAGE):
        found += page
        since, after_seq = page[-1].updated_at, page[-1].seq
    return found
