"""People in the channel: what they type, and the owner who lets the queue go on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.generation import TERMINAL, Generation, Status
from domain.slots import Slot
from tests.model.channel import ANN, BEN, OLGA, ChannelPerson

if TYPE_CHECKING:
    from tests.model.midjourney import SimulatedJob
    from tests.model.world import SimulatedWorld

PROMPTS = ("a cat", "a dog", "a lighthouse at dusk --ar 3:2")
ADOPTIONS = 0.25
"""How many of the changes of mind are adoptions."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command that somebody typed, when, and in which message."""

    message_id: int
    text: str
    at: float


class People:
    """Type commands, and remember them."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.typed: list[Typed] = []
        self.away = False  #: the owner does not resume
        self._world = world
        self._random = world.random

    def say(self, person: ChannelPerson, text: str, reply_to: int | None = None) -> Typed:
        """Type something."""
        message = self._world.channel.post(person, text, reference_id=reply_to)
        typed = Typed(message.id, text, self._world.clock.monotonic())
        self.typed.append(typed)
        return typed

    async def imagine(self, within: float, most: int) -> None:
        """Ask for some pictures, at random times."""
        for _ in range(self._random.randint(1, most)):
            await asyncio.sleep(self._random.uniform(0, within / most))
            self.say(self._random.choice((ANN, BEN)), f"!imagine {self._random.choice(PROMPTS)}")

    async def meddle(self, within: float, times: int) -> None:
        """Change one's mind about what is there, at random times."""
        for _ in range(times):
            await asyncio.sleep(self._random.uniform(0, 2 * within / times))
            rows = list(self._world.data.rows.values())
            grids = [j for j in self._world.midjourney.jobs.values() if j.message_id]
            if grids and self._random.random() < ADOPTIONS:
                self._adopt(self._random.choice(grids), rows)
            elif rows:
                self._change(self._random.choice(rows))

    def _adopt(self, grid: SimulatedJob, rows: list[Generation]) -> None:
        """Ask for a grid of anybody's to be kept, as a new generation or for an old one."""
        self._world.adoptable.add(grid.id)
        codes = [row.code for row in rows if row.status == Status.NEEDS_ATTENTION]
        code = self._random.choice(codes) if codes and self._random.random() < 0.5 else ""
        self.say(OLGA, f"!adopt {code}".strip(), reply_to=grid.message_id)

    def _change(self, row: Generation) -> None:
        random, person = self._random, ANN if row.author_id == ANN.id else BEN
        ended = row.status in TERMINAL or row.status == Status.NEEDS_ATTENTION
        number = random.randint(1, 4)
        texts = ["!cancel {0}", "!upscale {0} {1}", "!vary {0} {1}", "!reroll {0}"]
        if ended:
            texts += ["!retry {0}", "!retry {0} again", "!delete {0} yes"]
        if row.step(Slot.GRID).picture is None:
            texts = [texts[0], *texts[4:]]
        self.say(person, random.choice(texts).format(row.code, number))

    async def pause(self, within: float) -> None:
        """Have the owner pause the queue; `resume` is typed by `look_after`."""
        await asyncio.sleep(self._random.uniform(0, within))
        self.say(OLGA, "!pause a moment")

    async def look_after(self) -> None:
        """Let the queue go on some time after each pause, as the owner does."""
        while True:
            await asyncio.sleep(self._random.uniform(20, 90))
            if self._world.data.pause is not None and not self.away:
                self.say(OLGA, "!resume")
