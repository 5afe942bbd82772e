"""What the cogs hear from Midjourney and hand on, each thing once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from domain.events import Heard, InteractionCreated, InteractionSucceeded, MessageDeleted
from domain.messages import parse
from tests import mj
from tests.cogs.channel_harness import CHANNEL, ELSEWHERE, GUILD, ChannelHarness


@pytest.fixture
def heard(room: ChannelHarness, monkeypatch: pytest.MonkeyPatch) -> list[Heard]:
    """Hear what the orchestrator should, in its place."""
    handed_on: list[Heard] = []
    monkeypatch.setattr(room.atelier.orchestrator, "hear", handed_on.append)
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
    room: ChannelHarness, heard: list[Heard], event: str
) -> None:
    for name in mj.NAMES:
        await room.receive(wire(name), event)
    meanings = [parse(mj.snapshot(name)) for name in mj.NAMES]
    assert heard == [meaning for meaning in meanings if meaning is not None]


@pytest.mark.parametrize("event", ["message_create", "message_update"])
async def test_other_channels_are_not_listened_to(
    room: ChannelHarness, heard: list[Heard], event: str
) -> None:
    for name in mj.NAMES:
        await room.receive(wire(name, ELSEWHERE), event)
    assert heard == []


async def test_people_are_not_taken_for_midjourney(
    room: ChannelHarness, heard: list[Heard]
) -> None:
    await room.say("**a cat** - <@1180000000000000002> (fast)")
    assert heard == []


async def test_deleted_message_is_handed_on(room: ChannelHarness, heard: list[Heard]) -> None:
    for number, channel in ((1, CHANNEL), (2, ELSEWHERE)):
        await room.receive({"id": str(number), "channel_id": str(channel)}, "message_delete")
    assert heard == [MessageDeleted(1)]


async def test_messages_that_are_deleted_together_are_handed_on(
    room: ChannelHarness, heard: list[Heard]
) -> None:
    for ids, channel in ((["1", "2"], CHANNEL), (["3"], ELSEWHERE)):
        fields = {"ids": ids, "channel_id": str(channel), "guild_id": str(GUILD)}
        await room.receive(fields, "message_delete_bulk")
    assert set(heard) == {MessageDeleted(1), MessageDeleted(2)}


async def test_what_became_of_our_requests_is_handed_on(
    room: ChannelHarness, heard: list[Heard]
) -> None:
    for event, successful in (
        ("interaction", None),
        ("interaction_finish", True),
        ("interaction_finish", False),
    ):
        room.bot.dispatch(event, SimpleNamespace(id=7, nonce=12, successful=successful))
    await room.sent()
    assert heard == [InteractionCreated("12", 7), InteractionSucceeded("12", 7)]
