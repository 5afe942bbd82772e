"""What the bot tells the channel and other cogs when something happens to a generation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from domain.effects import AnnounceAll, AnnounceGrid, AnnounceProblem, AnnounceUpscale
from domain.events import Delivered, Intended
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.slots import Slot
from services.discord.watchdog import RECONNECTING_SECONDS, TICK_SECONDS
from services.updates import GenerationUpdate
from tests.builders import u_buttons, waiting
from tests.cogs.channel_harness import BEN, ChannelHarness, open_channel
from tests.cogs.recording_http import refused
from tests.cogs.stored_rows import ended

STOPPED = Problem(ProblemKind.STOPPED)


def heard(harness: ChannelHarness, event: str) -> list[tuple[Any, ...]]:
    """Listen to an event of the bot, as another cog would."""
    calls: list[tuple[Any, ...]] = []

    async def listen(*arguments: Any) -> None:
        calls.append(arguments)

    harness.bot.add_listener(listen, f"on_{event}")
    return calls


async def test_status_message_follows_what_happens(harness: ChannelHarness) -> None:
    row = await harness.imagined("a cat")
    first = await harness.edit()
    assert (first.message_id, first.text) == (
        row.status_message_id,
        f"🎨 `{row.code}` · a cat · by Ann\n░░░░░░░░░░ 0% · asking Midjourney · 0:00",
    )
    submitted = replace(row, status=Status.SUBMITTED, progress=25.0)
    await harness.tell(*(GenerationUpdate(submitted, percent=percent) for percent in (12, 20, 40)))
    await harness.clock.advance(3)
    assert (await harness.edit()).text.splitlines()[1] == (
        "▓▓▓▓░░░░░░ 35% · Midjourney is painting · 0:00"
    )
    assert harness.http.edits.empty()


async def test_percent_stays_until_the_next_one(harness: ChannelHarness) -> None:
    submitted = replace(await harness.imagined("a cat"), status=Status.SUBMITTED, progress=25.0)
    await harness.edit()
    await harness.tell(GenerationUpdate(submitted, percent=40), GenerationUpdate(submitted))
    await harness.clock.advance(3)
    assert "35%" in (await harness.edit()).text


async def test_percent_is_forgotten_at_the_end(harness: ChannelHarness) -> None:
    """Without a notice, too: if it is asked for again, the new job begins at its own percent."""
    row = await harness.imagined("a cat")
    await harness.edit()
    submitted = replace(row, status=Status.SUBMITTED, progress=25.0)
    await harness.tell(
        GenerationUpdate(submitted, percent=40),
        GenerationUpdate(replace(row, status=Status.CANCELLED)),
        GenerationUpdate(submitted, percent=12),
    )
    await harness.clock.advance(3)
    assert "28%" in (await harness.edit()).text  # 25, and 12% of another 25


async def test_answer_that_does_not_come_is_spoken_of_until_it_comes(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined("a cat")
    await harness.edit()
    orchestrator, told = harness.atelier.orchestrator, "No answer from Midjourney yet"
    await orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    await orchestrator.report(row.id, Delivered(Slot.GRID, "12"))
    await harness.clock.advance(89)
    before = [(await harness.edit()).text for _ in range(harness.http.edits.qsize())]
    assert told not in "".join(before)
    await harness.clock.advance(3)
    assert told in (await harness.edit()).text
    (status,) = await harness.say("!status")
    assert told in status.text
    orchestrator.hear(waiting(nonce="12"))
    await orchestrator.report(row.id, Delivered(Slot.GRID, "12"))
    await harness.sent()
    await harness.clock.advance(3)
    assert told not in (await harness.edit()).text
    (status,) = await harness.say("!status")
    assert told not in status.text


async def test_picture_that_waits_to_be_stored_is_spoken_of_with_the_try(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined("a cat")
    await harness.edit()
    for number in (2, 3):
        await harness.tell(GenerationUpdate(row, delayed=number))
        await harness.clock.advance(3)
        assert (await harness.edit()).text.splitlines()[2:] == [
            f"A picture is ready in Discord; saving it is taking longer (attempt {number})."
        ]
    await harness.tell(GenerationUpdate(row))
    await harness.clock.advance(3)
    assert len((await harness.edit()).text.splitlines()) == 2


async def test_a_gateway_that_is_away_for_long_is_spoken_of_until_it_is_back(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined("a cat")
    plain = (await harness.edit()).text
    harness.bot.dispatch("disconnect")
    await harness.clock.advance(RECONNECTING_SECONDS + TICK_SECONDS)
    told = await harness.edit()
    assert (told.message_id, told.text.splitlines()[2:]) == (
        row.status_message_id,
        ["Reconnecting to Discord… You don't need to do anything."],
    )
    (answer,) = await harness.say("!status")  # nothing would remove it from that answer again
    assert "Reconnecting" not in answer.text
    harness.bot.dispatch("resumed")
    await harness.clock.advance(3)
    assert len((await harness.edit()).text.splitlines()) == len(plain.splitlines()) == 2


async def test_a_gateway_that_is_back_within_seconds_is_not_spoken_of(
    harness: ChannelHarness,
) -> None:
    await harness.imagined("a cat")
    await harness.edit()
    for event in ("disconnect", "resumed"):
        harness.bot.dispatch(event)
        await harness.clock.advance(RECONNECTING_SECONDS - 1)
    assert harness.http.edits.empty()


async def test_what_changes_while_the_gateway_is_away_is_shown_and_an_end_as_an_end(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined("a cat")
    await harness.edit()
    harness.bot.dispatch("disconnect")
    await harness.clock.advance(RECONNECTING_SECONDS + TICK_SECONDS)
    await harness.edit()
    for status, lines in ((Status.GRID_COMPLETED, 3), (Status.CANCELLED, 2)):
        await harness.tell(GenerationUpdate(replace(row, status=status)))
        await harness.clock.advance(3)
        assert len((await harness.edit()).text.splitlines()) == lines


async def test_generation_without_a_status_message_is_no_trouble(harness: ChannelHarness) -> None:
    row = replace(await harness.imagined(), status_message_id=None)
    await harness.edit()
    await harness.tell(GenerationUpdate(row, percent=40))
    await harness.clock.advance(3)
    assert harness.http.edits.empty()


async def test_stored_grid_is_announced_with_its_url_and_live_buttons(
    harness: ChannelHarness,
) -> None:
    calls = heard(harness, "grid_completed")
    row = replace(await harness.imagined(), status=Status.GRID_COMPLETED, buttons=u_buttons())
    await harness.tell(GenerationUpdate(row), GenerationUpdate(row, AnnounceGrid()))
    url = await harness.atelier.images.url(f"{row.id}/grid.png")
    assert calls == [(row, url, u_buttons())]


async def test_stored_upscale_is_announced_with_its_slot_and_url(harness: ChannelHarness) -> None:
    calls = heard(harness, "upscale_completed")
    row = replace(await harness.imagined(), status=Status.VARIATIONS_IN_PROGRESS)
    await harness.tell(
        GenerationUpdate(row), GenerationUpdate(row, AnnounceUpscale(Slot.UPSCALE_3))
    )
    url = await harness.atelier.images.url(f"{row.id}/upscale_3.png")
    assert calls == [(row, Slot.UPSCALE_3, url)]


async def test_end_is_announced_with_the_url_of_every_picture(harness: ChannelHarness) -> None:
    calls = heard(harness, "all_upscales_completed")
    row = await ended(harness, slots=(Slot.GRID, Slot.UPSCALE_1, Slot.UPSCALE_4))
    await harness.tell(GenerationUpdate(row), GenerationUpdate(row, AnnounceAll()))
    urls = {
        slot: await harness.atelier.images.url(f"{row.id}/{slot.title}.png") for slot in row.stored
    }
    assert calls == [(row, urls)]


async def test_bad_end_is_announced_with_its_problem(harness: ChannelHarness) -> None:
    calls = heard(harness, "generation_error")
    row = replace(await ended(harness, Status.FAILED, ()), problem=STOPPED)
    await harness.tell(GenerationUpdate(row), GenerationUpdate(row, AnnounceProblem()))
    assert calls == [(row, STOPPED)]


async def test_one_announcement_is_one_event(harness: ChannelHarness) -> None:
    names = ("grid_completed", "upscale_completed", "all_upscales_completed", "generation_error")
    calls = {name: heard(harness, name) for name in names}
    row = replace(await harness.imagined(by=BEN), status=Status.GRID_COMPLETED)
    await harness.tell(GenerationUpdate(row, AnnounceGrid()))
    assert [name for name in names if calls[name]] == ["grid_completed"]


async def put_up_again(harness: ChannelHarness, row: Generation, status: Status) -> int:
    """Delete the status message when something changes; return how many new ones are sent."""
    harness.http.no_edits = refused(discord.NotFound, 404)
    await harness.tell(GenerationUpdate(replace(row, status=status)))
    await harness.clock.advance(30)
    for _ in range(5):  # reading and writing the row takes some turns
        await harness.rows()
    return len(await harness.sent())


@pytest.mark.fault(name="F18")
async def test_a_status_message_that_somebody_deleted_is_put_up_again_once(tmp_path: Path) -> None:
    async with open_channel(tmp_path) as harness:
        row = await harness.imagined()
        assert await put_up_again(harness, row, Status.SUBMITTED) == 1
        (kept,) = await harness.rows()
        assert kept.status_message_id != row.status_message_id
        assert await put_up_again(harness, kept, Status.GRID_COMPLETED) == 0
        await harness.say(f"!cancel {row.code}")
    async with open_channel(tmp_path) as harness:
        assert await put_up_again(harness, kept, Status.SUBMITTED) == 0


async def test_what_was_put_up_meanwhile_is_not_put_up_again(harness: ChannelHarness) -> None:
    """The deletion may be noticed only after the replacement was sent."""
    row = await harness.imagined()
    other = await put_up_again(harness, row, Status.SUBMITTED)
    assert (other, await put_up_again(harness, row, Status.GRID_COMPLETED)) == (1, 0)
