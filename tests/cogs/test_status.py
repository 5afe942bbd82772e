"""`!status`: how a generation is doing."""

from __future__ import annotations

import pytest

from domain.events import Delivered, Intended
from domain.generation import Generation, Slot
from domain.ports import Outcome
from tests.builders import new_generation, progress
from tests.cogs.room import ANN, BEN, CHANNEL, ELSEWHERE, Room


async def stored(room: Room, **changes: int) -> Generation:
    """Put a generation into the store without any command."""
    new = new_generation(**changes)
    change = await room.atelier.store.create_generation(new, fence=room.atelier.tenure.lease.fence)
    assert change.outcome == Outcome.DONE
    assert change.generation is not None
    return change.generation


async def status(room: Room, words: str = "", by: int = ANN) -> str:
    (reply,) = await room.say(f"!status {words}", by)
    return reply.text


async def test_without_a_code_it_is_about_ones_own_latest(room: Room) -> None:
    await room.imagined("a cat")
    latest = await room.imagined("a dog")
    await room.imagined("a horse", by=BEN)
    assert await status(room) == (
        f"🎨 `{latest.code}` · a dog · by Ann\n░░░░░░░░░░ 0% · waiting for its turn · 0:00\n1 ahead"
    )


async def test_whoever_has_none_is_told_how_to_begin(room: Room) -> None:
    await room.imagined(by=BEN)
    assert await status(room) == "You have no generation yet. Try `!imagine a cat`."


async def test_code_is_read_in_any_case_and_id_as_well(room: Room) -> None:
    row = await room.imagined("a cat", by=BEN)
    expected = f"🎨 `{row.code}` · a cat · by Ben\n░░░░░░░░░░ 0% · asking Midjourney · 0:00"
    for name in (row.code, row.code.upper(), row.id):
        assert await status(room, name) == expected


async def test_it_shows_the_time_since_the_command(room: Room) -> None:
    row = await room.imagined()
    await room.clock.advance(101)
    assert (await status(room, row.code)).endswith("· 1:41")


async def test_it_shows_the_percent_that_midjourney_last_told(room: Room) -> None:
    row = await room.imagined("a cat")
    orchestrator = room.atelier.orchestrator
    await orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    orchestrator.hear(progress(40, nonce="12"))
    await orchestrator.report(row.id, Delivered(Slot.GRID, "12"))
    await room.sent()
    assert await status(room) == (
        f"🎨 `{row.code}` · a cat · by Ann\n▓▓▓▓░░░░░░ 35% · Midjourney is painting, 40% · 0:00"
    )


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("zzzzzz", "`zzzzzz`"),
        ('"k7m2qx', '`"k7m2qx`'),
        ("k7m2qx please", "`k7m2qx`"),
        ("`k7m2qx`\nplease", "`k7m2qx`"),
        ("`@everyone`\n# x", "`@\u200beveryone`"),
    ],
)
async def test_code_of_nothing_is_said_to_be_unknown(room: Room, words: str, shown: str) -> None:
    assert await status(room, words) == (f"There is no generation {shown}. `!history` lists yours.")


async def test_generation_of_another_channel_is_as_unknown_as_one_that_is_not(room: Room) -> None:
    row = await stored(room, channel_id=ELSEWHERE, author_id=BEN)
    assert await status(room, row.code) == (
        f"There is no generation `{row.code}`. `!history` lists yours."
    )
    row = await stored(room, channel_id=CHANNEL, author_id=BEN)
    assert (await status(room, row.code)).startswith(f"🎨 `{row.code}`")
