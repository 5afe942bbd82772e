"""Which generation, and which picture, a message means that a command replies to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cogs.pointing import Pointed, Pointing, Unheld
from domain.events import Intended, JobFinished
from domain.generation import Generation, Status, Step
from domain.messages import parse
from domain.ports import Change
from domain.slots import Slot
from tests import mj
from tests.builders import progress
from tests.cogs.channel_harness import ANN, BEN, ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import changed, failed, grid_by_hand, now, painted, queued
from tests.dpytest_shim import backend

NOBODYS = "Nobody keeps this one yet. `!adopt` does."
NOBODYS_JOB = "Nobody keeps this one yet. Reply to its finished grid with `!adopt`."


async def only(harness: ChannelHarness, text: str, to: int, by: int = ANN) -> str:
    """Reply with a command that gets one answer, and return it."""
    (answer,) = await harness.reply(text, to, by)
    return answer.text


async def on_grid(harness: ChannelHarness, *numbers: int) -> tuple[Generation, int]:
    """Return a generation whose grid is in the channel, and the grid's message."""
    grid = grid_by_hand()
    return await painted(harness, *numbers, grid_message=grid), grid


@pytest.mark.parametrize("command", ["status", "show", "retry", "cancel", "delete"])
async def test_reply_to_midjourneys_grid_means_its_generation(
    harness: ChannelHarness, command: str
) -> None:
    row, grid = await on_grid(harness, 1)
    await queued(harness)
    assert f"`{row.code}`" in await only(harness, f"!{command}", grid)


async def test_reply_to_a_grid_upscales_varies_and_rerolls_that_grid(
    harness: ChannelHarness,
) -> None:
    row, grid = await on_grid(harness, 1, 2, 3, 4)
    stored = f"U3 of `{row.code}` is already saved. `!show {row.code}` shows it."
    assert await only(harness, "!upscale 3", grid) == stored
    for command in ("!vary 1", "!reroll"):
        await only(harness, command, grid, BEN)
    _, varied, rerolled = await harness.rows()
    assert (varied.origin.parent_id, varied.origin.index) == (row.id, 1)
    assert (rerolled.origin.parent_id, rerolled.origin.index) == (row.id, None)


async def test_number_is_asked_for_if_the_reply_is_to_the_whole_grid(
    harness: ChannelHarness,
) -> None:
    row, grid = await on_grid(harness, 1)
    for command in ("vary", "upscale"):
        assert await only(harness, f"!{command}", grid) == (
            f"Which picture? Add a number from 1 to 4: `!{command} {row.code} 2`"
        )


async def test_reply_to_a_single_picture_means_that_picture(harness: ChannelHarness) -> None:
    row, _ = await on_grid(harness, 1, 2, 3, 4)
    solo = grid_by_hand("u_solo")
    assert (await only(harness, "!show", solo)).startswith(f"🖼️ `{row.code}`")
    assert (await only(harness, "!upscale", solo)).startswith(f"U1 of `{row.code}` is already")
    await only(harness, "!vary", solo, BEN)
    await only(harness, "!vary 3", solo, BEN)
    _, *varied = await harness.rows()
    assert [one.origin.parent_id for one in varied] == [row.id, row.id]
    assert [one.origin.index for one in varied] == [1, 3]


async def test_single_picture_that_is_not_kept_yet_is_fetched(harness: ChannelHarness) -> None:
    row, _ = await on_grid(harness)
    row = await changed(harness, row, status=Status.FAILED)
    assert (await only(harness, "!upscale", grid_by_hand("u_solo"))).startswith(
        f"🔍 `{row.code}` · fetching U1"
    )


async def test_reply_to_what_midjourney_is_painting_means_it(harness: ChannelHarness) -> None:
    progress = grid_by_hand("imagine_progress_first")
    row = await queued(harness)
    asked = Step(intended_at=row.created_at, progress_message_id=progress)
    row = row.with_step(Slot.GRID, asked)
    row = await changed(harness, row, status=Status.SUBMITTED, steps=row.steps)
    assert (await only(harness, "!status", progress)).startswith(f"🎨 `{row.code}`")
    assert (await only(harness, "!cancel", progress, BEN)).startswith(f"`{row.code}` belongs to")


