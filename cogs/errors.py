"""Turns what went wrong with a command into words: one place, one reply."""

from __future__ import annotations

import secrets

import discord
import structlog
from discord.ext import commands

from cogs import replies
from cogs.common import ElsewhereError, NotAllowedError, answer
from domain.errors import BadPrompt, StoreUnavailable
from domain.ports import Clock

log = structlog.get_logger(__name__)

ONE_DAY = 24 * 60 * 60.0


class CommandErrors:
    """Says what happened and what to do next; what nobody thought of gets a reference."""

    def __init__(self, prefix: str, clock: Clock) -> None:
        """Nobody was turned away yet."""
        self._prefix = prefix
        self._clock = clock
        self._turned_away: dict[int, float] = {}

    async def answer(self, ctx: commands.Context[commands.Bot], error: Exception) -> None:
        """Answer an error of a command, where it is to be answered."""
        cause = error.original if isinstance(error, commands.CommandInvokeError) else error
        text = self._words(ctx.author.id, cause)
        if text is not None:
            await answer(ctx, text)

    def _words(self, author_id: int, error: Exception) -> str | None:
        match error:
            case ElsewhereError():
                text = None
            case NotAllowedError():
                text = self._turn_away(author_id)
            case commands.NotOwner():
                text = replies.owners_only()
            case BadPrompt():
                text = replies.bad_prompt(error, self._prefix)
            case StoreUnavailable():
                text = replies.no_database(self._prefix)
            case discord.HTTPException():
                log.warning("answer_not_sent", status=error.status)
                text = None
            case _:
                reference = secrets.token_hex(3)
                log.error("command_failed", reference=reference, exc_info=error)
                text = replies.unexpected(reference)
        return text

    def _turn_away(self, author_id: int) -> str | None:
        """Turn a person away with one sentence a day."""
        now = self._clock.monotonic()
        last = self._turned_away.get(author_id)
        if last is not None and now - last < ONE_DAY:
            return None
        self._turned_away[author_id] = now
        return replies.not_allowed()
