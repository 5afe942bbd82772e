"""The course of a grid, or of a job on a single picture: waiting, percents, previews, result."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox import grammar, pictures

if TYPE_CHECKING:
    from sandbox.bot_messages import BotMessages
    from sandbox.jobs import Job
    from sandbox.messages import Attachment, SandboxMessage
    from sandbox.people import Json
    from sandbox.results import Results
    from sandbox.world import World

# Two measured courses: uneven, and never 100. Previews start at 35 percent.
_COURSES = ((20, 30, 35, 51, 63, 79), (17, 32, 35, 47, 59, 75))
_BACK, _REPEATED = (20, 35, 31, 51, 47, 79), (20, 20, 35, 51, 51, 79)
_OLD = (0, 15, 31, 46, 62, 78, 93)  # in 2023
_FIRST_PREVIEW = 35
_TROUBLE = 45  # percent from which a job can fail: previews have been seen
# Seconds after the waiting message.
_FIRST_PERCENT = (6.0, 6.4)
_LAST_PERCENT = (21.0, 23.5)
_FINAL = (25.0, 26.7)
_RELAXED = 600.0  # seconds for which a relaxed job shows no percent at all


class Grids:
    """Plays the course of a grid; several may run at once."""

    def __init__(self, world: World, bot_messages: BotMessages, stage: Results) -> None:
        self._world = world
        self._bot_messages = bot_messages
        self._stage = stage

    async def draw(self, job: Job) -> SandboxMessage | None:
        """Play it from the waiting message to the result, or to a failure (None)."""
        self._stage.enter(job)
        await self._world.clock.sleep(job.options.wait_before)
        started = self._begin(job)
        if job.parent:
            self._stage.colour(job)
        if job.options.mode.startswith("relaxed"):
            await self._pause(job, started)
        elapsed = 0.0
        for percent, moment in _course(job):
            await self._world.clock.sleep(moment - elapsed)
            elapsed = moment
            if self._ended(job, started, percent):
                return None
            await self._advance(job, started, percent)
        if job.options.fate == "stalled":
            return None
        rest = job.random.uniform(*_FINAL) * job.work.pace - elapsed
        files, _ = await asyncio.gather(self._final_file(job), self._world.clock.sleep(rest))
        return await self._finish(job, started, files)

    def _begin(self, job: Job) -> SandboxMessage:
        content = grammar.waiting(job.prompt, job.person.mention, job.work.waiting)
        # A job that a button started has a Cancel button; an /imagine and a film have none.
        stoppable = job.parent and job.work.makes != "film"
        buttons = grammar.cancel_button(job.id) if stoppable else ()
        return self._bot_messages.begin(job, content, components=buttons)

    async def _pause(self, job: Job, started: SandboxMessage) -> None:
        content = grammar.paused(job.prompt, job.person.mention, job.options.mode)
        self._bot_messages.advance(job, started, content=content)
        await self._world.clock.sleep(_RELAXED)

    def _ended(self, job: Job, started: SandboxMessage, percent: int) -> bool:
        """End the job early, if it was cancelled or its options say so."""
        trouble, failure = percent >= _TROUBLE, job.options.failure
        if job.cancelled.is_set() or (trouble and job.options.fate == "stopped"):
            content = grammar.stopped(job.prompt, job.person.mention, job.work.meanwhile)
            self._bot_messages.advance(job, started, content=content, components=())
            return True
        if trouble and job.options.fate == "vanished":
            self._bot_messages.remove(job, started)
            return True
        if trouble and failure is not None and failure.place in ("edit", "reply"):
            self._bot_messages.complain(job, failure, started)
            return True
        return False

    async def _advance(self, job: Job, started: SandboxMessage, percent: int) -> None:
        preview = await self._preview_file(job, percent) if percent >= _FIRST_PREVIEW else ()
        content = grammar.progress(
            job.prompt, job.person.mention, percent, job.options.mode, job.work.meanwhile
        )
        self._bot_messages.advance(job, started, content=content, attachments=preview)

    async def _finish(
        self, job: Job, started: SandboxMessage, files: tuple[Attachment, ...]
    ) -> SandboxMessage:
        switches = self._world.switches
        link = grammar.website_link(job.id, switches.website_link.take())
        content = grammar.grid(
            job.last_prompt, job.person.mention, job.options.mode, job.work.by, link
        )
        content += grammar.SMALL_PRINT[switches.small_print.take()]
        # A job that a button started refers to the button's message, not to its own progress.
        refers = job.options.reference_on_final and job.options.echo != "personalised"
        reference = job.parent or (started.id if refers else None)
        return await self._stage.present(
            job,
            started,
            content,
            reference=reference,
            attachments=files,
            components=self._buttons(job),
        )

    def _buttons(self, job: Job) -> tuple[Json, ...]:
        switches = self._world.switches
        if job.work.makes == "hd":
            return grammar.solo_buttons(job.id, job.prompt, switches.solo_buttons.take())
        if job.work.makes == "film":
            return grammar.film_buttons(job.id)
        return grammar.grid_buttons(job.id, switches.grid_buttons.take())

    async def _preview_file(self, job: Job, percent: int) -> tuple[Attachment, ...]:
        content, size = await asyncio.to_thread(pictures.preview_file, job.scene, percent, job.cell)
        name = f"{job.id}_grid_0.webp"
        return (self._world.files.add(content, name, "image/webp", size=size, label="preview"),)

    async def _final_file(self, job: Job) -> tuple[Attachment, ...]:
        other = {"hd": "png", "film": "webp"}
        kind = other.get(job.work.makes) or self._world.switches.grid_format.take()
        content, size = await asyncio.to_thread(_final, job, kind)
        name, label = grammar.filename(job.person.name, job.prompt, job.id, kind), job.picture
        return (self._world.files.add(content, name, f"image/{kind}", size=size, label=label),)


def _final(job: Job, kind: str) -> tuple[bytes, tuple[int, int]]:
    if job.work.makes == "hd":
        return pictures.hd_file(job.scene, job.cell)
    if job.work.makes == "film":
        return pictures.film_file(job.scene, job.cell)
    return pictures.grid_file(job.scene, kind)


def _course(job: Job) -> list[tuple[int, float]]:
    """Return pairs of a percent and the second after the waiting message at which it is shown."""
    random = job.random
    others = {"back": _BACK, "repeated": _REPEATED, "2023": _OLD}
    percents = others.get(job.options.percents) or random.choice(_COURSES)
    first, last = random.uniform(*_FIRST_PERCENT), random.uniform(*_LAST_PERCENT)
    between = sorted(random.uniform(first + 1.5, last - 1.5) for _ in percents[1:-1])
    moments = (moment * job.work.pace for moment in (first, *between, last))
    return list(zip(percents, moments, strict=True))
