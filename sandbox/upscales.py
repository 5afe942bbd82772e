"""The course of an upscale: a waiting message, a coloured button, the picture or clip alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox import grammar, pictures

if TYPE_CHECKING:
    from sandbox.bot_messages import BotMessages
    from sandbox.jobs import Job
    from sandbox.messages import Attachment, SandboxMessage
    from sandbox.results import Results
    from sandbox.world import World

_SOLO = (0.46, 0.65)  # seconds after the waiting message, as measured


class Upscales:
    """Plays the course of one upscale."""

    def __init__(self, world: World, bot_messages: BotMessages, stage: Results) -> None:
        self._world = world
        self._bot_messages = bot_messages
        self._stage = stage

    async def draw(self, job: Job) -> bool:
        """Play it from the waiting message to the picture, or to a failure (False)."""
        self._stage.enter(job)
        await self._world.clock.sleep(job.options.wait_before)
        started = self._begin(job) if job.options.waiting_message else None
        if started is not None and self._ended(job, started):
            return False
        self._stage.colour(job)
        await self._finish(job, started)
        return True

    def _begin(self, job: Job) -> SandboxMessage:
        content = grammar.waiting(job.prompt, job.person.mention, job.work.waiting)
        return self._bot_messages.begin(job, content, components=grammar.cancel_button(job.id))

    def _ended(self, job: Job, started: SandboxMessage) -> bool:
        failure = job.options.failure
        if failure is not None and failure.place in ("edit", "reply"):
            self._bot_messages.complain(job, failure, started)
            return True
        if job.options.fate == "stopped":
            content = grammar.stopped(job.prompt, job.person.mention)
            self._bot_messages.advance(job, started, content=content, components=())
        elif job.options.fate == "vanished":
            self._bot_messages.remove(job, started)
        return job.options.fate in ("stopped", "vanished", "stalled")

    async def _finish(self, job: Job, started: SandboxMessage | None) -> None:
        moment = job.random.uniform(*_SOLO)
        is_clip = job.work.makes == "clip"
        draw = self._clip if is_clip else self._solo
        files, _ = await asyncio.gather(draw(job), self._world.clock.sleep(moment))
        prompt, person = job.last_prompt, job.person.mention
        if is_clip:
            content = grammar.grid(prompt, person, job.options.mode)
            components = grammar.clip_buttons(job.id)
        else:
            content = grammar.solo(prompt, person, job.cell)
            which = self._world.switches.solo_buttons.take()
            components = grammar.solo_buttons(job.id, prompt, which)
        await self._stage.present(
            job,
            started,
            content,
            reference=job.parent,
            attachments=(files,),
            components=components,
        )

    async def _solo(self, job: Job) -> Attachment:
        content, size = await asyncio.to_thread(pictures.solo_file, job.scene, job.cell)
        name = grammar.filename(job.person.name, job.prompt, job.id, "png")
        return self._world.files.add(content, name, "image/png", size=size, label="solo")

    async def _clip(self, job: Job) -> Attachment:
        name = f"{job.id}_1_720_N.mp4"
        return self._world.files.add(pictures.CLIP, name, "video/mp4", size=(720, 720))
