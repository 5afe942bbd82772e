"""`!cancel all`: what one has waiting or running, by the rules of `!cancel`."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from domain.errors import StoreUnavailable
from domain.generation import Status
from domain.slots import Slot
from services.generation.inbox import Answered
from tests.builders import asked
from tests.cogs.channel_harness import ANN, BEN, ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import changed, now, painted, queued, unknown

NOTHING = "You have nothing waiting or running."


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def test_all_of_ones_own_that_wait_or_run_are_cancelled(harness: ChannelHarness) -> None:
    doubtful, done = await unknown(harness), await painted(harness, wanted=())
    elsewhere = await queued(harness, channel_id=ELSEWHERE)
    running = (await queued(harness)).with_step(Slot.GRID, asked())
    running = await changed(harness, running, status=Status.SUBMITTED, steps=running.steps)
    bens = await queued(harness, author_id=BEN)
    waiting = [await queued(harness) for _ in range(25)]  # more than a page
    codes = ", ".join(f"`{row.code}`" for row in (*waiting[::-1], running))
    assert await only(harness, "!cancel ALL") == (
        f"🛑 Cancelled 26: {codes}.\n"
        f"I've stopped following `{running.code}`. Midjourney may still finish it."
    )
    for row in (running, *waiting):
        assert (await now(harness, row)).status == Status.CANCELLED
    for row in (doubtful, done, elsewhere, bens):
        assert (await now(harness, row)).status in {row.status, Status.SUBMITTING}
    assert await only(harness, "!cancel all") == NOTHING


@pytest.mark.parametrize("typed", ["!c all", "!stop everything", "!annule tout"])
async def test_nothing_to_cancel_is_said(harness: ChannelHarness, typed: str) -> None:
    await queued(harness, author_id=BEN)
    assert await only(harness, typed) == NOTHING


async def test_rest_is_cancelled_later_if_it_ends_in_between(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark has not moved yet, so that the next process finds the command, too."""
    rows = [await queued(harness, author_id=BEN) for _ in range(3)]
    generations, store = harness.atelier.generations, harness.atelier.store
    ask, calls = generations.ask, count()

    async def all_but_the_second(*arguments: Any) -> Answered:
        if next(calls) == 1:
            raise StoreUnavailable("away")
        return await ask(*arguments)

    monkeypatch.setattr(generations, "ask", all_but_the_second)
    typed = harness.unheard("!cancel all", BEN)
    *_, promised = await harness.back()  # first, the three are answered
    assert "I can't save anything right now" in promised.text
    assert (await store.get_mark() or 0) < typed
    (answer,) = await harness.later()
    assert answer.text.startswith("🛑 Cancelled 2: ")
    assert [(await now(harness, row)).status for row in rows] == [Status.CANCELLED] * 3
    assert (await store.get_mark() or 0) >= typed
