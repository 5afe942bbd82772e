"""Posts results: each waits for its turn, and deletes its progress message."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sandbox import grammar

if TYPE_CHECKING:
    from sandbox.bot_messages import BotMessages
    from sandbox.job_options import Picture
    from sandbox.jobs import Job
    from sandbox.messages import SandboxMessage
    from sandbox.world import World

_COLOUR = (0.35, 0.6)  # seconds after the waiting message, as measured


class Results:
    """Posts results as the options of their jobs say."""

    def __init__(self, world: World, bot_messages: BotMessages) -> None:
        self._world = world
        self._bot_messages = bot_messages
        self._waiting: dict[str, tuple[Picture, asyncio.Event]] = {}

    def enter(self, job: Job) -> None:
        """Note that a job has started: what is posted from now on may be its turn."""
        if job.options.finish_after_next:
            self._waiting[job.id] = job.picture, asyncio.Event()

    def colour(self, job: Job) -> None:
        """Colour the pressed button after a moment; the result may come first."""
        moment = job.random.uniform(*_COLOUR)
        self._world.clock.start(self._colour(job, moment), f"colour {job.id}")

    async def _colour(self, job: Job, moment: float) -> None:
        await self._world.clock.sleep(moment)
        pressed = self._world.channel.get(job.parent or 0)
        if pressed is not None:
            components = grammar.pressed(pressed.components, job.asked.custom_id)
            self._bot_messages.colour(job, pressed, components)

    async def present(
        self, job: Job, progress: SandboxMessage | None, content: str, **fields: Any
    ) -> SandboxMessage:
        """Post the result of a job when it is its turn; `progress` is the message it replaces."""
        await self._turn(job)
        when = job.options.progress_deleted
        if progress is not None and when == "before":
            self._bot_messages.remove(job, progress)
        message = self._bot_messages.finish(job, content, **fields)
        if progress is not None and when == "after":
            self._bot_messages.remove(job, progress)
        for picture, turn in self._waiting.values():
            if picture == job.picture:
                turn.set()
        return message

    async def _turn(self, job: Job) -> None:
        await self._world.clock.sleep(job.options.wait_after)
        if job.id in self._waiting:
            await self._waiting[job.id][1].wait()
            del self._waiting[job.id]
        if job.options.gateway_at_result != "steady":
            self._world.gateway.drop(forget=job.options.gateway_at_result == "fresh")
