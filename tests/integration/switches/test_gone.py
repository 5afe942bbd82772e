"""A progress message is deleted: the bot looks up the job's result before it says anything."""

from __future__ import annotations

from typing import Any

import pytest

from domain.generation import ProblemKind, Status
from domain.slots import Slot
from tests.integration.conftest import RunningBot
from tests.integration.switches.cases import SOON
from tests.integration.switches.switch_harness import PROMPT, ended, imagined, turn

pytestmark = pytest.mark.integration

HISTORY = "GET /channels/{channel}/messages"


def tidy_up(running_bot: RunningBot, words: str) -> None:
    """Delete the first message of Midjourney's with these words, as a moderator may."""

    def delete(event: str, message: dict[str, Any]) -> None:
        if event != "MESSAGE_DELETE" and words in message["content"]:
            stop()
            running_bot.sandbox.delete_message(int(message["id"]))

    stop = running_bot.sandbox.watch(delete)


@pytest.mark.fault(name="F15")
@pytest.mark.parametrize("words", ["(Waiting to start)", "%) (fast)"])
async def test_a_grid_whose_progress_message_a_moderator_deletes_comes_back(
    running_bot: RunningBot, words: str
) -> None:
    """It takes longer than the bot waits after that: the bot gives up, and the job runs on."""
    turn(running_bot, "extra_delay", SOON, "grid")
    tidy_up(running_bot, words)
    await running_bot.imagine(PROMPT)
    end = await ended(running_bot, PROMPT, Status.FAILED)
    assert end.problem is not None
    assert end.problem.kind == ProblemKind.STOPPED
    assert running_bot.sandbox.requests[HISTORY] >= 1
    back = await running_bot.ended(PROMPT)
    assert back.stored == tuple(Slot)
    assert imagined(running_bot) == 1


async def test_a_grid_that_is_there_before_the_patience_ends_was_never_given_up(
    running_bot: RunningBot,
) -> None:
    """The grid's event was lost; only the deletion of its progress message arrived."""
    turn(running_bot, "deliver_event", "lost", "grid")
    await running_bot.imagine(PROMPT)
    end = await ended(running_bot, PROMPT, Status.COMPLETED)
    assert end.stored == tuple(Slot)
    assert end.step(Slot.GRID).gone_at is not None
    assert running_bot.sandbox.requests[HISTORY] >= 1


async def test_an_upscale_whose_waiting_message_a_moderator_deletes_is_there_all_the_same(
    running_bot: RunningBot,
) -> None:
    """Its picture comes within the time that a press has."""
    turn(running_bot, "extra_delay", 30.0, "solo")
    tidy_up(running_bot, "Upscaling image #1")
    await running_bot.imagine(PROMPT)
    assert (await ended(running_bot, PROMPT, Status.COMPLETED)).stored == tuple(Slot)
    presses = [one for one in running_bot.sandbox.interactions if "upsample::1::" in one.custom_id]
    assert len(presses) == 1
