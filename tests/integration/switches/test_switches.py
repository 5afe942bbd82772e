"""Every value of every switch: how a generation ends, and that the queue goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from domain.generation import Status
from domain.slots import Slot
from services.pictures import download
from tests.integration.conftest import RunningBot
from tests.integration.switches.cases import CASES, DOWNLOADS, HISTORY, LOOKS, REQUESTS, Case
from tests.integration.switches.invariants import Watch
from tests.integration.switches.switch_harness import PROMPT, comes_to, imagined, one_of_each, turn

pytestmark = pytest.mark.integration


def table(cases: tuple[Case, ...], kind: Callable[[Case], object]) -> pytest.MarkDecorator:
    """Run a test with a case of each kind, or with all cases, even rare ones, in the long run."""
    return pytest.mark.parametrize("case", one_of_each(cases, kind, lambda case: case.rare))


def ending(case: Case) -> object:
    """Return the switch, what it is armed for, and what the generation comes to with it.

    Each answer of Discord's is a kind by itself: it decides whether something is paid twice.
    """
    answer = case.value if case.switch == "answer_interaction" else None
    return case.switch, answer, case.only, case.ends, case.why, case.at_last


@pytest.mark.fault(name="F04")
@pytest.mark.fault(name="F05")
@pytest.mark.fault(name="F06")
@pytest.mark.fault(name="F07")
@pytest.mark.fault(name="F08")
@pytest.mark.fault(name="F09")
@pytest.mark.fault(name="F15")
@table(CASES, ending)
async def test_a_generation_comes_to_what_its_switch_says(
    running_bot: RunningBot, case: Case
) -> None:
    """At most one /imagine is accepted, and what is shown never goes back."""
    watch = Watch(running_bot)
    turn(running_bot, case.switch, case.value, case.only, case.times)
    end = await comes_to(running_bot, case.ends, case.why, case.says)
    if end.status == Status.COMPLETED:
        assert end.stored == tuple(Slot)
        assert watch.shown == sorted(watch.shown)
    if case.at_last is not None:
        await running_bot.ended(PROMPT, case.at_last)
    assert imagined(running_bot) <= 1


async def test_a_generation_completes_however_its_messages_look(running_bot: RunningBot) -> None:
    """With the last value of every such switch at once."""
    for case in LOOKS:
        turn(running_bot, case.switch, case.value, case.only, case.times)
    end = await comes_to(running_bot, Status.COMPLETED, None)
    assert end.stored == tuple(Slot)
    assert imagined(running_bot) == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a shorter timeout for a picture whose bytes do not come."""
    limits = partial(download.DownloadLimits, total_seconds=1.0, stall_seconds=0.3)
    monkeypatch.setattr(download, "DownloadLimits", limits)


@pytest.mark.fault(name="F13")
@pytest.mark.usefixtures("impatient", "fast_retries")
@table(DOWNLOADS, lambda case: case.only)
async def test_a_picture_that_does_not_come_is_fetched_again(
    running_bot: RunningBot, case: Case
) -> None:
    turn(running_bot, case.switch, case.value, case.only, case.times)
    end = await comes_to(running_bot, case.ends, case.why)
    assert end.stored == tuple(Slot)


@pytest.mark.fault(name="F09")
@pytest.mark.fault(name="F18")
@table(REQUESTS, lambda case: case.only)
async def test_what_discord_answers_otherwise_keeps_no_picture_away(
    running_bot: RunningBot,
    case: Case,
) -> None:
    """The bot reads the history because the grid's event is lost."""
    if case.only == HISTORY:
        turn(running_bot, "gateway_at_result", "fresh", "grid")
    turn(running_bot, case.switch, case.value, case.only)
    await comes_to(running_bot, case.ends, case.why)
    assert imagined(running_bot) <= 1
