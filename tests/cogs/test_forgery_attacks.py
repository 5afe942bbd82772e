"""Somebody in the channel writes what Midjourney would write, to steer the bot.

Every recorded message of Midjourney is played again, word for word and button for button, by
somebody else: over the gateway, in the history, and under `!adopt`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.events import Heard
from services.discord.midjourney import MIDJOURNEY_ID
from tests import mj
from tests.cogs.channel_harness import ANN, CHANNEL, GUILD, STRANGER, ChannelHarness
from tests.cogs.recording_http import history

WEBHOOK = 1_210_000_000_000_000_001
OTHER_BOT = 1_210_000_000_000_000_002
NAME = "Midjourney Bot"

Author = dict[str, Any]


def message(name: str, author: Author, **more: Any) -> dict[str, Any]:
    """Return a recorded message of Midjourney's as somebody else sends it."""
    whole = {"username": NAME, "discriminator": "9282", "avatar": None} | author
    return (
        mj.raw(name)
        | {"channel_id": str(CHANNEL), "guild_id": str(GUILD), "author": whole}
        | dict.fromkeys(("mentions", "mention_roles"), ())
        | dict.fromkeys(("mention_everyone", "pinned", "tts"), False)
        | more
    )


FORGERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "a person": lambda name: message(name, {"id": str(STRANGER)}),
    "somebody allowed": lambda name: message(name, {"id": str(ANN)}),
    "another bot of that name": lambda name: message(name, {"id": str(OTHER_BOT), "bot": True}),
    "an application with Midjourney's id": lambda name: message(
        name, {"id": str(OTHER_BOT), "bot": True}, application_id=str(MIDJOURNEY_ID)
    ),
    "a webhook of that name": lambda name: message(
        name, {"id": str(WEBHOOK), "bot": True}, webhook_id=str(WEBHOOK)
    ),
    "a system message": lambda name: message(name, {"id": "643945264868098049", "system": True}),
}


@pytest.fixture
def heard(harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch) -> list[Heard]:
    """Record what the orchestrator would get."""
    handed_on: list[Heard] = []
    monkeypatch.setattr(harness.atelier.orchestrator, "hear", handed_on.append)
    return handed_on


def own(name: str, harness: ChannelHarness) -> dict[str, Any]:
    return message(name, {"id": str(harness.account.id)})


@pytest.mark.parametrize("event", ["message_create", "message_update"])
@pytest.mark.parametrize("forger", FORGERS)
async def test_nobody_speaks_for_midjourney(
    harness: ChannelHarness, heard: list[Heard], forger: str, event: str
) -> None:
    for name in mj.NAMES:
        await harness.receive(FORGERS[forger](name), event)
        await harness.receive(own(name, harness), event)
    assert heard == []
    await harness.receive(message("imagine_final", {"id": str(MIDJOURNEY_ID), "bot": True}), event)
    assert len(heard) == 1  # so that it is the author who decides


@pytest.mark.parametrize("forger", FORGERS)
async def test_a_forged_grid_is_not_adopted(harness: ChannelHarness, forger: str) -> None:
    grid = FORGERS[forger]("imagine_final") | {"id": 77}
    history(CHANNEL).append(grid)
    (answer,) = await harness.reply("!adopt", 77)
    assert answer.text == "That isn't a finished Midjourney grid. Reply to the grid itself."
    assert await harness.rows() == []


@pytest.mark.parametrize("forger", FORGERS)
async def test_an_attached_copy_of_the_grid_beside_a_reply_is_not_believed(
    harness: ChannelHarness, forger: str
) -> None:
    """What a reply is about comes with it, and is looked at just like any other message."""
    forged = FORGERS[forger]("imagine_final") | {"id": "77"}
    about = {"message_id": "77", "channel_id": str(CHANNEL), "guild_id": str(GUILD)}
    typed = harness.typed("!adopt", message_reference=about, referenced_message=forged)
    history(CHANNEL).append(forged)
    (answer,) = await harness.receive(typed)
    assert answer.text == "That isn't a finished Midjourney grid. Reply to the grid itself."
    assert await harness.rows() == []
