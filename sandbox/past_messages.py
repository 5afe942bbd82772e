"""Months of messages that are there when the sandbox starts: finished jobs, and talk in between."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from sandbox import grammar
from sandbox.messages import Attachment, SandboxMessage
from sandbox.people import ACCOUNT
from sandbox.prompts import rewrite
from sandbox.snowflakes import snowflake_at

if TYPE_CHECKING:
    from sandbox.world import World

SPACING = 60.0
"""Seconds between two messages."""
PROMPT = "a lighthouse at dusk"
"""What every second job was asked for: many jobs cannot be told apart by their words."""


def fill(world: World, count: int) -> None:
    """Put `count` messages into an empty channel, the last one a minute ago.

    Two of three show a finished grid of the account's own. The files behind them are gone.
    """
    random = Random(f"past:{world.seed}")  # noqa: S311 - repeatable on purpose
    account, person = world.guild.people[ACCOUNT], world.guild.people["ann"]
    for number in range(count):
        message_id = snowflake_at(world.clock.now() - (count - number) * SPACING)
        if number % 3 == 0:
            message = SandboxMessage(id=message_id, author=person, content=f"Look at {number}!")
        else:
            prompt = PROMPT if number % 2 else f"a bridge in fog, number {number}"
            job = str(UUID(int=random.getrandbits(128)))
            message = SandboxMessage(
                id=message_id,
                author=world.midjourney,
                content=grammar.grid(rewrite(prompt), account.mention, "fast"),
                mentions=(account,),
                attachments=(_grid(message_id, account.name, prompt, job),),
                components=grammar.grid_buttons(job),
            )
        world.channel.restore(message)


def _grid(message_id: int, name: str, prompt: str, job: str) -> Attachment:
    return Attachment(
        id=message_id + 1,
        filename=grammar.filename(name, prompt, job, "png"),
        content_type="image/png",
        size=6_000_000,
        width=2048,
        height=2048,
        label="grid",
    )
