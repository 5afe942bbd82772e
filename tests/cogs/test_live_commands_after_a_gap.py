"""Commands that come live after a gap wait for their turn, and promises to run them are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import discord
import pytest

from cogs.missed_commands import FRESH
from domain.errors import ChannelUnavailable, StoreUnavailable
from tests.cogs.channel_harness import BEN, CHANNEL, GUILD, ChannelHarness
from tests.cogs.recording_http import history
from tests.dpytest_shim import backend, factories

NO_SAVING = "I can't save anything right now; I'll do this as soon as I can."
NO_READING = "Discord won't let me read the channel right now; I'll do this as soon as I can."


async def test_live_command_waits_for_those_that_were_missed(harness: ChannelHarness) -> None:
    harness.unheard("!imagine a cat", BEN)
    harness.bot.dispatch("resumed")
    await harness.clock.advance(0)
    assert len(await harness.say("!imagine a dog")) == 2
    assert [row.prompt for row in await harness.rows()] == ["a cat", "a dog"]


@pytest.mark.parametrize(
    ("part", "call", "error", "promise"),
    [
        ("connection", "channel", ChannelUnavailable("no answer"), NO_READING),
        ("store", "get_mark", StoreUnavailable("no answer"), NO_SAVING),
    ],
)
async def test_live_command_does_not_pass_those_that_could_not_be_looked_for(
    harness: ChannelHarness, part: str, call: str, error: Exception, promise: str
) -> None:
    """The mark would pass them as well, and nobody would ever look for them again."""
    harness.unheard("!imagine a cat", BEN)
    with pytest.MonkeyPatch.context() as monkeypatch:

        async def away(*arguments: object, **named: object) -> None:
            raise error

        monkeypatch.setattr(getattr(harness.atelier, part), call, away)
        assert await harness.back() == []
    harness.unheard("!imagine a dog")
    (reply,) = await harness.receive(history(CHANNEL)[-1])
    assert reply.text == promise
    assert len(await harness.later()) == 2
    assert [row.prompt for row in await harness.rows()] == ["a cat", "a dog"]


async def test_promise_is_kept_however_long_the_database_is_away(harness: ChannelHarness) -> None:
    """If the bot has promised to run a command, it must not call that command too old later."""
    with pytest.MonkeyPatch.context() as monkeypatch:

        async def away(*arguments: object, **named: object) -> None:
            raise StoreUnavailable("no answer")

        monkeypatch.setattr(harness.atelier.store, "create_generation", away)
        harness.unheard("!imagine a cat")
        await harness.receive(history(CHANNEL)[-1])
        assert await harness.caught_up() == []
    harness.clock.jump(2 * FRESH.total_seconds())
    (reply,) = await harness.later()
    assert reply.text.endswith("· starting")


async def test_live_command_is_not_too_old_after_waiting_for_a_slow_history(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow history also contains it, and the delay is not its fault."""
    reading, goes_on = asyncio.Event(), asyncio.Event()
    read = harness.atelier.connection.pages

    async def slow(after: int) -> AsyncGenerator[list[discord.Message]]:
        reading.set()
        await goes_on.wait()
        async for page in read(after):
            yield page

    monkeypatch.setattr(harness.atelier.connection, "pages", slow)
    harness.bot.dispatch("resumed")
    await reading.wait()
    typed = harness.unheard("!imagine a cat")
    backend.get_state().parse_message_create(history(CHANNEL)[-1])
    await harness.clock.advance(0)
    assert harness.atelier.command_queue.came_live(typed)
    harness.clock.jump(2 * FRESH.total_seconds())
    goes_on.set()
    (reply,) = await harness.caught_up()
    assert reply.text.endswith("· starting")


async def test_promise_is_kept_to_somebody_of_whom_the_history_tells_no_roles(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as database:

        async def away(*arguments: object, **named: object) -> None:
            raise StoreUnavailable("no answer")

        database.setattr(harness.atelier.store, "create_generation", away)
        harness.unheard("!imagine a cat", BEN)
        (reply,) = await harness.receive(history(CHANNEL)[-1])
        assert reply.text == NO_SAVING
        assert await harness.caught_up() == []
    user = factories.dict_from_user(harness.people[BEN])
    await harness.receive(
        {"guild_id": GUILD, "user": user}, "guild_member_remove"
    )  # not in memory now
    (reply,) = await harness.later()
    assert reply.text.endswith("· starting")
