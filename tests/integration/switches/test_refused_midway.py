"""Nothing is paid for twice, whatever Midjourney says after the job has begun."""

from __future__ import annotations

import pytest

from domain.generation import Status
from domain.slots import Slot
from sandbox.refusals import FULL, LATER, REFUSALS, STOPS
from tests.integration.conftest import RunningBot
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.switch_harness import at_rest, imagined, turn

pytestmark = pytest.mark.integration

NOT_ACCEPTED = [title for title, each in REFUSALS.items() if each.outcome in {FULL, LATER, STOPS}]
QUICK = {"Queue full", "Credits exhausted"}


@pytest.fixture
def log_witness() -> LogWitness:
    """Watch the log, but allow the error line of a stop."""
    return LogWitness(excused={"queue_stopped"})


def stopped(log_witness: LogWitness) -> bool:
    """Tell whether the queue has been stopped for the account."""
    return any(line["event"] == "queue_stopped" for line in log_witness.lines)


titles = pytest.mark.parametrize(
    "title",
    [pytest.param(each, marks=[pytest.mark.long] * (each not in QUICK)) for each in NOT_ACCEPTED],
)


@titles
@pytest.mark.parametrize("place", ["edit", "reply"])
async def test_an_imagine_that_has_begun_is_not_sent_again(
    running_bot: RunningBot,
    log_witness: LogWitness,
    title: str,
    place: str,
) -> None:
    """The bot then ignores that it was not accepted; but a stop still counts."""
    turn(running_bot, "refusal", title, "imagine")
    turn(running_bot, "refusal_place", place, "imagine")
    await running_bot.imagine("a cat")
    [row] = await at_rest(running_bot, 1)
    assert row.status in {Status.FAILED, Status.NEEDS_ATTENTION}
    assert imagined(running_bot) == 1
    assert stopped(log_witness) == (REFUSALS[title].outcome == STOPS)


@titles
@pytest.mark.parametrize("place", ["edit", pytest.param("reply", marks=pytest.mark.long)])
async def test_a_press_that_has_begun_is_repeated(
    running_bot: RunningBot,
    log_witness: LogWitness,
    title: str,
    place: str,
) -> None:
    """It costs nothing. A reply to the grid does not say which press it is about; a stop stops."""
    turn(running_bot, "refusal", title, "press")
    turn(running_bot, "refusal_place", place, "press")
    await running_bot.imagine("a cat")
    [row] = await at_rest(running_bot, 1)
    assert (row.status, row.stored) == (Status.COMPLETED, tuple(Slot))
    assert imagined(running_bot) == 1
    assert stopped(log_witness) == (REFUSALS[title].outcome == STOPS)
