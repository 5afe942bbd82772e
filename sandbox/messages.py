"""Messages and their attachments as frozen records, and their JSON as Discord sends it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sandbox.snowflakes import seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.people import Json, SandboxUser

PLAIN, REPLY, COMMAND_REPLY = 0, 19, 20  # Discord's message types
EPHEMERAL = 64  # the message flag "only you can see this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message; its bytes are in `Files`, its links are signed when it is shown."""

    id: int
    filename: str
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None
    label: str = "upload"  # its kind, for faults of downloads: upload, preview, grid, solo


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    """One message. `reference` is the id of the message it replies to."""

    id: int
    author: SandboxUser
    content: str = ""
    type: int = PLAIN
    reference: int | None = None
    attachments: tuple[Attachment, ...] = ()
    components: tuple[Json, ...] = ()
    embeds: tuple[Json, ...] = ()
    flags: int = 0
    mentions: tuple[SandboxUser, ...] = ()
    mention_everyone: bool = False
    edited_at: float | None = None
    only_for: SandboxUser | None = None  # the one person who sees it; history never shows it
    extra: tuple[tuple[str, object], ...] = ()  # keys that only some kinds of message have

    @property
    def ephemeral(self) -> bool:
        """Whether it is shown to one person only."""
        return self.only_for is not None

    @property
    def shown_flags(self) -> int:
        """The flags as they are sent; pressing a button must repeat them."""
        return self.flags | (EPHEMERAL if self.ephemeral else 0)


class Links(Protocol):
    """Makes signed links, with which an attachment can be downloaded for a while."""

    def sign(self, attachment: Attachment, *, ephemeral: bool) -> str:
        """Return a link that is valid from now on."""
        ...

    def proxied(self, url: str) -> str:
        """Return the same link on the host that resizes pictures."""
        ...


class Wording:
    """Turns messages into the JSON that REST and the gateway send."""

    def __init__(
        self,
        links: Links,
        find: Callable[[int], SandboxMessage | None],
        reactions: Callable[[int], list[Json]],
        *,
        guild_id: int,
        channel_id: int,
    ) -> None:
        self._links = links
        self._find = find
        self._reactions = reactions
        self._guild_id = guild_id
        self._channel_id = channel_id

    def message(self, message: SandboxMessage) -> Json:
        """Return the message object with the message it replies to (null when that is gone).

        A message without a reference has no `message_reference` key at all, as at Discord.
        """
        shown = self._alone(message)
        if message.reference is not None:
            referenced = self._find(message.reference)
            # Discord resolves one level only.
            shown["referenced_message"] = self._alone(referenced) if referenced else None
        return shown

    def _alone(self, message: SandboxMessage) -> Json:
        shown = self._plain(message) | dict(message.extra)
        if message.reference is not None:
            shown["message_reference"] = self._reference(message.reference)
        if reactions := self._reactions(message.id):
            shown["reactions"] = reactions
        return shown

    def _plain(self, message: SandboxMessage) -> Json:
        return {
            "id": str(message.id),
            "channel_id": str(self._channel_id),
            "author": message.author.as_user(),
            "content": message.content,
            "type": message.type,
            "timestamp": timestamp(seconds_of(message.id)),
            "edited_timestamp": message.edited_at and timestamp(message.edited_at),
            "attachments": [
                self._attachment(each, ephemeral=message.ephemeral) for each in message.attachments
            ],
            "components": list(message.components),
            "embeds": list(message.embeds),
            "flags": message.shown_flags,
            "mentions": [person.as_user() for person in message.mentions],
            "mention_roles": [],
            "mention_everyone": message.mention_everyone,
            "pinned": False,
            "tts": False,
        }

    def _attachment(self, attachment: Attachment, *, ephemeral: bool) -> Json:
        url = self._links.sign(attachment, ephemeral=ephemeral)
        shape: Json = {
            "id": str(attachment.id),
            "filename": attachment.filename,
            "size": attachment.size,
            "url": url,
            "proxy_url": self._links.proxied(url),
            "content_type": attachment.content_type,
        }
        if attachment.width is not None:
            shape |= {"width": attachment.width, "height": attachment.height}
        return shape | ({"ephemeral": True} if ephemeral else {})

    def _reference(self, message_id: int) -> Json:
        return {
            "type": 0,
            "message_id": str(message_id),
            "channel_id": str(self._channel_id),
            "guild_id": str(self._guild_id),
        }


def timestamp(seconds: float) -> str:
    """Return the ISO text with microseconds and offset that Discord uses."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="microseconds")
