"""What keeps a worker from starting is found before the account is logged in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest
import stamina
from structlog.testing import capture_logs

import bot as worker
from sandbox import Sandbox
from sandbox.pointing import point_library_at
from services.opening import LONGEST_PAUSE
from tests.fakes import FakeClock
from tests.fault_proxy import Fault, FaultProxy
from tests.integration.conftest import RunningBot, settings

pytestmark = pytest.mark.integration

NOWHERE = "http://127.0.0.1:9"


class WaitingClock(FakeClock):
    """Tells when somebody begins to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.waits.set()
        await super().sleep(seconds)

    async def pass_next(self) -> None:
        """Wait until somebody waits, and let the longest pause pass."""
        await self.waits.wait()
        self.waits.clear()
        await self.advance(LONGEST_PAUSE)


@pytest.fixture(autouse=True)
def without_waiting() -> Generator[None]:
    with stamina.set_testing(testing=True, attempts=1):
        yield


@pytest.fixture
async def project() -> AsyncGenerator[FaultProxy]:
    """Give a project that refuses the key."""
    proxy = FaultProxy(NOWHERE)
    proxy.outage = Fault.answer(401)
    async with proxy.serving():
        yield proxy


def in_project(project: FaultProxy) -> dict[str, Any]:
    return {"supabase_url": project.url, "supabase_key": "sb_secret_abcdef"}


async def test_a_store_that_refuses_costs_no_login_and_is_said_once(
    sandbox: Sandbox, project: FaultProxy, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path, **in_project(project))
    with point_library_at(sandbox), capture_logs() as lines:
        assert await worker.run(worker.AtelierBot(values)) == worker.Exit.STORE_REFUSED
    assert sum(sandbox.requests.values()) == 0
    (error,) = (line for line in lines if line["log_level"] == "error")
    assert error["why"].count("SUPABASE_KEY is not accepted") == 1


async def test_a_store_that_refuses_parks_the_process_if_wanted(
    sandbox: Sandbox, project: FaultProxy, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path, park_on_fatal=True, **in_project(project))
    clock = WaitingClock()
    with point_library_at(sandbox), capture_logs() as lines:
        work = asyncio.create_task(worker.run_worker(values, clock=clock))
        await clock.waits.wait()
        work.cancel()
    assert lines[-1]["why"] == "store_refused"
    assert "SUPABASE_KEY is not accepted" in lines[-1]["hint"]
    assert sum(sandbox.requests.values()) == 0


async def test_a_project_that_does_not_answer_at_the_start_is_waited_for(
    sandbox: Sandbox, project: FaultProxy, tmp_path: Path
) -> None:
    project.outage = Fault.answer(503)
    clock = WaitingClock()
    bot = worker.AtelierBot(settings(sandbox, tmp_path, **in_project(project)), clock=clock)
    with point_library_at(sandbox), capture_logs() as lines:
        work = asyncio.create_task(worker.run(bot))
        await clock.pass_next()
        await clock.waits.wait()
        assert [line["event"] for line in lines] == ["database_away"] * 2
        project.outage = Fault.answer(401)
        await clock.pass_next()
        assert await work == worker.Exit.STORE_REFUSED
    assert sum(sandbox.requests.values()) == 0


async def test_a_worker_beside_another_one_does_not_log_in(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    values = settings(running_bot.sandbox, tmp_path)
    assert await worker.run(worker.AtelierBot(values)) == worker.Exit.LEASE_HELD
    assert running_bot.sandbox.requests["GET /users/@me"] == 1


async def test_a_login_that_fails_gives_the_lease_back(sandbox: Sandbox, tmp_path: Path) -> None:
    values = settings(sandbox, tmp_path, discord_token="wrong" * 6)
    with point_library_at(sandbox):
        for _ in range(2):
            assert await worker.run(worker.AtelierBot(values)) == worker.Exit.TOKEN_REFUSED
