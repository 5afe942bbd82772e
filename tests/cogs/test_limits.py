"""The limits for one person, and what the bot says about them."""

from __future__ import annotations

from pathlib import Path

from domain.generation import ProblemKind
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness, open_channel
from tests.cogs.stored_rows import failed, queued


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def test_full_queue_takes_nobodys_prompt(tmp_path: Path) -> None:
    async with open_channel(tmp_path, queue_limit=2) as harness:
        for _ in range(3):
            await harness.imagined(by=OLGA)
        for person in (ANN, OLGA):
            assert await only(harness, "!imagine a cat", person) == (
                "The queue is full (2). Try again when one has finished (`!queue`)."
            )
        assert len(await harness.rows()) == 3


async def test_one_person_has_so_many_waiting(harness: ChannelHarness) -> None:
    for _ in range(4):
        await harness.imagined()
    assert await only(harness, "!imagine a cat") == (
        "You already have 3 waiting, which is the limit. Wait a little, or `!cancel` one."
    )
    assert len(await harness.rows()) == 4
    assert "queued" in await only(harness, "!imagine a cat", BEN)


async def test_cancelling_one_makes_room_for_another(harness: ChannelHarness) -> None:
    *_, last = [await harness.imagined() for _ in range(4)]
    await only(harness, f"!cancel {last.code}")
    await harness.imagined("a dog")


async def test_owner_may_have_as_many_waiting_as_the_queue_takes(harness: ChannelHarness) -> None:
    for _ in range(6):
        await harness.imagined(by=OLGA)


async def test_day_has_its_limit(tmp_path: Path) -> None:
    async with open_channel(tmp_path, daily_per_person=2) as harness:
        for _ in range(2):
            await queued(harness)
        assert await only(harness, "!imagine a cat") == (
            "You've asked for 2 in 24 hours, which is the limit. Try again later."
        )
        harness.clock.jump(24 * 60 * 60 + 1)
        await harness.imagined()


async def test_cooldown_tells_how_long_it_lasts(tmp_path: Path) -> None:
    async with open_channel(tmp_path, cooldown_seconds=90) as harness:
        await harness.imagined()
        harness.clock.jump(29)
        assert await only(harness, "!imagine a cat") == "Please wait 1:01 before the next one."
        harness.clock.jump(61)
        await harness.imagined()


async def test_refused_prompts_make_their_author_wait(harness: ChannelHarness) -> None:
    await failed(harness)
    await harness.imagined()
    harness.clock.jump(60)
    await failed(harness)
    assert await only(harness, "!imagine a cat") == (
        "Midjourney refused your last prompts, and counts that against the account. "
        "Try something else in 10:00."
    )
    await harness.imagined(by=BEN)
    harness.clock.jump(600)
    await harness.imagined()


async def test_other_failures_make_nobody_wait(harness: ChannelHarness) -> None:
    for _ in range(3):
        await failed(harness, ProblemKind.BROKEN)
    await harness.imagined()


async def test_no_limit_at_all(tmp_path: Path) -> None:
    async with open_channel(tmp_path, queue_limit=0, waiting_per_person=0) as harness:
        for _ in range(25):
            await queued(harness)
        await harness.imagined()


async def test_rejected_prompt_counts_for_nothing(tmp_path: Path) -> None:
    async with open_channel(tmp_path, daily_per_person=1) as harness:
        assert (await only(harness, "!imagine --ar 3:2")).startswith("Describe the picture")
        await harness.imagined()


async def test_limits_are_told(tmp_path: Path) -> None:
    async with open_channel(tmp_path, daily_per_person=50, cooldown_seconds=90) as harness:
        assert (await only(harness, "!limits")).splitlines() == [
            "I save each grid and its U1, U2, U3, U4. A prompt can have up to 1,500 characters.",
            (
                "Limits: 20 waiting in all · 3 of yours waiting · 50 of yours in 24 hours · "
                "1:30 between two of yours · a wait of 10:00 after 2 refused prompts"
            ),
            "Midjourney's own settings belong to the account I use; an owner can change them.",
        ]


async def test_owners_are_told_the_limits_that_hold_for_them(harness: ChannelHarness) -> None:
    assert "Limits: 20 waiting in all" in (await only(harness, "!limits", OLGA)).splitlines()


async def test_limits_that_are_off_are_not_told(tmp_path: Path) -> None:
    async with open_channel(
        tmp_path, queue_limit=0, waiting_per_person=0, auto_upscale=()
    ) as harness:
        first, _, last = (await only(harness, "!settings")).splitlines()
        assert first.startswith("I only save the grid; `!upscale` saves more.")
        assert last.startswith("Midjourney's own settings")
