"""Who may use the bot, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cogs.channel_harness import (
    ANN,
    BEN,
    CHANNEL,
    OLGA,
    STRANGER,
    ChannelHarness,
    open_channel,
)
from tests.cogs.recording_http import history
from tests.dpytest_shim import backend, factories

DAY = 24 * 60 * 60
POLITELY = "You can't use this bot here; ask an owner to add you."


@pytest.mark.parametrize("person", [OLGA, ANN, BEN])
async def test_owner_named_person_and_bearer_of_a_role_may_use_it(
    harness: ChannelHarness, person: int
) -> None:
    await harness.say("!imagine a cat", person)
    assert [row.author_id for row in await harness.rows()] == [person]


async def test_star_lets_everybody_in(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*") as harness:
        await harness.say("!imagine a cat", STRANGER)
        assert [row.author_id for row in await harness.rows()] == [STRANGER]


@pytest.mark.parametrize(
    "command", ["!imagine a cat", "!imagine", "!status", "!help", "!help i", "!pause"]
)
async def test_stranger_is_turned_away_politely_whatever_they_ask_for(
    harness: ChannelHarness, command: str
) -> None:
    assert [reply.text for reply in await harness.say(command, STRANGER)] == [POLITELY]
    assert await harness.rows() == []


async def test_stranger_hears_it_once_a_day(harness: ChannelHarness) -> None:
    await harness.say("!imagine a cat", STRANGER)
    assert await harness.say("!help", STRANGER) == []
    harness.clock.jump(DAY - 1)
    assert await harness.say("!imagine a cat", STRANGER) == []
    harness.clock.jump(1)
    assert [reply.text for reply in await harness.say("!status", STRANGER)] == [POLITELY]


@pytest.mark.parametrize("person", [OLGA, ANN, STRANGER])
@pytest.mark.parametrize(
    "command", ["!imagine a cat", "!imagine", "!status", "!help", "!help i", "!pause"]
)
async def test_nothing_is_answered_in_another_channel(
    harness: ChannelHarness, command: str, person: int
) -> None:
    assert await harness.say(command, person, harness.elsewhere) == []
    assert await harness.rows() == []


async def test_being_silent_elsewhere_does_not_use_up_the_polite_sentence(
    harness: ChannelHarness,
) -> None:
    await harness.say("!imagine a cat", STRANGER, harness.elsewhere)
    assert len(await harness.say("!imagine a cat", STRANGER)) == 1


@pytest.mark.parametrize("text", ["!play a song", "!", "! wow", "hello", "!! what"])
async def test_words_that_are_no_commands_are_left_to_others(
    harness: ChannelHarness, text: str
) -> None:
    assert await harness.say(text) == []
    assert await harness.rows() == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("!imagin a cat", "imagine"),
        ("!IMAGNIE a cat", "imagine"),
        ("!!imagine a cat", "imagine"),
        ("!upscal k7m2qx 1", "upscale"),
        ("!stauts", "status"),
    ],
)
async def test_slip_of_the_pen_is_answered_with_what_was_meant(
    harness: ChannelHarness, typed: str, meant: str
) -> None:
    assert [reply.text for reply in await harness.say(typed)] == [f"Did you mean `!{meant}`?"]
    assert await harness.say(typed, STRANGER) == []
    assert await harness.say(typed, channel=harness.elsewhere) == []
    assert await harness.rows() == []


async def test_command_begins_with_the_prefix_of_the_settings(tmp_path: Path) -> None:
    async with open_channel(tmp_path, command_prefix="at.") as harness:
        assert await harness.say("!imagine a cat") == []
        (reply,) = await harness.say("at.imagine")
        assert reply.text.startswith("`at.imagine <prompt>` Make a grid and its upscales.")
        (reply,) = await harness.say("at.status")
        assert reply.text == "You haven't made anything yet. Try `at.imagine a cat`."


async def test_other_bots_trigger_nothing(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*") as harness:
        other = factories.make_user_dict("other", "0002", None, bot=True)
        member = backend.make_member(backend.get_state().store_user(other), harness.guild)
        assert member.bot
        assert await harness.say("!imagine a cat", member) == []
        assert await harness.rows() == []


async def test_webhooks_trigger_nothing(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*") as harness:
        message = harness.typed("!imagine a cat", webhook_id=1_210_000_000_000_000_001)
        del message["member"]
        message["author"] |= {"id": message["webhook_id"], "bot": True}
        assert await harness.receive(message) == []
        assert await harness.rows() == []


async def test_webhook_that_pretends_to_be_somebody_allowed_triggers_nothing(
    harness: ChannelHarness,
) -> None:
    message = harness.typed("!imagine a cat", webhook_id=1_210_000_000_000_000_001)
    del message["member"]
    assert await harness.receive(message) == []
    assert await harness.rows() == []


async def test_own_messages_trigger_nothing(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*") as harness:
        assert await harness.say("!imagine a cat", harness.account) == []
        assert await harness.rows() == []


async def test_person_alone_may_type_with_the_account_of_the_bot(tmp_path: Path) -> None:
    """Its own replies then come from somebody allowed, but must not trigger any command."""
    async with open_channel(tmp_path, allowed_user_ids="*", allow_own_commands=True) as harness:
        for command in ("!imagine a cat", "!imagine", "!status", "!status zzzzzz", "!help"):
            assert len(await harness.say(command, harness.account)) == 1
        assert len(await harness.rows()) == 1


@pytest.mark.parametrize("live_first", [True, False])
async def test_command_that_is_refused_is_answered_once(
    harness: ChannelHarness, live_first: bool
) -> None:
    """It has no turn and does not move the mark, so the history delivers it again."""
    harness.unheard("!pause", ANN)
    message = history(CHANNEL)[-1]
    looks = (
        [harness.receive(message), harness.back()]
        if live_first
        else [harness.back(), harness.receive(message)]
    )
    replies = [reply.text for look in looks for reply in await look]
    assert replies == ["Only the bot's owners can do that."]
