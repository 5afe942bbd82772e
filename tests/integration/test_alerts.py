"""A worker's own troubles are told at ALERT_WEBHOOK_URL, each by what really happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import stamina

import bot as worker
from domain.generation import Status
from sandbox import Sandbox
from sandbox.pointing import point_library_at
from services.alerts.alerts import AWAY_SECONDS, FILE, WORDS
from services.alerts.memory import AlertKind
from services.alerts.watch import LOOK_SECONDS, STUCK_SECONDS
from tests.alerts.webhook_server import WebhookServer, serving
from tests.fault_proxy import Fault, FaultProxy
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.test_before_login import WaitingClock
from tests.integration.test_outages import of_database

pytestmark = pytest.mark.integration

NOWHERE = "http://127.0.0.1:9"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
STEP = 10.0


@pytest.fixture
async def webhook() -> AsyncGenerator[WebhookServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def alerting(
    sandbox: Sandbox, webhook: WebhookServer, tmp_path: Path
) -> AsyncGenerator[RunningBot]:
    """Run a bot that tells its troubles."""
    values = settings(sandbox, tmp_path, alert_webhook_url=webhook.url)
    async with running(sandbox, values) as running_bot:
        yield running_bot


async def passes(running_bot: RunningBot, seconds: float) -> None:
    await running_bot.atelier.clock.sleep(seconds)


async def until(running_bot: RunningBot, condition: Callable[[], bool]) -> float:
    """Let time pass until a condition is true; return how much."""
    clock = running_bot.atelier.clock
    began = clock.monotonic()
    async with asyncio.timeout(8 * HOUR):
        while not condition():
            await clock.sleep(STEP)
    return clock.monotonic() - began


async def test_a_queue_that_nothing_moves_is_told_after_half_an_hour_and_its_end(
    sandbox: Sandbox, webhook: WebhookServer, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path, alert_webhook_url=webhook.url, progress_seconds=DAY)
    async with running(sandbox, values) as running_bot:
        sandbox.switches.job.arm("silence")
        await running_bot.imagine("a cat")
        await running_bot.until(lambda told: told.generation.status == Status.SUBMITTED)
        took = await until(running_bot, lambda: bool(webhook.bodies))
        assert STUCK_SECONDS - MINUTE < took < STUCK_SECONDS + 2 * MINUTE
        await sandbox.say("ann", "!cancel")
        await until(running_bot, lambda: len(webhook.bodies) > 1)
    assert webhook.texts == list(WORDS[AlertKind.STUCK])


async def test_nothing_to_do_for_an_hour_is_no_trouble(
    alerting: RunningBot, webhook: WebhookServer
) -> None:
    await passes(alerting, STUCK_SECONDS + MINUTE)
    await alerting.imagine("a cat")
    await alerting.ended("a cat")
    await passes(alerting, 2 * LOOK_SECONDS)
    assert webhook.bodies == []


async def test_a_stop_is_told_and_that_it_is_over_but_no_persons_pause(
    alerting: RunningBot, webhook: WebhookServer
) -> None:
    await alerting.sandbox.say("ann", "!pause")
    await alerting.imagine("a cat")
    await passes(alerting, STUCK_SECONDS + MINUTE)
    assert webhook.bodies == []
    alerting.sandbox.switches.answer_interaction.arm("captcha")
    await alerting.sandbox.say("ann", "!resume")
    await until(alerting, lambda: bool(webhook.bodies))
    await alerting.sandbox.say("ann", "!resume")
    await alerting.ended("a cat")
    await until(alerting, lambda: len(webhook.bodies) > 1)
    assert webhook.texts == list(WORDS[AlertKind.STOP])


async def test_a_database_that_is_away_for_long_is_told_and_a_short_outage_is_not(
    alerting: RunningBot, webhook: WebhookServer
) -> None:
    of_database(alerting).begin()
    await passes(alerting, 10 * MINUTE)
    assert webhook.bodies == []
    of_database(alerting, 3 * AWAY_SECONDS).begin()
    await until(alerting, lambda: len(webhook.bodies) > 1)
    assert webhook.texts == list(WORDS[AlertKind.DATABASE])


async def test_a_dead_token_is_told_before_the_process_ends_but_not_at_each_start(
    sandbox: Sandbox, webhook: WebhookServer, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path, discord_token="wrong" * 6, alert_webhook_url=webhook.url)
    with point_library_at(sandbox):
        for _ in range(3):
            assert await worker.run_worker(values) == worker.Exit.TOKEN_REFUSED
    assert webhook.texts == [WORDS[AlertKind.TOKEN].begun]
    values = settings(sandbox, tmp_path, alert_webhook_url=webhook.url)
    async with running(sandbox, values) as running_bot:
        await until(running_bot, lambda: len(webhook.bodies) > 1)
    assert webhook.texts == list(WORDS[AlertKind.TOKEN])


@pytest.fixture
async def project() -> AsyncGenerator[FaultProxy]:
    """Give a project that refuses the key."""
    proxy = FaultProxy(NOWHERE)
    proxy.outage = Fault.answer(401)
    async with proxy.serving():
        yield proxy


@pytest.fixture
def in_project(webhook: WebhookServer, project: FaultProxy) -> Generator[dict[str, Any]]:
    with stamina.set_testing(testing=True, attempts=1):
        yield {
            "supabase_url": project.url,
            "supabase_key": "sb_secret_abcdef",
            "alert_webhook_url": webhook.url,
        }


async def test_a_store_that_refuses_is_told_hourly_while_the_process_is_parked(
    sandbox: Sandbox, webhook: WebhookServer, in_project: dict[str, Any], tmp_path: Path
) -> None:
    clock = WaitingClock()
    values = settings(sandbox, tmp_path, park_on_fatal=True, **in_project)
    work = asyncio.create_task(worker.run_worker(values, clock=clock))
    for _ in range(62):
        await clock.pass_next()
    await clock.waits.wait()
    work.cancel()
    assert webhook.texts == [WORDS[AlertKind.STORE].begun] * 2


async def test_a_project_that_is_away_at_the_start_is_told_after_some_minutes(
    sandbox: Sandbox,
    webhook: WebhookServer,
    project: FaultProxy,
    in_project: dict[str, Any],
    tmp_path: Path,
) -> None:
    project.outage = Fault.answer(503)
    clock = WaitingClock()
    work = asyncio.create_task(
        worker.run_worker(settings(sandbox, tmp_path, **in_project), clock=clock)
    )
    for _ in range(int(AWAY_SECONDS / MINUTE)):
        assert webhook.bodies == []
        await clock.pass_next()
    await clock.waits.wait()
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    assert webhook.texts == [WORDS[AlertKind.DATABASE].begun]


async def test_a_worker_without_a_webhook_keeps_no_file_of_alerts(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    await running_bot.imagine("a cat")
    await running_bot.ended("a cat")
    assert not await asyncio.to_thread((tmp_path / FILE).exists)
