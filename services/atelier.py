"""Builds the services, attaches them to a bot, and closes them with it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from domain.errors import AlreadyAttached
from services.access import Access
from services.alerts.alerts import Alerts
from services.alerts.watch import AlertWatch
from services.clock import SystemClock
from services.collection import Collection
from services.command_queue import CommandQueue
from services.delayed_notices import DelayedNotices
from services.discord.clock import DiscordClock
from services.discord.connection import DiscordConnection
from services.discord.frames import frames_heard
from services.discord.hang_up_guard import HangUpGuard
from services.discord.messenger import Messenger
from services.discord.midjourney import MidjourneyClient
from services.discord.status_messages import StatusMessages
from services.discord.uploads import stream_files
from services.discord.watchdog import GatewayWatchdog
from services.gallery.gallery import Gallery
from services.generation.orchestrator import Orchestrator
from services.generation.recovery import Recovery
from services.generation.service import GenerationService
from services.health import HealthReport
from services.lease import LeaseKeeper
from services.metrics.alive import Alive
from services.metrics.counts import Counts
from services.metrics.page import MetricsPage
from services.metrics.state import WorkerState, paused_by
from services.opening import OpenedStores, open_for_work
from services.pictures.copier import PictureCopier
from services.pictures.download import DISCORD_CDN, PictureFetcher
from services.prompt_parts import PromptParts
from services.retention import Cleaner, RetentionRules

if TYPE_CHECKING:
    from discord.ext import commands

    from domain.ports import Clock, GenerationStore, ImageStore, Lease
    from services.settings import ServiceSettings

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 4.0
"""How long to finish pictures at shutdown, in seconds; a platform gives ten in all."""


@dataclass(slots=True)
class Atelier:
    """The services of one bot; its cogs find them at `bot.atelier`.

    `failure` is set if the work ended by itself; the bot is then closed.
    """

    settings: ServiceSettings
    store: GenerationStore
    images: ImageStore
    connection: DiscordConnection
    access: Access
    generations: GenerationService
    orchestrator: Orchestrator
    clock: Clock
    lease_keeper: LeaseKeeper
    gallery: Gallery
    health: HealthReport = field(default_factory=HealthReport)
    metrics: MetricsPage = field(default_factory=MetricsPage)
    alerts: Alerts | None = None
    commands_begin_with: str = ""
    failure: BaseException | None = field(default=None)
    counts: Counts = field(init=False)
    command_queue: CommandQueue = field(init=False)
    collection: Collection = field(init=False)
    prompt_parts: PromptParts = field(init=False)
    messenger: Messenger = field(init=False)
    status_messages: StatusMessages = field(init=False)
    recovery: Recovery = field(init=False)
    gateway: GatewayWatchdog = field(init=False)
    delayed_notices: DelayedNotices = field(init=False)
    hang_up_guard: HangUpGuard = field(init=False)

    def __post_init__(self) -> None:
        """Build the parts that need only the other parts."""
        self.health.look = self.what_is_wrong
        self.counts = Counts(self.clock)
        self.metrics.look = lambda: (self.counts, self.state())
        self.command_queue = CommandQueue(self.store, self.lease_keeper.lease, self.clock)
        lease, channel_id = self.lease_keeper.lease, self.settings.discord_channel_id
        self.collection = Collection(self.store.collection, lease, channel_id)
        self.prompt_parts = PromptParts(self.store.parts, lease, channel_id)
        self.messenger = Messenger(self.connection, self.lease_keeper, self.clock)
        self.status_messages = StatusMessages(self.messenger, self.clock)
        self.connection.history_access.tell = self.orchestrator.notifier.tell
        self.gateway = GatewayWatchdog(self.connection, self.clock)
        self.recovery = Recovery(
            self.connection, self.orchestrator, self.clock, lambda: self.gateway.hears
        )
        self.hang_up_guard = HangUpGuard(self.store, self.lease_keeper.lease, self.clock)
        self.delayed_notices = DelayedNotices(self.store, self.orchestrator.notifier, self.clock)

    def state(self) -> WorkerState:
        """Return how it is now, for whoever watches from outside."""
        wait = self.orchestrator.hold.wait
        return WorkerState(
            connected=self.connection.connected,
            connects=self.connection.connects,
            resumes=self.connection.resumes,
            event_age=self.gateway.event_age,
            heartbeat_age=self.gateway.heartbeat_age,
            database_answers=self.lease_keeper.lasts(),
            paused_by=paused_by(self.orchestrator.queue_pause.pause),
            held_back=None if wait is None else wait.reason,
        )

    def what_is_wrong(self) -> list[str]:
        """Return what keeps it from its work now, for whoever watches from outside."""
        wrong = [] if self.connection.connected else ["Discord's gateway is not connected"]
        return wrong if self.lease_keeper.lasts() else [*wrong, "the database does not answer"]

    @property
    def command_prefix(self) -> str:
        """What people type before the name of a command."""
        return self.settings.command_prefix + self.commands_begin_with

    async def run(self, bot: commands.Bot) -> None:
        """Do the background work until cancelled."""
        with frames_heard(bot, self.orchestrator.hear):
            await self._work()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.orchestrator.run(), name="orchestrator")
            tasks.create_task(self.status_messages.run(), name="status messages")
            tasks.create_task(self._keep_lease(), name="lease")
            tasks.create_task(self.recovery.run(), name="recovery")
            tasks.create_task(self.command_queue.run(), name="command queue")
            tasks.create_task(self.gateway.run(self._tell_again), name="gateway")
            tasks.create_task(self.hang_up_guard.run(), name="hang_up_guard")
            tasks.create_task(self.delayed_notices.run(), name="delayed notices")
            tasks.create_task(self._cleaner().run(), name="clean-up")
            tasks.create_task(self.gallery.run(), name="gallery")
            alive = Alive(self.counts, self.state, self.clock)
            tasks.create_task(alive.run(), name="alive")
            if self.alerts is not None and self.alerts.wanted:
                tasks.create_task(self._alert_watch(self.alerts).run(), name="alerts")

    async def _keep_lease(self) -> None:
        await self.lease_keeper.run(
            self.orchestrator.notifier.tell, lambda: self.orchestrator.active() is not None
        )

    def _tell_again(self) -> None:
        """Update the status message of the active generation."""
        active = self.orchestrator.active()
        if active is not None:
            self.orchestrator.notifier.tell_again(active)

    def _alert_watch(self, alerts: Alerts) -> AlertWatch:
        return AlertWatch(
            alerts,
            self.orchestrator,
            self.lease_keeper,
            self.store,
            lambda: self.connection.connected,
            self.clock,
        )

    def _cleaner(self) -> Cleaner:
        return Cleaner(self.store, self.images, RetentionRules.of(self.settings), self.clock)


async def attach(
    bot: commands.Bot,
    settings: ServiceSettings,
    *,
    commands_begin_with: str = "",
    picture_origins: frozenset[str] = DISCORD_CDN,
    clock: Clock | None = None,
    opened: OpenedStores | None = None,
) -> Atelier:
    """Build the services, set `bot.atelier`, and start the work; they close with the bot.

    Raises `AlreadyAttached` the second time, `LeaseHeld` if another process works on the same data,
    `StoreUnavailable` if the data cannot be opened now, `StoreRefused` or `WrongSchema` if a person
    must fix it. `commands_begin_with` goes before the name of every command, for a bot that already
    has some of these names. `picture_origins` is where pictures are fetched from; only the sandbox
    needs other origins than Discord's. `opened` is what `open_for_work` gave, to be closed with the
    bot.
    """
    if getattr(bot, "atelier", None) is not None:
        raise AlreadyAttached("the bot has its services already: attach them once")
    if opened is None:
        opened = await open_for_work(settings, DiscordClock(clock or SystemClock()))
    async with opened.closing.pop_all() as stack:
        atelier = await _build(bot, settings, opened, picture_origins, stack)
        await atelier.prompt_parts.load()
        await atelier.counts.load(atelier.store)
        atelier.commands_begin_with = commands_begin_with
        atelier.orchestrator.notifier.subscribe(atelier.gallery.hear)
        atelier.orchestrator.notifier.subscribe(atelier.counts.hear)
        atelier.orchestrator.notifier.subscribe(lambda news: bot.dispatch(news.event, news))
        opened.clock.listen(bot)
        stack.callback(opened.clock.stop)
        await atelier.hang_up_guard.guard(bot)
        stream_files(bot)
        await bot.add_cog(atelier.connection)
        closing = stack.pop_all()
    bot.atelier = atelier  # pyright: ignore[reportAttributeAccessIssue] -- the one attribute the cogs read
    _start(bot, atelier, closing)
    return atelier


async def _build(
    bot: commands.Bot,
    settings: ServiceSettings,
    opened: OpenedStores,
    picture_origins: frozenset[str],
    closing: contextlib.AsyncExitStack,
) -> Atelier:
    """Put everything together; `closing` closes it in reverse order."""
    store, images, lease_keeper = opened.store, opened.images, opened.lease_keeper
    clock = opened.clock
    connection = DiscordConnection(bot, settings.discord_channel_id)
    orchestrator = Orchestrator(
        store=store,
        lease=lease_keeper.lease,
        sender=_sender(bot, connection, settings, clock, lease_keeper),
        copier=_copier(settings, picture_origins, images, connection, clock, closing),
        clock=clock,
        limits=settings.limits,
    )
    return Atelier(
        settings=settings,
        store=store,
        images=images,
        connection=connection,
        access=await Access.open(settings, store, lease_keeper.lease, clock),
        generations=_service(settings, store, images, orchestrator, lease_keeper.lease, clock),
        orchestrator=orchestrator,
        clock=clock,
        lease_keeper=lease_keeper,
        gallery=opened.gallery,
        health=opened.health,
        metrics=opened.metrics,
        alerts=opened.alerts,
    )


def _service(
    settings: ServiceSettings,
    store: GenerationStore,
    images: ImageStore,
    orchestrator: Orchestrator,
    lease: Lease,
    clock: Clock,
) -> GenerationService:
    return GenerationService(
        store=store,
        images=images,
        lease=lease,
        orchestrator=orchestrator,
        limits=settings.quota,
        clock=clock,
    )


def _copier(
    settings: ServiceSettings,
    picture_origins: frozenset[str],
    images: ImageStore,
    connection: DiscordConnection,
    clock: Clock,
    opened: contextlib.AsyncExitStack,
) -> PictureCopier:
    fetcher = PictureFetcher(
        allowed_origins=picture_origins,
        channel_id=settings.discord_channel_id,
        folder=settings.data_dir / "incoming",
        proxy=settings.proxy_url,
    )
    opened.push_async_callback(fetcher.close)
    return PictureCopier(fetcher, images, connection, clock)


def _sender(
    bot: commands.Bot,
    connection: DiscordConnection,
    settings: ServiceSettings,
    clock: Clock,
    lease_keeper: LeaseKeeper,
) -> MidjourneyClient:
    return MidjourneyClient(
        bot,
        connection,
        lease_keeper,
        press_interval=settings.press_interval,
        clock=clock,
        proxy=settings.proxy_url,
    )


async def detach(bot: commands.Bot) -> None:
    """Close the services of a bot that goes on; if it has none, nothing is done.

    What ended by itself stays at `bot.atelier`, for its `failure`.
    """
    atelier: Atelier | None = getattr(bot, "atelier", None)
    if atelier is None:
        return
    for cog in (atelier.connection, atelier.hang_up_guard):
        if bot.get_cog(cog.qualified_name) is cog:
            await bot.remove_cog(cog.qualified_name)
    if atelier.failure is None:
        bot.atelier = None  # pyright: ignore[reportAttributeAccessIssue] -- as in `attach`


def _start(bot: commands.Bot, atelier: Atelier, closing: contextlib.AsyncExitStack) -> None:
    """Start the background work: if the work or the bot ends, the other ends too."""
    loop = asyncio.get_running_loop()
    work = loop.create_task(atelier.run(bot), name="atelier")
    ends: list[asyncio.Task[None]] = []

    def ended(task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            return
        atelier.failure = task.exception()
        ends.append(loop.create_task(bot.close(), name="close"))

    async def close() -> None:
        if not work.done():
            await atelier.orchestrator.drain(DRAIN_SECONDS)
        work.cancel()
        await asyncio.wait([work])
        await closing.aclose()

    work.add_done_callback(ended)
    atelier.connection.closes(close)
