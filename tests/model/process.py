"""One process of the bot: the real services and cogs, with simulated things around them."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast

from discord.ext import commands

from cogs.admin import AdminCog
from cogs.generation import GenerationCog
from cogs.grid import GridCog
from cogs.upscale import UpscaleCog
from domain.effects import TimeLimits
from domain.errors import NotAPicture, StoreUnavailable
from domain.events import Heard
from domain.messages import parse
from domain.parameters import Costly
from domain.ports import Clock, GenerationStore, ImageStore
from domain.quota import Quota
from services.access import Access
from services.atelier import Atelier
from services.discord.midjourney import MidjourneyClient
from services.gallery.gallery import Gallery
from services.generation.orchestrator import Orchestrator
from services.generation.service import GenerationService
from services.lease import LeaseKeeper
from services.pictures.copier import PictureCopier
from services.pictures.download import PictureFetcher, VerifiedPicture
from services.settings import ServiceSettings
from tests.model.bot import SimulatedBot, SimulatedConnection
from tests.model.channel import CHANNEL, OLGA, Channel, ChannelMessage, RestChannel
from tests.model.gateway import SimulatedGateway
from tests.model.memory_data import MemoryData
from tests.model.memory_store import MemoryStore
from tests.model.midjourney import SimulatedMidjourney, job_of
from tests.model.network import NetworkLine, Part, Remote, RemoteStore

LEASE_SECONDS = 60.0
DRAIN_SECONDS = 4.0
OWNER: contextvars.ContextVar[Process | None] = contextvars.ContextVar("owner", default=None)
"""The process whose task is running; None: the world outside."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The settings that the services and cogs read."""

    owner_ids: frozenset[int] = frozenset({OLGA.id})
    allowed_user_ids: frozenset[int] = frozenset()
    allow_everybody: bool = True
    allowed_role_ids: frozenset[int] = frozenset()
    command_prefix: str = "!"
    reply_language: str = "en"
    allow_image_prompts: bool = False
    costly: frozenset[Costly] = frozenset()
    prompt_limit: int = 1000
    quota: Quota = Quota(waiting=0)  # noqa: RUF009 -- frozen
    reactions: bool = False
    notify_author: bool = True
    gallery_url: str | None = None
    discord_channel_id: int = CHANNEL
    auto_upscale: tuple[int, ...] = (1, 2, 3, 4)
    press_interval: float = 1.5
    limits: TimeLimits = TimeLimits()  # noqa: RUF009 -- frozen
    lease_seconds: float = LEASE_SECONDS
    retention_days: float | None = None
    retention_per_person: int | None = None
    event_retention_days: float | None = None


@dataclass
class MemoryPictures:
    """The image store's objects: each key with the job and the place of its picture."""

    objects: dict[str, str] = field(default_factory=dict[str, str])

    async def put(self, key: str, source: Path) -> None:
        self.objects[key] = source.name

    async def url(self, key: str) -> str:
        return f"https://pictures.example/{key}"

    async def delete(self, keys: list[str]) -> None:
        for key in keys:
            self.objects.pop(key, None)

    async def list_objects(self, generation_id: str) -> list[object]:
        return []


class RemotePictures(Remote):
    """The image store over a line; it has no files here."""

    def path(self, key: str) -> None:
        return None


class NoGallery:
    """Nobody looks."""

    async def run(self) -> None:
        """Do nothing."""


