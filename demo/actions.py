"""What a person may do to the demo's bot, and what should come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.bot_process import DemoBot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAction:
    """One action; `outcome` says in a sentence what should happen."""

    name: str
    title: str
    outcome: str
    run: Callable[[DemoBot], Awaitable[None]]


ACTIONS: tuple[BotAction, ...] = (
    BotAction(
        name="kill",
        title="Kill the bot (kill -9)",
        outcome="Midjourney goes on without it; nothing is lost, and nothing is paid twice.",
        run=DemoBot.kill,
    ),
    BotAction(
        name="start",
        title="Start the bot again",
        outcome="It reads what it missed, and finishes the work.",
        run=DemoBot.start,
    ),
    BotAction(
        name="restart",
        title="Restart the bot in order (SIGTERM)",
        outcome="It writes down what it does, ends, and the next one goes on.",
        run=DemoBot.restart,
    ),
)
