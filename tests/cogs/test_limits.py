"""How much one may ask for, as it is told in the channel."""

from __future__ import annotations

from pathlib import Path

from domain.generation import ProblemKind
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness, open_room
from tests.cogs.stored_rows import failed, queued


async def only(room: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await room.say(text, by)
    return answer.text


async def test_full_queue_takes_nobodys_prompt(tmp_path: Path) -> None:
    async with open_room(tmp_path, queue_limit=2) as room:
        for _ in range(3):
            await room.imagined(by=OLGA)
        for person in (ANN, OLGA):
            assert await only(room, "!imagine a cat", person) == (
                "The queue is full (2). Try again when one has finished (`!queue`)."
            )
        assert len(await room.rows()) == 3


async def test_one_person_has_so_many_waiting(room: ChannelHarness) -> None:
    for _ in range(4):
        await room.imagined()
    assert await only(room, "!imagine a cat") == (
        "You already have 3 waiting, which is the limit. Wait a little, or `!cancel` one."
    )
    assert len(await room.rows()) == 4
    assert "queued" in await only(room, "!imagine a cat", BEN)


async def test_cancelling_one_makes_room_for_another(room: ChannelHarness) -> None:
    *_, last = [await room.imagined() for _ in range(4)]
    await only(room, f"!cancel {last.code}")
    await room.imagined("a dog")


async def test_owner_may_have_as_many_waiting_as_the_queue_takes(room: ChannelHarness) -> None:
    for _ in range(6):
        await room.imagined(by=OLGA)


async def test_day_has_its_limit(tmp_path: Path) -> None:
    async with open_room(tmp_path, daily_per_person=2) as room:
        for _ in range(2):
            await queued(room)
        assert await only(room, "!imagine a cat") == (
            "You've asked for 2 in 24 hours, which is the limit. Try again later."
        )
        room.clock.jump(24 * 60 * 60 + 1)
        await room.imagined()


async def test_cooldown_tells_how_long_it_lasts(tmp_path: Path) -> None:
    async with open_room(tmp_path, cooldown_seconds=90) as room:
        await room.imagined()
        room.clock.jump(29)
        assert await only(room, "!imagine a cat") == "Please wait 1:01 before the next one."
        room.clock.jump(61)
        await room.imagined()


async def test_refused_prompts_make_their_author_wait(room: ChannelHarness) -> None:
    await failed(room)
    await room.imagined()
    room.clock.jump(60)
    await failed(room)
    assert await only(room, "!imagine a cat") == (
        "Midjourney refused your last prompts, and counts that against the account. "
        "Try something else in 10:00."
    )
    await room.imagined(by=BEN)
    room.clock.jump(600)
    await room.imagined()


async def test_other_failures_make_nobody_wait(room: ChannelHarness) -> None:
    for _ in range(3):
        await failed(room, ProblemKind.BROKEN)
    await room.imagined()


async def test_no_limit_at_all(tmp_path: Path) -> None:
    async with open_room(tmp_path, queue_limit=0, waiting_per_person=0) as room:
        for _ in range(25):
            await queued(room)
        await room.imagined()


async def test_rejected_prompt_counts_for_nothing(tmp_path: Path) -> None:
    async with open_room(tmp_path, daily_per_person=1) as room:
        assert (await only(room, "!imagine")).startswith("Describe the picture")
        await room.imagined()
