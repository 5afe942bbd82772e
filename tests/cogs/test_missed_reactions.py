"""Reactions that nobody heard during a gap are carried out once, but old ones at no cost."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest

from cogs.missed_commands import FRESH
from domain.errors import StoreUnavailable
from domain.generation import Status
from domain.slots import Slot
from domain.snowflakes import reaction_key
from tests.cogs.channel_harness import (
    ANN,
    BEN,
    CHANNEL,
    GUILD,
    OLGA,
    STRANGER,
    ChannelHarness,
    open_channel,
)
from tests.cogs.reacting import put, react
from tests.cogs.recording_http import history, refused
from tests.cogs.stored_rows import changed, message_of_midjourneys, now, painted, queued
from tests.dpytest_shim import factories


def grid_of_now(harness: ChannelHarness) -> int:
    """Put a grid into the channel that is as old as the bot's clock says, and return its id."""
    fresh = discord.utils.time_snowflake(harness.clock.now()) + len(history(CHANNEL))
    return message_of_midjourneys("imagine_final", fresh)


@pytest.fixture
async def grid(harness: ChannelHarness) -> int:
    """Return the grid of a generation of Ann's."""
    grid = grid_of_now(harness)
    await painted(harness, 1, grid_message=grid, wanted=(Slot.UPSCALE_1,))
    return grid


async def test_missed_reaction_is_carried_out_once(harness: ChannelHarness, grid: int) -> None:
    put(harness, "🔁", grid, BEN)
    (answer,) = await harness.back()
    assert answer.text.startswith(f"🔁 <@{BEN}> · ")
    assert await harness.back() == []
    assert await react(harness, "🔁", grid, BEN) == []
    assert [row.author_id for row in await harness.rows()] == [ANN, BEN]


async def test_reaction_that_came_twice_counts_once(harness: ChannelHarness, grid: int) -> None:
    """The gateway repeats events after a resume, and the history has them as well."""
    event = put(harness, "🔁", grid)
    harness.bot.dispatch("resumed")
    await harness.receive(event, "message_reaction_add")
    await harness.caught_up()
    assert len(await harness.rows()) == 2


async def test_what_has_been_carried_out_by_an_earlier_process_is_over(
    harness: ChannelHarness, grid: int
) -> None:
    """It is known by the answer in the channel, or by the generation that came of it."""
    (row,) = await harness.rows()
    put(harness, "2️⃣", grid)
    harness.unheard(f"2️⃣ <@{ANN}> · 🔍 Fetching U2", harness.account, to=grid)
    put(harness, "🔁", grid)
    made = await queued(harness, command_message_id=reaction_key(grid, ANN, "🔁"))
    await changed(harness, made, status_message_id=7)
    await harness.back()
    assert await react(harness, "2️⃣", grid) == []
    assert (await now(harness, row)).wanted == (Slot.UPSCALE_1,)
    assert len(await harness.rows()) == 2


async def test_promise_of_an_earlier_process_is_kept(harness: ChannelHarness, grid: int) -> None:
    put(harness, "🔁", grid)
    promise = "I can't save anything right now; I'll do this as soon as I can."
    harness.unheard(f"🔁 <@{ANN}> · {promise}", harness.account, to=grid)
    assert len(await harness.back()) == 1
    assert len(await harness.rows()) == 2


@pytest.mark.parametrize("emoji", ["🔁", "2️⃣"])
async def test_what_costs_is_left_if_it_may_be_old(
    harness: ChannelHarness, grid: int, emoji: str
) -> None:
    (row,) = await harness.rows()
    put(harness, emoji, grid)
    await harness.clock.advance(FRESH.total_seconds() + 1)
    command = f"!reroll {row.code}" if emoji == "🔁" else f"!upscale {row.code} 2"
    (answer,) = await harness.back()
    assert answer.text.endswith(
        "I was away when you reacted, maybe a long time ago. "
        f"Type `{command}` if you still want it."
    )
    assert await harness.back() == []
    assert await harness.rows() == [row]


async def test_what_costs_is_left_if_the_grid_was_adopted_meanwhile(
    harness: ChannelHarness,
) -> None:
    """When it came, it may have been a grid that nobody held, where it asked for nothing."""
    grid = grid_of_now(harness)
    for emoji in ("🔁", "2️⃣"):
        assert await react(harness, emoji, grid) == []
    await harness.reply("!adopt", grid)
    (row,) = await harness.rows()
    answers = await harness.back()
    assert [answer.text.count("I was away when you reacted") for answer in answers] == [1, 1]
    assert await harness.rows() == [row]


async def test_what_costs_is_left_if_its_author_was_allowed_meanwhile(
    harness: ChannelHarness, grid: int
) -> None:
    """When it came, it may have been refused, which only the process knew that refused it."""
    rows = await harness.rows()
    put(harness, "🔁", grid, STRANGER)
    await harness.clock.advance(60)
    await harness.say(f"!allow {STRANGER}", OLGA)
    (answer,) = await harness.back()
    assert "I was away when you reacted" in answer.text
    assert await harness.rows() == rows
    put(harness, "⭐", grid, STRANGER)
    assert len(await harness.back()) == 1


