"""Commands in other words than their names: by whom, where, after a gap, and in other bots."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from domain.generation import OriginKind
from tests.cogs.channel_harness import ANN, BEN, STRANGER, ChannelHarness, open_channel
from tests.cogs.stored_rows import grid_by_hand, painted
from tests.dpytest_shim import backend, factories

POLITELY = "You can't use this bot here; ask an owner to add you."
OTHER_WORDS = ("/imagine a cat", "!draw a cat", "! imagine a cat", "!dessine a cat")
QUESTIONS = ("!imagin a cat", "!describe", "imagine a cat --ar 3:2")


@pytest.mark.parametrize("text", OTHER_WORDS)
async def test_other_words_are_the_same_command(harness: ChannelHarness, text: str) -> None:
    (reply,) = await harness.say(text)
    (row,) = await harness.rows()
    assert (row.prompt, row.status_message_id) == ("a cat", reply.id)


@pytest.mark.parametrize("text", OTHER_WORDS)
async def test_strangers_are_turned_away_as_ever(harness: ChannelHarness, text: str) -> None:
    assert [reply.text for reply in await harness.say(text, STRANGER)] == [POLITELY]
    assert await harness.say(text, STRANGER) == []


@pytest.mark.parametrize("text", QUESTIONS)
async def test_strangers_are_asked_nothing(harness: ChannelHarness, text: str) -> None:
    assert len(await harness.say(text)) == 1
    assert await harness.say(text, STRANGER) == []


@pytest.mark.parametrize("text", [*OTHER_WORDS, *QUESTIONS])
async def test_other_channels_bots_and_its_own_account_are_not_heard(
    tmp_path: Path, text: str
) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*") as harness:
        other = factories.make_user_dict("other", "0002", None, bot=True)
        member = backend.make_member(backend.get_state().store_user(other), harness.guild)
        assert await harness.say(text, channel=harness.elsewhere) == []
        assert await harness.say(text, member) == []
        assert await harness.say(text, harness.account) == []
        assert await harness.rows() == []


async def test_person_alone_may_press_with_the_account_of_the_bot(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allowed_user_ids="*", allow_own_commands=True) as harness:
        await painted(harness, grid_message=(grid := grid_by_hand()))
        typed = harness.typed("V2", harness.account, **harness.reference(grid))
        assert len(await harness.receive(typed)) == 1
        assert len(await harness.rows()) == 2


async def test_button_is_only_pressed_in_reply_to_midjourney_or_the_bot(
    harness: ChannelHarness,
) -> None:
    row = await painted(harness, 1, 2, 3, 4, grid_message=(grid := grid_by_hand()))
    notice = harness.unheard(f"✅ `{row.code}` · a cat", harness.account)
    assert await harness.say("V2") == []
    for nobodys in (harness.unheard("nice", BEN), 5):
        assert await harness.reply("V2", nobodys) == []
    for message in (grid, notice):
        (reply,) = await harness.reply("U2", message)
        assert reply.text.startswith(f"U2 of `{row.code}` is already saved.")
    assert await harness.rows() == [row]


async def test_after_a_gap_they_mean_the_same(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, 3, 4, grid_message=(grid := grid_by_hand()))
    harness.unheard("/imagine a dog")
    harness.unheard("V2", BEN, to=grid)
    harness.unheard("🔄", BEN, to=grid)
    harness.unheard("V2", BEN)
    harness.unheard("!stop", BEN)
    replies = [reply.text for reply in await harness.back()]
    _, dog, varied, rerolled = await harness.rows()
    assert [dog.prompt, varied.origin.index] == ["a dog", 2]
    assert rerolled.origin.kind == OriginKind.REROLL
    assert varied.origin.parent_id == rerolled.origin.parent_id == row.id
    assert replies[-1].startswith("Which one?")
    assert len(replies) == 4


async def test_what_only_asks_is_not_asked_late(harness: ChannelHarness) -> None:
    for text in (*QUESTIONS, "!info", "U2"):
        harness.unheard(text)
    assert await harness.back() == []


async def test_messages_are_handled_in_their_order(harness: ChannelHarness) -> None:
    """The mark moves with each, so none may be overtaken by a later one."""
    for text in ("!draw a cat", "!imagine a dog", "/imagine a horse"):
        harness.bot.dispatch("message", message_of(harness, text))
    await harness.sent()
    assert [row.prompt for row in await harness.rows()] == ["a cat", "a dog", "a horse"]


def message_of(harness: ChannelHarness, text: str) -> discord.Message:
    data = harness.typed(text)
    return discord.Message(state=backend.get_state(), channel=harness.channel, data=data)  # pyright: ignore[reportArgumentType] -- dpytest's


class HostBot(commands.Bot):
    """Somebody else's bot, with commands of its own."""

    def __init__(self) -> None:
        super().__init__(command_prefix="!")
        self.heard: list[str] = []

        async def hear(ctx: commands.Context[commands.Bot]) -> None:
            self.heard.append(ctx.message.content)

        for name in ("draw", "stop"):
            self.command(name)(hear)


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncGenerator[ChannelHarness]:
    async with open_channel(tmp_path, bot=HostBot()) as harness:
        yield harness


async def test_commands_of_somebody_elses_bot_stay_its_own(foreign: ChannelHarness) -> None:
    assert await foreign.say("!draw a cat") == []
    assert await foreign.say("!stop it") == []
    assert isinstance(foreign.bot, HostBot)
    assert foreign.bot.heard == ["!draw a cat", "!stop it"]
    for text in ("!paint a cat", "!Imagine a dog"):
        assert len(await foreign.say(text)) == 1
    assert [row.prompt for row in await foreign.rows()] == ["a cat", "a dog"]


async def test_help_and_nearly_commands_know_the_other_words(harness: ChannelHarness) -> None:
    for text in ("!help draw", "!aide dessine", "!help !img a cat", "!commands imagine"):
        (reply,) = await harness.say(text)
        assert reply.text.startswith("`!imagine <prompt>`")
    (reply,) = await harness.say("!help desine")
    assert reply.text == "Did you mean `!help imagine`?"


@pytest.mark.parametrize("command", ["status", "cancel", "upscale", "delete", "history"])
async def test_every_command_explains_itself(harness: ChannelHarness, command: str) -> None:
    row = await painted(harness, 1)
    for word in ("help", "?", "aide"):
        (reply,) = await harness.say(f"!{command} {word}")
        assert reply.text.startswith(f"`!{command} ")
    assert await harness.rows() == [row]


async def test_question_that_discord_refuses_is_no_failure(harness: ChannelHarness) -> None:
    harness.http.refusal = discord.Forbidden(backend.FakeRequest(403, "no"), "no")
    assert await harness.say("!imagin a cat", ANN) == []
