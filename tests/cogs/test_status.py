"""`!status`: how a generation is doing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.events import Delivered, Intended
from domain.generation import UPSCALES, Generation, Problem, ProblemKind, Slot, Status, Step
from domain.ports import Outcome
from tests.builders import new_generation, progress
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import changed, failed, painted, queued


async def stored(room: ChannelHarness, **changes: int) -> Generation:
    """Put a generation into the store without any command."""
    new = new_generation(**changes)
    change = await room.atelier.store.create_generation(
        new, fence=room.atelier.lease_keeper.lease.fence
    )
    assert change.outcome == Outcome.DONE
    assert change.generation is not None
    return change.generation


def asked(row: Generation) -> str:
    return f"asked <t:{int(row.created_at.timestamp())}:R>"


async def status(room: ChannelHarness, words: str = "", by: int = ANN) -> str:
    (reply,) = await room.say(f"!status {words}", by)
    return reply.text


async def test_without_a_code_it_is_about_ones_own_latest(room: ChannelHarness) -> None:
    await room.imagined("a cat")
    latest = await room.imagined("a dog")
    await room.imagined("a horse", by=BEN)
    assert (await status(room)).splitlines() == [
        f"🎨 `{latest.code}` · a dog · by Ann",
        "░░░░░░░░░░ 0% · waiting for its turn · 0:00",
        f"Grid … · U1 … · U2 … · U3 … · U4 … · {asked(latest)}",
        "1 ahead",
    ]


async def test_whoever_has_none_is_told_how_to_begin(room: ChannelHarness) -> None:
    await room.imagined(by=BEN)
    assert await status(room) == "You haven't made anything yet. Try `!imagine a cat`."


async def test_code_is_read_in_any_case_and_id_as_well(room: ChannelHarness) -> None:
    row = await room.imagined("a cat", by=BEN)
    expected = [f"🎨 `{row.code}` · a cat · by Ben", "░░░░░░░░░░ 0% · asking Midjourney · 0:00"]
    for name in (row.code, row.code.upper(), row.id):
        assert (await status(room, name)).splitlines()[:2] == expected


async def test_it_shows_the_time_since_the_command(room: ChannelHarness) -> None:
    row = await room.imagined()
    await room.clock.advance(101)
    _, line, _ = (await status(room, row.code)).splitlines()
    assert line.endswith("· 1:41")


async def test_it_shows_the_percent_that_midjourney_last_told(room: ChannelHarness) -> None:
    row = await room.imagined("a cat")
    orchestrator = room.atelier.orchestrator
    await orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    orchestrator.hear(progress(40, nonce="12"))
    await orchestrator.report(row.id, Delivered(Slot.GRID, "12"))
    await room.sent()
    assert (await status(room)).splitlines()[:2] == [
        f"🎨 `{row.code}` · a cat · by Ann",
        "▓▓▓▓░░░░░░ 35% · Midjourney is painting, 40% · 0:00",
    ]


async def test_it_shows_how_each_picture_stands(room: ChannelHarness) -> None:
    row = await painted(room, 1, wanted=UPSCALES[:3])
    refused = replace(row.step(Slot.UPSCALE_3), problem=Problem(ProblemKind.REFUSED, "no cats"))
    row = row.with_step(Slot.UPSCALE_3, refused)
    row = await changed(room, row, steps=row.steps, status=Status.VARIATIONS_IN_PROGRESS)
    _, _, *lines = (await status(room, row.code)).splitlines()
    assert lines == [
        f"Grid ✓ · U1 ✓ · U2 … · U3 ✗ · U4 — · {asked(row)}",
        f"U3: Midjourney refused an upscale: no cats. `!retry {row.code}` asks again.",
    ]


async def test_it_fits_one_message_with_its_place_whatever_is_in_it(room: ChannelHarness) -> None:
    row = await queued(room, prompt="*" * 1500, author_name="*" * 32)
    broken = Step(problem=Problem(ProblemKind.BROKEN, "*" * 1000))
    row = await changed(room, row, steps=(Step(), *(broken,) * 4))
    text = await status(room, row.code)
    assert len(text) <= 2000
    assert text.splitlines()[-2:] == ["…", "up next"]


async def test_it_tells_a_reason_once_and_of_the_end_that_nothing_comes(
    room: ChannelHarness,
) -> None:
    row = await failed(room)
    reason = Problem(ProblemKind.REFUSED, "no cats")
    row = row.with_step(Slot.GRID, replace(row.step(Slot.GRID), problem=reason))
    row = await changed(room, row, steps=row.steps)
    _, _, told, line = (await status(room, row.code)).splitlines()
    assert told == "Midjourney refused this: no cats. Change the prompt and send it again."
    assert line == f"Grid ✗ · U1 — · U2 — · U3 — · U4 — · {asked(row)}"


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
async def test_code_of_nothing_is_said_to_be_unknown(
    room: ChannelHarness, words: str, shown: str
) -> None:
    assert await status(room, words) == (f"There's no generation {shown}. `!history` lists yours.")


async def test_generation_of_another_channel_is_as_unknown_as_one_that_is_not(
    room: ChannelHarness,
) -> None:
    row = await stored(room, channel_id=ELSEWHERE, author_id=BEN)
    assert await status(room, row.code) == (
        f"There's no generation `{row.code}`. `!history` lists yours."
    )
    row = await stored(room, channel_id=CHANNEL, author_id=BEN)
    assert (await status(room, row.code)).startswith(f"🎨 `{row.code}`")
