"""Stops of the queue: nothing more is sent until a person resumes it, and nothing is lost."""

from __future__ import annotations

import pytest

from domain.generation import Status
from domain.slots import Slot
from tests.integration.conftest import RunningBot
from tests.integration.switches.cases import LOOK_UP_STOPS, STOPS, Case
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.refusals import STOPS as REFUSED_STOPS
from tests.integration.switches.refusals import RefusalCase
from tests.integration.switches.switch_harness import (
    NEXT,
    PROMPT,
    ended,
    imagined,
    one_of_each,
    turn,
)

pytestmark = pytest.mark.integration

LONG = 120.0
"""Seconds in which whatever is sent by itself would be sent."""


@pytest.fixture
def log_witness() -> LogWitness:
    """Watch the log, but allow the error line of a stop."""
    return LogWitness(excused={"queue_stopped"})


async def stopped(running_bot: RunningBot) -> None:
    """Wait until the owners are pinged, and check that nothing more is sent."""
    await running_bot.sandbox.wait_until(lambda: calls(running_bot) == 1)
    assert await running_bot.atelier.store.get_pause() is not None
    sent = len(running_bot.sandbox.interactions)
    await running_bot.imagine(NEXT)
    await running_bot.atelier.clock.sleep(LONG)
    assert len(running_bot.sandbox.interactions) == sent
    assert calls(running_bot) == 1, "the owners are called once"


def calls(running_bot: RunningBot) -> int:
    """Return how often the owners were pinged."""
    ann = running_bot.sandbox.people["ann"].mention
    account = str(running_bot.sandbox.account.id)
    own = (m for m in running_bot.sandbox.messages if m["author"]["id"] == account)
    return sum(ann in message["content"] for message in own)


async def goes_on(running_bot: RunningBot, status: Status) -> None:
    """Resume the queue, and wait for the ends of both generations."""
    await running_bot.sandbox.say("ann", "!resume")
    await ended(running_bot, PROMPT, status)
    await ended(running_bot, NEXT, Status.COMPLETED)


@pytest.mark.fault(name="F10")
@pytest.mark.parametrize(
    "case",
    one_of_each(
        (*STOPS, *LOOK_UP_STOPS),
        lambda case: (case.switch, case.value),
        lambda case: case in LOOK_UP_STOPS,
    ),
)
async def test_an_account_in_trouble_stops_the_queue(running_bot: RunningBot, case: Case) -> None:
    turn(running_bot, case.switch, case.value, case.only)
    await running_bot.imagine(PROMPT)
    await stopped(running_bot)
    await goes_on(running_bot, case.ends)
    assert imagined(running_bot) == 1


@pytest.mark.fault(name="F10")
@pytest.mark.parametrize("refusal", one_of_each(REFUSED_STOPS, lambda refusal: refusal.kind))
async def test_a_refusal_of_the_account_stops_the_queue(
    running_bot: RunningBot, refusal: RefusalCase
) -> None:
    """The owners read Midjourney's text."""
    turn(running_bot, "refusal", refusal.title, refusal.only)
    await running_bot.imagine(PROMPT)
    await stopped(running_bot)
    pause = await running_bot.atelier.store.get_pause()
    assert pause is not None
    assert pause.words.startswith(refusal.title)
    await goes_on(running_bot, refusal.ends)
    assert imagined(running_bot) == refusal.imagined


REPLIED = [each for each in REFUSED_STOPS if each.only == "press"]


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(each, id=each.title, marks=[pytest.mark.long] * (each.title != "Blocked"))
        for each in REPLIED
    ],
)
async def test_a_stop_that_only_replies_to_our_grid_stops_the_queue(
    running_bot: RunningBot, refusal: RefusalCase
) -> None:
    """The press has its waiting message already, as others may have; it is repeated afterwards."""
    turn(running_bot, "refusal", refusal.title, "press")
    turn(running_bot, "refusal_place", "reply", "press")
    await running_bot.imagine(PROMPT)
    await stopped(running_bot)
    rows = {row.prompt: row for row in await running_bot.generations()}
    assert rows[PROMPT].active
    assert Slot.UPSCALE_1 not in rows[PROMPT].stored
    assert rows[NEXT].status == Status.QUEUED
    await goes_on(running_bot, Status.COMPLETED)
    assert imagined(running_bot) == 1


async def test_a_stop_in_reply_to_our_grid_stops_nothing_when_we_pressed_nothing(
    running_bot: RunningBot,
) -> None:
    """Somebody else did, for whom all can see it."""
    turn(running_bot, "refusal", "Banned prompt", "press")
    await running_bot.imagine(PROMPT)
    end = await ended(running_bot, PROMPT, Status.FAILED)
    grid = end.step(Slot.GRID).message_id
    await running_bot.sandbox.say("midjourney", "Please complete the task", reply_to=grid)
    await running_bot.imagine(NEXT)
    await ended(running_bot, NEXT, Status.COMPLETED)
    assert await running_bot.atelier.store.get_pause() is None
