"""People's reactions to messages of the channel."""

from __future__ import annotations

from typing import Any

from tests.cogs.channel_harness import ANN, CHANNEL, GUILD, ChannelHarness
from tests.cogs.recording_http import Sent, history
from tests.dpytest_shim import factories


def put(harness: ChannelHarness, emoji: str, to: int, by: int = ANN) -> dict[str, Any]:
    """Put a reaction to a message that the gateway never delivers; return what it would deliver."""
    person = harness.people.get(by) or harness.account
    member = factories.dict_from_member(person)
    (message,) = (each for each in history(CHANNEL) if each["id"] == to)
    message.setdefault("reacted", {}).setdefault(emoji, []).append(member["user"])
    message["reactions"] = [
        {
            "emoji": {"id": None, "name": name},
            "count": len(people),
            "count_details": {"normal": len(people), "burst": 0},
            "me": False,
            "me_burst": False,
            "burst_colors": [],
        }
        for name, people in message["reacted"].items()
    ]
    return {
        "message_id": to,
        "message_author_id": message["author"]["id"],
        "channel_id": CHANNEL,
        "guild_id": GUILD,
        "user_id": by,
        "member": member,
        "emoji": {"id": None, "name": emoji},
        "type": 0,
        "burst": False,
    }


async def react(harness: ChannelHarness, emoji: str, to: int, by: int = ANN) -> list[Sent]:
    """React to a message, and return what the bot sends."""
    return await harness.receive(put(harness, emoji, to, by), "message_reaction_add")
