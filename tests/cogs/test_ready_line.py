"""The line `ready` says for whom the bot works, where, and with what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from bot import AtelierBot
from services.version import VERSION
from tests.cogs.channel_harness import (
    ANN,
    ARTISTS,
    BEN,
    CHANNEL,
    OLGA,
    STRANGER,
    ChannelHarness,
    open_channel,
)


async def ready_line(harness: ChannelHarness) -> dict[str, Any]:
    """Make the gateway ready, and return what is logged about it."""
    assert isinstance(harness.bot, AtelierBot)
    with capture_logs() as lines:
        await harness.bot.on_ready()
    (line,) = lines
    return dict(line)


async def test_it_names_all_that_matters_as_fields(harness: ChannelHarness) -> None:
    assert await ready_line(harness) == {
        "event": "ready",
        "log_level": "info",
        "version": VERSION,
        "account": str(harness.bot.user),
        "channel": "#atelier",
        "channel_id": CHANNEL,
        "server": "guild",
        "store": "this machine",
        "owners": [OLGA],
        "everybody": False,
        "allowed": [ANN],
        "allowed_roles": [ARTISTS],
        "denied": [],
    }


async def test_it_names_whom_owners_have_allowed_or_denied_since(harness: ChannelHarness) -> None:
    await harness.say(f"!allow <@{STRANGER}>", OLGA)
    await harness.say(f"!deny <@{ANN}>", OLGA)
    line = await ready_line(harness)
    assert (line["allowed"], line["denied"]) == ([STRANGER], [ANN])


async def test_it_says_that_everybody_may_use_it(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*") as harness:
        await harness.say(f"!deny <@{BEN}>", OLGA)
        line = await ready_line(harness)
    assert (line["everybody"], line["allowed"], line["denied"]) == (True, [], [BEN])
