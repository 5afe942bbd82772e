"""Discord's channel: its messages, which outlive every process, and the bot's REST calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import discord

from domain.messages import MIDJOURNEY_ID, MessageSnapshot
from domain.ports import Clock
from domain.text_matching import created_at
from tests.model.network import NetworkLine

GUILD, CHANNEL = 1_190_000_000_000_000_001, 1_190_000_000_000_000_002
NONCE_MEMORY = 300.0
"""Seconds in which Discord drops a second message with the same nonce."""
_GONE = SimpleNamespace(status=404, reason="Not Found")
_EPOCH_MS = 1_420_070_400_000


@dataclass(frozen=True, slots=True)
class ChannelPerson:
    """Somebody in the channel, as the library has them."""

    id: int
    display_name: str
    bot: bool = False


OLGA = ChannelPerson(1_180_000_000_000_000_001, "Olga")
ANN = ChannelPerson(1_180_000_000_000_000_002, "Ann")
BEN = ChannelPerson(1_180_000_000_000_000_003, "Ben")
STRANGER = ChannelPerson(1_180_000_000_000_000_004, "Sam")
ACCOUNT = ChannelPerson(1_180_000_000_000_000_005, "atelier")
MIDJOURNEY = ChannelPerson(MIDJOURNEY_ID, "Midjourney", bot=True)


@dataclass(slots=True)
class ChannelMessage:
    """A message as it is now, in the library's shape; `snapshot` is what the history shows."""

    snapshot: MessageSnapshot
    author: ChannelPerson
    ephemeral: bool = False

    webhook_id: None = None
    attachments: tuple[object, ...] = ()
    mentions: tuple[object, ...] = ()

    @property
    def id(self) -> int:
        return self.snapshot.id

    @property
    def content(self) -> str:
        return self.snapshot.content

    @property
    def created_at(self) -> datetime:
        return created_at(self.snapshot.id)

    @property
    def reference(self) -> SimpleNamespace | None:
        to = self.snapshot.reference_id
        return None if to is None else SimpleNamespace(message_id=to, resolved=None)

    @property
    def raw_mentions(self) -> list[int]:
        return [one.id for one in (OLGA,) if f"<@{one.id}>" in self.content]

    @property
    def channel(self) -> SimpleNamespace:
        return SimpleNamespace(id=CHANNEL)

    def to_reference(self, *, fail_if_not_exists: bool) -> SimpleNamespace:
        return SimpleNamespace(message_id=self.id)


Told = Callable[[str, ChannelMessage, MessageSnapshot], None]
"""Called with each event: create, edit or delete; and the message with what only it carries."""


class Channel:
    """The messages, oldest first; `tell` is called with every change."""

    def __init__(self, clock: Clock) -> None:
        self.messages: dict[int, ChannelMessage] = {}
        self.imagine_version = 1
        self.read = 0  #: how many messages were ever read from the history
        self.tell: Told = lambda event, message, snapshot: None
        self._clock = clock
        self._last_id = 0
        self._sent: dict[str, tuple[float, int]] = {}

    def next_id(self) -> int:
        """Return an id like Discord's, greater than all before."""
        milliseconds = int(self._clock.now().timestamp() * 1000) - _EPOCH_MS
        self._last_id = max(milliseconds << 22, self._last_id + 1)
        return self._last_id

    def post(
        self, author: ChannelPerson, content: str, *, nonce: str | None = None, **facts: Any
    ) -> ChannelMessage:
        """Add a message; only its event carries the nonce, and `ephemeral` ones have no history."""
        message = self.put(author, content, **facts)
        self.announce(message, nonce)
        return message

    def announce(self, message: ChannelMessage, nonce: str | None) -> None:
        """Tell of a new message."""
        self.tell("create", message, replace(message.snapshot, nonce=nonce))

    def put(self, author: ChannelPerson, content: str, **facts: Any) -> ChannelMessage:
        """Add a message of which nobody is told."""
        ephemeral = facts.pop("ephemeral", False)
        snapshot = MessageSnapshot(
            id=self.next_id(),
            author_id=author.id,
            content=content,
            flags=64 if ephemeral else 0,
            **facts,
        )
        message = ChannelMessage(snapshot, author, ephemeral)
        self.messages[message.id] = message
        return message

    def edit(self, message_id: int, **facts: Any) -> None:
        """Change a message, if it is still there."""
        message = self.messages.get(message_id)
        if message is not None:
            message.snapshot = replace(message.snapshot, **facts)
            self.tell("edit", message, message.snapshot)

    def delete(self, message_id: int) -> None:
        """Delete a message, if it is still there."""
        message = self.messages.pop(message_id, None)
        if message is not None:
            self.tell("delete", message, message.snapshot)

    def history(self, after: int) -> list[ChannelMessage]:
        """Return what anybody sees after a message, as it is now."""
        return [
            ChannelMessage(one.snapshot, one.author)
            for one in self.messages.values()
            if one.id > after and not one.ephemeral
        ]

    def send(self, text: str, nonce: str, reference: int | None) -> ChannelMessage:
        """Post a message of the account's; a second one with the same nonce is the first."""
        now = self._clock.monotonic()
        at, known = self._sent.get(nonce, (0.0, 0))
        if known in self.messages and now - at < NONCE_MEMORY:
            return self.messages[known]
        message = self.post(ACCOUNT, text, reference_id=reference)
        self._sent[nonce] = now, message.id
        return message


class RestChannel:
    """The channel as the library's object, with the calls that the bot makes."""

    id = CHANNEL
    guild = SimpleNamespace(id=GUILD, filesize_limit=10_000_000, me=None)

    def __init__(self, channel: Channel, line: NetworkLine) -> None:
        self._channel = channel
        self._line = line

    async def send(self, text: str, **facts: Any) -> discord.Message:
        """Post a text, as a reply where there is a reference."""
        reference = facts.get("reference")

        async def post() -> ChannelMessage:
            to = None if reference is None else reference.message_id
            return self._channel.send(text, facts["nonce"], to)

        return cast("discord.Message", await self._line.call("send", post))

    def get_partial_message(self, message_id: int) -> SimpleNamespace:
        """Return something that can be edited."""

        async def edit(*, content: str, allowed_mentions: object) -> None:
            async def change() -> None:
                if message_id not in self._channel.messages:
                    raise discord.NotFound(cast("Any", _GONE), "Unknown Message")
                self._channel.edit(message_id, content=content)

            await self._line.call("edit", change)

        return SimpleNamespace(edit=edit)

    async def application_commands(self) -> list[SimpleNamespace]:
        """Return Midjourney's command."""

        async def commands() -> list[SimpleNamespace]:
            version = self._channel.imagine_version
            return [
                SimpleNamespace(application_id=MIDJOURNEY_ID, name="imagine", id=1, version=version)
            ]

        return await self._line.call("commands", commands)

    async def messages(self, after: int, limit: int | None) -> list[ChannelMessage]:
        """Return what the history holds after a message, oldest first."""

        async def read() -> list[ChannelMessage]:
            found = list(itertools.islice(self._channel.history(after), limit))
            self._channel.read += len(found)
            return found

        return await self._line.call("history", read)

    async def message(self, message_id: int) -> ChannelMessage | None:
        """Return one message as the history shows it."""

        async def read() -> ChannelMessage | None:
            found = self._channel.messages.get(message_id)
            return None if found is None or found.ephemeral else found

        return await self._line.call("message", read)
