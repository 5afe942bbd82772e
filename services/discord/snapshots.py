"""Converts Discord's messages to plain records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import discord

from domain.messages import AttachmentSnapshot, ButtonSnapshot, EmbedSnapshot, MessageSnapshot


def snapshot(message: discord.Message) -> MessageSnapshot:
    """Return the message as it is now; if an edit comes without its author, the author is 0."""
    author: discord.abc.User | None = getattr(message, "author", None)
    reference = message.reference
    interaction = message.interaction
    return MessageSnapshot(
        id=message.id,
        author_id=0 if author is None else author.id,
        content=message.content,
        nonce=None if message.nonce is None else str(message.nonce),
        flags=message.flags.value,
        reference_id=None if reference is None else reference.message_id,
        interaction_id=None if interaction is None else interaction.id,
        attachments=tuple(_attachment(file) for file in message.attachments),
        buttons=tuple(_buttons(message)),
        embeds=tuple(_embed(embed) for embed in message.embeds),
    )


def _attachment(file: discord.Attachment) -> AttachmentSnapshot:
    return AttachmentSnapshot(filename=file.filename, url=file.url)


def _buttons(message: discord.Message) -> list[ButtonSnapshot]:
    rows = cast("Sequence[discord.Component]", message.components)  # the types know rows only
    return [
        ButtonSnapshot(
            custom_id=child.custom_id,
            label=child.label or "",
            style=child.style.value,
        )
        for row in rows
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if isinstance(child, discord.Button)
    ]


def _embed(embed: discord.Embed) -> EmbedSnapshot:
    return EmbedSnapshot(
        title=embed.title or "",
        description=embed.description or "",
        colour=None if embed.colour is None else embed.colour.value,
    )
