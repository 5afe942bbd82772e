"""The stage of these tests: it changes the library only while it stands, and its time is right."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from contextlib import suppress
from importlib.metadata import files
from pathlib import Path

import discord

from tests.cogs.channel_harness import open_room
from tests.dpytest_shim import FakeState, backend, dpytest_on_this_library, factories
from tests.fakes import FakeClock


def mended() -> tuple[object, ...]:
    """Return everything that is changed for dpytest."""
    return (
        getattr(discord, "AutoShardedClient", None),
        FakeState.__init__,
        factories.make_message_dict,
        factories.dict_from_message,
        backend.FakeHttp,
    )


async def test_library_is_as_it_was_when_the_room_is_left(tmp_path: Path) -> None:
    before = mended()
    assert before[0] is None
    async with open_room(tmp_path):
        assert not set(before) & set(mended())
    assert mended() == before


def test_library_is_as_it_was_also_after_a_failure() -> None:
    before = mended()
    with suppress(ZeroDivisionError), dpytest_on_this_library():
        raise ZeroDivisionError
    assert mended() == before


def test_no_file_of_the_library_differs_from_its_release() -> None:
    """The package that dpytest asks for has many files of the same names."""
    release = [file for file in files("discord.py-self") or () if file.hash is not None]
    assert len(release) > 100
    for file in release:
        assert file.hash is not None
        digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file


async def test_sleepers_wake_in_order_each_at_its_own_time() -> None:
    clock, woken = FakeClock(), list[tuple[str, float]]()

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, clock.monotonic()))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeper("late", 3))
        tasks.create_task(sleeper("early", 1, 1, 0))
        await clock.advance(2.5)
        assert woken == [("early", 1), ("early", 2), ("early", 2)]
        await clock.advance(0.5)
    assert woken[-1] == ("late", 3)


async def test_clock_tells_the_same_time_in_both_ways() -> None:
    clock = FakeClock()
    before = clock.now()
    await clock.advance(1.5)
    assert ((clock.now() - before).total_seconds(), clock.monotonic()) == (1.5, 1.5)


async def test_sleeper_that_gave_up_wakes_nobody() -> None:
    clock = FakeClock()
    nap = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    nap.cancel()
    await clock.advance(2)
    assert nap.cancelled()


async def test_jump_wakes_whoever_overslept_at_its_end() -> None:
    clock = FakeClock()
    nap = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    clock.jump(5)
    assert not nap.done()
    await clock.advance(0)
    assert nap.done()
    assert clock.monotonic() == 5