async def test_cancelling_is_never_too_late(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    put(harness, "❌", row.status_message_id)
    await harness.clock.advance(2 * FRESH.total_seconds())
    await harness.back()
    assert (await now(harness, row)).status == Status.CANCELLED


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_cancelling_whose_answer_was_lost_is_answered_and_asks_for_nothing_else(
    tmp_path: Path, language: str
) -> None:
    """Of a cancelled one, the same reaction asks whether to delete it."""
    async with open_channel(tmp_path, reply_language=language) as harness:
        row = await changed(harness, await harness.imagined(), status=Status.CANCELLED)
        put(harness, "❌", row.status_message_id or 0)
        (answer,) = await harness.back()
        told = {
            "en": "🛑 `{}` is cancelled; it hadn't started.",
            "fr": "🛑 `{}` est annulée ; rien n'avait commencé.",
        }
        assert answer.text == f"❌ <@{ANN}> · {told[language].format(row.code)}"
        assert await harness.back() == []


@pytest.mark.parametrize("by", [ANN, BEN])
async def test_reaction_to_one_that_was_told_to_be_cancelled_asks_whether_to_delete_it(
    harness: ChannelHarness, by: int
) -> None:
    row = await harness.imagined()
    await harness.say(f"!cancel {row.code}")
    put(harness, "❌", row.status_message_id or 0, by)
    (answer,) = await harness.back()
    assert (f"`!delete {row.code} yes`" in answer.text) == (by == ANN)
    assert ("belongs to Ann" in answer.text) == (by == BEN)


async def test_strangers_bots_and_other_emoji_are_passed_over(
    harness: ChannelHarness, grid: int
) -> None:
    harness.unheard("no answer to a reaction", harness.account, to=grid)
    put(harness, "🔁", grid, STRANGER)
    put(harness, "👍", grid)
    put(harness, "🔁", harness.unheard("hello"))
    put(harness, "🔁", grid, harness.account.id)
    assert await harness.back() == []
    assert len(await harness.rows()) == 1


async def test_whose_roles_nobody_tells_is_passed_over_until_they_are_known(
    harness: ChannelHarness, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord does not say them with a reaction that is read again."""
    ben = harness.people[BEN]
    put(harness, "🔁", grid, BEN)
    user = factories.dict_from_user(ben)
    await harness.receive({"guild_id": GUILD, "user": user}, "guild_member_remove")

    async def silent(*_: object, **__: object) -> None:
        raise TimeoutError

    async def told(guild: discord.Guild, **_: object) -> None:
        guild._add_member(ben)  # pyright: ignore[reportPrivateUsage] -- as the gateway's answer does

    monkeypatch.setattr(discord.Guild, "query_members", silent)
    assert await harness.back() == []
    monkeypatch.setattr(discord.Guild, "query_members", told)
    assert len(await harness.back()) == 1


async def test_reaction_that_cannot_be_carried_out_yet_is_tried_again(
    harness: ChannelHarness, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(harness, "🔁", grid)

    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("no answer")

    with monkeypatch.context() as outage:
        outage.setattr(harness.atelier.store, "create_generation", away)
        (promise,) = await harness.back()
        assert "can't save" in promise.text
    assert len(await harness.later(FRESH.total_seconds())) == 1
    assert len(await harness.rows()) == 2


async def test_reactions_are_read_again_after_discord_would_not_show_them(
    harness: ChannelHarness, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(harness, "🔁", grid)
    with monkeypatch.context() as outage:

        async def refuse(*_: object, **__: object) -> None:
            raise refused(discord.DiscordServerError, 503)

        outage.setattr(harness.http, "get_reaction_users", refuse)
        assert await harness.back() == []
    assert len(await harness.later()) == 1


@pytest.mark.parametrize(("kind", "status"), [(discord.NotFound, 404), (discord.Forbidden, 403)])
async def test_reactions_that_discord_refuses_to_show_hold_up_no_command(
    harness: ChannelHarness,
    grid: int,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[discord.HTTPException],
    status: int,
) -> None:
    """The message may be gone meanwhile."""
    put(harness, "🔁", grid)

    async def refuse(*_: object, **__: object) -> None:
        raise refused(kind, status)

    monkeypatch.setattr(harness.http, "get_reaction_users", refuse)
    assert await harness.back() == []
    assert len(await harness.say("!imagine a dog")) == 1


async def test_answer_of_a_reaction_that_a_kill_kept_back(harness: ChannelHarness) -> None:
    """The message reacted to is not on the row, so the answer replies to nothing."""
    key = reaction_key(5, ANN, "🔁")
    row = await queued(harness, command_message_id=key)
    (answer,) = await harness.back()
    assert f"`{row.code}`" in answer.text
    assert answer.reference is None
    assert (await now(harness, row)).status_message_id == answer.id


async def test_answer_of_a_reaction_that_was_sent_is_found(harness: ChannelHarness) -> None:
    row = await queued(harness, command_message_id=reaction_key(5, ANN, "🔁"))
    sent = harness.unheard(f"🔁 <@{ANN}> · `{row.code}` is next", harness.account, to=5)
    assert await harness.back() == []
    assert (await now(harness, row)).status_message_id == sent
