"""What stops the queue: nothing more is sent until a person says so, and nothing is lost."""

from __future__ import annotations

import pytest

from domain.generation import Slot, Status
from tests.integration.conftest import House
from tests.integration.switches.cases import LOOK_UP_STOPS, STOPS, Case
from tests.integration.switches.course import NEXT, PROMPT, ended, imagined, turn
from tests.integration.switches.refusals import STOPS as REFUSED_STOPS
from tests.integration.switches.refusals import Refusal
from tests.integration.switches.truth import Witness

pytestmark = pytest.mark.integration

LONG = 120.0
"""Seconds in which whatever is sent by itself would be sent."""


@pytest.fixture
def witness() -> Witness:
    """Watch, knowing that a stop is an error line."""
    return Witness(excused={"queue_stopped"})


async def stopped(house: House) -> None:
    """Wait until the owners are called, and see that nothing more is sent."""
    await house.sandbox.wait_until(lambda: calls(house) == 1)
    assert await house.atelier.store.get_pause() is not None
    sent = len(house.sandbox.interactions)
    await house.imagine(NEXT)
    await house.atelier.clock.sleep(LONG)
    assert len(house.sandbox.interactions) == sent
    assert calls(house) == 1, "the owners are called once"


def calls(house: House) -> int:
    """Return how often the owners were called."""
    ann = house.sandbox.people["ann"].mention
    account = str(house.sandbox.account.id)
    own = (m for m in house.sandbox.messages if m["author"]["id"] == account)
    return sum(ann in message["content"] for message in own)


async def goes_on(house: House, status: Status) -> None:
    """Let it go on, and wait for the ends of both generations."""
    await house.sandbox.say("ann", "!resume")
    await ended(house, PROMPT, status)
    await ended(house, NEXT, Status.COMPLETED)


@pytest.mark.parametrize(
    ("case", "speed"),
    [
        *(pytest.param(case, case.speed, id=str(case)) for case in STOPS),
        *(
            pytest.param(case, case.speed, id=str(case), marks=pytest.mark.long)
            for case in LOOK_UP_STOPS
        ),
    ],
)
async def test_an_account_in_trouble_stops_the_queue(house: House, case: Case) -> None:
    turn(house, case.switch, case.value, case.only)
    await house.imagine(PROMPT)
    await stopped(house)
    await goes_on(house, case.ends)
    assert imagined(house) == 1


@pytest.mark.parametrize(
    ("refusal", "speed"), [pytest.param(each, each.speed, id=str(each)) for each in REFUSED_STOPS]
)
async def test_a_refusal_of_the_account_stops_the_queue(house: House, refusal: Refusal) -> None:
    """The words that the owners read are Midjourney's."""
    turn(house, "refusal", refusal.title, refusal.only)
    await house.imagine(PROMPT)
    await stopped(house)
    pause = await house.atelier.store.get_pause()
    assert pause is not None
    assert pause.words.startswith(refusal.title)
    await goes_on(house, refusal.ends)
    assert imagined(house) == refusal.imagined


REPLIED = [each for each in REFUSED_STOPS if each.only == "press"]


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(each, id=each.title, marks=[pytest.mark.long] * (each.title != "Blocked"))
        for each in REPLIED
    ],
)
async def test_a_stop_that_only_replies_to_our_grid_stops_the_queue(
    house: House, refusal: Refusal
) -> None:
    """The press has its waiting message already, as others may have; it is repeated afterwards."""
    turn(house, "refusal", refusal.title, "press")
    turn(house, "refusal_place", "reply", "press")
    await house.imagine(PROMPT)
    await stopped(house)
    rows = {row.prompt: row for row in await house.generations()}
    assert rows[PROMPT].active
    assert Slot.UPSCALE_1 not in rows[PROMPT].stored
    assert rows[NEXT].status == Status.QUEUED
    await goes_on(house, Status.COMPLETED)
    assert imagined(house) == 1


async def test_a_stop_in_reply_to_our_grid_stops_nothing_when_we_pressed_nothing(
    house: House,
) -> None:
    """Somebody else did, for whom all can see it."""
    turn(house, "refusal", "Banned prompt", "press")
    await house.imagine(PROMPT)
    end = await ended(house, PROMPT, Status.FAILED)
    grid = end.step(Slot.GRID).message_id
    await house.sandbox.say("midjourney", "Please complete the task", reply_to=grid)
    await house.imagine(NEXT)
    await ended(house, NEXT, Status.COMPLETED)
    assert await house.atelier.store.get_pause() is None
