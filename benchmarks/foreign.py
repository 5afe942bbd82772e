"""What other people do in other channels: events as the gateway sends them, none of them ours."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.people import Json
    from sandbox.server import Sandbox


def foreign_events(sandbox: Sandbox) -> Iterator[tuple[str, Json]]:
    """Yield names, and data in the shape of the sandbox's own, without an end."""
    where = {"channel_id": str(sandbox.channel_id + 1), "guild_id": str(sandbox.guild_id)}
    ben = sandbox.people["ben"].as_user()
    for at in count():
        message = where | _message(str(10**18 + at)) | {"author": ben}
        reaction = where | {
            "user_id": ben["id"],
            "message_id": message["id"],
            "emoji": {"id": None, "name": "x"},
            "type": 0,
            "burst": False,
        }
        yield (
            ("MESSAGE_CREATE", message),
            ("MESSAGE_UPDATE", message),
            ("MESSAGE_CREATE", message),
            ("TYPING_START", where | {"user_id": ben["id"], "timestamp": at}),
            ("MESSAGE_REACTION_ADD", reaction),
        )[at % 5]


def _message(message_id: str) -> Json:
    return {
        "id": message_id,
        "content": "something that was said " * 10,
        "timestamp": "2026-11-30T07:00:00.000000+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
    }
