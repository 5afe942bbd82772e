"""One run of the model: a seed, its people and troubles, then calm, and what is left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.model.invariants import Invariants
from tests.model.people import People
from tests.model.troubles import Troubles
from tests.model.world import SimulatedWorld, running

BUSY_SECONDS = 240.0
CALM_SECONDS = 3 * 3600.0
"""After so long without any trouble, everything must have come to its end."""
LINES = 120
"""How much of the trace a failure shows."""

Story = Callable[[SimulatedWorld, People], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run has shown: its violations, and the trace if it was wanted."""

    violations: tuple[str, ...]
    trace: tuple[str, ...]
    statuses: tuple[str, ...]


def red(
    seed: int, story: Story | None = None, upscales: tuple[int, ...] | None = None
) -> str | None:
    """Play a story, by default that of the seed; return its trace and what was wrong, if so."""
    if not run(seed, story, upscales=upscales).violations:
        return None
    outcome = run(seed, story, traced=True, upscales=upscales)
    lines = (*outcome.trace[-LINES:], "", f"seed {seed}:", *outcome.violations)
    return "\n".join(lines)


def run(
    seed: int,
    story: Story | None = None,
    *,
    traced: bool = False,
    upscales: tuple[int, ...] | None = None,
) -> RunOutcome:
    """Play a story, by default that of the seed, and return what was wrong."""
    with running(seed, traced=traced) as world:
        world.upscales = world.upscales if upscales is None else upscales
        try:
            world.loop.run_until_complete(_play(world, story or at_random))
        except AssertionError as error:  # the loop is stalled, or a story expected something else
            world.blame(str(error))
        return RunOutcome(
            tuple(world.violations),
            tuple(world.trace),
            tuple(row.status.value for row in world.data.rows.values()),
        )


async def _play(world: SimulatedWorld, story: Story) -> None:
    invariants, people = Invariants(world), People(world)
    world.boot()
    owner = world.loop.create_task(people.look_after())
    await asyncio.sleep(2)
    await story(world, people)
    Troubles(world).end()
    await _calm(world, invariants, people)
    owner.cancel()
    invariants.check_the_end(people.typed)


async def _calm(world: SimulatedWorld, invariants: Invariants, people: People) -> None:
    """Wait until nothing is to be done any more, and a little longer."""
    begun, quiet = world.loop.time(), 0
    while quiet < 3 and not world.violations:
        waited = world.loop.time() - begun
        if waited > CALM_SECONDS:
            world.blame("it does not come to its end")
        if waited > 120:
            world.clock.quieten(600)
        await asyncio.sleep(5)
        quiet = quiet + 1 if invariants.settled(people.typed) else 0


async def at_random(world: SimulatedWorld, people: People) -> None:
    """Have people ask for pictures, while something goes wrong now and then."""
    random, troubles = world.random, Troubles(world)
    troubles.begin()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(people.imagine(BUSY_SECONDS / 2, 3))
        tasks.create_task(troubles.make(BUSY_SECONDS, random.choice((0, 1, 1, 2, 2, 3, 4))))
        if random.random() < 0.4:
            tasks.create_task(people.meddle(BUSY_SECONDS, random.randint(1, 3)))
        if random.random() < 0.1:
            tasks.create_task(people.pause(BUSY_SECONDS))
