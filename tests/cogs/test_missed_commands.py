"""What was typed, accepted or finished while the bot was away is handled later, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import discord
import pytest
from structlog.testing import capture_logs

from cogs.missed_commands import FRESH
from domain.errors import ChannelUnavailable, StoreUnavailable
from services.command_queue import AGAIN_SECONDS
from services.generation.inbox import HistoryPage
from services.generation.recovery import OTHERS_SECONDS
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
from tests.cogs.recording_http import history, refused
from tests.dpytest_shim import backend, factories

MINUTE = timedelta(minutes=1)
NO_SAVING = "I can't save anything right now; I'll do this as soon as I can."


async def mark(harness: ChannelHarness) -> int:
    """Return the latest message that was handled."""
    found = await harness.atelier.store.get_mark()
    assert found is not None
    return found


async def test_first_start_of_all_begins_now(tmp_path: Path) -> None:
    """Messages from before the first start were not meant for the bot."""
    async with open_channel(tmp_path, ready=False) as harness:
        start = discord.utils.time_snowflake(harness.clock.now())
        harness.clock.jump(10)  # until the gateway is there; events come only after that
        harness.bot.dispatch("ready")
        await harness.caught_up()
        assert await mark(harness) == start - 1
        harness.unheard("!imagine a cat", at=harness.clock.now() - MINUTE)
        assert await harness.back() == []
        assert await harness.rows() == []


async def test_missed_commands_are_run_in_their_order(harness: ChannelHarness) -> None:
    harness.unheard("!imagine a cat", ANN)
    harness.unheard("hello", ANN)
    harness.unheard("!imagine a dog", BEN)
    last = harness.unheard("!pause", OLGA)
    replies = await harness.back()
    assert [reply.text.partition(" · ")[2] for reply in replies[:2]] == [
        "starting",
        "queued, 1 ahead",
    ]
    assert replies[2].text.startswith("⏸️ Paused.")
    assert [reply.reference and reply.reference["message_id"] for reply in replies] == [
        message["id"] for message in history(CHANNEL)[:4] if message["content"] != "hello"
    ]
    assert [row.prompt for row in await harness.rows()] == ["a cat", "a dog"]
    assert await mark(harness) >= last


async def test_nothing_is_run_twice(harness: ChannelHarness) -> None:
    harness.unheard("!imagine a cat")
    message = history(CHANNEL)[-1]
    assert len(await harness.back()) == 1
    assert await harness.back() == []
    assert await harness.receive(message) == []
    assert len(await harness.rows()) == 1


async def test_command_that_was_heard_is_not_run_again(harness: ChannelHarness) -> None:
    await harness.imagined()
    assert await harness.back() == []
    assert len(await harness.rows()) == 1


async def test_questions_are_not_answered_late(harness: ChannelHarness) -> None:
    for text in ("!status", "!queue", "!history", "!help", "!health", "!show k7m2qx"):
        harness.unheard(text, OLGA)
    assert await harness.back() == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (1, "one command is too old to run now. Please send it again."),
        (3, "3 commands are too old to run now. Please send them again."),
    ],
)
async def test_commands_that_are_too_old_get_one_line(
    harness: ChannelHarness, typed: int, told: str
) -> None:
    since = harness.clock.now()
    old = [harness.unheard(f"!imagine cat {number}") for number in range(typed)]
    harness.unheard("!status")
    harness.clock.jump((FRESH + MINUTE).total_seconds())
    harness.unheard("!imagine a dog", BEN)
    line, fresh = await harness.back()
    assert fresh.text.endswith("· starting")
    offline = f"<t:{int(since.timestamp())}:t> to <t:{int(harness.clock.now().timestamp())}:t>"
    assert line.text == f"I was offline from {offline}, and {told}"
    assert line.reference is not None
    assert line.reference["message_id"] == old[-1]
    assert line.pings == {"parse": []}
    assert [row.prompt for row in await harness.rows()] == ["a dog"]
    assert await harness.back() == []


@pytest.mark.parametrize("refusal", [ConnectionResetError(), refused(discord.Forbidden, 403)])
async def test_mark_passes_what_is_too_old_only_when_that_is_said_or_refused(
    harness: ChannelHarness, refusal: Exception
) -> None:
    """During an outage it waits, with all later commands; without permission it says nothing."""
    before, waits = await mark(harness), isinstance(refusal, OSError)
    harness.unheard("!imagine a cat")
    harness.clock.jump((FRESH + MINUTE).total_seconds())
    fresh = harness.unheard("!imagine a dog", BEN)
    with pytest.MonkeyPatch.context() as monkeypatch:

        async def refuse(*arguments: object, **named: object) -> None:
            raise refusal

        monkeypatch.setattr(harness.http, "send_message", refuse)
        assert await harness.back() == []
    assert await mark(harness) == (before if waits else fresh)
    said = [reply.text for reply in await harness.later()] if waits else []
    assert any("too old" in text for text in said) == waits
    assert [row.prompt for row in await harness.rows()] == ["a dog"]


async def test_what_is_too_old_is_named_once_however_often_it_is_looked_at(
    harness: ChannelHarness,
) -> None:
    harness.unheard("!imagine a cat")
    harness.clock.jump((FRESH + MINUTE).total_seconds())
    harness.unheard("!imagine a dog", BEN)
    with pytest.MonkeyPatch.context() as monkeypatch:

        async def away(*arguments: object, **named: object) -> None:
            raise StoreUnavailable("no answer")

        monkeypatch.setattr(harness.atelier.store, "create_generation", away)
        line, promise = await harness.back()
        assert "too old" in line.text
        assert promise.text == NO_SAVING
        assert await harness.later() == []
    (fresh,) = await harness.later(2 * AGAIN_SECONDS)
    assert fresh.text.endswith("· starting")


async def test_command_is_fresh_for_a_quarter_of_an_hour(harness: ChannelHarness) -> None:
    harness.unheard("!imagine a cat")
    harness.clock.jump(FRESH.total_seconds())
    await harness.back()
    assert len(await harness.rows()) == 1


async def test_strangers_and_bots_are_not_answered_for_what_is_too_old(
    harness: ChannelHarness,
) -> None:
    other = factories.make_user_dict("other", "0002", None, bot=True)
    member = backend.make_member(backend.get_state().store_user(other), harness.guild)
    harness.unheard("!imagine a cat", STRANGER)
    harness.unheard("!imagine a cat", member)
    harness.unheard("!imagine a cat", harness.account)
    harness.clock.jump((FRESH + MINUTE).total_seconds())
    assert await harness.back() == []


async def test_missed_commands_obey_the_same_rules_as_others(harness: ChannelHarness) -> None:
    other = factories.make_user_dict("other", "0002", None, bot=True)
    member = backend.make_member(backend.get_state().store_user(other), harness.guild)
    harness.unheard("!imagine a cat", member)
    harness.unheard("!imagine a cat", harness.account)
    harness.unheard("!imagine --ar 16:9", ANN)
    harness.unheard("!imagine a cat", STRANGER)
    harness.unheard("!pause", ANN)
    assert [reply.text for reply in await harness.back()] == [
        "Describe the picture first, then add parameters: `!imagine a cat --ar 16:9`",
        "You can't use this bot here; ask an owner to add you.",
        "Only the bot's owners can do that.",
    ]
    assert await harness.rows() == []


async def test_what_is_no_command_is_not_looked_at_again(harness: ChannelHarness) -> None:
    seen = harness.unheard("hello")
    await harness.back()
    assert await mark(harness) == seen


SINCE = 5
"""Something that the work awaits was asked for then, before all commands."""


async def test_one_reading_of_a_gap_serves_commands_and_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins where the work misses something, which is before the last command."""
    async with open_channel(tmp_path, allowed_user_ids="*", allowed_role_ids="") as harness:
        await harness.imagined("a cat", BEN)
        connection, orchestrator = harness.atelier.connection, harness.atelier.orchestrator
        reads: list[int] = []
        looks: list[HistoryPage] = []
        read = connection.pages

        async def noted(after: int) -> AsyncGenerator[list[discord.Message]]:
            reads.append(after)
            async for page in read(after):
                yield page

        monkeypatch.setattr(orchestrator, "first_unknown", lambda: SINCE)
        monkeypatch.setattr(connection, "pages", noted)
        monkeypatch.setattr(orchestrator, "look_back", looks.append)
        harness.unheard("!imagine a dog", at=discord.utils.utcnow() + timedelta(minutes=1))
        await harness.back()
        await harness.clock.advance(OTHERS_SECONDS + 2)
        assert reads == [SINCE]
        assert {look.reading.since for look in looks} == set(reads)
        assert looks[-1].is_last
        assert "a dog" in [row.prompt for row in await harness.rows()]


