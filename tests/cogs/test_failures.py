"""What people and the log are told when something does not work."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from domain.errors import ChannelUnavailable, StaleFence, StoreUnavailable
from services.command_queue import AGAIN_SECONDS
from services.updates import DatabaseAway
from tests.cogs.channel_harness import CHANNEL, GUILD, OLGA, STRANGER, ChannelHarness
from tests.cogs.recording_http import history, refused

NO_SAVING = "I can't save anything right now; I'll do this as soon as I can."
NO_LOOKING = "I can't look that up right now. Ask me again in a minute."


NO_READING = "Discord won't let me read the channel right now; I'll do this as soon as I can."


def failing(
    monkeypatch: pytest.MonkeyPatch, harness: ChannelHarness, call: str, error: Exception
) -> None:
    """Make one call of the store raise an error."""
    broken(monkeypatch, harness.atelier.store, call, error)


def broken(monkeypatch: pytest.MonkeyPatch, part: object, call: str, error: BaseException) -> None:
    """Make one call of a part raise an error."""

    async def fail(*arguments: Any, **named: Any) -> None:
        raise error

    monkeypatch.setattr(part, call, fail)


@pytest.mark.parametrize(
    ("call", "command"),
    [
        ("create_generation", "!imagine a cat"),
        ("get_generation", "!cancel k7m2qx"),
        ("set_pause", "!pause"),
        ("set_person", f"!allow <@{STRANGER}>"),
    ],
)
async def test_command_that_cannot_be_saved_is_promised_once_and_kept(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch, call: str, command: str
) -> None:
    """While the database is away it is tried again and again; nobody is told each time."""
    before = await harness.atelier.store.get_mark()
    failing(monkeypatch, harness, call, StoreUnavailable("no answer"))
    harness.unheard(command, OLGA)
    message = history(CHANNEL)[-1]
    assert [reply.text for reply in await harness.receive(message)] == [NO_SAVING]
    assert await harness.caught_up() == []
    for pause in (AGAIN_SECONDS, 2 * AGAIN_SECONDS):
        assert await harness.later(pause) == []
    monkeypatch.undo()
    assert await harness.atelier.store.get_mark() == before
    assert len(await harness.later(4 * AGAIN_SECONDS)) == 1
    after = await harness.atelier.store.get_mark()
    assert after is not None
    assert after >= message["id"]


async def test_command_that_was_taken_is_answered_when_the_database_answers(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = harness.atelier.store.create_generation

    async def lose_the_answer(*arguments: Any, **named: Any) -> None:
        await create(*arguments, **named)
        raise StoreUnavailable("no answer")

    monkeypatch.setattr(harness.atelier.store, "create_generation", lose_the_answer)
    assert [reply.text for reply in await harness.say("!imagine a cat")] == [NO_SAVING]
    (reply,) = await harness.caught_up()
    monkeypatch.undo()
    assert await harness.later() == []
    (row,) = await harness.rows()
    assert reply.text == f"🎨 `{row.code}` · starting"
    assert row.status_message_id == reply.id


@pytest.mark.parametrize(
    ("call", "command"),
    [
        ("read", "!cancel"),
        ("read", "!adopt"),
        ("channel", "!resume"),
    ],
)
async def test_command_that_needs_the_history_is_promised_and_run_when_it_can_be_read(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch, call: str, command: str
) -> None:
    row = await harness.imagined(by=OLGA)
    assert row.status_message_id is not None
    await harness.say("!pause", OLGA)
    broken(monkeypatch, harness.atelier.connection, call, ChannelUnavailable("no answer"))
    monkeypatch.setattr(harness.atelier.orchestrator, "first_unknown", lambda: 1)
    harness.unheard(command, OLGA, at=discord.utils.utcnow())  # after the earlier messages
    message = history(CHANNEL)[-1]
    reference = {"message_id": row.status_message_id, "channel_id": CHANNEL, "guild_id": GUILD}
    message["message_reference"] = reference
    assert [reply.text for reply in await harness.receive(message)] == [NO_READING]
    assert await harness.caught_up() == []
    assert await harness.later() == []
    assert harness.atelier.generations.paused is not None
    assert (await harness.rows())[0].status == row.status
    monkeypatch.undo()
    (reply,) = await harness.later(2 * AGAIN_SECONDS)
    assert reply.text not in {NO_READING, NO_LOOKING}
    assert (await harness.atelier.store.get_mark() or 0) >= message["id"]


async def test_question_that_needs_the_history_is_to_be_asked_again(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    broken(monkeypatch, harness.atelier.connection, "read", ChannelUnavailable("no answer"))
    (reply,) = await harness.reply("!status", row.status_message_id)
    assert reply.text == NO_LOOKING


@pytest.mark.parametrize(
    ("call", "command"),
    [
        ("list_generations", "!status"),
        ("get_generation", "!status k7m2qx"),
        ("get_processing_generation", "!queue"),
        ("list_generations", "!history"),
        ("get_generation", "!show k7m2qx"),
    ],
)
async def test_question_that_cannot_be_answered_is_to_be_asked_again(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch, call: str, command: str
) -> None:
    """The answer would be useless later, so nothing is promised."""
    failing(monkeypatch, harness, call, StoreUnavailable("no answer"))
    for _ in range(2):
        assert [reply.text for reply in await harness.say(command)] == [NO_LOOKING]
    await harness.clock.advance(30)
    assert await harness.sent() == []


async def test_commands_run_in_their_order_when_the_database_is_back(
    harness: ChannelHarness,
) -> None:
    """A later command must not overtake a waiting one, or the mark would, too."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        failing(monkeypatch, harness, "create_generation", StoreUnavailable("no answer"))
        for command in ("!imagine a cat", "!pause"):
            harness.unheard(command, OLGA)
            (reply,) = await harness.receive(history(CHANNEL)[-1])
            assert reply.text == NO_SAVING
        await harness.caught_up()
    assert await harness.atelier.store.get_pause() is None
    assert [reply.text[0] for reply in await harness.later()] == ["🎨", "⏸"]
    assert [row.prompt for row in await harness.rows()] == ["a cat"]
    assert (await harness.imagined("a dog")).prompt == "a dog"


