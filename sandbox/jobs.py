"""Midjourney's jobs: the record of one, and the list of all."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from sandbox.echoes import echoed, last_echo
from sandbox.job_kinds import FILM, IMAGINE, JobKind, remixed
from sandbox.job_options import JobOptions, Picture, take_options
from sandbox.pictures import Scene
from sandbox.prompts import altered, is_film, is_hd
from sandbox.switches import Switches

if TYPE_CHECKING:
    from sandbox.interactions import Interaction
    from sandbox.people import SandboxUser
    from sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of Midjourney's: a grid, or something made from one of its pictures."""

    id: str  # a uuid, as in custom ids, file names and links
    prompt: str  # as echoed
    asked: Interaction  # what it answers
    scene: Scene
    random: Random
    options: JobOptions
    work: JobKind = IMAGINE
    cell: int = 0  # the cell 1-4 of `scene`; 0 means all four
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def person(self) -> SandboxUser:
        """Whose job it is."""
        return self.asked.person

    @property
    def parent(self) -> int | None:
        """The message whose button was pressed."""
        return self.asked.message_id

    @property
    def picture(self) -> Picture:
        """Its picture."""
        return "solo" if self.cell else "grid"

    @property
    def last_prompt(self) -> str:
        """The prompt as the result echoes it."""
        return last_echo(self.prompt, self.options)


class Jobs:
    """Creates jobs and finds them by their uuid. The same seed gives the same jobs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs: dict[str, Job] = {}

    @property
    def begun(self) -> tuple[Job, ...]:
        """All jobs so far, in order."""
        return tuple(self._jobs.values())

    def find(self, job_id: str) -> Job | None:
        """Return the job with this uuid."""
        return self._jobs.get(job_id)

    def grid(self, prompt: str, asked: Interaction) -> Job:
        """Start a grid from an echoed prompt, or a film if that asks for one."""
        random = self._random()
        job_id = _uuid(random)
        options = self._options(asked, "grid")
        prompt = echoed(prompt, options)
        return self._keep(
            Job(
                id=job_id,
                prompt=prompt,
                asked=asked,
                scene=self._scene(prompt, job_id),
                random=random,
                options=options,
                work=FILM if is_film(prompt) else IMAGINE,
            )
        )

    def derive(self, origin: Job, cell: int, asked: Interaction, work: JobKind) -> Job:
        """Start a job on a picture, with its own uuid: a new grid, or one of its cells."""
        random = self._random()
        job_id = _uuid(random)
        prompt = altered(origin.prompt, work.drops, work.adds)
        new = work.makes == "grid"
        return self._keep(
            Job(
                id=job_id,
                prompt=prompt,
                asked=asked,
                scene=self._scene(prompt, job_id) if new else origin.scene,
                random=random,
                options=self._options(asked, "grid" if new else "solo"),
                work=work,
                cell=0 if new else cell,
            )
        )

    def rewrite(self, job: Job, prompt: str, asked: Interaction) -> Job:
        """Give a job the prompt that a person wrote into a form, and answer the form."""
        return self._keep(replace(job, prompt=prompt, asked=asked, work=remixed(job.work)))

    def _scene(self, prompt: str, job_id: str) -> Scene:
        switches = self._world.switches
        return Scene(
            prompt,
            job_id,
            self._world.picture_size,
            is_hd(prompt, usually=switches.hd_by_default.take()),
            switches.picture_grain.take(),
        )

    def _options(self, asked: Interaction, picture: Picture) -> JobOptions:
        switches = Switches() if asked.elsewhere else self._world.switches
        return take_options(switches, asked.kind, picture)

    def _random(self) -> Random:
        return Random(f"job:{self._world.seed}:{len(self._jobs)}")  # noqa: S311 - repeatable on purpose

    def _keep(self, job: Job) -> Job:
        self._jobs[job.id] = job
        return job


def _uuid(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
