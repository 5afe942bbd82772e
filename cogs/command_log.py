"""One line of the log for each command: who typed what, about which generation, with what result.

Nothing of its text is in it: that may be a prompt.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import structlog
from discord.ext import commands

from cogs.reaction_context import ReactionContext
from domain.generation import Generation

Context = commands.Context[commands.Bot]

log = structlog.get_logger(__name__)


class CommandLog:
    """Knows of each command that runs which generation it is about."""

    def __init__(self) -> None:
        """None runs yet."""
        self._codes: WeakKeyDictionary[Context, str] = WeakKeyDictionary()

    def note(self, ctx: Context, generation: Generation) -> None:
        """Note which generation a command is about; the last one counts, which may be a new one."""
        self._codes[ctx] = generation.code

    def tell(self, ctx: Context, outcome: str, **why: str) -> None:
        """Write what became of a command."""
        facts: dict[str, Any] = {
            "command": None if ctx.command is None else ctx.command.extras.get("topic"),
            "by": ctx.author.id,
            "message": ctx.message.id,
        }
        if ctx in self._codes:
            facts["gen"] = self._codes[ctx]
        if isinstance(ctx, ReactionContext):
            reference = ctx.message.reference
            facts |= {"message": reference and reference.message_id, "reaction": True}
        log.info("command", **facts, outcome=outcome, **why)
