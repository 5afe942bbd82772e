"""Midjourney's bot: it takes requests, and plays the course of each job in the channel."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from random import Random

from domain.events import (
    Heard,
    InteractionCreated,
    InteractionSucceeded,
    InteractionTroubled,
    MessageDeleted,
    Trouble,
)
from domain.messages import AttachmentSnapshot, ButtonSnapshot, EmbedSnapshot
from domain.slots import UPSCALES, Slot
from sandbox import grammar, versions
from tests.model.channel import CHANNEL, MIDJOURNEY, Channel, ChannelMessage, ChannelPerson
from tests.model.gateway import SimulatedGateway
from tests.model.plans import Mood, Plan

NAMED = versions.parameter(versions.USUAL)
FREE, PRESSED, CANCEL = 2, 1, 4
CANCELS = "MJ::CancelJob::ByJobid::"
IN_TIME = 40.0
"""Seconds in which an answer must be heard, so that nothing else is done about its request."""
LATE = (1000.0, 2400.0)
"""Seconds until a picture comes that nobody waits for any more."""


@dataclass(kw_only=True)
class Request:
    """One interaction that Discord accepted; `generation_id` as the rows said when it came."""

    nonce: str
    session_id: str
    person: ChannelPerson
    prompt: str
    generation_id: str | None = None
    slot: Slot = Slot.GRID
    pressed: int | None = None  #: the message whose button was pressed
    custom_id: str = ""
    plan: Plan = field(default_factory=Plan)
    interaction_id: int = 0
    at: float = 0.0
    job: SimulatedJob | None = None  #: what shows in the channel that it was accepted
    answer_id: int | None = None  #: the notice that answers it
    untold: bool = False  #: no process has heard that notice in time


@dataclass(kw_only=True)
class SimulatedJob:
    """A job that has begun; `index` is 0 for a grid, else the picture of the grid `parent`."""

    id: str
    request: Request
    index: int = 0
    parent: SimulatedJob | None = None
    what: str = ""  #: the words before the mention, as in `Variations by `
    progress_id: int = 0
    message_id: int = 0

    @property
    def bad_picture(self) -> bool:
        """Whether nothing behind its link is a picture."""
        return self.request.plan.bad_picture


Start = Callable[[Coroutine[None, None, None]], None]


class SimulatedMidjourney:
    """The jobs, by their ids; `hear` is called with the frames that only one session gets."""

    def __init__(
        self, channel: Channel, gateway: SimulatedGateway, random: Random, start: Start
    ) -> None:
        self.jobs: dict[str, SimulatedJob] = {}
        self.requests: list[Request] = []
        self.busy = 0  #: courses that have not come to their end
        self.mood = Mood(random)
        self.frame: Callable[[Heard], None] = lambda heard: None
        self._channel = channel
        self._gateway = gateway
        self._random = random
        self._start = start
        self._used: set[tuple[int | None, str]] = set()

    def take(self, request: Request) -> None:
        """Begin the course of a request, or end the job whose Cancel button is pressed."""
        if request.custom_id.startswith(CANCELS):
            job = self.jobs[request.custom_id.removeprefix(CANCELS)]
            job.request.plan = replace(job.request.plan, course="stopped", fault="cancelled")
            return
        before = [
            one.plan
            for one in self.requests
            if one.generation_id == request.generation_id and one.slot == request.slot
        ]
        request.interaction_id = self._channel.next_id()
        if request.generation_id is not None:
            request.plan = self.mood.plan(before, request.custom_id)
        self.requests.append(request)
        self.begin(request)

    def begin(self, request: Request) -> None:
        """Play the course of a request of anybody's."""
        self.busy += 1
        self._start(self._play(request))

    async def _play(self, request: Request) -> None:
        try:
            await self._course(request)
        finally:
            self.busy -= 1

    async def _course(self, request: Request) -> None:
        plan = request.plan
        self._frame(request, InteractionCreated(request.nonce, request.interaction_id))
        await asyncio.sleep(0.3)
        if plan.course == "checked":
            self._frame(request, InteractionTroubled(request.nonce, Trouble.HUMAN_CHECK))
            return
        if plan.course == "silent":
            return
        self._frame(request, InteractionSucceeded(request.nonce, request.interaction_id))
        await asyncio.sleep(0.2)
        if self._is_repeated(request):
            self._answer(request, replace(plan, course="refused", title="Job action restricted"))
            return
        if plan.course in {"refused", "queued"}:
            self._answer(request, plan)
        if plan.course == "refused":
            self._used.discard((request.pressed, request.custom_id))
            return
        await asyncio.sleep(plan.wait)
        await self._draw(self._job(request))

    def _is_repeated(self, request: Request) -> bool:
        """Whether this picture was taken from its grid before: that is done once."""
        press = request.pressed, request.custom_id
        repeated = press in self._used and "upsample" in request.custom_id
        self._used.add(press)
        return repeated

    def _answer(self, request: Request, plan: Plan) -> None:
        request.untold = True
        answer = self._channel.put(
            MIDJOURNEY,
            plan.text,
            ephemeral=plan.ephemeral,
            reference_id=request.pressed,
            embeds=_embeds(plan),
        )
        request.answer_id = answer.id
        if plan.heard:
            self._channel.announce(answer, None if plan.place == "reply" else request.nonce)

    def told(self, message_id: int) -> None:
        """Note that a process has heard a message."""
        for request in self.requests:
            in_time = asyncio.get_running_loop().time() - request.at < IN_TIME
            if request.answer_id == message_id and in_time:
                request.untold = False

    def _job(self, request: Request) -> SimulatedJob:
        index, what = 0, ""
        if request.custom_id.startswith("MJ::JOB::upsample::"):
            index = int(request.custom_id.split("::")[3])
        elif request.custom_id.startswith("MJ::JOB::variation::"):
            what = "Variations by "
        parent = next((j for j in self.jobs.values() if j.message_id == request.pressed), None)
        job_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        job = SimulatedJob(id=job_id, request=request, index=index, parent=parent, what=what)
        self.jobs[job_id] = job
        return job

    async def _draw(self, job: SimulatedJob) -> None:
        random = self._random
        self._begin(job)
        job.request.job = job
        for percent in () if job.index else (20, 79):
            await asyncio.sleep(random.uniform(3, 10))
            if percent > 20 and self._ended(job, job.request.plan):
                return
            self._advance(job, percent)
        await asyncio.sleep(random.uniform(0.4, 0.8) if job.index else random.uniform(2, 5))
        if self._ended(job, job.request.plan):
            return
        if job.request.plan.course == "late":
            await asyncio.sleep(random.uniform(*LATE))
        self._finish(job)

    def _begin(self, job: SimulatedJob) -> None:
        request = job.request
        before = f"Upscaling image #{job.index} with " if job.index else ""
        text = grammar.waiting(request.prompt, f"<@{request.person.id}>", before)
        cancel = ButtonSnapshot(custom_id=f"{CANCELS}{job.id}", style=CANCEL)
        queued = request.plan.course == "queued"
        job.progress_id = self._channel.post(
            MIDJOURNEY,
            text,
            nonce=None if queued else request.nonce or None,
            reference_id=request.pressed,
            interaction_id=request.interaction_id if request.pressed is None else None,
            buttons=(cancel,) if request.pressed is not None else (),
        ).id

    def _advance(self, job: SimulatedJob, percent: int) -> None:
        request = job.request
        text = grammar.progress(
            request.prompt, f"<@{request.person.id}>", percent, "fast", job.what
        )
        preview = (_file(job, f"{job.id}_grid_0.webp"),) if percent > 35 else ()
        self._channel.edit(job.progress_id, content=text, attachments=preview)

    def _ended(self, job: SimulatedJob, plan: Plan) -> bool:
        """End a job early, if that is its course."""
        mention = f"<@{job.request.person.id}>"
        match plan.course:
            case "stopped":
                text = grammar.stopped(job.request.prompt, mention, job.what)
                self._channel.edit(job.progress_id, content=text, buttons=())
            case "vanished":
                self._channel.delete(job.progress_id)
            case "broken" if plan.place == "edit":
                self._channel.edit(job.progress_id, embeds=_embeds(plan), buttons=())
            case "broken":
                to = job.request.pressed or job.progress_id
                self._channel.post(MIDJOURNEY, "", reference_id=to, embeds=_embeds(plan))
            case "stalled":
                pass
            case _:
                return False
        self._used.discard((job.request.pressed, job.request.custom_id))
        return True

    def _finish(self, job: SimulatedJob) -> None:
        request, mention = job.request, f"<@{job.request.person.id}>"
        if job.index:
            self._colour(job)
            text, buttons = grammar.solo(request.prompt, mention, job.index), _solo_buttons(job)
        else:
            text = grammar.grid(request.prompt, mention, "fast", job.what)
            buttons = _grid_buttons(job)
        name = f"{request.person.display_name}_picture_{job.id}.png"
        job.message_id = self._channel.post(
            MIDJOURNEY,
            text,
            reference_id=request.pressed or job.progress_id,
            attachments=(_file(job, name),),
            buttons=buttons,
        ).id
        self._channel.delete(job.progress_id)

    def _colour(self, job: SimulatedJob) -> None:
        grid = self._channel.messages.get(job.request.pressed or 0)
        if grid is not None:
            buttons = tuple(
                replace(one, style=PRESSED) if one.custom_id == job.request.custom_id else one
                for one in grid.snapshot.buttons
            )
            self._channel.edit(grid.id, buttons=buttons)

    def _frame(self, request: Request, heard: Heard) -> None:
        if request.session_id:
            self._gateway.send(lambda: self.frame(heard), request.session_id)


