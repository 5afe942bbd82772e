"""The final notice: when it is sent, what is in it, and that it is sent only once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import discord
import pytest
from structlog.testing import capture_logs

from domain.effects import AnnounceAll, AnnounceUpscale
from domain.errors import StoreUnavailable
from domain.generation import Problem, ProblemKind, Slot, Status
from services.delayed_notices import LONGEST_PAUSE
from services.discord.message_parts import MESSAGE_LIMIT
from services.updates import GenerationUpdate
from tests.builders import picture
from tests.cogs.channel_harness import ChannelHarness, open_channel
from tests.cogs.recording_http import refused
from tests.cogs.stored_rows import changed, ended, painted

STOPPED = Problem(ProblemKind.STOPPED)
REACT = "React with 1️⃣ to 4️⃣ to vary that picture, 🔁 to reroll, ❌ to delete."


async def test_notice_answers_the_command_and_brings_the_files(harness: ChannelHarness) -> None:
    row = await ended(harness)
    (notice,) = await harness.tell(GenerationUpdate(row))
    assert notice.text == f"✅ `{row.code}` · a cat · by Ann · 0:00\n{REACT}"
    assert notice.reference is not None
    assert notice.reference["message_id"] == row.command_message_id
    assert notice.reference["fail_if_not_exists"] is False
    assert notice.files == tuple(
        f"{row.code}_{name}.png"
        for name in ("grid", "upscale_1", "upscale_2", "upscale_3", "upscale_4")
    )


async def test_notice_is_given_once_and_noted(harness: ChannelHarness) -> None:
    row = await ended(harness)
    announced = [
        GenerationUpdate(row, announcement=AnnounceUpscale(Slot.UPSCALE_4)),
        GenerationUpdate(row, AnnounceAll()),
    ]
    (notice,) = await harness.tell(GenerationUpdate(row), *announced)
    (stored,) = await harness.rows()
    assert stored.notice_message_id == notice.id
    assert await harness.tell(GenerationUpdate(replace(row, notice_message_id=notice.id))) == []
    assert await harness.tell(GenerationUpdate(row)) == []  # read before, and told late


async def test_another_end_of_the_same_generation_is_told_again(harness: ChannelHarness) -> None:
    row = await ended(harness, Status.FAILED)
    assert len(await harness.tell(GenerationUpdate(row))) == 1
    (told,) = await harness.rows()
    later = replace(row, version=told.version + 1)
    assert len(await harness.tell(GenerationUpdate(later))) == 1


@pytest.mark.parametrize("notify", [True, False])
async def test_notice_pings_its_author_only_if_that_is_wanted(tmp_path: Path, notify: bool) -> None:
    async with open_channel(tmp_path, notify_author=notify) as harness:
        (notice,) = await harness.tell(GenerationUpdate(await ended(harness)))
        assert notice.pings["parse"] == []
        assert notice.pings.get("replied_user", False) == notify


async def test_notice_says_nothing_of_reactions_where_they_do_nothing(tmp_path: Path) -> None:
    async with open_channel(tmp_path, reactions=False) as harness:
        (notice,) = await harness.tell(GenerationUpdate(await ended(harness)))
        assert REACT not in notice.text


async def test_picture_above_discords_limit_is_named_by_its_path(harness: ChannelHarness) -> None:
    limit = harness.guild.filesize_limit
    row = await ended(harness, sizes={Slot.GRID: limit, Slot.UPSCALE_2: limit + 1})
    (notice,) = await harness.tell(GenerationUpdate(row))
    assert notice.files == tuple(
        f"{row.code}_{s}.png" for s in ("grid", *(f"upscale_{n}" for n in (1, 3, 4)))
    )
    _, line, _ = notice.text.splitlines()
    assert line == f"U2: {harness.atelier.images.path(f'{row.id}/upscale_2.png')}"


async def test_pictures_that_everybody_can_open_are_links(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await ended(harness, slots=(Slot.GRID, Slot.UPSCALE_3))
    monkeypatch.setattr(harness.atelier.images, "path", dict[str, Path]().get)
    (notice,) = await harness.tell(GenerationUpdate(row))
    assert notice.files == ()
    assert [
        re.sub(r"http://127\.0\.0\.1:\d+", "", line) for line in notice.text.splitlines()[1:-1]
    ] == [f"Grid: /{row.id}/grid.png", f"U3: /{row.id}/upscale_3.png"]


async def test_links_that_are_too_long_for_one_message_are_sent_in_several(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of a private bucket are, which are signed."""
    row = await ended(harness)

    async def signed(key: str) -> str:
        return f"https://project/{key}?token={'x' * 450}"

    monkeypatch.setattr(harness.atelier.images, "path", dict[str, Path]().get)
    monkeypatch.setattr(harness.atelier.images, "url", signed)
    sent = await harness.tell(GenerationUpdate(row))
    assert len(sent) == 2
    assert all(len(each.text) <= MESSAGE_LIMIT for each in sent)
    links = [line for each in sent for line in each.text.splitlines() if "token=" in line]
    assert [link.partition(":")[0] for link in links] == ["Grid", "U1", "U2", "U3", "U4"]
    assert (sent[0].reference is None, sent[1].reference is None) == (False, True)
    assert (await harness.rows())[0].notice_message_id == sent[0].id


