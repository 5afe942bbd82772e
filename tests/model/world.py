"""The world of one run: Discord, Midjourney, the stores, and one process after another."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import random
import secrets
import uuid
from collections.abc import Callable, Coroutine, Generator
from random import Random
from typing import Any, cast
from unittest.mock import patch

import structlog
from discord.ext import commands
from structlog.typing import EventDict, WrappedLogger

from domain.errors import DownloadFailed, LeaseHeld, StoreUnavailable
from domain.generation import Generation
from domain.messages import MessageSnapshot
from tests.model.channel import ACCOUNT, MIDJOURNEY, Channel, ChannelMessage
from tests.model.gateway import SimulatedGateway
from tests.model.interactions import Interactions, session_class
from tests.model.loop import SimulatedClock, SimulatedLoop
from tests.model.memory_data import MemoryData, StoreEvent
from tests.model.midjourney import Request, SimulatedMidjourney, heard_of_deletion
from tests.model.network import Part
from tests.model.process import OWNER, MemoryPictures, Outside, Process
from tests.model.retries import QuickRetries

PARTS: dict[str, Callable[[str], Exception]] = {
    "store": StoreUnavailable,
    "pictures": StoreUnavailable,
    "discord": OSError,
    "cdn": DownloadFailed,
}
UPSCALES = ((1, 2, 3, 4), (1, 3), (1, 4), (2,), (3,), (2,), ())
"""Which upscales everybody wants; each costs as much to play as half a grid."""
RESTART_SECONDS = (0.5, 5.0, 40.0)
TRACED = 100_000


class Violation(AssertionError):
    """Something happened that must never happen."""


class SimulatedWorld:
    """Everything that one seed makes; use it in `running`."""

    def __init__(self, seed: int, loop: SimulatedLoop, *, traced: bool = False) -> None:
        self.random = Random(seed)  # noqa: S311 -- repeatable on purpose
        self.loop = loop
        self.clock = SimulatedClock(loop)
        self.trace: list[str] = []
        self.violations: list[str] = []
        self.parts = {name: Part(name, error) for name, error in PARTS.items()}
        self.channel = Channel(self.clock)
        self.gateway = SimulatedGateway(loop, self.random)
        self.midjourney = SimulatedMidjourney(self.channel, self.gateway, self.random, self.start)
        self.data = MemoryData(self.clock, watch=self._written)
        self.pictures = MemoryPictures()
        self.interactions = Interactions(
            self.channel, self.gateway, self.midjourney, self.data, self.clock
        )
        self.watchers: list[Callable[[StoreEvent], None]] = []
        self.process: Process | None = None
        self.upscales: tuple[int, ...] = self.random.choice(UPSCALES)
        self.killed_at: list[float] = []
        self.adoptable: set[str] = set()  #: jobs whose grids people have tried to adopt
        self.resting = False  #: no process is started any more
        self._traced = traced
        self._context = contextvars.copy_context()
        self._supervisor: asyncio.Task[None] | None = None
        self.channel.tell = self._told
        self.midjourney.frame = self._frame

    def note(self, text: str) -> None:
        """Add a line to the trace, if there is one."""
        if self._traced and len(self.trace) < TRACED:
            self.trace.append(f"{self.loop.time():9.2f}  {text}")

    def blame(self, text: str) -> None:
        """Note what must never happen; the run ends soon."""
        self.note(f"!! {text}")
        self.violations.append(f"after {self.loop.time():.1f} s: {text}")

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Start something that belongs to the world, and not to a process."""
        task = self.loop.create_task(work, context=self._context)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self.blame(f"the model itself: {task.exception()!r}")
            raise task.exception() or AssertionError

    # The process.

    def boot(self) -> None:
        """Start the first process, and another one whenever it is killed."""
        self._supervisor = self.loop.create_task(self._supervise(), context=self._context)
        self._supervisor.add_done_callback(self._ended)

    async def _supervise(self) -> None:
        number = 0
        while not self.resting:
            number += 1
            process = self.process = Process(self._outside(), number)
            process.on_kill = self._killed
            self.note(f"process {number} starts")
            await self._life(process)
            await asyncio.sleep(self.random.choice(RESTART_SECONDS))

    async def _life(self, process: Process) -> None:
        process.start(self._work(process), f"process {process.number}")
        while process.tasks:
            await asyncio.wait(process.tasks)
        if process.alive:
            process.kill()

    async def _work(self, process: Process) -> None:
        try:
            await process.run()
        except (LeaseHeld, StoreUnavailable) as error:
            self.note(f"it does not start: {error!r}")
            process.kill()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the run fails
            self.blame(f"the process ended: {error!r} {getattr(error, 'exceptions', '')}")
            process.kill()

    def _killed(self) -> None:
        self.killed_at.append(self.loop.time())

    def _outside(self) -> Outside:
        return Outside(
            loop=self.loop,
            clock=self.clock,
            random=self.random,
            channel=self.channel,
            gateway=self.gateway,
            midjourney=self.midjourney,
            data=self.data,
            pictures=self.pictures,
            parts=self.parts,
            blame=self.blame,
            note=self.note,
            upscales=self.upscales,
        )

    # What happens outside.

    async def post(self, body: Any) -> Any:
        """Send an interaction from the process whose task this is."""
        process = OWNER.get()
        assert process is not None
        return await self.interactions.post(process.line("discord"), body)

    def _told(self, event: str, message: ChannelMessage, snapshot: MessageSnapshot) -> None:
        self.clock.enliven()
        self.note(f"{event} {message.id} {message.author.display_name}: {message.content!r}")
        own = message.author == ACCOUNT
        if own or (message.author != MIDJOURNEY and event != "create"):
            return

        def deliver() -> None:
            process = self.process
            if process is None:
                return
            if event == "delete":
                process.hear(heard_of_deletion(message))
            elif message.author == MIDJOURNEY:
                self.midjourney.told(message.id)
                process.parsed(snapshot)
            else:
                process.receive(message)

        self.gateway.send(deliver, surely=message.author != MIDJOURNEY)

    def _frame(self, heard: Any) -> None:
        if self.process is not None:
            self.process.hear(heard)

    def _written(self, event: StoreEvent) -> None:
        after = event.after
        if event.before is None or event.before.status != after.status:
            self.note(f"row {after.code} {event.event}: {after.status.value} {after.problem or ''}")
        for watch in self.watchers:
            watch(event)

    def requests_of(self, generation_id: str) -> list[Request]:
        """Return what Midjourney got for a generation."""
        return [r for r in self.midjourney.requests if r.generation_id == generation_id]


