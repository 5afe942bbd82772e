"""Months of history are read page by page, and only one page of it is in memory."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import aclosing, contextmanager

import discord

from services.discord.connection import PAGE
from tests import mj
from tests.cogs.channel_harness import CHANNEL, ChannelHarness
from tests.cogs.recording_http import history

GRID = mj.raw("imagine_final")
BUTTONS = len(mj.snapshot("imagine_final").buttons)


@contextmanager
def uncollected() -> Generator[None]:
    """Keep whatever only the garbage collector would free."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def buttons_in_memory() -> int:
    return sum(isinstance(one, discord.Button) for one in gc.get_objects())


async def test_a_page_leaves_the_memory_when_the_next_one_comes(harness: ChannelHarness) -> None:
    """A garbage collector that has months of messages to look through stops everything else."""
    grids = [GRID | {"id": 1 + number} for number in range(3 * PAGE)]
    history(CHANNEL).extend(grids)
    with uncollected():
        before, kept = buttons_in_memory(), list[int]()
        async with aclosing(harness.atelier.connection.pages(0)) as pages:
            async for page in pages:
                kept.append(buttons_in_memory() - before)
                assert [len(message.components) for message in page] == [2] * PAGE
    assert kept == [PAGE * BUTTONS] * 3