@pytest.mark.parametrize("status", [Status.FAILED, Status.NEEDS_ATTENTION])
async def test_notice_of_a_bad_end_tells_why_and_brings_what_there_is(
    harness: ChannelHarness, status: Status
) -> None:
    row = replace(await ended(harness, status, (Slot.GRID,)), problem=STOPPED)
    (notice,) = await harness.tell(GenerationUpdate(row))
    assert notice.text.startswith("⚠️")
    _, reason, *react = notice.text.splitlines()
    assert reason.startswith(
        f"An upscale was stopped at Midjourney. `!retry {row.code}` asks again."
    )
    assert (f"`!adopt {row.code}`" in reason) == (status == Status.NEEDS_ATTENTION)
    assert react == ([REACT] if status == Status.FAILED else [])
    assert notice.files == (f"{row.code}_grid.png",)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.GRID_COMPLETED, Status.CANCELLED])
async def test_no_notice_before_the_end_nor_after_ones_own_cancelling(
    harness: ChannelHarness, status: Status
) -> None:
    assert await harness.tell(GenerationUpdate(await ended(harness, status, ()))) == []


@pytest.mark.parametrize("status", [403, 413])
async def test_pictures_are_named_where_discord_will_not_take_them(
    harness: ChannelHarness, status: int
) -> None:
    """The account may not attach files, or the files are larger than this server allows."""
    harness.http.no_files = refused(discord.HTTPException, status)
    row = await ended(harness, slots=(Slot.GRID,))
    (notice,) = await harness.tell(GenerationUpdate(row, announcement=AnnounceAll()))
    path = str(harness.atelier.images.path(picture(row.id, Slot.GRID).key))
    assert notice.files == ()
    assert notice.text.endswith(f"\nGrid: {path}\n{REACT}")
    assert (await harness.rows())[0].notice_message_id == notice.id


async def test_notice_that_discord_refused_is_sent_with_the_next_news(
    harness: ChannelHarness,
) -> None:
    row = await ended(harness)
    harness.http.refusal = refused(discord.NotFound, 404)
    assert await harness.tell(GenerationUpdate(row)) == []
    harness.http.refusal = None
    assert len(await harness.tell(GenerationUpdate(row))) == 1


@pytest.mark.parametrize("obstacle", ["channel", "link", "cut off"])
async def test_notice_that_could_not_be_sent_is_sent_within_a_minute_after_the_obstacle(
    harness: ChannelHarness, obstacle: str
) -> None:
    made = await painted(harness, 1)
    row = await changed(harness, made, status=Status.FAILED, notice_message_id=None)
    with pytest.MonkeyPatch.context() as monkeypatch, capture_logs() as logs:

        async def away(*_: object) -> None:
            raise StoreUnavailable("no answer")

        match obstacle:
            case "channel":
                monkeypatch.setattr(harness.bot, "get_channel", dict[int, object]().get)
            case "link":
                monkeypatch.setattr(harness.atelier.images, "path", dict[str, Path]().get)
                monkeypatch.setattr(harness.atelier.images, "url", away)
            case _:
                harness.http.refusal = ConnectionResetError()
        assert await harness.tell(GenerationUpdate(row)) == []
        for _ in range(6):
            await harness.clock.advance(LONGEST_PAUSE)
            assert await harness.sent() == []
        harness.http.refusal = None
    await harness.clock.advance(60)
    (notice,) = await harness.sent()
    assert notice.text.startswith("⚠️")
    assert (await harness.rows())[0].notice_message_id == notice.id
    assert [log["event"] for log in logs if "notice" in log["event"]] == ["notice_delayed"]


async def test_news_from_before_the_connection_is_told_after_it(tmp_path: Path) -> None:
    """After a start, updates about unfinished work come before any channel is known."""
    async with open_channel(tmp_path, ready=False) as harness:
        row = await ended(harness)
        harness.bot.dispatch("atelier_update", GenerationUpdate(row))
        await harness.clock.advance(1)
        assert harness.http.edits.empty()
        harness.bot.dispatch("ready")
        assert [sent.text[0] for sent in await harness.sent()] == ["✅"]
        assert (await harness.edit()).message_id == row.status_message_id
