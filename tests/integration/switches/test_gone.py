"""A progress message is deleted: what came of its job is looked up before anything is said."""

from __future__ import annotations

from typing import Any

import pytest

from domain.generation import ProblemKind, Slot, Status
from tests.integration.conftest import House
from tests.integration.switches.cases import SOON
from tests.integration.switches.course import PROMPT, ended, imagined, turn

pytestmark = pytest.mark.integration

HISTORY = "GET /channels/{channel}/messages"


def tidy_up(house: House, words: str) -> None:
    """Delete the first message of Midjourney's that says so, as a moderator may."""

    def delete(event: str, message: dict[str, Any]) -> None:
        if event != "MESSAGE_DELETE" and words in message["content"]:
            stop()
            house.sandbox.delete_message(int(message["id"]))

    stop = house.sandbox.watch(delete)


@pytest.mark.parametrize("words", ["(Waiting to start)", "%) (fast)"])
async def test_a_grid_whose_progress_message_a_moderator_deletes_comes_back(
    house: House, words: str
) -> None:
    """It takes longer than the patience after that: it is given up, and the job runs on."""
    turn(house, "extra_delay", SOON, "grid")
    tidy_up(house, words)
    await house.imagine(PROMPT)
    end = await ended(house, PROMPT, Status.FAILED)
    assert end.problem is not None
    assert end.problem.kind == ProblemKind.STOPPED
    assert house.sandbox.requests[HISTORY] >= 1
    back = await house.ended(PROMPT)
    assert back.stored == tuple(Slot)
    assert imagined(house) == 1


async def test_a_grid_that_is_there_before_the_patience_ends_was_never_given_up(
    house: House,
) -> None:
    """Nobody heard it come, only the end of its progress message."""
    turn(house, "deliver_event", "lost", "grid")
    await house.imagine(PROMPT)
    end = await ended(house, PROMPT, Status.COMPLETED)
    assert end.stored == tuple(Slot)
    assert end.step(Slot.GRID).gone_at is not None
    assert house.sandbox.requests[HISTORY] >= 1


async def test_an_upscale_whose_waiting_message_a_moderator_deletes_is_there_all_the_same(
    house: House,
) -> None:
    """The button is pressed again meanwhile; whichever picture comes is the same one."""
    turn(house, "extra_delay", 30.0, "solo")
    tidy_up(house, "Upscaling image #1")
    await house.imagine(PROMPT)
    assert (await ended(house, PROMPT, Status.COMPLETED)).stored == tuple(Slot)
    presses = [one for one in house.sandbox.interactions if "upsample::1::" in one.custom_id]
    assert len(presses) == 2
