"""Helpers to type commands and read the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.generation import Generation
from sandbox import Sandbox
from tests.integration.conftest import RunningBot


@dataclass(frozen=True, slots=True)
class Said:
    """One message in the channel."""

    id: int
    text: str


async def ask(
    running_bot: RunningBot, text: str, person: str = "ann", reply_to: int | None = None
) -> Said:
    """Let a person type something, and return the bot's reply."""
    typed = await running_bot.sandbox.say(person, text, reply_to=reply_to)
    return await answer_to(running_bot, typed["id"])


async def answer_to(running_bot: RunningBot, message_id: str) -> Said:
    """Wait for the bot's reply to a message."""
    return await answered(running_bot.sandbox, message_id)


async def answered(sandbox: Sandbox, message_id: str, seconds: float | None = None) -> Said:
    """Wait for the account's reply to a message."""
    account = str(sandbox.account.id)

    def replies() -> list[Said]:
        return [
            Said(int(message["id"]), message["content"])
            for message in sandbox.messages
            if message["author"]["id"] == account and _replied_to(message) == message_id
        ]

    await sandbox.wait_until(lambda: bool(replies()), seconds)
    return replies()[0]


async def the(running_bot: RunningBot, prompt: str) -> Generation:
    """Return the latest row of a prompt."""
    return [row for row in await running_bot.generations() if row.prompt == prompt][-1]


def kinds(running_bot: RunningBot) -> list[str]:
    """Return the kinds of requests to Midjourney, in order: `imagine`, `press`."""
    return [interaction.kind for interaction in running_bot.sandbox.interactions]


def _replied_to(message: dict[str, Any]) -> str | None:
    reference: dict[str, str] | None = message.get("message_reference")
    return None if reference is None else reference["message_id"]