class Downloads:
    """The CDN: the picture behind a link is named after its job."""

    def __init__(self, midjourney: SimulatedMidjourney, line: NetworkLine) -> None:
        self._midjourney = midjourney
        self._line = line

    @contextlib.asynccontextmanager
    async def fetch(self, url: str) -> AsyncGenerator[VerifiedPicture]:
        """Yield the verified picture."""

        async def load() -> str:
            return job_of(url)

        job = await self._line.call("fetch", load)
        if self._midjourney.jobs[job].bad_picture:
            raise NotAPicture("broken")
        yield VerifiedPicture(path=Path(job), sha256=job, size=1000, width=64, height=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a process finds outside of itself, and what it leaves there."""

    loop: asyncio.AbstractEventLoop
    clock: Clock
    random: Random
    channel: Channel
    gateway: SimulatedGateway
    midjourney: SimulatedMidjourney
    data: MemoryData
    pictures: MemoryPictures
    parts: dict[str, Part]
    blame: Callable[[str], None]
    note: Callable[[str], None]
    upscales: tuple[int, ...]


class Process:
    """Starts, works, and is killed: then none of its tasks does anything any more."""

    def __init__(self, outside: Outside, number: int) -> None:
        self.number = number
        self.alive = True
        self.fuse: int | None = None  #: killed after so many ways over its border
        self.crossings = 0
        self.on_kill: Callable[[], None] = lambda: None
        self.tasks: set[asyncio.Task[Any]] = set()
        self._outside = outside
        self._context = contextvars.copy_context()
        self._context.run(OWNER.set, self)
        self._store = MemoryStore(outside.data)
        self.bot = SimulatedBot(
            RestChannel(outside.channel, self.line("discord")), self.start, outside.blame
        )
        self.bot.is_zombie = lambda: outside.gateway.zombie
        self.bot.hang_up = lambda: outside.gateway.drop(0.5, resumable=True)
        self.atelier: Atelier | None = None
        self._stopping = False

    def line(self, part: str) -> NetworkLine:
        """Return a line to a part of the outside."""
        return NetworkLine(self._outside.parts[part], self, self._outside.random)

    def start(self, work: Awaitable[None], name: str) -> None:
        """Start a task of this process."""
        if not self.alive:
            cast("Coroutine[None, None, None]", work).close()
            return
        self._outside.loop.create_task(
            cast("Coroutine[None, None, None]", work), name=name, context=self._context
        )

    def cross(self, name: str) -> None:
        """Count a way over the border; the fuse may end here."""
        self.crossings += 1
        if self.fuse is not None and self.alive:
            self.fuse -= 1
            if self.fuse <= 0:
                self._outside.note(f"killed where {name}")
                self.kill()

    def kill(self) -> None:
        """Die: no task comes further than to its next wait, and nothing is cleaned up."""
        if not self.alive:
            return
        self.alive = False
        for task in tuple(self.tasks):
            task.cancel()
        self._outside.gateway.leave(self)
        if self._outside.data.holder is self._store:
            self._outside.data.holder = None
        self.on_kill()

    async def stop(self) -> None:
        """Shut down in order, as after SIGTERM; what is under way at the end is cut off."""
        atelier = self.atelier
        if atelier is not None and self.alive and not self._stopping:
            self._stopping = True
            await atelier.orchestrator.drain(DRAIN_SECONDS)
            with contextlib.suppress(StoreUnavailable):
                await atelier.lease_keeper.end()
        self.kill()

    async def run(self) -> None:
        """Work as the real process does."""
        store = cast("GenerationStore", RemoteStore(self._store, self.line("store")))
        images = cast("ImageStore", RemotePictures(self._outside.pictures, self.line("pictures")))
        clock, settings = self._outside.clock, self._settings()
        keeper = await LeaseKeeper.begin(store, clock, LEASE_SECONDS)
        bot, connection = cast("commands.Bot", self.bot), SimulatedConnection(self.bot)
        sender = MidjourneyClient(
            bot, connection, keeper, press_interval=settings.press_interval, clock=clock
        )
        orchestrator = Orchestrator(
            store=store,
            lease=keeper.lease,
            sender=sender,
            copier=PictureCopier(self._fetcher(), images, connection, clock),
            clock=clock,
            limits=settings.limits,
        )
        atelier = Atelier(
            settings=settings,
            store=store,
            images=images,
            connection=connection,
            access=await Access.open(settings, store, keeper.lease, clock),
            generations=GenerationService(
                store=store,
                images=images,
                lease=keeper.lease,
                orchestrator=orchestrator,
                limits=settings.quota,
                clock=clock,
            ),
            orchestrator=orchestrator,
            clock=clock,
            lease_keeper=keeper,
            gallery=cast("Gallery", NoGallery()),
        )
        await self._load(atelier)
        self._outside.gateway.connect(self)
        await atelier.run(bot)

    def _fetcher(self) -> PictureFetcher:
        return cast("PictureFetcher", Downloads(self._outside.midjourney, self.line("cdn")))

    def _settings(self) -> ServiceSettings:
        return cast("ServiceSettings", ModelSettings(auto_upscale=self._outside.upscales))

    async def _load(self, atelier: Atelier) -> None:
        """Attach the services, and load the cogs."""
        self.atelier = self.bot.atelier = atelier
        bot = cast("commands.Bot", self.bot)
        atelier.orchestrator.notifier.subscribe(lambda news: self.bot.dispatch(news.event, news))
        self.bot.add(atelier.connection)
        generation = GenerationCog(bot, atelier)
        for cog in (generation, AdminCog(bot, atelier)):
            self.bot.add(cog)
        for cog in (GridCog(bot, atelier), UpscaleCog(bot, atelier)):
            self.bot.add(cog, listens=False)  # it only announces what nobody here waits for
        await generation.cog_load()

    # What the gateway tells.

    def connected(self, session_id: str, *, resumed: bool) -> None:
        self.bot.ws.session_id, self.bot.ws.open = session_id, True
        self._outside.note(f"gateway {'resumed' if resumed else 'ready'}: {session_id}")
        if not resumed:
            self.bot.dispatch("connect")
        self.bot.dispatch("resumed" if resumed else "ready")

    def disconnected(self) -> None:
        self.bot.ws.open = False
        self._outside.note("gateway away")
        self.bot.dispatch("disconnect")

    def hear(self, heard: Heard) -> None:
        """Hear something of Midjourney, as the listener does."""
        if self.atelier is not None:
            self.atelier.orchestrator.hear(heard)

    def receive(self, message: ChannelMessage) -> None:
        """Receive a message that a person typed."""
        if not message.author.bot:
            self.start(self.bot.receive(message), f"command {message.id}")

    def parsed(self, snapshot: Any) -> None:
        """Receive a message, or its edit, of Midjourney."""
        heard = parse(snapshot)
        if heard is not None:
            self.hear(heard)
