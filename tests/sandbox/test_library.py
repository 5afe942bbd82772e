"""An unmodified discord.py-self can do everything the bot needs, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any, cast

import discord
import discord.http
import discord.utils
import pytest
from discord.ext import commands
from PIL import Image

from sandbox import Sandbox
from sandbox.guild import MEMBERS_ROLE
from sandbox.pointing import point_library_at
from tests.sandbox.clients import Json, is_grid, is_solo


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[commands.Bot]:
    with point_library_at(sandbox):
        bot = commands.Bot(command_prefix="!", chunk_guilds_at_startup=False)
        ready = asyncio.Event()

        async def on_ready() -> None:
            ready.set()

        bot.add_listener(on_ready)
        async with asyncio.TaskGroup() as group:
            group.create_task(bot.start(sandbox.token))
            await ready.wait()
            yield bot
            await bot.close()


def channel_of(bot: commands.Bot, sandbox: Sandbox) -> discord.TextChannel:
    return cast("discord.TextChannel", bot.get_channel(sandbox.channel_id))


async def imagine(channel: discord.TextChannel, sandbox: Sandbox, prompt: str) -> Json:
    """Run /imagine as a user would and return the finished grid."""
    found = await channel.application_commands()
    command = next(
        each
        for each in found
        if each.name == "imagine" and each.application_id == sandbox.people["midjourney"].id
    )
    grid = asyncio.create_task(sandbox.wait_for(is_grid))
    assert await cast("Any", command)(prompt=prompt)
    return await grid


async def test_a_bot_imagines_presses_every_u_and_downloads(
    bot: commands.Bot, sandbox: Sandbox
) -> None:
    """The whole normal course: four different pictures, each the size of a cell of the grid."""
    channel = channel_of(bot, sandbox)
    grid = await imagine(channel, sandbox, "a cat")
    message = await channel.fetch_message(int(grid["id"]))
    assert Image.open(BytesIO(await message.attachments[0].read())).size == (64, 64)
    pictures: set[bytes] = set()
    for button in cast("Any", message.components[0]).children[:4]:
        solo = asyncio.create_task(sandbox.wait_for(is_solo))
        assert await button.click()
        picture = (await channel.fetch_message(int((await solo)["id"]))).attachments[0]
        pictures.add(await picture.read())
    assert len(pictures) == 4
    assert {Image.open(BytesIO(picture)).size for picture in pictures} == {(32, 32)}


async def test_a_bot_may_do_what_it_needs(bot: commands.Bot, sandbox: Sandbox) -> None:
    channel = channel_of(bot, sandbox)
    me = channel.guild.me
    assert me is not None
    may = channel.permissions_for(me)
    assert may.read_messages
    assert may.read_message_history
    assert may.send_messages
    assert may.attach_files
    assert not may.manage_messages
    assert not may.administrator


async def test_a_member_is_told_who_is_asked_for(bot: commands.Bot, sandbox: Sandbox) -> None:
    guild = channel_of(bot, sandbox).guild
    assert list(guild.members) == [guild.me]
    (ben,) = await guild.query_members(user_ids=[sandbox.people["ben"].id])
    assert (ben.name, [role.id for role in ben.roles[1:]]) == ("ben", [MEMBERS_ROLE])


async def test_a_bot_answers_a_person_and_edits_and_deletes(
    bot: commands.Bot, sandbox: Sandbox
) -> None:
    """A command is heard; the reply, its file, an edit, a reaction and a deletion arrive."""

    async def ping(ctx: commands.Context[commands.Bot]) -> None:
        file = discord.File(BytesIO(b"some bytes"), "note.txt")
        nobody = discord.AllowedMentions.none()
        answer = await ctx.reply(f"pong {ctx.author.mention}", file=file, allowed_mentions=nobody)
        await answer.edit(content="pong pong", allowed_mentions=nobody)
        await ctx.message.add_reaction("\N{EYES}")
        async with ctx.typing():
            pass
        await answer.delete()

    bot.command("ping")(ping)
    deleted = asyncio.create_task(sandbox.wait_for(lambda event, _: event == "MESSAGE_DELETE"))
    asked = await sandbox.say("ann", "!ping")
    gone = await deleted
    assert gone["message_reference"]["message_id"] == asked["id"]
    assert gone["content"] == "pong pong"
    assert gone["mentions"] == []
    assert gone["attachments"][0]["filename"] == "note.txt"


async def test_a_bot_comes_back_after_a_drop_and_misses_nothing(
    bot: commands.Bot, sandbox: Sandbox
) -> None:
    """RESUME replays what was sent while nobody listened."""
    heard = asyncio.create_task(bot.wait_for("message"))
    resumed = asyncio.create_task(bot.wait_for("resumed"))
    sandbox.gateway.drop()
    await sandbox.say("ben", "is anybody there?")
    assert (await heard).content == "is anybody there?"
    await resumed
    assert sandbox.gateway.counts["identify"] == 1


async def test_a_bot_identifies_again_when_its_session_is_gone(
    bot: commands.Bot, sandbox: Sandbox
) -> None:
    """Messages sent in between are only in the history."""
    ready = asyncio.create_task(bot.wait_for("ready"))
    sandbox.gateway.drop(forget=True)
    await sandbox.say("ben", "is anybody there?")
    await ready
    history = [message.content async for message in channel_of(bot, sandbox).history()]
    assert history == ["is anybody there?"]
    assert sandbox.gateway.counts["invalid"] == 1


async def test_the_library_points_at_discord_again_afterwards(sandbox: Sandbox) -> None:
    before = discord.http.Route.BASE, discord.utils.Headers.default
    with point_library_at(sandbox):
        assert sandbox.api_base == discord.http.Route.BASE
    assert before == (discord.http.Route.BASE, discord.utils.Headers.default)


async def test_a_wrong_token_is_refused_at_login(sandbox: Sandbox) -> None:
    with point_library_at(sandbox):
        client = discord.Client()
        with pytest.raises(discord.LoginFailure):
            await client.login("not a token")
        await client.close()
