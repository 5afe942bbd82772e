"""A connection is resumed or dead without a word, or an event is missing: the end is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.generation import Status
from domain.slots import Slot
from sandbox import Sandbox
from tests.integration.conftest import RunningBot
from tests.integration.store_harness import StoreHarness
from tests.integration.test_gaps import (
    FIRST_PERCENT,
    GRID,
    WAITING,
    GapMoment,
    completed,
    solo,
)

pytestmark = pytest.mark.integration

FIVE = ["imagine", *["press"] * 4]
NOTICED = 60.0 + 41.25
"""Seconds until a dead connection is noticed, at most: the library's patience and one heartbeat."""
LATER = 40.0
"""Seconds, at most, that a single missing event may cost."""
MOMENTS = {
    "the first message": WAITING,
    "a percent": FIRST_PERCENT,
    "the grid": GRID,
    "an upscale": solo(2),
}
HOW = ["cut", pytest.param("op 7", marks=pytest.mark.long)]
EVENTS = ("waiting", "progress", "grid", "grid edit", "solo", "delete")


def at_each(*quick: str) -> pytest.MarkDecorator:
    """Run a test at each moment; those that are not quick, in the long run."""
    rows = [
        pytest.param(moment, id=name, marks=[pytest.mark.long] * (name not in quick))
        for name, moment in MOMENTS.items()
    ]
    return pytest.mark.parametrize("moment", rows)


def at(running_bot: RunningBot, moment: GapMoment, act: Any) -> None:
    """Do something once, when a message event comes, before it is sent to anybody."""

    def see(event: str, message: dict[str, Any]) -> None:
        if moment.is_now(event, message):
            stop()
            act()

    stop = running_bot.sandbox.watch(see)


async def told(running_bot: RunningBot) -> list[str]:
    """Return what the bot has said in the end: the status message, and one notice."""
    await running_bot.ended("a cat")
    await running_bot.atelier.clock.sleep(10)
    account = str(running_bot.sandbox.account.id)
    return [m["content"] for m in running_bot.sandbox.messages if m["author"]["id"] == account]


def asked(running_bot: RunningBot) -> list[str]:
    return [each.kind for each in running_bot.sandbox.interactions if each.accepted]


@pytest.mark.fault(name="F01")
@pytest.mark.parametrize("how", HOW)
@at_each("the first message", "the grid")
async def test_a_connection_that_is_resumed_changes_nothing(
    tmp_path: Path, moment: GapMoment, how: str
) -> None:
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(tmp_path).quick(sandbox) as running_bot,
    ):
        at(running_bot, moment, sandbox.gateway.drop if how == "cut" else sandbox.gateway.op7)
        await running_bot.imagine("a cat")
        await completed(running_bot)
        assert [text[:1] for text in await told(running_bot)] == ["🎨", "✅"]
        assert asked(running_bot) == FIVE
        assert sandbox.gateway.counts["resumed"] == 1
        assert sandbox.gateway.counts["identify"] == 1


@pytest.mark.fault(name="F03")
@at_each("the grid")
async def test_a_connection_that_is_dead_without_a_word_is_made_anew(
    tmp_path: Path, moment: GapMoment
) -> None:
    """It is open, but nothing comes any more, and no heartbeat is answered."""
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(tmp_path).quick(sandbox) as running_bot,
    ):
        clock, died = running_bot.atelier.clock, list[float]()

        def die() -> None:
            died.append(clock.monotonic())
            sandbox.gateway.silence()

        at(running_bot, moment, die)
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: sandbox.gateway.counts["connect"] > 1)
        assert clock.monotonic() - died[0] <= NOTICED
        await completed(running_bot)
        assert (await running_bot.ended("a cat")).stored == tuple(Slot)
        assert asked(running_bot) == FIVE


async def lasts(folder: Path, missing: str = "") -> float:
    """Return for how many seconds a generation is at work if an event is missing."""
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(folder).quick(sandbox) as running_bot,
    ):
        if missing:
            sandbox.switches.deliver_event.arm("lost", only=missing)
        begun = running_bot.atelier.clock.monotonic()
        await running_bot.imagine("a cat")
        end = await completed(running_bot)
        row = await running_bot.ended("a cat")
        assert (row.status, row.stored) == (Status.COMPLETED, tuple(Slot))
        assert asked(running_bot) == FIVE
        return end - begun


@pytest.mark.fault(name="F05")
@pytest.mark.parametrize(
    "event", [pytest.param(e, marks=[pytest.mark.long] * (e != "grid")) for e in EVENTS]
)
async def test_a_single_event_that_never_comes_costs_little_time(
    tmp_path: Path, event: str
) -> None:
    usual = await lasts(tmp_path / "usual")
    assert await lasts(tmp_path / "missing", event) <= usual + LATER
