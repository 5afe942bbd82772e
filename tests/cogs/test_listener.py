"""The cogs pass on everything from Midjourney exactly once."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import discord
import pytest
from discord.ext import commands

from cogs import listener
from domain.events import Heard, InteractionCreated, InteractionSucceeded, MessageDeleted
from domain.messages import parse
from tests import mj
from tests.cogs.channel_harness import CHANNEL, ELSEWHERE, GUILD, ChannelHarness, open_channel
from tests.dpytest_shim import backend


@pytest.fixture
def heard(harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch) -> list[Heard]:
    """Record what the orchestrator would get."""
    handed_on: list[Heard] = []
    monkeypatch.setattr(harness.atelier.orchestrator, "hear", handed_on.append)
    return handed_on


def wire(name: str, channel: int = CHANNEL) -> dict[str, Any]:
    """Return a recorded message as the gateway delivers it in a channel."""
    raw = mj.raw(name)
    return raw | {
        "channel_id": str(channel),
        "guild_id": str(GUILD),
        "author": {"username": "bot", "discriminator": "0000", "avatar": None, **raw["author"]},
        **dict.fromkeys(("mentions", "mention_roles"), ()),
        **dict.fromkeys(("mention_everyone", "pinned", "tts"), False),
    }


@pytest.mark.parametrize("event", ["message_create", "message_update"])
async def test_every_message_of_midjourney_is_handed_on_once_as_what_it_means(
    harness: ChannelHarness, heard: list[Heard], event: str
) -> None:
    for name in mj.NAMES:
        await harness.receive(wire(name), event)
    meanings = [parse(mj.snapshot(name)) for name in mj.NAMES]
    assert heard == [meaning for meaning in meanings if meaning is not None]


@pytest.mark.parametrize("event", ["message_create", "message_update"])
async def test_other_channels_are_not_listened_to(
    harness: ChannelHarness, heard: list[Heard], event: str
) -> None:
    for name in mj.NAMES:
        await harness.receive(wire(name, ELSEWHERE), event)
    assert heard == []


def reaction(channel: int) -> dict[str, Any]:
    emoji = {"id": None, "name": "x"}
    where = {"channel_id": str(channel), "guild_id": str(GUILD), "message_id": "1"}
    return where | {"user_id": "2", "emoji": emoji, "type": 0, "burst": False}


EVENTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "message_create": partial(wire, "imagine_final"),
    "message_update": partial(wire, "imagine_final"),
    "message_delete": lambda channel: {"id": "1", "channel_id": str(channel)},
    "message_delete_bulk": lambda channel: {"ids": ["1"], "channel_id": str(channel)},
    "message_reaction_add": reaction,
    "message_reaction_remove": reaction,
}


def work_for(event: str, channel: int) -> tuple[int, int, int]:
    """Deliver an event; return how many snapshots, parses and tasks it caused."""
    before = asyncio.all_tasks()
    with (
        patch.object(listener, "snapshot", wraps=listener.snapshot) as snapshot,
        patch.object(listener, "parse", wraps=listener.parse) as parse,
    ):
        getattr(backend.get_state(), f"parse_{event}")(EVENTS[event](channel))
    return snapshot.call_count, parse.call_count, len(asyncio.all_tasks() - before)


@pytest.mark.parametrize(("event", "tasks"), [("message_create", 1), ("message_update", 0)])
async def test_message_of_the_channel_is_read_once(
    harness: ChannelHarness, event: str, tasks: int
) -> None:
    """The single task is the one that looks for a command in it."""
    assert work_for(event, CHANNEL) == (1, 1, tasks)
    await harness.sent()


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.usefixtures("harness")
async def test_what_happens_elsewhere_makes_no_work(event: str) -> None:
    assert work_for(event, ELSEWHERE) == (0, 0, 0)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize(("channel", "times"), [(CHANNEL, 1), (ELSEWHERE, 0)])
async def test_nobody_is_looked_for_who_hears_what_happens_elsewhere(
    harness: ChannelHarness, event: str, channel: int, times: int
) -> None:
    """The library would go through waiters, methods and listeners."""
    with patch.object(commands.Bot, "dispatch") as looked:
        getattr(backend.get_state(), f"parse_{event}")(EVENTS[event](channel))
    assert looked.call_count == times
    await harness.sent()


@pytest.mark.parametrize("event", EVENTS)
async def test_somebody_elses_bot_has_no_more_work_than_its_own(tmp_path: Path, event: str) -> None:
    """It looks for a command in every message anyway."""
    host = commands.Bot(command_prefix="!", max_messages=None)
    async with open_channel(tmp_path, bot=host) as harness:
        assert work_for(event, ELSEWHERE) == (0, 0, 1 if event == "message_create" else 0)
        await harness.sent()


async def test_one_message_that_cannot_be_read_leaves_the_next_ones_heard(
    harness: ChannelHarness, heard: list[Heard]
) -> None:
    with patch.object(listener, "snapshot", side_effect=AttributeError):
        await harness.receive(wire("imagine_final"))
    await harness.receive(wire("imagine_final"))
    assert heard == [parse(mj.snapshot("imagine_final"))]


async def test_nothing_is_heard_after_the_end(harness: ChannelHarness, heard: list[Heard]) -> None:
    await harness.bot.unload_extension("cogs.grid")
    await harness.receive(wire("imagine_final"))
    assert heard == []


async def test_people_are_not_taken_for_midjourney(
    harness: ChannelHarness, heard: list[Heard]
) -> None:
    await harness.say("**a cat** - <@1180000000000000002> (fast)")
    assert heard == []


async def test_deleted_message_is_handed_on(harness: ChannelHarness, heard: list[Heard]) -> None:
    for number, channel in ((1, CHANNEL), (2, ELSEWHERE)):
        await harness.receive({"id": str(number), "channel_id": str(channel)}, "message_delete")
    assert heard == [MessageDeleted(1)]


async def test_messages_that_are_deleted_together_are_handed_on(
    harness: ChannelHarness, heard: list[Heard]
) -> None:
    for ids, channel in ((["1", "2"], CHANNEL), (["3"], ELSEWHERE)):
        fields = {"ids": ids, "channel_id": str(channel), "guild_id": str(GUILD)}
        await harness.receive(fields, "message_delete_bulk")
    assert set(heard) == {MessageDeleted(1), MessageDeleted(2)}


async def test_what_became_of_our_requests_is_handed_on(
    harness: ChannelHarness, heard: list[Heard]
) -> None:
    for event, successful in (
        ("interaction", None),
        ("interaction_finish", True),
        ("interaction_finish", False),
    ):
        harness.bot.dispatch(event, SimpleNamespace(id=7, nonce=12, successful=successful))
    await harness.sent()
    assert heard == [InteractionCreated("12", 7), InteractionSucceeded("12", 7)]


async def test_requests_of_long_ago_leave_the_memory(
    harness: ChannelHarness, heard: list[Heard]
) -> None:
    """The library keeps each one for ever; some are answered after the next has begun."""
    for number in range(100):
        await harness.receive({"id": str(number), "nonce": str(number)}, "interaction_create")
        await harness.receive({"id": str(max(0, number - 5))}, "interaction_success")
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, discord.Interaction)]
    assert len(kept) <= listener.MOST_INTERACTIONS
    assert InteractionSucceeded("94", 94) in heard