@contextlib.contextmanager
def running(seed: int, *, traced: bool = False) -> Generator[SimulatedWorld]:
    """Make a world with an event loop of its own; everything random comes from the seed."""
    loop = SimulatedLoop()
    loop.set_task_factory(_owned_task)
    before, known = structlog.get_config(), random.getstate()
    random.seed(seed)
    own = Random(seed)  # noqa: S311 -- repeatable on purpose
    world = SimulatedWorld(seed, loop, traced=traced)
    structlog.configure(processors=[_into(world)], cache_logger_on_first_use=False)
    if not traced:
        structlog.configure(wrapper_class=_Silent)
    try:
        with (
            patch.object(secrets, "randbits", own.getrandbits),
            patch.object(secrets, "choice", own.choice),
            patch.object(uuid, "uuid4", lambda: uuid.UUID(int=own.getrandbits(128), version=4)),
            patch("services.retry.stamina", QuickRetries),
            patch("discord.ext.commands.core.get_signature_parameters", _signature_of),
            patch("cogs.generation_replies.GenerationReplies.status", _short_status),
            patch("services.discord.midjourney.AsyncSession", session_class(world.post)),
            patch("cogs.missed_commands.snapshot", _snapshot),
        ):
            yield world
    finally:
        structlog.configure(**before)
        random.setstate(known)
        _end(loop)


_READ = commands.core.get_signature_parameters
_SIGNATURES: dict[object, Any] = {}


def _signature_of(function: object, names: dict[str, Any], **options: Any) -> Any:
    """Return a command's parameters as the library reads them, which it does for each process."""
    if function not in _SIGNATURES:
        _SIGNATURES[function] = _READ(cast("Any", function), names, **options)
    return dict(_SIGNATURES[function])


def _snapshot(message: ChannelMessage) -> MessageSnapshot:
    return message.snapshot


def _short_status(_: object, row: Generation, percent: int | None, now: object) -> str:
    """Return the text of a status message: nothing depends on its words, which take time."""
    return f"{row.code}: {row.status.value} {percent}"


def _end(loop: SimulatedLoop) -> None:
    """Cancel everything that still runs."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def _owned_task(
    loop: asyncio.AbstractEventLoop,
    work: Any,
    context: contextvars.Context | None = None,
    **more: Any,
) -> asyncio.Task[Any]:
    """Make a task, and note it at the process that it belongs to."""
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, context=context, **more)
    owner = OWNER.get() if context is None else context.get(OWNER)
    if owner is not None:
        owner.tasks.add(task)
        task.add_done_callback(owner.tasks.discard)
        if not owner.alive:
            task.cancel()
    return task


def _into(world: SimulatedWorld) -> Callable[[WrappedLogger, str, EventDict], str]:
    """Return a processor that adds the bot's log to the trace."""

    def add(_: WrappedLogger, level: str, line: EventDict) -> str:
        event = line.pop("event")
        facts = " ".join(f"{name}={value}" for name, value in line.items())
        world.note(f"log {level} {event} {facts}")
        raise structlog.DropEvent

    return add


class _Silent(structlog.BoundLogger):
    """Says nothing, quickly."""

    def _proxy_to_logger(self, *_: Any, **__: Any) -> None:
        return
