"""The clock of quick tests: it moves when there is nothing else to do, for everybody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox import Sandbox
from tests.integration.quick_time import LoopClock, QuickTime, passing

pytestmark = pytest.mark.integration

WORK = 0.2
"""Real seconds of work; somebody wakes meanwhile, if time passes."""
A_DAY = 24 * 3600.0


@pytest.fixture
async def clock() -> AsyncIterator[LoopClock]:
    """Let time pass quickly, in an empty sandbox."""
    async with Sandbox() as sandbox:
        with passing(sandbox, longest_request=WORK) as clock:
            yield clock


async def test_midjourney_the_bot_and_their_libraries_have_one_clock() -> None:
    woken: list[float] = []

    async def sleep(seconds: float) -> None:
        await sandbox.clock.sleep(seconds)
        woken.append(seconds)

    async with Sandbox() as sandbox:
        with passing(sandbox) as clock:
            sandbox.clock.start(sleep(2.25), "two")
            sandbox.clock.start(sleep(0.25), "a quarter")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await clock.sleep(2)
            assert (clock.monotonic(), woken) == (pytest.approx(1), [0.25])
            assert sandbox.clock.now() == clock.now().timestamp()


async def test_what_nobody_works_in_is_over_at_once(clock: LoopClock) -> None:
    real = time.monotonic()
    await clock.sleep(A_DAY)
    assert clock.monotonic() == pytest.approx(A_DAY)
    assert time.monotonic() - real < 10


async def test_time_stands_still_while_a_thread_works(clock: LoopClock) -> None:
    sleeper = asyncio.create_task(clock.sleep(WORK / 10))
    await clock.sleep(0)
    before = clock.monotonic()
    await asyncio.to_thread(time.sleep, WORK)
    assert (clock.monotonic(), sleeper.done()) == (before, False)
    await sleeper


async def test_time_stands_still_while_frames_go_to_and_fro(clock: LoopClock) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        sleeper = asyncio.create_task(clock.sleep(WORK / 10))
        await clock.sleep(0)
        before, until = clock.monotonic(), time.monotonic() + WORK
        while time.monotonic() < until:
            writer.write(b"a frame\n")
            await reader.readline()
        assert (clock.monotonic(), sleeper.done()) == (before, False)
        await sleeper
        writer.close()
        await writer.wait_closed()


async def test_time_passes_for_what_is_never_answered(clock: LoopClock) -> None:
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
    assert waited >= WORK / 2


@pytest.mark.parametrize(("seconds", "passes"), [(1.0, True), (60.0, False)])
def test_much_time_passes_only_after_a_longer_look_for_events(
    seconds: float, *, passes: bool
) -> None:
    """A deadline of a minute would pass before an event that a busy machine brings late."""
    loop = asyncio.new_event_loop()
    quick, late = QuickTime(loop), ["an event"]
    before = quick.time()
    quick._select = lambda timeout: late if (timeout or 0) >= 0.02 else []  # pyright: ignore[reportPrivateUsage] -- the event is given here
    events = quick._wait(seconds)  # pyright: ignore[reportPrivateUsage] -- as above
    loop.close()
    assert (events, quick.time() - before > 0) == ([] if passes else late, passes)


async def test_who_waits_until_a_moment_wakes_whatever_is_rounded() -> None:
    """From 4096 seconds on, the loop's time has one bit less behind the point."""
    loop = asyncio.get_running_loop()
    for number in range(50):
        quick = QuickTime(loop)
        quick._time = 3992.8 - number / 81  # pyright: ignore[reportPrivateUsage] -- as above
        with quick.passing():
            clock, naps = LoopClock(0), 0
            await clock.sleep(100.1)
            wakes = clock.monotonic() + 5
            while (left := wakes - clock.monotonic()) > 0:
                await clock.sleep(left)
                naps += 1
                assert naps < 10, f"{left} seconds are left"


async def test_afterwards_time_goes_on_from_where_it_was() -> None:
    loop = asyncio.get_running_loop()
    async with Sandbox() as sandbox:
        with passing(sandbox) as clock:
            await clock.sleep(A_DAY)
            before = loop.time()
    await asyncio.sleep(0.01)
    assert 0.01 <= loop.time() - before < A_DAY / 2
