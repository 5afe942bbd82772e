"""Reactions do what the commands do, for those who may use them, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.missed_commands import FRESH
from domain.errors import ChannelUnavailable, StoreUnavailable
from domain.generation import Generation, OriginKind, Status
from domain.slots import Slot
from tests.cogs.channel_harness import (
    ANN,
    BEN,
    ELSEWHERE,
    OLGA,
    STRANGER,
    ChannelHarness,
    open_channel,
)
from tests.cogs.reacting import put, react
from tests.cogs.stored_rows import changed, grid_by_hand, now, painted


async def on_grid(harness: ChannelHarness) -> tuple[Generation, int]:
    """Return a generation whose grid is in the channel, and the grid's message."""
    grid = grid_by_hand()
    return await painted(harness, 1, 2, 3, 4, grid_message=grid), grid


def naming(person: int, emoji: str) -> str:
    return f"{emoji} <@{person}> · "


async def test_cross_cancels_what_waits(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    (answer,) = await react(harness, "❌", row.status_message_id)
    assert answer.text == naming(ANN, "❌") + f"🛑 `{row.code}` is cancelled; it hadn't started."
    assert answer.reference is not None
    assert answer.reference["message_id"] == row.status_message_id
    assert answer.pings == {"parse": [], "replied_user": False}
    assert (await now(harness, row)).status == Status.CANCELLED


async def test_cross_on_what_has_ended_asks_and_deletes_nothing(harness: ChannelHarness) -> None:
    row, grid = await on_grid(harness)
    (asked,) = await harness.reply("!delete", grid)
    (answer,) = await react(harness, "❌", grid)
    assert answer.text == naming(ANN, "❌") + asked.text
    assert await now(harness, row) == row


async def test_second_star_elsewhere_takes_no_favourite_back(harness: ChannelHarness) -> None:
    grid = grid_by_hand()
    notice = harness.unheard("✅ the pictures are there", harness.account)
    row = await painted(harness, grid_message=grid)
    row = await changed(harness, row, notice_message_id=notice, wanted=())
    for message in (grid, notice):
        (answer,) = await react(harness, "⭐", message, BEN)
        assert "is one of your favourites" in answer.text
    (kept,) = await harness.atelier.collection.favourites(BEN, offset=0, limit=5)
    assert kept.id == row.id


async def test_star_makes_a_favourite_and_the_same_star_once_more_changes_nothing(
    harness: ChannelHarness,
) -> None:
    row, grid = await on_grid(harness)
    (answer,) = await react(harness, "⭐", grid, BEN)
    assert answer.text.startswith(naming(BEN, "⭐") + f"⭐ `{row.code}` is one of your favourites")
    await react(harness, "⭐", grid, BEN)
    (listed,) = await harness.say("!favs", BEN)
    assert f"`{row.code}`" in listed.text


@pytest.mark.parametrize("emoji", ["🔁", "🔄"])
async def test_reroll_makes_one_generation_whose_messages_reply_to_each_other(
    harness: ChannelHarness, emoji: str
) -> None:
    row, grid = await on_grid(harness)
    (answer,) = await react(harness, emoji, grid, BEN)
    _, made = await harness.rows()
    assert (made.origin.kind, made.origin.parent_id) == (OriginKind.REROLL, row.id)
    assert (made.author_id, made.author_name) == (BEN, "Ben")
    assert answer.text.startswith(naming(BEN, emoji))
    assert f"`{made.code}`" in answer.text
    assert f"`{row.code}`" in answer.text
    assert made.status_message_id == answer.id
    assert made.reply_to == answer.id


async def test_number_upscales_on_the_grid_and_varies_on_the_notice(
    harness: ChannelHarness,
) -> None:
    grid = grid_by_hand()
    notice = harness.unheard("✅ the pictures are there", harness.account)
    row = await painted(harness, grid_message=grid)
    row = await changed(harness, row, notice_message_id=notice, wanted=())
    await react(harness, "2️⃣", grid)
    assert Slot.UPSCALE_2 in (await now(harness, row)).wanted
    await react(harness, "3⃣", notice)  # as some clients write it
    _, varied = await harness.rows()
    assert (varied.origin.kind, varied.origin.index) == (OriginKind.VARIATION, 3)


async def test_disk_adopts_a_grid_that_nobody_holds(harness: ChannelHarness) -> None:
    grid = grid_by_hand()
    await react(harness, "💾", grid)
    (adopted,) = await harness.rows()
    assert adopted.step(Slot.GRID).message_id == grid
    assert adopted.author_id == ANN


@pytest.mark.parametrize("emoji", ["❌", "🔁", "1️⃣", "⭐"])
async def test_grid_that_nobody_holds_is_not_asked_anything_else(
    harness: ChannelHarness, emoji: str
) -> None:
    assert await react(harness, emoji, grid_by_hand()) == []


@pytest.mark.parametrize("emoji", ["👍", "5️⃣", "🗑️"])
async def test_other_emoji_say_nothing_to_the_bot(harness: ChannelHarness, emoji: str) -> None:
    _, grid = await on_grid(harness)
    assert await react(harness, emoji, grid) == []


async def test_emoji_of_a_server_say_nothing_to_the_bot(harness: ChannelHarness) -> None:
    """Once they are deleted, Discord no longer says their names."""
    _, grid = await on_grid(harness)
    for name in ("repeat", None):
        event = put(harness, "🔁", grid) | {"emoji": {"id": 77, "name": name}}
        assert await harness.receive(event, "message_reaction_add") == []


async def test_reaction_to_a_persons_message_is_between_people(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert await react(harness, "❌", row.command_message_id) == []
    assert (await now(harness, row)).status != Status.CANCELLED


async def test_reaction_to_what_is_about_no_generation_does_nothing(
    harness: ChannelHarness,
) -> None:
    (listed,) = await harness.say("!help")
    assert await react(harness, "❌", listed.id) == []


async def test_reaction_in_another_channel_is_not_heard(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    event = put(harness, "❌", row.status_message_id) | {"channel_id": ELSEWHERE}
    assert await harness.receive(event, "message_reaction_add") == []
    assert (await now(harness, row)).status != Status.CANCELLED


async def test_same_rules_as_for_the_command(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    (of_ann,) = await react(harness, "❌", row.status_message_id, BEN)
    assert of_ann.text == naming(BEN, "❌") + (
        f"`{row.code}` belongs to Ann; only Ann or an owner can do that."
    )
    (stranger,) = await react(harness, "❌", row.status_message_id, STRANGER)
    assert stranger.text.startswith(naming(STRANGER, "❌"))
    assert await react(harness, "🔁", row.status_message_id, STRANGER) == []  # told once a day
    assert (await now(harness, row)).status != Status.CANCELLED
    await harness.say(f"!deny {BEN}", OLGA)
    assert len(await react(harness, "🔁", row.status_message_id, BEN)) == 1
    assert len(await harness.rows()) == 1
    await react(harness, "❌", row.status_message_id, OLGA)
    assert (await now(harness, row)).status == Status.CANCELLED


async def test_quota_holds_for_reactions(tmp_path: Path) -> None:
    async with open_channel(tmp_path, daily_per_person=1) as harness:
        _, grid = await on_grid(harness)
        (answer,) = await react(harness, "🔁", grid)
        assert answer.text.startswith(naming(ANN, "🔁"))
        assert len(await harness.rows()) == 1


async def test_same_reaction_counts_once_though_taken_away(harness: ChannelHarness) -> None:
    _, grid = await on_grid(harness)
    assert len(await react(harness, "🔁", grid)) == 1
    assert await react(harness, "🔁", grid) == []
    assert await react(harness, "🔄", grid) == []
    assert await harness.back() == []
    assert len(await harness.rows()) == 2


async def test_other_bots_and_the_account_itself_are_not_heard(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    event = put(harness, "❌", row.status_message_id)
    event["member"]["user"] |= {"id": 77, "bot": True}
    assert await harness.receive(event, "message_reaction_add") == []
    assert await react(harness, "❌", row.status_message_id, harness.account.id) == []
    assert (await now(harness, row)).status != Status.CANCELLED


async def test_own_account_may_react_where_it_may_command(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allow_own_commands=True, allowed_user_ids="*") as harness:
        own = harness.account
        _, grid = await on_grid(harness)
        await react(harness, "🔁", grid, own.id)
        assert [row.author_id for row in await harness.rows()] == [ANN, own.id]


async def test_setting_turns_them_off(tmp_path: Path) -> None:
    async with open_channel(tmp_path, reactions=False) as harness:
        row = await harness.imagined()
        assert row.status_message_id is not None
        assert await react(harness, "❌", row.status_message_id) == []
        put(harness, "🔁", row.status_message_id)
        assert await harness.back() == []
        assert (await now(harness, row)).status != Status.CANCELLED


async def test_reaction_during_an_outage_is_promised_and_done_once(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grid = await on_grid(harness)

    async def away(*_: object, **named: object) -> None:
        raise StoreUnavailable("no answer")

    with monkeypatch.context() as outage:
        outage.setattr(harness.atelier.store, "create_generation", away)
        (promise,) = await react(harness, "🔁", grid)
        assert "can't save" in promise.text
    await harness.clock.advance(FRESH.total_seconds())
    await harness.back()
    assert len(await harness.rows()) == 2


async def test_reaction_is_deferred_while_its_message_cannot_be_read(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, grid = await on_grid(harness)

    async def away(*_: object) -> None:
        raise ChannelUnavailable("no answer")

    with monkeypatch.context() as outage:
        outage.setattr(harness.atelier.connection, "message", away)
        assert await react(harness, "🔁", grid) == []
    assert len(await harness.caught_up()) == 1
    assert len(await harness.rows()) == 2