async def test_process_can_end_while_it_catches_up(tmp_path: Path) -> None:
    """The library's commands swallow the cancellation of their task."""
    begun = asyncio.Event()

    async def never(*arguments: object, **named: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with open_channel(tmp_path) as harness:
        harness.atelier.store.create_generation = never  # pyright: ignore[reportAttributeAccessIssue] -- it hangs
        harness.unheard("!imagine a cat")
        harness.bot.dispatch("resumed")
        await begun.wait()


async def test_history_that_cannot_be_read_is_read_again(harness: ChannelHarness) -> None:
    harness.unheard("!imagine a cat")
    with pytest.MonkeyPatch.context() as monkeypatch:

        async def away(*arguments: object, **named: object) -> None:
            raise ChannelUnavailable("no answer")

        monkeypatch.setattr(harness.atelier.connection, "channel", away)
        assert await harness.back() == []
    assert len(await harness.later()) == 1


async def test_whose_roles_nobody_tells_comes_too_late(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []

    async def silent(_: discord.Guild, *, user_ids: list[int], presences: bool) -> None:
        asked.append(user_ids)
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "query_members", silent)
    user = factories.dict_from_user(harness.people[BEN])
    await harness.receive({"guild_id": GUILD, "user": user}, "guild_member_remove")
    harness.unheard("!imagine a cat", BEN)
    with capture_logs() as logs:
        (line,) = await harness.back()
    assert "too old" in line.text
    assert asked == [[BEN]]
    assert [log["people"] for log in logs if log["event"] == "roles_not_told"] == [[BEN]]
