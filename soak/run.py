"""A soak from its start to its result: the bot, people, faults, restarts, and time to settle."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from domain.effects import TOLD
from domain.generation import Generation
from sandbox.proxy import TlsProxy
from sandbox.server import Sandbox
from soak import memory
from soak.accounting import KILLED, UNSETTLED, account
from soak.evidence import gather, rows_of
from soak.people import Crowd
from soak.report import SoakResult
from soak.troubles import Troublemaker
from soak.worker import BotProcess, environment
from tools.environment import SetupProblem

TICK = 0.5
FIRST_READY = 60.0
"""Seconds for the very first start: what was typed before it is nobody's command."""
SETTLING = 900.0
"""Seconds of the bot's own time: more than its longest wait, which is 10 minutes."""
PICTURE_SIZE = 64
_EACH_SECONDS = {"people": 2.0, "faults": 4.0}
"""How many seconds pass between two commands, and between two faults, on average."""
_BUG = re.compile(r"\bevent=(failed_unexpectedly|command_failed|event_not_read)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakOptions:
    """What was asked for on the command line."""

    minutes: float
    speed: float
    seed: int
    json: bool = False

    @property
    def seconds(self) -> float:
        """How long there are people and faults."""
        return self.minutes * 60


async def soak(options: SoakOptions, folder: Path, say: Callable[[str], None]) -> SoakResult:
    """Run a soak in a folder, and tell `say` how it goes."""
    sandbox = Sandbox(
        speed=options.speed, seed=options.seed, picture_size=PICTURE_SIZE, public=True
    )
    async with sandbox, TlsProxy(sandbox) as proxy:
        worker = BotProcess(environment(sandbox, proxy, folder), folder)
        try:
            return await Soak(options, sandbox, worker, folder, say).run()
        finally:
            await worker.end(signal.SIGKILL)


class Soak:
    """One soak; `seed` decides what people, faults and signals do, but not how they meet."""

    def __init__(
        self,
        options: SoakOptions,
        sandbox: Sandbox,
        worker: BotProcess,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        """Keep the parts; nothing is started yet."""
        self._options = options
        self._sandbox = sandbox
        self._worker = worker
        self._folder = folder
        self._say = say
        self._random = Random(f"soak:{options.seed}")  # noqa: S311 -- repeatable on purpose
        self._people = Crowd(sandbox, Random(f"people:{options.seed}"))  # noqa: S311 -- as above
        self._troubles = Troublemaker(sandbox, Random(f"troubles:{options.seed}"))  # noqa: S311 -- as above
        self._restarts: Counter[str] = Counter(SIGKILL=0, SIGTERM=0)
        self._rows: list[Generation] = []
        self._paused = False
        self._began = time.monotonic()

    async def run(self) -> SoakResult:
        """Let people, faults and signals come, then let everything settle, and account for it."""
        await self._first_start()
        self._began = time.monotonic()
        await self._play()
        troubles = self._troubles.end()
        self._say("No more faults: everything gets the time to settle.")
        settled = await self._settle()
        seconds = time.monotonic() - self._began
        await self._worker.end(signal.SIGTERM)
        await self._look()
        evidence = gather(self._sandbox, self._people, self._rows, troubles, self._folder)
        held = [mb for life in self._worker.lives for _, mb in life]
        return SoakResult(
            account=account(evidence),
            seconds=seconds,
            restarts=self._restarts,
            faults=self._troubles.count,
            mb_per_hour=memory.slope(self._worker.lives),
            mb=max(held, default=None),
            settled=settled,
            crashes=self._worker.ends,
            bugs=Counter(_BUG.findall(self._worker.log.read_text("utf-8", "replace"))),
        )

    async def _first_start(self) -> None:
        await self._worker.start()
        try:
            await self._sandbox.wait_until(
                lambda: bool(self._sandbox.gateway.sessions), FIRST_READY
            )
        except TimeoutError:
            raise SetupProblem(f"The bot does not start; see {self._worker.log}.") from None
        await asyncio.sleep(1 + FIRST_READY / 30)  # it sets its mark right after that

    async def _play(self) -> None:
        """Let things happen, each after a random time."""
        due = dict.fromkeys(_EACH_SECONDS, 0.0) | {"restart": self._until_restart(), "word": 15.0}
        while (now := time.monotonic() - self._began) < self._options.seconds:
            await self._keep_going()
            if now >= due["people"]:
                await self._people.type(self._rows)
                due["people"] = now + self._pause("people")
            if now >= due["faults"]:
                self._troubles.make()
                due["faults"] = now + self._pause("faults")
            if now >= due["restart"]:
                await self._restart()
                due["restart"] = now + self._until_restart()
            if now >= due["word"]:
                self._say(self._progress(now))
                due["word"] = now + 15
            await asyncio.sleep(TICK)

    async def _keep_going(self) -> None:
        """Look at everything; do what a platform and the owner would do."""
        await self._worker.start()
        await self._look()
        if self._paused and self._random.random() < TICK / 5:
            await self._people.resume()

    async def _settle(self) -> bool:
        """Wait until all has ended and been told; False if that takes too long."""
        ends, word = time.monotonic() + SETTLING, 0.0
        while time.monotonic() < ends:
            await self._keep_going()
            if self._is_settled():
                return True
            if time.monotonic() >= word:
                self._say(self._progress(time.monotonic() - self._began))
                word = time.monotonic() + 15
            await asyncio.sleep(TICK)
        return False

    def _is_settled(self) -> bool:
        told = all(r.notice_message_id is not None for r in self._rows if r.status in TOLD)
        ended = all(row.status not in UNSETTLED for row in self._rows)
        kept = {row.command_message_id for row in self._rows}
        answered = {
            message.get("message_reference", {}).get("message_id")
            for message in self._sandbox.messages
        }
        waiting = (
            message
            for message in self._people.commands
            if message not in kept and str(message) not in answered
        )
        return told and ended and not any(waiting)

    async def _look(self) -> None:
        self._rows, self._paused = await rows_of(self._folder)
        self._worker.sample()
        self._troubles.look()

    async def _restart(self) -> None:
        """End the process with a signal, and leave it down for a moment."""
        number = self._random.choice((signal.SIGKILL, signal.SIGTERM))
        self._restarts[number.name] += 1
        self._troubles.note(KILLED)
        await self._worker.end(number)
        await asyncio.sleep(self._random.choice((0.0, 0.5, 4.0)))
        await self._worker.start()

    def _pause(self, what: str) -> float:
        return self._random.expovariate(1 / _EACH_SECONDS[what])

    def _until_restart(self) -> float:
        """Return how long this life lasts: mostly short, but some show whether memory grows."""
        long = memory.WARM_UP + 1.2 * memory.LONG_ENOUGH
        life = self._random.choice((10.0, 20.0, 40.0, 60.0, long))
        return min(life, self._options.seconds / 2)

    def _progress(self, now: float) -> str:
        ended = sum(row.status not in UNSETTLED for row in self._rows)
        minutes, seconds = divmod(round(now), 60)
        megabytes = self._worker.sample()
        held = "" if megabytes is None else f", {megabytes:.0f} MB"
        paused = ", paused" if self._paused else ""
        return (
            f"{minutes:3}:{seconds:02}  asked {len(self._people.commands)}, ended {ended}, "
            f"faults {self._troubles.count}, restarts {sum(self._restarts.values())}{held}{paused}"
        )
