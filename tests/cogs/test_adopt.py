"""`!adopt`: a grid that people made by hand is kept, unless it belongs to somebody."""

from __future__ import annotations

import re

import discord
import pytest
from discord.utils import time_snowflake, utcnow

from domain.events import Intended
from domain.generation import OriginKind, Status
from domain.slots import Slot
from tests.builders import waiting
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, ChannelHarness
from tests.cogs.recording_http import history
from tests.cogs.stored_rows import (
    GRID_MESSAGE,
    grid_by_hand,
    message_of_midjourneys,
    now,
    painted,
    unknown,
)


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def adopted(harness: ChannelHarness, words: str, to: int, by: int = ANN) -> str:
    """Adopt a grid, and return the answer, without the notice that its picture's link is dead."""
    said = await harness.reply(f"!adopt {words}".strip(), to, by)
    (answer,) = [sent for sent in said if not sent.text.startswith("⚠️")]
    return answer.text


async def test_grid_made_by_hand_becomes_a_generation_of_its_own(harness: ChannelHarness) -> None:
    grid = grid_by_hand()
    text = await adopted(harness, "", grid)
    (row,) = await harness.rows()
    assert text == f"📥 `{row.code}` · keeping that grid, starting now"
    assert row.prompt != ""
    assert row.origin.kind == OriginKind.ADOPTED
    assert row.step(Slot.GRID).message_id == grid


async def test_grid_answers_a_generation_that_needs_attention(harness: ChannelHarness) -> None:
    row, grid = await unknown(harness), grid_by_hand()
    assert await adopted(harness, row.code, grid) == (
        f"📥 `{row.code}` · keeping that grid, starting now"
    )
    after = await now(harness, row)
    assert after.step(Slot.GRID).message_id == grid
    assert after.status != Status.NEEDS_ATTENTION


async def test_adoption_needs_a_reply_to_a_finished_grid(harness: ChannelHarness) -> None:
    assert await only(harness, "!adopt") == "Reply to a Midjourney grid with `!adopt`."
    not_one = "That isn't a finished Midjourney grid. Reply to the grid itself."
    people = harness.unheard("hello", BEN)
    others = ("u_solo", "imagine_progress_preview", "video_final", "video_clip")
    for message in (people, *map(grid_by_hand, others), 5):
        assert await adopted(harness, "", message) == not_one
    assert await harness.rows() == []


async def test_grid_belongs_to_one_generation(harness: ChannelHarness) -> None:
    grid = grid_by_hand()
    holder = await painted(harness, grid_message=grid)
    other = await unknown(harness)
    for words in ("", other.code, holder.code):
        assert await adopted(harness, words, grid) == (
            f"That grid already belongs to `{holder.code}`."
        )


async def test_grid_that_gets_a_holder_meanwhile_is_not_adopted(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had none when the command looked."""

    async def nobody(message_id: int) -> None:
        assert message_id == grid

    grid = grid_by_hand()
    holder = await painted(harness, grid_message=grid)
    other = await unknown(harness)
    monkeypatch.setattr(harness.atelier.store, "get_generation_of_grid", nobody)
    for words in ("", other.code):
        assert await adopted(harness, words, grid) == (
            f"That grid already belongs to `{holder.code}`."
        )
    assert len(await harness.rows()) == 2
    assert await now(harness, other) == other


async def test_grid_that_is_awaited_is_not_adopted_by_somebody_else(
    harness: ChannelHarness,
) -> None:
    """It came in a gap, and the command that wants it, too."""
    row = await harness.imagined(by=ANN)
    report, progress = harness.atelier.orchestrator.report, harness.unheard("painting", BEN)
    await report(row.id, Intended(Slot.GRID, "12", "session"))
    harness.atelier.orchestrator.hear(waiting(message_id=progress, nonce="12"))
    await harness.clock.advance(0)
    grid_by_hand()
    message = history(CHANNEL)[-1]
    message["id"] = grid = discord.utils.time_snowflake(discord.utils.utcnow()) + 1
    message["message_reference"] = {"message_id": progress, "channel_id": CHANNEL}
    assert await adopted(harness, "", grid, BEN) == (f"That grid already belongs to `{row.code}`.")
    assert (await now(harness, row)).step(Slot.GRID).message_id == grid
    assert len(await harness.rows()) == 1


async def test_grid_that_may_be_awaited_is_not_adopted_until_that_is_known(
    harness: ChannelHarness,
) -> None:
    """It has no ids, and the same prompt as what is at work; another prompt's is nobody's."""
    other = await unknown(harness)
    row = await harness.imagined("a cat", ANN)
    await harness.atelier.orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    grid = message_of_midjourneys("imagine_final", time_snowflake(utcnow()) + 1)
    message, account = history(CHANNEL)[-1], str(harness.atelier.connection.account_id)
    message["content"] = re.sub(r"<@\d+>", f"<@{account}>", message["content"])
    for words, by in (("", BEN), (other.code, ANN)):
        assert await adopted(harness, words, grid, by) == (
            f"That may be the grid that `{row.code}` is waiting for: its prompt is the same. "
            f"Please try again when `{row.code}` has ended."
        )
    await harness.say(f"!cancel {row.code}", ANN)
    assert (await adopted(harness, "", grid, BEN)).startswith("📥")


async def test_generation_with_a_grid_takes_no_other(harness: ChannelHarness) -> None:
    row, grid = await painted(harness, grid_message=GRID_MESSAGE), grid_by_hand()
    assert await adopted(harness, row.code, grid) == (
        f"`{row.code}` already has a grid of its own (grid saved). "
        f"`!show {row.code}` shows what's saved."
    )
    assert f"`{row.code}`" in await only(harness, f"!show {row.code}")


async def test_adoption_obeys_the_rules_of_codes(harness: ChannelHarness) -> None:
    row, grid = await unknown(harness), grid_by_hand()
    assert "belongs to Ann" in await adopted(harness, row.code, grid, BEN)
    assert (await adopted(harness, "zzzzzz", grid)).startswith("There's no generation `zzzzzz`")
