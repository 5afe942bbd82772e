"""The stores of a worker, opened with the lease: before the account is logged in."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from domain.errors import StoreUnavailable
from services.alerts.alerts import AWAY_SECONDS, Alerts
from services.alerts.memory import AlertKind
from services.gallery.application import application
from services.gallery.gallery import Gallery
from services.health import HealthReport
from services.lease import LeaseKeeper
from services.metrics.page import MetricsPage
from services.stores import open_stores, picture_routes
from services.web_server import WebServer

if TYPE_CHECKING:
    from domain.ports import Clock, GenerationStore, ImageStore
    from services.discord.clock import DiscordClock
    from services.settings import ServiceSettings

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between tries to open a project: each pause is twice the one before."""


@dataclass(slots=True)
class OpenedStores:
    """What a worker needs besides Discord; `closing` releases the lease and closes everything."""

    store: GenerationStore
    images: ImageStore
    gallery: Gallery
    health: HealthReport
    metrics: MetricsPage
    lease_keeper: LeaseKeeper
    clock: DiscordClock
    closing: contextlib.AsyncExitStack
    alerts: Alerts | None = None


async def open_for_work(settings: ServiceSettings, clock: DiscordClock) -> OpenedStores:
    """Open the stores, serve what is to be seen, and take the lease.

    Raises `LeaseHeld` if another process works on the same data, `StoreUnavailable` if the data
    cannot be opened now, `StoreRefused` or `WrongSchema` if a person must fix it.
    """
    async with contextlib.AsyncExitStack() as opened:
        health, metrics = HealthReport(), MetricsPage()
        store, images, gallery = await _open(settings, clock, opened, health, metrics)
        lease_keeper = await LeaseKeeper.begin(store, clock, settings.lease_seconds)
        opened.push_async_callback(lease_keeper.end)
        closing = opened.pop_all()
    return OpenedStores(store, images, gallery, health, metrics, lease_keeper, clock, closing)


async def open_when_available(
    settings: ServiceSettings, clock: DiscordClock, alerts: Alerts
) -> OpenedStores:
    """Open them as soon as the Supabase project answers; see `open_for_work` for everything else.

    Waiting here costs less than ending and being started again, and it can be told.
    """
    pause, began = FIRST_PAUSE, clock.monotonic()
    while True:
        try:
            opened = await open_for_work(settings, clock)
            break
        except StoreUnavailable as error:
            if settings.supabase_url is None:  # a disk that refuses needs a person
                raise
            log.warning("database_away", why=str(error), hint="the start waits for it")
        if clock.monotonic() - began >= AWAY_SECONDS:
            await alerts.tell(AlertKind.DATABASE)
        await clock.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    opened.alerts = alerts
    for trouble in (AlertKind.STORE, AlertKind.DATABASE):
        await alerts.over(trouble)
    await alerts.started()
    return opened


async def _open(
    settings: ServiceSettings,
    clock: Clock,
    opened: contextlib.AsyncExitStack,
    health: HealthReport,
    metrics: MetricsPage,
) -> tuple[GenerationStore, ImageStore, Gallery]:
    """Open both, and serve the gallery and the pictures that are on this machine.

    Where no pictures are, a gallery that cannot be served is no reason to stop.
    """
    server, pictures = WebServer(settings.pictures_address), picture_routes(settings)
    store, images = await open_stores(settings, clock, opened, server)
    gallery = Gallery(settings, store, images, server, clock, store.collection)
    opened.push_async_callback(gallery.close)
    opened.push_async_callback(server.close)
    try:
        watched = [health.route(), metrics.route(gallery)]
        await server.start(application(gallery, [*watched, *pictures]))
    except StoreUnavailable as error:
        if pictures:
            raise
        log.warning("gallery_not_served", why=str(error))
    return store, images, gallery