async def test_what_nobody_thought_of_has_the_same_reference_in_the_reply_and_the_log(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, harness, "create_generation", error := RuntimeError("a secret detail"))
    with capture_logs() as logs:
        (reply,) = await harness.say("!imagine a cat")
    (line,) = [line for line in logs if line["event"] == "command_failed"]
    assert re.fullmatch("[0-9a-f]{6}", line["reference"])
    assert reply.text == (
        f"Something went wrong (reference `{line['reference']}`). Nothing is lost; try again."
    )
    assert line["exc_info"] is error


@pytest.mark.parametrize("command", ["!imagine a cat", "!pause", "!health", "!help", "!imagene"])
async def test_process_that_was_frozen_and_replaced_answers_nothing(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    broken(monkeypatch, harness.atelier.lease_keeper, "may_speak", asyncio.CancelledError())
    assert await harness.say(command, OLGA) == []


async def test_process_that_was_frozen_and_replaced_calls_nobody(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, harness.atelier.lease_keeper, "may_speak", asyncio.CancelledError())
    harness.bot.dispatch("atelier_database_away", DatabaseAway())
    assert await harness.sent() == []


async def test_command_that_another_process_must_run_is_not_called_a_failure(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, harness, "create_generation", StaleFence())
    with capture_logs() as logs:
        assert await harness.say("!imagine a cat") == []
    assert logs == []


async def test_answer_that_discord_refuses_is_one_warning_and_what_became_of_the_command(
    harness: ChannelHarness,
) -> None:
    harness.http.refusal = refused(discord.Forbidden, 403)
    with capture_logs() as logs:
        assert await harness.say("!status") == []
    command, line = logs
    assert line["event"] == "answer_not_sent"
    assert "403" in line["why"]
    assert (command["event"], command["outcome"]) == ("command", "refused")


async def test_what_was_accepted_without_an_answer_is_answered_by_the_next_look(
    harness: ChannelHarness,
) -> None:
    """The bot tried twice to send the answer."""
    harness.http.passing = [ConnectionResetError(), ConnectionResetError()]
    replies = await harness.say("!imagine a cat")
    replies += await harness.caught_up()
    (row,) = await harness.rows()
    assert [reply.id for reply in replies] == [row.status_message_id]


async def test_a_connection_that_breaks_is_no_unexpected_failure(harness: ChannelHarness) -> None:
    harness.http.refusal = ConnectionResetError()
    with capture_logs() as logs:
        assert await harness.say("!status zzzzzz") == []
    assert {line["event"] for line in logs} <= {
        *("answer_not_sent", "command"),
        *("trying_again", "stamina.retry_scheduled"),  # as a worker of ours, or as a host has it
    }
