"""How often the bot writes in the channel: what can be counted is a test, not a benchmark."""

from __future__ import annotations

from dataclasses import replace

from domain.generation import Generation, Status
from domain.slots import UPSCALES, Slot
from services.updates import GenerationUpdate
from tests.builders import asked, picture
from tests.cogs.channel_harness import ChannelHarness

PERCENTS = (0, 15, 31, 46, 62, 78, 93)
"""What Midjourney says while it makes a grid, each 6.5 seconds."""


async def test_a_generation_of_a_minute_is_written_at_most_15_times(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined("a cat")

    async def tell(row: Generation, seconds: float, percent: int | None = None) -> Generation:
        await harness.tell(GenerationUpdate(row, percent=percent))
        await harness.clock.advance(seconds)
        return row

    row = await tell(replace(row, status=Status.SUBMITTING), 1)
    row = await tell(replace(row, status=Status.SUBMITTED, progress=25.0), 1)
    for percent in PERCENTS:
        await tell(row, 6.5, percent)
    row = await tell(_stored(replace(row, status=Status.GRID_COMPLETED), Slot.GRID), 0.5)
    row = replace(row, status=Status.VARIATIONS_IN_PROGRESS)
    for slot in UPSCALES:
        row = await tell(row.with_step(slot, asked()), 1.5)
    for slot in UPSCALES:
        row = await tell(_stored(row, slot), 1.5)
    row = replace(row, status=Status.COMPLETED, completed_at=harness.clock.now())
    await tell(row, 20)
    edits = harness.http.edits.qsize()
    assert len(harness.http.sent) + edits <= 15
    assert edits > 8  # it is told what happens all the same


def _stored(row: Generation, slot: Slot) -> Generation:
    return row.with_step(slot, replace(row.step(slot), picture=picture(row.id, slot)))
