"""Answers errors of commands, each with one reply."""

from __future__ import annotations

import secrets
from collections import deque

import structlog
from discord.ext import commands

from cogs.answers import NOT_SENT, answer
from cogs.command_log import CommandLog
from cogs.replies import Replies
from domain.errors import (
    BadPrompt,
    ChannelUnavailable,
    GridTaken,
    OverQuota,
    StaleFence,
    StoreUnavailable,
)
from services.atelier import Atelier

log = structlog.get_logger(__name__)

REMEMBERED = 500
"""How many deferred commands to remember, so that each is answered once during an outage."""


class ElsewhereError(commands.CheckFailure):
    """The command came from another channel, where the bot does not answer."""


class NotAllowedError(commands.CheckFailure):
    """The person may not use the bot."""


class Refused(commands.CommandError):
    """A command that cannot be done; the text says why, and what to do next.

    `why` is the reason in the log, which has no sentences: a key, such as `not_yours`.
    """

    def __init__(self, text: str, why: str) -> None:
        """Keep both."""
        super().__init__(text)
        self.why = why


class CommandErrors:
    """Says what happened and what to do next; unexpected errors get a reference number."""

    def __init__(self, replies: Replies, atelier: Atelier, command_log: CommandLog) -> None:
        """Keep the sentences and the parts."""
        self._replies = replies
        self._words = replies.sentences
        self._log = command_log
        self._access = atelier.access
        self._missed = atelier.command_queue.missed
        self._note_refusal = atelier.command_queue.note_refusal
        self._promised: deque[int] = deque(maxlen=REMEMBERED)

    async def answer(self, ctx: commands.Context[commands.Bot], error: Exception) -> None:
        """Answer an error of a command, if it should be answered."""
        cause = error.original if isinstance(error, commands.CommandInvokeError) else error
        if isinstance(cause, commands.CheckFailure) and not self._note_refusal(ctx.message.id):
            return
        if isinstance(cause, StaleFence):
            return  # this process ends; the one that took over finds the command
        text = self._text(ctx, cause)
        self._tell(ctx, cause, answered=text is not None)
        if text is None:
            return
        try:
            await answer(ctx, text)
        except NOT_SENT as failure:
            log.warning("answer_not_sent", why=str(failure))

    def _tell(
        self, ctx: commands.Context[commands.Bot], error: Exception, *, answered: bool
    ) -> None:
        """Write what became of a command, once also where it is tried again and again."""
        match error:
            case ElsewhereError():
                pass  # it may be another bot's
            case StoreUnavailable() | ChannelUnavailable():
                if answered:
                    outcome = "deferred" if _changes(ctx) else "failed"
                    self._log.tell(ctx, outcome, why=type(error).__name__)
            case _ if isinstance(error, NOT_SENT):
                self._log.tell(ctx, "not_answered")
            case _:
                why = _why_refused(error)
                outcome = "failed" if why is None else "refused"
                self._log.tell(ctx, outcome, why=why or type(error).__name__)

    def _text(self, ctx: commands.Context[commands.Bot], error: Exception) -> str | None:
        say = self._replies.say
        match error:
            case commands.CheckFailure():
                text = self._no_entry(ctx.author.id, error)
            case Refused():
                text = str(error)
            case BadPrompt():
                text = self._replies.bad_prompt(error)
            case OverQuota():
                text = self._replies.over_quota(error)
            case GridTaken():
                text = say(self._words.grid_taken, error.holder)
            case StoreUnavailable() | ChannelUnavailable():
                text = self._later(ctx, error)
            case _ if isinstance(error, NOT_SENT):
                log.warning("answer_not_sent", why=str(error))
                self._missed()  # an accepted command is answered once Discord allows it
                text = None
            case _:
                reference = secrets.token_hex(3)
                log.error("command_failed", reference=reference, exc_info=error)
                text = say(self._words.unexpected, reference=reference)
        return text

    def _later(
        self, ctx: commands.Context[commands.Bot], error: StoreUnavailable | ChannelUnavailable
    ) -> str | None:
        """Promise once to run a changing command later; others must be typed again."""
        if not _changes(ctx):
            return self._words.cannot_look
        if ctx.message.id in self._promised:
            return None
        self._promised.append(ctx.message.id)
        words, database = self._words, isinstance(error, StoreUnavailable)
        return words.no_database if database else words.no_history

    def _no_entry(self, author_id: int, error: commands.CheckFailure) -> str | None:
        if isinstance(error, commands.NotOwner):
            return self._words.owners_only
        return self._not_allowed(author_id) if isinstance(error, NotAllowedError) else None

    def _not_allowed(self, author_id: int) -> str | None:
        """Answer a person who is not allowed with one sentence a day."""
        first = self._access.first_refusal_today(author_id)
        return self._words.not_allowed if first else None


def _changes(ctx: commands.Context[commands.Bot]) -> bool:
    return ctx.command is not None and bool(ctx.command.extras.get("changes"))


def _why_refused(error: Exception) -> str | None:
    """Return the key of the reason why a command was refused; None if it was not."""
    match error:
        case commands.CheckFailure():
            return "owners_only" if isinstance(error, commands.NotOwner) else "not_allowed"
        case Refused():
            return error.why
        case BadPrompt():
            return f"prompt_{error.fault}"
        case OverQuota():
            return f"quota_{error.kind}"
        case GridTaken():
            return "grid_taken"
        case _:
            return None
