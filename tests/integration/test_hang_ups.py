"""A gateway that hangs up on each connection: it is asked less and less often."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import bot as worker
from domain.hang_ups import LONGEST
from domain.ports import Clock
from sandbox import Sandbox
from sandbox.pointing import point_library_at
from services.discord.hang_up_guard import LASTING_SECONDS, MOST_IN_A_ROW
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.quick_time import passing

pytestmark = pytest.mark.integration

MINUTE = 60.0
MOST_IN_A_MINUTE = 6
NEARLY = LONGEST - 5.0  # a process needs a moment to start and to end
SECOND = 1.0  # as precisely is noted when a connection began


@dataclass
class ConnectionLog:
    """Notes when the bot connected, on its own clock."""

    sandbox: Sandbox
    clock: Clock
    at: list[float] = field(default_factory=list[float])

    async def keep(self) -> None:
        seen = self.sandbox.gateway.counts["connect"]
        while True:
            now = self.sandbox.gateway.counts["connect"]
            self.at += [self.clock.monotonic()] * (now - seen)
            seen = now
            await self.clock.sleep(SECOND)

    @property
    def distances(self) -> list[float]:
        return [after - before for before, after in pairwise(self.at)]


async def hung_up_on(sandbox: Sandbox, folder: Path) -> tuple[worker.Exit, list[float], str]:
    """Run a worker until it ends; return how, when it connected, and its last line."""
    with passing(sandbox) as clock, point_library_at(sandbox), capture_logs() as lines:
        log = ConnectionLog(sandbox, clock)
        keeping = asyncio.create_task(log.keep())
        bot = worker.AtelierBot(settings(sandbox, folder), frozenset({sandbox.cdn_base}), clock)
        code = await worker.run(bot)
        await clock.sleep(2 * SECOND)
        keeping.cancel()
    return code, log.at, str(lines[-1])


async def test_a_gateway_that_hangs_up_is_asked_less_and_less_often_until_the_process_ends(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.switches.answer_connect.set("hang up")
    code, at, last = await hung_up_on(sandbox, tmp_path)
    assert len(at) == MOST_IN_A_ROW
    assert sum(one - at[0] < MINUTE for one in at) <= MOST_IN_A_MINUTE
    distances = [after - before for before, after in pairwise(at)]
    assert all(later > sooner - SECOND for sooner, later in pairwise(distances))
    assert distances[-1] > LONGEST / 2
    assert code == worker.Exit.FAILED
    assert "'GatewayLoop'" in last
    assert "Discord's gateway hung up 10 times in a row" in last


async def test_a_restart_goes_on_with_the_same_distance(sandbox: Sandbox, tmp_path: Path) -> None:
    """Also one by a supervisor that starts it again at once, again and again."""
    sandbox.switches.answer_connect.set("hang up")
    await hung_up_on(sandbox, tmp_path)
    _, at, _ = await hung_up_on(sandbox, tmp_path)
    assert at[0] >= NEARLY
    assert min(after - before for before, after in pairwise(at)) >= NEARLY


async def test_a_process_that_is_ended_at_once_goes_on_with_the_distance(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """It is killed seconds after the hang-up, before it could connect again."""
    sandbox.switches.answer_connect.set("hang up")
    values = settings(sandbox, tmp_path)
    for _ in range(20):
        with passing(sandbox) as clock, point_library_at(sandbox):
            bot = worker.AtelierBot(values, frozenset({sandbox.cdn_base}), clock)
            work = asyncio.create_task(worker.run(bot))
            await clock.sleep(10)
            work.cancel()
            await asyncio.wait([work])
    assert sandbox.gateway.counts["connect"] <= 8


async def test_a_connection_that_lasts_ends_the_distances(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    sandbox, clock = running_bot.sandbox, running_bot.atelier.clock
    log = ConnectionLog(sandbox, clock)
    keeping = asyncio.create_task(log.keep())
    sandbox.switches.answer_connect.set("hang up")
    sandbox.gateway.drop()
    await clock.sleep(MINUTE)
    sandbox.switches.answer_connect.reset()
    await sandbox.wait_until(lambda: running_bot.atelier.connection.connected)
    assert await running_bot.atelier.store.get_hang_ups() is not None
    await clock.sleep(LASTING_SECONDS + 2 * SECOND)
    assert await running_bot.atelier.store.get_hang_ups() is None
    dropped_at, connects = clock.monotonic(), len(log.at)
    sandbox.gateway.drop()
    await sandbox.wait_until(lambda: len(log.at) > connects)
    keeping.cancel()
    assert log.at[-1] - dropped_at <= 2 * SECOND


async def test_a_close_of_a_connection_that_lasted_costs_no_time(running_bot: RunningBot) -> None:
    clock = running_bot.atelier.clock
    await clock.sleep(LASTING_SECONDS + 1)
    before = clock.monotonic()
    running_bot.sandbox.gateway.drop()
    gateway = running_bot.sandbox.gateway
    await running_bot.sandbox.wait_until(lambda: gateway.counts["resumed"] == 1)
    assert clock.monotonic() - before < SECOND


async def test_a_deploy_soon_after_the_start_is_no_hang_up(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path)
    for _ in range(5):
        async with running(sandbox, values) as bot:
            assert await bot.atelier.store.get_hang_ups() is None
