"""What people type: mostly prompts, no two alike, and now and then everything else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from random import Random

from domain.generation import Generation, Status
from sandbox.people import OWNER
from sandbox.server import Sandbox

NAMES = (OWNER, "ben", "cleo", "dora")
THINGS = ("cat", "lighthouse", "teapot", "harbour", "violin", "owl", "bridge", "orchard")
ENDINGS = ("", ", at night", ", in the rain", " --ar 3:2", " --ar 1:2")
MOST_UNFINISHED = 6
"""People ask for nothing new while so many wait."""
_AT_WORK = frozenset(Status) - {
    Status.COMPLETED,
    Status.FAILED,
    Status.CANCELLED,
    Status.NEEDS_ATTENTION,
}


class Crowd:
    """Type commands at random; `commands` are those that ask for a generation, by message."""

    def __init__(self, sandbox: Sandbox, random: Random) -> None:
        """Nobody has typed anything yet."""
        self.commands: dict[int, str] = {}
        self.cancels: set[str] = set()
        self._sandbox = sandbox
        self._random = random
        self._numbers = count(1)

    async def type(self, rows: Sequence[Generation]) -> None:
        """Have somebody type something, knowing these generations."""
        kept = {row.command_message_id for row in rows}
        unfinished = [row for row in rows if row.status in _AT_WORK]
        coming = [message for message in self.commands if message not in kept]
        choices = {
            self._imagine: 10.0 if len(unfinished) + len(coming) < MOST_UNFINISHED else 0.0,
            self._ask: 2.0,
            self._by_hand: 0.3,
            self._cancel: 0.3 if unfinished else 0.0,
            self._retry: 0.5 if rows else 0.0,
        }
        [action] = self._random.choices(list(choices), list(choices.values()))
        await action(rows)

    async def resume(self) -> None:
        """Have the owner let the queue go on, as if the account were in order again."""
        await self._sandbox.say(OWNER, "!resume")

    async def _imagine(self, _: Sequence[Generation]) -> None:
        thing, ending = self._random.choice(THINGS), self._random.choice(ENDINGS)
        prompt = f"{thing} {next(self._numbers)}{ending}"
        said = await self._sandbox.say(self._random.choice(NAMES), f"!imagine {prompt}")
        self.commands[int(said["id"])] = prompt

    async def _ask(self, _: Sequence[Generation]) -> None:
        text = self._random.choice(("!status", "!queue", "!history", "!health", "hello", "!help"))
        await self._sandbox.say(self._random.choice(NAMES), text)

    async def _by_hand(self, _: Sequence[Generation]) -> None:
        """Make a grid without the bot, with a prompt of its own."""
        prompt = f"{self._random.choice(THINGS)} by hand {next(self._numbers)}"
        self._sandbox.imagine_elsewhere(prompt)

    async def _cancel(self, rows: Sequence[Generation]) -> None:
        row = self._random.choice([row for row in rows if row.status in _AT_WORK])
        self.cancels.add(row.code)
        await self._sandbox.say(OWNER, f"!cancel {row.code}")

    async def _retry(self, rows: Sequence[Generation]) -> None:
        row = self._random.choice(rows)
        await self._sandbox.say(OWNER, f"!retry {row.code}")