async def test_reply_to_a_message_that_is_gone_is_known_by_its_id(harness: ChannelHarness) -> None:
    """Midjourney deletes its progress message when the finished one is there."""
    row, _ = await on_grid(harness)
    step = replace(row.step(Slot.UPSCALE_2), intended_at=row.created_at, progress_message_id=777)
    row = await changed(harness, row, steps=row.with_step(Slot.UPSCALE_2, step).steps)
    pointed = await Pointing(harness.atelier).at(777)
    assert pointed == Pointed(await now(harness, row), Slot.UPSCALE_2)


async def test_reply_to_the_command_or_the_notice_means_its_generation(
    harness: ChannelHarness,
) -> None:
    row = await failed(harness)
    row = await changed(harness, row, notice_message_id=harness.unheard("!imagine a cat"))
    assert row.notice_message_id is not None
    for message_id in (row.command_message_id, row.notice_message_id):
        assert (await only(harness, "!status", message_id)).startswith(f"🎨 `{row.code}`")


@pytest.mark.parametrize("command", ["status", "show", "upscale 3", "vary 1", "reroll", "cancel"])
async def test_grid_that_nobody_holds_can_be_adopted(harness: ChannelHarness, command: str) -> None:
    await painted(harness, 1)
    assert await only(harness, f"!{command}", grid_by_hand()) == NOBODYS


@pytest.mark.parametrize("name", ["u_solo", "imagine_progress_first", "zoom_final"])
async def test_other_jobs_that_nobody_holds_have_a_grid_to_adopt(
    harness: ChannelHarness, name: str
) -> None:
    await painted(harness, 1)
    assert await only(harness, "!show", grid_by_hand(name)) == NOBODYS_JOB


async def test_what_is_no_job_of_midjourneys_means_nothing(harness: ChannelHarness) -> None:
    await painted(harness, 1)
    assert (await only(harness, "!show", grid_by_hand("chatter_rated"))).startswith("Which one?")


async def test_grid_of_another_channel_is_nobodys_here(harness: ChannelHarness) -> None:
    await painted(harness, 1, grid_message=grid_by_hand(), channel_id=ELSEWHERE)
    assert await only(harness, "!show", mj.GRID_ID) == NOBODYS
    assert await Pointing(harness.atelier).at(mj.GRID_ID) == Unheld(is_grid=True)


async def test_answer_that_names_its_origin_too_means_the_new_one(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    (said,) = await harness.say("!queue")
    message = next(m for m in reversed(harness.messages()) if m["id"] == said.id)
    message["content"] = f"🎨 `{row.code}` · starting · V2 of `k7m2qx`"
    assert (await only(harness, "!status", said.id)).startswith(f"🎨 `{row.code}`")


async def test_grid_that_was_heard_just_now_is_not_taken_for_nobodys(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may take a moment to record it."""
    row, orchestrator = await harness.imagined(), harness.atelier.orchestrator
    await orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    orchestrator.hear(progress(nonce="12", message_id=mj.PROGRESS_ID))
    await harness.atelier.generations.catch_up()
    update = harness.atelier.store.update_generation

    async def slowly(*facts: Any, **named: Any) -> Change:
        await harness.clock.sleep(2)
        return await update(*facts, **named)

    monkeypatch.setattr(harness.atelier.store, "update_generation", slowly)
    heard = parse(mj.snapshot("imagine_final"))
    assert isinstance(heard, JobFinished)
    orchestrator.hear(heard)
    message = harness.typed("!status", **harness.reference(grid_by_hand()))
    backend.get_state().parse_message_create(message)
    await harness.clock.advance(3)
    assert [sent.text.split(" · ")[0] for sent in await harness.sent()] == [f"🎨 `{row.code}`"]
