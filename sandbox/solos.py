"""How one picture of a grid comes about: a waiting message, a coloured button, the solo."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox import grammar, pictures

if TYPE_CHECKING:
    from sandbox.jobs import Job
    from sandbox.messages import Attachment, Message
    from sandbox.stage import Stage
    from sandbox.voice import Voice
    from sandbox.world import World

_SOLO = (0.46, 0.65)  # seconds after the waiting message, as measured


class Solos:
    """Plays the course of one upscale."""

    def __init__(self, world: World, voice: Voice, stage: Stage) -> None:
        self._world = world
        self._voice = voice
        self._stage = stage

    async def draw(self, job: Job) -> bool:
        """Play it from the waiting message to the solo, or to a bad end (False)."""
        self._stage.enter(job)
        await self._world.clock.sleep(job.manner.wait_before)
        started = self._begin(job) if job.manner.waiting_message else None
        if started is not None and self._ended(job, started):
            return False
        self._stage.colour(job)
        await self._finish(job, started)
        return True

    def _begin(self, job: Job) -> Message:
        content = grammar.waiting(job.prompt, job.person.mention, job.work.waiting)
        return self._voice.begin(job, content, components=grammar.cancel_button(job.id))

    def _ended(self, job: Job, started: Message) -> bool:
        failure = job.manner.failure
        if failure is not None and failure.place in ("edit", "reply"):
            self._voice.complain(job, failure, started)
            return True
        if job.manner.fate == "stopped":
            content = grammar.stopped(job.prompt, job.person.mention)
            self._voice.advance(job, started, content=content, components=())
        elif job.manner.fate == "vanished":
            self._voice.remove(job, started)
        return job.manner.fate in ("stopped", "vanished", "stalled")

    async def _finish(self, job: Job, started: Message | None) -> None:
        moment = job.random.uniform(*_SOLO)
        files, _ = await asyncio.gather(self._file(job), self._world.clock.sleep(moment))
        version = self._world.switches.solo_buttons.take()
        await self._stage.present(
            job,
            started,
            grammar.solo(job.last_prompt, job.person.mention, job.cell),
            reference=job.parent,
            attachments=files,
            components=grammar.solo_buttons(job.id, version),
        )

    async def _file(self, job: Job) -> tuple[Attachment, ...]:
        content, size = await asyncio.to_thread(pictures.solo_file, job.scene, job.cell)
        name = grammar.filename(job.person.name, job.prompt, job.id, "png")
        return (self._world.files.add(content, name, "image/png", size=size, label="solo"),)
