"""Every value of every switch: what a generation comes to, and that the queue goes on."""

from __future__ import annotations

from functools import partial

import pytest

from domain.generation import Slot, Status
from services import images
from tests.integration.conftest import House
from tests.integration.switches.cases import CASES, DOWNLOADS, HISTORY, REQUESTS, Case
from tests.integration.switches.course import PROMPT, comes_to, imagined, turn
from tests.integration.switches.truth import Watch

pytestmark = pytest.mark.integration


def table(cases: tuple[Case, ...]) -> pytest.MarkDecorator:
    """Run a test with each case, at its speed; the rare ones only in the long run."""
    rows = [
        pytest.param(case, case.speed, id=str(case), marks=[pytest.mark.long] * case.rare)
        for case in cases
    ]
    return pytest.mark.parametrize(("case", "speed"), rows)


@table(CASES)
async def test_a_generation_comes_to_what_its_switch_says(house: House, case: Case) -> None:
    """At most one /imagine is accepted, and what is shown never goes back."""
    watch = Watch(house)
    turn(house, case.switch, case.value, case.only, case.times)
    end = await comes_to(house, case.ends, case.why, case.says)
    if end.status == Status.COMPLETED:
        assert end.stored == tuple(Slot)
        assert watch.shown == sorted(watch.shown)
    if case.at_last is not None:
        await house.ended(PROMPT, case.at_last)
    assert imagined(house) <= 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less long for a picture whose bytes do not come."""
    limits = partial(images.Limits, total_seconds=1.0, stall_seconds=0.3)
    monkeypatch.setattr(images, "Limits", limits)


@pytest.mark.usefixtures("impatient", "fast_retries")
@table(DOWNLOADS)
async def test_a_picture_that_does_not_come_is_fetched_again(house: House, case: Case) -> None:
    turn(house, case.switch, case.value, case.only, case.times)
    end = await comes_to(house, case.ends, case.why)
    assert end.stored == tuple(Slot)


@table(REQUESTS)
async def test_what_discord_answers_otherwise_keeps_no_picture_away(
    house: House,
    case: Case,
) -> None:
    """The history is read because the grid comes while nobody hears it."""
    if case.only == HISTORY:
        turn(house, "gateway_at_result", "fresh", "grid")
    turn(house, case.switch, case.value, case.only)
    await comes_to(house, case.ends, case.why)
    assert imagined(house) <= 1
