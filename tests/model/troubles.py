"""What goes wrong from outside, at random: outages, gaps, kills, limits, and other people."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.model.channel import ACCOUNT, STRANGER, ChannelPerson
from tests.model.midjourney import NAMED, Request
from tests.model.network import How
from tests.model.people import PROMPTS

if TYPE_CHECKING:
    from tests.model.world import SimulatedWorld

SHORT, MIDDLE, LONG = (0.5, 25.0), (40.0, 600.0), (3600.0, 4 * 3600.0)
"""Seconds of an outage."""
MOST_CDN = 600.0
"""A picture that cannot be loaded for a quarter of an hour is given up: that does not pass."""
HOWS: tuple[How, ...] = ("refuses", "stalls", "loses answers")
NETWORK = ("discord", "cdn")


class Troubles:
    """Makes troubles for a while; `end` makes an end of all of them."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._random = world.random

    def begin(self) -> None:
        """Choose which kinds this run has, and how likely each is."""
        random, world = self._random, self._world
        faults, mood = world.gateway.faults, world.midjourney.mood
        for chance in ("twice", "late", "lost"):
            if random.random() < 0.3:
                setattr(faults, chance, random.choice((0.05, 0.2, 0.5)))
        for chance in ("full", "later", "stops", "queued"):
            if random.random() < 0.15:
                setattr(mood, chance, random.choice((0.1, 0.3, 0.6)))
        if random.random() < 0.25:
            mood.lasting = random.choice((0.05, 0.2))
        if random.random() < 0.1:
            world.interactions.limits.bad_gateway = random.choice((0.1, 0.4))

    async def make(self, within: float, times: int) -> None:
        """Make so many troubles at random times, and return when the last of them is over."""
        kinds: tuple[Callable[[], Awaitable[None]], ...] = (
            *(self.outage, self.flapping, self.gap, self.no_network, self.limit),
            *(self.kill, self.fuse, self.fuse, self.stop, self.crowd, self.zombie),
            *(self.stranger, self.press_elsewhere, self.new_version, self.moderate, self.twin),
        )
        async with asyncio.TaskGroup() as tasks:
            for _ in range(times):
                tasks.create_task(self._later(self._random.uniform(0, within), kinds))

    async def _later(
        self, seconds: float, kinds: tuple[Callable[[], Awaitable[None]], ...]
    ) -> None:
        await asyncio.sleep(seconds)
        await self._random.choice(kinds)()

    def _seconds(self) -> float:
        how_long = self._random.choices((SHORT, MIDDLE, LONG), (6, 3, 0.4))[0]
        return self._random.uniform(*how_long)

    async def outage(self) -> None:
        """Let one part be away."""
        name = self._random.choice(tuple(self._world.parts))
        seconds = self._seconds()
        await self.away(name, min(seconds, MOST_CDN) if name == "cdn" else seconds)

    async def away(self, name: str, seconds: float, how: How | None = None) -> None:
        """Let a part be away for so long."""
        part = self._world.parts[name]
        part.away = how or self._random.choice(HOWS)
        self._world.note(f"{name} {part.away} for {seconds:.0f} s")
        await self._pass(seconds)
        part.away = None
        self._world.note(f"{name} is back")

    async def flapping(self) -> None:
        """Let one part go and come, again and again."""
        name = self._random.choice(tuple(self._world.parts))
        for _ in range(self._random.randint(3, 8)):
            await self.away(name, self._random.uniform(0.5, 15))
            await asyncio.sleep(self._random.uniform(0.5, 15))

    async def gap(self) -> None:
        """Close the gateway's socket."""
        seconds = self._seconds()
        resumable = self._random.random() < 0.3
        self._world.note(f"gateway away for {seconds:.0f} s, resumable: {resumable}")
        self._world.gateway.drop(seconds, resumable=resumable)
        await self._pass(seconds)

    async def no_network(self) -> None:
        """Let nothing of Discord be reached."""
        seconds = min(self._seconds(), MOST_CDN)
        world = self._world
        world.gateway.down = True
        world.gateway.drop(0.1, resumable=False)
        await asyncio.gather(*(self.away(name, seconds, "refuses") for name in NETWORK))
        world.gateway.down = False

    async def limit(self) -> None:
        """Have Discord answer 429 until a time that it says."""
        seconds = self._random.choice((1.0, 5.0, 60.0, 600.0))
        limits = self._world.interactions.limits
        limits.until = max(limits.until, self._world.clock.monotonic() + seconds)
        self._world.note(f"429 for {seconds} s")
        await self._pass(seconds)

    async def kill(self) -> None:
        """Kill the process now."""
        if self._world.process is not None:
            self._world.note("killed")
            self._world.process.kill()

    async def fuse(self) -> None:
        """Kill the process on its way over its border, some ways from now."""
        if self._world.process is not None:
            self._world.process.fuse = self._random.randint(1, 60)

    async def stop(self) -> None:
        """Shut the process down in order."""
        if self._world.process is not None:
            self._world.note("SIGTERM")
            process = self._world.process
            process.start(process.stop(), "stop")

    async def crowd(self) -> None:
        """Let Midjourney's queue be full."""
        mood, seconds = self._world.midjourney.mood, self._seconds()
        self._world.note(f"Midjourney is full for {seconds:.0f} s")
        before, mood.full = mood.full, 1.0
        await self._pass(seconds)
        mood.full = before

    async def zombie(self) -> None:
        """Let the gateway's socket stay open, and be dead, until the bot hangs up."""
        self._world.note("gateway is a zombie")
        self._world.gateway.zombie = True

    async def new_version(self) -> None:
        """Have Midjourney change its command."""
        self._world.channel.imagine_version += 1

    async def moderate(self) -> None:
        """Delete the status message of a generation, or the message of a job that runs."""
        rows = self._world.data.rows.values()
        status = [row.status_message_id for row in rows if row.status_message_id]
        jobs = self._world.midjourney.jobs.values()
        running = [j for j in jobs if not j.message_id and j.request.plan.fault is None]
        if running and self._random.random() < 0.5:
            job = self._random.choice(running)
            job.request.plan = replace(job.request.plan, fault="moderated")
            self._world.channel.delete(job.progress_id)
        elif status:
            self._world.channel.delete(self._random.choice(status))

    async def press_elsewhere(self) -> None:
        """Have somebody else press a U button of our grid."""
        grids = [
            job
            for job in self._world.midjourney.jobs.values()
            if job.message_id and not job.index and job.request.generation_id
        ]
        if grids:
            grid, number = self._random.choice(grids), self._random.randint(1, 4)
            self._world.midjourney.take(
                Request(
                    nonce="",
                    session_id="",
                    person=STRANGER,
                    prompt=grid.request.prompt,
                    pressed=grid.message_id,
                    custom_id=f"MJ::JOB::upsample::{number}::{grid.id}",
                )
            )

    async def stranger(self) -> None:
        """Have somebody else make a grid with one of our prompts."""
        self._make_by_hand(STRANGER)

    async def twin(self) -> None:
        """Have the account itself make a grid with one of our prompts, by hand."""
        self._make_by_hand(ACCOUNT)

    def _make_by_hand(self, person: ChannelPerson) -> None:
        nonce = str(self._world.channel.next_id()) if person == ACCOUNT else ""
        prompt = f"{self._random.choice(PROMPTS)} {NAMED}"
        self._world.midjourney.take(
            Request(nonce=nonce, session_id="", person=person, prompt=prompt)
        )

    async def _pass(self, seconds: float) -> None:
        """Let time pass in which not much happens."""
        self._world.clock.quieten(seconds)
        await asyncio.sleep(seconds)

    def end(self) -> None:
        """Let everything be well from now on."""
        world = self._world
        for part in world.parts.values():
            part.away = None
        world.gateway.down = False
        if world.gateway.zombie:
            world.gateway.drop(0.5, resumable=True)
        world.interactions.limits.bad_gateway = 0.0
        world.gateway.faults = type(world.gateway.faults)()
        world.midjourney.mood = type(world.midjourney.mood)(world.random)
        world.interactions.limits.until = 0.0
        if world.process is not None:
            world.process.fuse = None
