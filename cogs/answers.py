"""Answers commands with one reply, which pings nobody and is sent only once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import discord
import stamina
import structlog
from discord.ext import commands

from cogs.attached_services import services_of
from cogs.reaction_context import ReactionContext
from services.discord.connection import PASSING, new_message_nonce

log = structlog.get_logger(__name__)

NOT_SENT = (discord.HTTPException, *PASSING)
"""Errors that keep an answer from being sent, for now or for good."""


async def answer(
    ctx: commands.Context[commands.Bot],
    text: str,
    files: Mapping[str, Path] = MappingProxyType({}),
    without_files: str = "",
) -> discord.Message:
    """Reply to a command; `without_files` is the text to send if Discord refuses the files."""
    try:
        return await _send(ctx, text, files)
    except discord.HTTPException as error:
        if not files or isinstance(error, PASSING):
            raise
        log.warning("answer_not_sent", why=str(error))
        return await _send(ctx, without_files, {})


async def _send(
    ctx: commands.Context[commands.Bot], text: str, files: Mapping[str, Path]
) -> discord.Message:
    """Reply without pings, even if the command's message was deleted.

    Retries use the same nonce, so Discord keeps only one reply. A process that was frozen and
    replaced no longer answers.
    """
    atelier = services_of(ctx.bot, __name__)
    await atelier.lease_keeper.may_speak()
    others_wait = ctx.command is not None and bool(ctx.command.extras.get("changes"))
    nonce = new_message_nonce()
    reference = ctx.message.to_reference(fail_if_not_exists=False)
    if isinstance(ctx, ReactionContext):
        reference, text = ctx.message.reference, f"{ctx.opening}{text}"
    tries = stamina.retry_context(on=PASSING, attempts=4, wait_max=10)
    async for attempt in tries.with_name("answer a command", (), {}):
        with attempt:
            return await atelier.messenger.post(
                ctx.send,
                text,
                patient=not others_wait,
                files=files,
                reference=reference,
                mention_author=False,
                allowed_mentions=discord.AllowedMentions.none(),
                nonce=nonce,
            )
    raise AssertionError  # pragma: no cover -- it returns or raises
