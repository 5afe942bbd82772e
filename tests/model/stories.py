"""What the stories of the model are told with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from domain.generation import Generation, Status
from domain.slots import Slot
from tests.model.midjourney import Request, SimulatedJob
from tests.model.network import How
from tests.model.people import People
from tests.model.plans import Plan
from tests.model.run import red
from tests.model.troubles import Troubles
from tests.model.world import SimulatedWorld

MINUTE, HOUR = 60.0, 3600.0
LONGEST = 24 * HOUR


def play(
    story: Callable[[SimulatedWorld, People], Awaitable[None]], upscales: tuple[int, ...] = ()
) -> None:
    """Play a story to its end; nothing may be violated."""
    wrong = red(1, story, upscales)
    if wrong is not None:
        pytest.fail(wrong, pytrace=False)


async def until(
    world: SimulatedWorld, condition: Callable[[], bool], seconds: float = LONGEST
) -> None:
    """Let time pass until something is so."""
    begun = world.loop.time()
    while not condition():
        waited = world.loop.time() - begun
        assert waited < seconds, f"it is not so after {seconds:.0f} s: {statuses(world)}"
        await asyncio.sleep(0.1 if waited < MINUTE else 1.0)


async def restart(world: SimulatedWorld) -> None:
    """Kill the process, and wait until the next one hears everything."""
    before = world.process
    assert before is not None
    before.kill()
    await until(world, lambda: world.process is not before and is_connected(world))
    await asyncio.sleep(15)


def is_connected(world: SimulatedWorld) -> bool:
    return world.process is not None and world.process.bot.ws.open


def rows(world: SimulatedWorld) -> list[Generation]:
    return list(world.data.rows.values())


def statuses(world: SimulatedWorld) -> list[Status]:
    return [row.status for row in rows(world)]


def grids(world: SimulatedWorld) -> list[SimulatedJob]:
    """Return the finished grids."""
    return [j for j in world.midjourney.jobs.values() if j.message_id and not j.index]


def presses(world: SimulatedWorld, slot: Slot) -> list[Request]:
    """Return the presses that Midjourney got for a picture."""
    return [request for request in world.midjourney.requests if request.slot == slot]


def script(world: SimulatedWorld, *plans: Plan) -> None:
    """Say what Midjourney does with the next requests; all later ones run."""
    world.midjourney.mood.script.extend(plans)


async def away(world: SimulatedWorld, part: str, seconds: float, how: How = "refuses") -> None:
    await Troubles(world).away(part, seconds, how)
