"""dpytest's REST side, which records what the bot sends."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import discord
from discord.http import MultipartParameters

from tests.dpytest_shim import backend


def refused(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    """Return what the library raises when Discord refuses something."""
    return kind(backend.FakeRequest(status, "no"), "no")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it left the bot."""

    id: int
    channel: int
    text: str
    pings: dict[str, Any]
    reference: dict[str, Any] | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit as it left the bot."""

    message_id: int
    text: str
    pings: dict[str, Any]


class RecordingHttp(backend.FakeHttp):
    """dpytest's REST side, which also records what was sent and edited, and refuses on demand."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._dpytest: Any = super()
        self._dpytest.__init__(loop)
        self.sent: list[Sent] = []
        self.edits: asyncio.Queue[Edit] = asyncio.Queue()
        self.refusal: Exception | None = None
        self.passing: list[Exception] = []  # errors for the next messages
        self.no_edits: Exception | None = None
        self.no_files: Exception | None = None

    async def send_message(self, channel_id: Any, *, params: MultipartParameters) -> Any:
        if self.refusal is not None:
            raise self.refusal
        if self.passing:
            raise self.passing.pop()
        if self.no_files is not None and params.files:
            raise self.no_files
        channel = self.state.get_channel(channel_id)
        assert channel is not None  # dpytest looks for this very variable in its caller
        payload = params.payload or json.loads((params.multipart or [{}])[0]["data"])
        params = params._replace(payload=payload)
        message: dict[str, Any] = await self._dpytest.send_message(channel_id, params=params)
        sent = Sent(
            id=message["id"],
            channel=channel_id,
            text=payload.get("content") or "",
            pings=payload["allowed_mentions"],
            reference=payload.get("message_reference"),
            files=tuple(file.filename for file in params.files or ()),
        )
        self.sent.append(sent)
        return message

    async def edit_message(self, channel_id: Any, message_id: Any, **fields: Any) -> Any:
        """Edit a message, even if the library has no complete copy of it."""
        if refusal := self.no_edits or self.refusal:
            raise refusal
        payload = fields["params"].payload
        self.edits.put_nowait(Edit(message_id, payload["content"], payload["allowed_mentions"]))
        return backend.edit_message(self.state._get_message(message_id), **fields)

    async def logs_from(
        self, channel_id: Any, limit: int, before: Any = None, after: Any = None, around: Any = None
    ) -> list[dict[str, Any]]:
        """Return the oldest messages after one, or the latest before one; newest first."""
        assert around is None
        if isinstance(self.refusal, discord.HTTPException):
            raise self.refusal
        known = sorted(history(channel_id), key=lambda message: message["id"])
        if after is None:
            return [each for each in known if before is None or each["id"] < before][-limit:][::-1]
        return [message for message in known if message["id"] > after][:limit][::-1]

    async def get_reaction_users(
        self, channel_id: Any, message_id: Any, emoji: str, limit: int, **more: Any
    ) -> list[dict[str, Any]]:
        """Return who reacted so to a message: see `reacting`."""
        (message,) = (each for each in history(channel_id) if each["id"] == message_id)
        return [] if more["after"] else message["reacted"][emoji]


def history(channel_id: int) -> list[dict[str, Any]]:
    """Return the messages that dpytest keeps of a channel."""
    return backend._cur_config.messages.setdefault(channel_id, [])
