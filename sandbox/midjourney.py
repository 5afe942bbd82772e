"""Midjourney's bot: receives interactions, acknowledges them, and starts the right job."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox import grammar, job_kinds
from sandbox.bot_messages import BotMessages
from sandbox.grids import Grids
from sandbox.interactions import Interaction
from sandbox.jobs import Jobs
from sandbox.prompts import rewrite
from sandbox.refusals import REFUSALS
from sandbox.results import Results
from sandbox.upscales import Upscales

if TYPE_CHECKING:
    from sandbox.job_kinds import ButtonId
    from sandbox.jobs import Job
    from sandbox.people import SandboxUser
    from sandbox.switches import Acknowledgement
    from sandbox.world import World

# Seconds: from the POST to the acknowledgement, and from there to the first message.
_ACKNOWLEDGE = 0.3
_BEGIN = 0.3
_LATE_ACKNOWLEDGE = 1.0  # seconds after the POST, with the first message already there
_QUEUED = 60.0  # seconds from "Job queued" to the beginning of the job
_TIMEOUT = 2  # the reason of an INTERACTION_FAILURE: the bot did not answer within 3 s
_STRANGER, _FOREIGN_PROMPT = "ben", "a dog that nobody here asked for"


class Midjourney:
    """The bot. It never waits for a client: whatever clients do, jobs continue."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs = Jobs(world)
        self._bot_messages = BotMessages(world)
        stage = Results(world, self._bot_messages)
        self._grids = Grids(world, self._bot_messages, stage)
        self._solos = Upscales(world, self._bot_messages, stage)
        self._pressed: set[tuple[int | None, str]] = set()
        self._forms: dict[int, Job] = {}

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs that were started or refused, in order."""
        return self._jobs.begun

    def receive(self, asked: Interaction) -> None:
        """Start to answer an interaction that Discord accepted."""
        self._tell("INTERACTION_CREATE", asked)
        play = {"imagine": self._play_command, "press": self._play_press, "modal": self._play_form}
        self._world.clock.start(play[asked.kind](asked), f"{asked.kind} {asked.id}")

    def imagine_elsewhere(self, prompt: str, person: SandboxUser) -> None:
        """Draw a grid that no client of the sandbox asked for."""
        asked = self._by_hand(person, prompt=prompt)
        job = self._jobs.grid(self._echo(prompt), asked)
        self._world.clock.start(self._draw(job), f"elsewhere {job.id}")

    def press_elsewhere(self, message_id: int, custom_id: str, person: SandboxUser) -> None:
        """Press a button for a person, outside of every client of the sandbox."""
        self.receive(self._by_hand(person, custom_id=custom_id, message_id=message_id))

    async def _play_command(self, asked: Interaction) -> None:
        job = self._jobs.grid(self._echo(asked.prompt), asked)
        self._begin_foreign_job(asked)
        if await self._accepts(job):
            await self._draw(job)

    async def _play_press(self, asked: Interaction) -> None:
        repeated = self._pressed_before(asked)
        button = job_kinds.read_button(asked.custom_id)
        origin = button and self._jobs.find(button.job)
        if button is None or origin is None:
            await self._acknowledge(asked)  # nothing else happens
            return
        job = None if repeated else self._job_of(button, origin, asked)
        if job is None:
            await self._acknowledge(asked)
            self._answer_without_job(button, origin, asked)
        elif not (await self._accepts(job) and await self._draw(job)):
            self._pressed.discard(_press(asked))  # it failed, so it may be pressed again

    async def _play_form(self, asked: Interaction) -> None:
        job = self._forms.pop(asked.form_id or 0, None)
        await self._acknowledge(asked)
        if job is not None:
            place = {"message_id": job.asked.message_id, "custom_id": job.asked.custom_id}
            prompt = self._echo(asked.values[0]) if asked.values else job.prompt
            await self._draw(self._jobs.rewrite(job, prompt, replace(asked, **place)))

    def _echo(self, prompt: str) -> str:
        version = self._world.switches.default_version.take()
        return rewrite(prompt, "" if version == "unnamed" else version)

    def _job_of(self, button: ButtonId, origin: Job, asked: Interaction) -> Job | None:
        work = job_kinds.work_of(button, origin.work)
        cell = origin.cell or button.index
        return self._jobs.derive(origin, cell, asked, work) if work else None

    def _answer_without_job(self, button: ButtonId, origin: Job, asked: Interaction) -> None:
        if button.action == job_kinds.CANCEL:
            origin.cancelled.set()
        elif button.action == job_kinds.FAVORITE:
            self._bot_messages.confirm_favorite(asked)
        elif button.action == "upsample":
            self._bot_messages.refuse(asked, REFUSALS["Job action restricted"])

    async def _accepts(self, job: Job) -> bool:
        """Acknowledge, and return whether the job starts."""
        failure = job.options.failure
        if job.options.fate in ("captcha", "modal"):
            await self._world.clock.sleep(_ACKNOWLEDGE)
            self._stand_before(job)
            return False
        await self._acknowledge(job.asked, job.options.acknowledge)
        if job.options.fate == "silence":
            return False
        if failure is None or failure.place in ("edit", "reply"):
            return True
        self._bot_messages.refuse(job.asked, failure)
        if failure.place == "queue":
            await self._world.clock.sleep(_QUEUED)
        return failure.place != "answer"

    async def _draw(self, job: Job) -> bool:
        """Play a job to its end, and return whether it made a picture."""
        if job.work.makes in ("solo", "clip"):
            return await self._solos.draw(job)
        grid = await self._grids.draw(job)
        own_grid = not (job.cell or job.asked.elsewhere)
        number = self._world.switches.somebody_presses.take() if own_grid else 0
        if grid is not None and number:
            button = f"MJ::JOB::upsample::{number}::{job.id}"
            self.press_elsewhere(grid.id, button, self._world.guild.people[_STRANGER])
        return grid is not None

    def _stand_before(self, job: Job) -> None:
        """Ask for a human check or show a form before the job."""
        place = {"channel_id": str(self._world.guild.channel_id)}
        if job.options.fate == "captcha":
            fields = place | grammar.captcha(job.id)
            self._tell("INTERACTION_IFRAME_MODAL_CREATE", job.asked, **fields)
            return
        self._forms[job.asked.id] = job
        self._tell(
            "INTERACTION_MODAL_CREATE", job.asked, **place | grammar.form(job.prompt, job.id)
        )

    def _begin_foreign_job(self, asked: Interaction) -> None:
        what = self._world.switches.foreign_job.take()
        if what == "none":
            return
        person = self._world.guild.people[_STRANGER] if what == "somebody else" else asked.person
        prompt = asked.prompt if what.endswith("same prompt") else _FOREIGN_PROMPT
        self.imagine_elsewhere(prompt, person)

    def _pressed_before(self, asked: Interaction) -> bool:
        # The button turns blue only with the picture, so that its colour alone would let two
        # quick presses through. Only an upscale is made once; V and reroll may be had again.
        repeated = _press(asked) in self._pressed
        self._pressed.add(_press(asked))
        return repeated and "::upsample::" in asked.custom_id

    async def _acknowledge(self, asked: Interaction, how: Acknowledgement = "success") -> None:
        await self._world.clock.sleep(_ACKNOWLEDGE)
        if how == "success":
            self._tell("INTERACTION_SUCCESS", asked)
        elif how == "failure":
            self._tell("INTERACTION_FAILURE", asked, reason_code=_TIMEOUT)
        elif how == "late":
            self._world.clock.start(self._acknowledge_late(asked), f"acknowledge {asked.id}")
        await self._world.clock.sleep(_BEGIN)

    async def _acknowledge_late(self, asked: Interaction) -> None:
        await self._world.clock.sleep(_LATE_ACKNOWLEDGE)
        self._tell("INTERACTION_SUCCESS", asked)

    def _tell(self, event: str, asked: Interaction, **fields: Any) -> None:
        session = self._world.gateway.session(asked.session, asked.person)
        if session is not None:  # otherwise it has ended, and nobody gets the event
            session.dispatch(event, {"id": str(asked.id), "nonce": asked.nonce} | fields)

    def _by_hand(self, person: SandboxUser, **fields: Any) -> Interaction:
        return Interaction(
            id=self._world.snowflakes.next(),
            kind="press" if "custom_id" in fields else "imagine",
            person=person,
            nonce="",
            session="",
            at=self._world.clock.now(),
            accepted=True,
            **fields,
        )


def _press(asked: Interaction) -> tuple[int | None, str]:
    return asked.message_id, asked.custom_id
