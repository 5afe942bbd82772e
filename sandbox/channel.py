"""The text channel: its messages, and the listeners to its changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sandbox.messages import Attachment, SandboxMessage
from sandbox.snowflakes import snowflake_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.clock import SandboxClock
    from sandbox.people import SandboxUser
    from sandbox.snowflakes import Snowflakes

Event = Literal["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]

NONCE_MEMORY = 120.0  # seconds during which a message with the same nonce counts as a repetition


@dataclass(frozen=True, slots=True)
class EventDelivery:
    """How the gateway reports a change: how often (0 = never), when, and without which fields."""

    copies: int = 1
    late: bool = False  # only after the next event
    without: tuple[str, ...] = ()


ONCE = EventDelivery()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChange:
    """Something that happened to a message."""

    event: Event
    message: SandboxMessage
    dropped: tuple[Attachment, ...] = ()  # attachments that it no longer shows
    nonce: str | None = None
    delivery: EventDelivery = ONCE


class SandboxChannel:
    """The messages in the order of their ids. Listeners hear of each change at once."""

    def __init__(self, clock: SandboxClock, snowflakes: Snowflakes) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self._messages: dict[int, SandboxMessage] = {}
        self._whispers: dict[int, SandboxMessage] = {}
        self._sent: dict[tuple[int, str], int] = {}
        self._listeners: list[Callable[[ChannelChange], None]] = []

    @property
    def messages(self) -> tuple[SandboxMessage, ...]:
        """Everything that history shows, oldest first."""
        return tuple(self._messages.values())

    def get(self, message_id: int) -> SandboxMessage | None:
        """Return the message, ephemeral ones included, or None when there is none."""
        return self._messages.get(message_id) or self._whispers.get(message_id)

    def listen(self, listener: Callable[[ChannelChange], None]) -> Callable[[], None]:
        """Call the listener for every change from now on; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def post(
        self,
        author: SandboxUser,
        content: str,
        *,
        nonce: str | None = None,
        delivery: EventDelivery = ONCE,
        **fields: Any,
    ) -> SandboxMessage:
        """Add a message and return it. `fields` are further fields of `SandboxMessage`."""
        message = SandboxMessage(
            id=self._snowflakes.next(), author=author, content=content, **fields
        )
        shelf = self._whispers if message.ephemeral else self._messages
        shelf[message.id] = message
        if nonce is not None:
            self._sent[author.id, nonce] = message.id
        self._tell(
            ChannelChange(event="MESSAGE_CREATE", message=message, nonce=nonce, delivery=delivery)
        )
        return message

    def restore(self, message: SandboxMessage) -> None:
        """Add a message of earlier, newer than those that are there; no listener hears of it."""
        self._messages[message.id] = message

    def sent_before(self, author: SandboxUser, nonce: str) -> SandboxMessage | None:
        """Return the message this author posted with this nonce a short while ago, if any."""
        message = self.get(self._sent.get((author.id, nonce), 0))
        if message is None or message.id < snowflake_at(self._clock.now() - NONCE_MEMORY):
            return None
        return message

    def edit(
        self, message_id: int, *, delivery: EventDelivery = ONCE, **fields: Any
    ) -> SandboxMessage | None:
        """Change fields of a message and return it as it is now; None when it is gone."""
        message = self.get(message_id)
        if message is None:
            return None
        shelf = self._whispers if message.ephemeral else self._messages
        edited = shelf[message_id] = replace(message, edited_at=self._clock.now(), **fields)
        dropped = tuple(each for each in message.attachments if each not in edited.attachments)
        self._tell(
            ChannelChange(
                event="MESSAGE_UPDATE", message=edited, dropped=dropped, delivery=delivery
            )
        )
        return edited

    def delete(self, message_id: int, *, delivery: EventDelivery = ONCE) -> SandboxMessage | None:
        """Delete a message and return it; None if it was already gone."""
        message = self._messages.pop(message_id, None) or self._whispers.pop(message_id, None)
        if message is not None:
            self._tell(
                ChannelChange(
                    event="MESSAGE_DELETE",
                    message=message,
                    dropped=message.attachments,
                    delivery=delivery,
                )
            )
        return message

    def before(self, message_id: int, limit: int) -> list[SandboxMessage]:
        """Return the `limit` messages just older than the id, newest first."""
        return [each for each in reversed(self.messages) if each.id < message_id][:limit]

    def after(self, message_id: int, limit: int) -> list[SandboxMessage]:
        """Return the `limit` messages just newer than the id, newest first (as Discord does)."""
        return [each for each in self.messages if each.id > message_id][:limit][::-1]

    def around(self, message_id: int, limit: int) -> list[SandboxMessage]:
        """Return messages on both sides of the id, itself included, newest first."""
        newer = self.after(message_id, limit // 2)
        return newer + self.before(message_id + 1, limit - len(newer))

    def _tell(self, change: ChannelChange) -> None:
        for listener in tuple(self._listeners):
            listener(change)