def heard_of_deletion(message: ChannelMessage) -> MessageDeleted:
    """Return what the gateway says of a deleted message."""
    return MessageDeleted(message.id)


def _file(job: SimulatedJob, name: str) -> AttachmentSnapshot:
    url = f"https://cdn.discordapp.com/attachments/{CHANNEL}/{job.id}/{name}?ex=1&is=0&hm=0&"
    return AttachmentSnapshot(filename=name, url=url)


def job_of(url: str) -> str:
    """Return the job behind a link."""
    return url.split("/")[5]


def _embeds(plan: Plan) -> tuple[EmbedSnapshot, ...]:
    if not plan.title:
        return ()
    return (EmbedSnapshot(title=plan.title, description="Please …", colour=plan.colour),)


def _grid_buttons(job: SimulatedJob) -> tuple[ButtonSnapshot, ...]:
    ids = [
        *(f"MJ::JOB::upsample::{slot.value}::{job.id}" for slot in UPSCALES),
        f"MJ::JOB::reroll::0::{job.id}::SOLO",
        *(f"MJ::JOB::variation::{slot.value}::{job.id}" for slot in UPSCALES),
    ]
    return tuple(ButtonSnapshot(custom_id=one, style=FREE) for one in ids)


def _solo_buttons(job: SimulatedJob) -> tuple[ButtonSnapshot, ...]:
    return (ButtonSnapshot(custom_id=f"MJ::JOB::high_variation::1::{job.id}::SOLO", style=FREE),)
