"""The clock of quick tests: it passes when there is nothing else to do, for both alike."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from sandbox import Sandbox
from tests.fakes import FakeClock
from tests.integration.quick_time import LONGEST_WORK, STEP, passing

pytestmark = pytest.mark.integration

SPEED = 500.0
WORK = 0.2
"""Real seconds of work; a hundred would pass in them."""


@pytest.fixture
async def clock() -> AsyncIterator[FakeClock]:
    """Let time pass quickly, in an empty sandbox."""
    clock = FakeClock(datetime.now(UTC))
    async with Sandbox(speed=SPEED) as sandbox, passing(clock, sandbox):
        yield clock


async def test_midjourney_and_the_bot_have_one_clock() -> None:
    clock = FakeClock(datetime.now(UTC))
    woken: list[float] = []

    async def sleep(seconds: float) -> None:
        await sandbox.clock.sleep(seconds)
        woken.append(seconds)

    async with Sandbox(speed=SPEED) as sandbox, passing(clock, sandbox):
        sandbox.clock.start(sleep(2.25), "two")
        sandbox.clock.start(sleep(0.25), "a quarter")
        await clock.sleep(2)
        assert (clock.monotonic(), woken) == (2, [0.25])
        assert sandbox.clock.now() == clock.now().timestamp()


async def test_time_stands_still_while_a_thread_works(clock: FakeClock) -> None:
    await clock.sleep(1)
    before = clock.monotonic()
    await asyncio.to_thread(time.sleep, WORK)
    assert clock.monotonic() - before <= STEP


async def test_time_stands_still_while_frames_go_to_and_fro(clock: FakeClock) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await clock.sleep(1)
        before, until = clock.monotonic(), time.monotonic() + WORK
        while time.monotonic() < until:
            writer.write(b"a frame\n")
            await reader.readline()
        passed = clock.monotonic() - before
        writer.close()
        await writer.wait_closed()
    assert passed <= STEP


async def test_time_passes_for_what_is_never_answered(clock: FakeClock) -> None:
    """It would otherwise stand still for ever."""
    asked = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        async with httpx.AsyncClient(trust_env=False) as client:
            request = asyncio.create_task(client.get(f"http://{host}:{port}/"))
            await asked.wait()
            real = time.monotonic()
            await clock.sleep(100)
            waited = time.monotonic() - real
            request.cancel()
            await asyncio.gather(request, return_exceptions=True)
    assert waited >= LONGEST_WORK / 2
