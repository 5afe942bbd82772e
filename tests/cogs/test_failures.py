"""What people and the log hear when something does not work."""

from __future__ import annotations

import re
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from domain.errors import StoreUnavailable
from tests.cogs.room import Room, refused

NO_DATABASE = (
    "My database does not answer right now. "
    "Look with `!status` in a minute, before you send this again."
)


def failing(monkeypatch: pytest.MonkeyPatch, room: Room, call: str, error: Exception) -> None:
    """Let one call of the store raise an error."""

    async def fail(*arguments: Any, **named: Any) -> None:
        raise error

    monkeypatch.setattr(room.atelier.store, call, fail)


@pytest.mark.parametrize(
    ("call", "command"),
    [
        ("create_generation", "!imagine a cat"),
        ("place_in_queue", "!imagine a cat"),
        ("list_generations", "!status"),
        ("get_generation", "!status k7m2qx"),
    ],
)
async def test_database_that_is_away_is_said_without_a_promise(
    room: Room, monkeypatch: pytest.MonkeyPatch, call: str, command: str
) -> None:
    """A prompt may have been taken all the same: nobody is asked to send it again blindly."""
    failing(monkeypatch, room, call, StoreUnavailable("no answer"))
    assert [reply.text for reply in await room.say(command)] == [NO_DATABASE]


async def test_commands_work_again_when_the_database_does(room: Room) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        failing(monkeypatch, room, "create_generation", StoreUnavailable("no answer"))
        await room.say("!imagine a cat")
    assert (await room.imagined("a dog")).prompt == "a dog"


async def test_what_nobody_thought_of_has_the_same_reference_in_the_reply_and_the_log(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, room, "create_generation", error := RuntimeError("a secret detail"))
    with capture_logs() as logs:
        (reply,) = await room.say("!imagine a cat")
    (line,) = [line for line in logs if line["event"] == "command_failed"]
    assert re.fullmatch("[0-9a-f]{6}", line["reference"])
    assert reply.text == (
        f"Something went wrong here (reference `{line['reference']}`). Nothing was lost; try again."
    )
    assert line["exc_info"] is error


async def test_answer_that_discord_refuses_is_one_line_in_the_log(room: Room) -> None:
    room.wire.refusal = refused(discord.Forbidden, 403)
    with capture_logs() as logs:
        assert await room.say("!status") == []
    assert [(line["event"], line["status"]) for line in logs] == [("answer_not_sent", 403)]
