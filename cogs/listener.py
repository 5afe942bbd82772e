"""Listens to Midjourney in the channel and to Discord's answers, and passes on what they mean.

What people type in the channel is dispatched as `atelier_typed`, and how they react to messages as
`atelier_reacted`.

The library starts a task for every listener of an event, but calls a waiter's check at once. So a
check that never returns True sees every event in order, and skips other channels with one
comparison.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import discord
import structlog
from discord.ext import commands

from domain.events import InteractionCreated, InteractionSucceeded, MessageDeleted
from domain.messages import parse
from services.discord.snapshots import snapshot
from services.generation.orchestrator import Orchestrator

log = structlog.get_logger(__name__)

MOST_INTERACTIONS = 15
"""How many requests the library means to remember; it remembers all."""


class Listener:
    """Makes one snapshot of each message in the channel, and reads it once."""

    def __init__(self, bot: commands.Bot, channel_id: int, orchestrator: Orchestrator) -> None:
        """Keep the orchestrator, which gets the events in the order in which they arrive."""
        self._bot = bot
        self._channel_id = channel_id
        self._orchestrator = orchestrator
        self._waiters: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Listen until `stop` is called."""
        events: dict[str, Callable[[Any], None]] = {
            "message": self._message,
            "raw_message_edit": self._edit,
            "raw_message_delete": self._delete,
            "raw_bulk_message_delete": self._bulk_delete,
            "interaction": self._interaction,
            "raw_reaction_add": self._reaction,
            "interaction_finish": self._interaction_finish,
        }
        loop = asyncio.get_running_loop()
        for event, hear in events.items():
            waiter = self._bot.wait_for(event, check=functools.partial(_heard, hear))
            self._waiters.append(loop.create_task(waiter, name=f"listener: {event}"))

    async def stop(self) -> None:
        """Stop listening."""
        for waiter in self._waiters:
            waiter.cancel()
        await asyncio.wait(self._waiters)

    def _message(self, message: discord.Message) -> None:
        if message.channel.id == self._channel_id:
            self._read(message)
            if not message.author.bot:
                self._bot.dispatch("atelier_typed", message)

    def _edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Handle an edit, even of a message that the library no longer has in its cache."""
        if payload.channel_id == self._channel_id:
            self._read(payload.message)

    def _read(self, message: discord.Message) -> None:
        heard = parse(snapshot(message))
        if heard is not None:
            self._orchestrator.hear(heard)

    def _delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        if payload.channel_id == self._channel_id:
            self._orchestrator.hear(MessageDeleted(payload.message_id))

    def _bulk_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Handle a bulk deletion by a moderator."""
        if payload.channel_id == self._channel_id:
            for message_id in payload.message_ids:
                self._orchestrator.hear(MessageDeleted(message_id))

    def _reaction(self, event: discord.RawReactionActionEvent) -> None:
        if event.channel_id == self._channel_id:
            self._bot.dispatch("atelier_reacted", event)

    def _interaction(self, interaction: discord.Interaction) -> None:
        """Handle Discord's acceptance of a request."""
        self._orchestrator.hear(InteractionCreated(str(interaction.nonce), interaction.id))
        remembered = self._bot._connection._interactions  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- there is no public way
        while len(remembered) > MOST_INTERACTIONS:
            remembered.popitem(last=False)

    def _interaction_finish(self, interaction: discord.Interaction) -> None:
        """Handle Midjourney's acknowledgement of a request."""
        if interaction.successful:
            self._orchestrator.hear(InteractionSucceeded(str(interaction.nonce), interaction.id))


def _heard(hear: Callable[[Any], None], event: object) -> bool:
    """Handle one event and keep waiting; an exception here would end the waiting for good."""
    try:
        hear(event)
    except Exception:
        log.exception("event_not_read")
    return False
