"""`!status`: the status of a generation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies
from domain.events import Delivered, Intended
from domain.generation import Generation, Problem, ProblemKind, Status, Step
from domain.ports import Outcome
from domain.slots import UPSCALES, Slot
from tests.builders import new_generation, progress
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import changed, failed, painted, queued


async def stored(harness: ChannelHarness, **changes: int) -> Generation:
    """Put a generation into the store without any command."""
    new = new_generation(**changes)
    change = await harness.atelier.store.create_generation(
        new, fence=harness.atelier.lease_keeper.lease.fence
    )
    assert change.outcome == Outcome.DONE
    assert change.generation is not None
    return change.generation


def asked(row: Generation) -> str:
    return f"asked <t:{int(row.created_at.timestamp())}:R>"


async def status(harness: ChannelHarness, words: str = "", by: int = ANN) -> str:
    (reply,) = await harness.say(f"!status {words}", by)
    return reply.text


async def test_without_a_code_it_is_about_ones_own_latest(harness: ChannelHarness) -> None:
    await harness.imagined("a cat")
    latest = await harness.imagined("a dog")
    await harness.imagined("a horse", by=BEN)
    assert (await status(harness)).splitlines() == [
        f"🎨 `{latest.code}` · a dog · by Ann",
        "░░░░░░░░░░ 0% · waiting for its turn · 0:00",
        f"Grid … · U1 … · U2 … · U3 … · U4 … · {asked(latest)}",
        "1 ahead",
    ]


async def test_whoever_has_none_is_told_how_to_begin(harness: ChannelHarness) -> None:
    await harness.imagined(by=BEN)
    assert await status(harness) == "You haven't made anything yet. Try `!imagine a cat`."


async def test_code_is_read_in_any_case_and_id_as_well(harness: ChannelHarness) -> None:
    row = await harness.imagined("a cat", by=BEN)
    expected = [f"🎨 `{row.code}` · a cat · by Ben", "░░░░░░░░░░ 0% · asking Midjourney · 0:00"]
    for name in (row.code, row.code.upper(), row.id):
        assert (await status(harness, name)).splitlines()[:2] == expected


async def test_it_shows_the_time_since_the_command(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    await harness.clock.advance(101)
    _, line, _ = (await status(harness, row.code)).splitlines()
    assert line.endswith("· 1:41")


async def test_it_shows_the_percent_that_midjourney_last_told(harness: ChannelHarness) -> None:
    row = await harness.imagined("a cat")
    orchestrator = harness.atelier.orchestrator
    await orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    orchestrator.hear(progress(40, nonce="12"))
    await orchestrator.report(row.id, Delivered(Slot.GRID, "12"))
    await harness.sent()
    assert (await status(harness)).splitlines()[:2] == [
        f"🎨 `{row.code}` · a cat · by Ann",
        "▓▓▓▓░░░░░░ 35% · Midjourney is painting · 0:00",
    ]


async def test_it_shows_how_each_picture_stands(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, wanted=UPSCALES[:3])
    refused = replace(row.step(Slot.UPSCALE_3), problem=Problem(ProblemKind.REFUSED, "no cats"))
    row = row.with_step(Slot.UPSCALE_3, refused)
    row = await changed(harness, row, steps=row.steps, status=Status.VARIATIONS_IN_PROGRESS)
    _, _, *lines = (await status(harness, row.code)).splitlines()
    assert lines == [
        f"Grid ✓ · U1 ✓ · U2 … · U3 ✗ · U4 — · {asked(row)}",
        f"U3: Midjourney refused an upscale: no cats. `!retry {row.code}` asks again.",
    ]


async def test_of_one_that_was_deleted_it_shows_no_pictures(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, wanted=UPSCALES[:3])
    row = await changed(harness, row, status=Status.FAILED, problem=Problem(ProblemKind.STOPPED))
    await harness.say(f"!delete {row.code} yes")
    head, line, *others = (await status(harness, row.code)).splitlines()
    assert head == f"🎨 `{row.code}` · (deleted) · by Ann"
    assert "upscales" not in line
    assert others == ["its pictures were deleted", asked(row)]


async def test_nothing_is_said_to_be_unspent_where_the_grid_is_there(
    harness: ChannelHarness,
) -> None:
    """Its file may have been given up and be fetched again, when an upscale is refused."""
    row = await painted(harness, 1)
    grid = replace(row.step(Slot.GRID), picture=None)
    problem = Problem(ProblemKind.NOT_SENT, "HTTP 403")
    for steps in ((grid, *row.steps[1:]), (grid, *(Step(),) * 4)):
        ended = replace(row, steps=steps, status=Status.FAILED, problem=problem)
        told = GenerationReplies(Replies("en", "!")).problem(ended)
        assert "spent" not in told
        assert told.endswith(f"What's saved stays; `!retry {row.code}` asks again.")
    bare = replace(ended, steps=(Step(),) * 5)
    assert "Nothing was spent" in GenerationReplies(Replies("en", "!")).problem(bare)


async def test_it_fits_one_message_with_its_place_whatever_is_in_it(
    harness: ChannelHarness,
) -> None:
    row = await queued(harness, prompt="*" * 1500, author_name="*" * 32)
    broken = Step(problem=Problem(ProblemKind.BROKEN, "*" * 1000))
    row = await changed(harness, row, steps=(Step(), *(broken,) * 4))
    text = await status(harness, row.code)
    assert len(text) <= 2000
    assert text.splitlines()[-2:] == ["…", "up next"]


async def test_it_tells_a_reason_once_and_of_the_end_that_nothing_comes(
    harness: ChannelHarness,
) -> None:
    row = await failed(harness)
    reason = Problem(ProblemKind.REFUSED, "no cats")
    row = row.with_step(Slot.GRID, replace(row.step(Slot.GRID), problem=reason))
    row = await changed(harness, row, steps=row.steps)
    _, _, told, line = (await status(harness, row.code)).splitlines()
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
    harness: ChannelHarness, words: str, shown: str
) -> None:
    assert await status(harness, words) == (
        f"There's no generation {shown}. `!history` lists yours."
    )


async def test_generation_of_another_channel_is_as_unknown_as_one_that_is_not(
    harness: ChannelHarness,
) -> None:
    row = await stored(harness, channel_id=ELSEWHERE, author_id=BEN)
    assert await status(harness, row.code) == (
        f"There's no generation `{row.code}`. `!history` lists yours."
    )
    row = await stored(harness, channel_id=CHANNEL, author_id=BEN)
    assert (await status(harness, row.code)).startswith(f"🎨 `{row.code}`")
