"""What owners type, and when they are called."""

from __future__ import annotations

from domain.events import Delivered
from domain.generation import Slot, Status
from domain.pause import Pause
from services.letters import Stopped
from tests.cogs.room import ANN, CHANNEL, OLGA, STRANGER, Room


async def only(room: Room, text: str, by: int = OLGA) -> str:
    """Type something that gets one answer, and return it."""
    (reply,) = await room.say(text, by)
    return reply.text


async def test_prompts_are_accepted_in_a_pause_and_begin_after_it(room: Room) -> None:
    assert await only(room, "!pause back at *noon*") == (
        "⏸️ Paused. Prompts are still accepted; `!resume` goes on."
    )
    assert (await only(room, "!imagine a cat", ANN)).endswith(
        r"· queued, 0 ahead · paused (back at \*noon\*)"
    )
    (row,) = await room.rows()
    assert row.status == Status.QUEUED
    assert await only(room, "!resume") == "▶️ Going on."
    row = await room.atelier.orchestrator.report(row.id, Delivered(Slot.GRID, "none"))
    assert row.status == Status.SUBMITTING


async def test_pausing_and_resuming_twice_changes_nothing(room: Room) -> None:
    assert await only(room, "!resume") == "Nothing was paused."
    await only(room, "!pause")
    assert await only(room, "!pause") == "It is paused already; `!resume` goes on."
    await only(room, "!resume")
    assert await only(room, "!resume") == "Nothing was paused."


async def test_only_owners_pause_and_resume(room: Room) -> None:
    for command in ("!pause", "!resume"):
        assert await only(room, command, ANN) == "Only the owners of this bot can do that."
    assert (await only(room, "!imagine a cat", ANN)).endswith("· starting")


async def test_stop_calls_the_owners_and_nobody_else(room: Room) -> None:
    room.bot.dispatch(
        "atelier_stopped", Stopped(Pause(words=f"<@{STRANGER}>", since=room.clock.now()))
    )
    (call,) = await room.sent()
    assert f"<@{OLGA}> The queue has stopped: <@\u200b{STRANGER}>." in call.text
    assert "`!resume`" in call.text
    assert call.channel == CHANNEL
    assert call.pings == {"parse": [], "users": [OLGA]}
