"""The machine's time of day jumps while a bot is at work: nothing times out, and nothing waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.generation import Generation, Status
from domain.ports import Clock
from domain.slots import Slot
from sandbox import Sandbox
from services.updates import GenerationUpdate, Update
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.quick_time import passing
from tests.integration.switches.invariants import LogWitness, falsehoods

pytestmark = [pytest.mark.integration, pytest.mark.fault(name="F16")]

HOUR = timedelta(hours=1)
PROMPTS = ("a cat", "a dog")
USUAL = 90.0
"""Seconds for both, at most; a clean run takes about a minute."""


@dataclass(frozen=True, slots=True)
class JumpMoment:
    """Some seconds after the second generation has come to something."""

    come: Callable[[Generation], bool]
    later: float = 0.0


MOMENTS = {
    "queued": JumpMoment(lambda row: row.status == Status.QUEUED),
    "asking": JumpMoment(lambda row: row.step(Slot.GRID).intended_at is not None),
    "painting": JumpMoment(lambda row: row.status == Status.SUBMITTED, later=3.0),
    "grid stored": JumpMoment(lambda row: row.status == Status.GRID_COMPLETED),
    "pressed": JumpMoment(lambda row: row.step(Slot.UPSCALE_2).delivered_at is not None, later=0.3),
}


@dataclass
class JumpingClock:
    """A clock whose time of day somebody sets anew."""

    clock: Clock
    off: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return self.clock.now() + self.off

    def monotonic(self) -> float:
        return self.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)


def at(running_bot: RunningBot, moment: JumpMoment, act: Callable[[], object]) -> None:
    """Do something once, at that moment."""
    done: list[bool] = []

    def hear(news: Update) -> None:
        row = news.generation if isinstance(news, GenerationUpdate) else None
        if row and row.prompt == PROMPTS[-1] and moment.come(row) and not done:
            done.append(True)
            asyncio.get_running_loop().call_later(moment.later, act)

    running_bot.atelier.orchestrator.notifier.subscribe(hear)


@pytest.mark.parametrize("gap", [False, True], ids=["connected", "in a gap"])
@pytest.mark.parametrize(
    "jump", [pytest.param(HOUR, id="ahead"), pytest.param(-HOUR, id="back", marks=pytest.mark.long)]
)
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(moment, id=name, marks=[pytest.mark.long] * (name != "painting"))
        for name, moment in MOMENTS.items()
    ],
)
async def test_a_clock_that_is_set_anew_neither_ends_nor_delays_anything(
    sandbox: Sandbox,
    tmp_path: Path,
    moment: JumpMoment,
    jump: timedelta,
    gap: bool,
) -> None:
    """In a gap the events around the jump are lost, and only the history has them."""
    witness, values = LogWitness(), settings(sandbox, tmp_path, lease_seconds=600)
    with passing(sandbox) as steady, witness.watching():
        clock = JumpingClock(steady)
        async with running(sandbox, values, clock) as running_bot:

            def set_anew() -> None:
                clock.off += jump
                if gap:
                    sandbox.gateway.drop(forget=True)

            at(running_bot, moment, set_anew)
            begun = steady.monotonic()
            for prompt in PROMPTS:
                await running_bot.imagine(prompt)
            for prompt in PROMPTS:
                assert (await running_bot.ended(prompt)).stored == tuple(Slot)
            assert steady.monotonic() - begun <= USUAL
            rows = await running_bot.generations()
    assert clock.off == jump
    assert falsehoods(running_bot, rows, tmp_path / "pictures", witness) == []
    assert [i.kind for i in sandbox.interactions if i.accepted] == ["imagine", *["press"] * 4] * 2
