"""Which of a person's own generations a command means that names none."""

from __future__ import annotations

from typing import Any

import pytest

from domain.generation import Generation, OriginKind, ProblemKind, Status
from tests.cogs.channel_harness import ANN, BEN, ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import changed, failed, now, painted, queued, unknown


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def whole(harness: ChannelHarness, **changes: Any) -> Generation:
    """Return a generation of Ann's with all its pictures."""
    return await painted(harness, 1, 2, 3, 4, **changes)


async def without_fourth(harness: ChannelHarness) -> Generation:
    """Return a generation of Ann's that has ended without one of its upscales."""
    row = await painted(harness, 1, 2, 3)
    return await changed(harness, row, status=Status.FAILED)


async def test_show_means_the_latest_with_pictures(harness: ChannelHarness) -> None:
    await whole(harness)
    latest = await whole(harness)
    await queued(harness)
    await whole(harness, author_id=BEN)
    assert (await only(harness, "!show")).startswith(f"🖼️ `{latest.code}`")


async def test_upscale_means_the_latest_with_a_grid(harness: ChannelHarness) -> None:
    await whole(harness)
    latest = await without_fourth(harness)
    await queued(harness)
    assert (await only(harness, "!upscale 4")).startswith(f"🔍 `{latest.code}` · fetching U4")


async def test_vary_and_reroll_mean_the_latest_with_a_grid_and_name_it(
    harness: ChannelHarness,
) -> None:
    await whole(harness)
    latest = await whole(harness)
    await failed(harness)
    assert (await only(harness, "!vary 2")).endswith(f" · V2 of `{latest.code}`")
    assert (await only(harness, "!reroll")).endswith(f" · another grid of `{latest.code}`")
    *_, varied, rerolled = await harness.rows()
    assert (varied.origin.parent_id, varied.origin.index) == (latest.id, 2)
    assert (rerolled.origin.parent_id, rerolled.origin.kind) == (latest.id, OriginKind.REROLL)


@pytest.mark.parametrize("command", ["show", "upscale 2", "vary 2", "reroll"])
async def test_pictures_that_were_deleted_are_not_meant(
    harness: ChannelHarness, command: str
) -> None:
    kept, gone = await whole(harness), await whole(harness)
    await harness.say(f"!delete {gone.code} yes")
    assert f"`{kept.code}`" in await only(harness, f"!{command}")


@pytest.mark.parametrize("command", ["vary", "upscale"])
async def test_number_is_asked_for_with_the_code_of_the_latest(
    harness: ChannelHarness, command: str
) -> None:
    row = await whole(harness)
    assert await only(harness, f"!{command}") == (
        f"Which picture? Add a number from 1 to 4: `!{command} {row.code} 2`"
    )


async def test_cancel_means_the_one_that_runs_or_waits(harness: ChannelHarness) -> None:
    await unknown(harness)
    await whole(harness)
    row = await queued(harness)
    await queued(harness, author_id=BEN)
    await failed(harness)
    assert await only(harness, "!cancel") == f"🛑 `{row.code}` is cancelled; it hadn't started."
    assert (await now(harness, row)).status == Status.CANCELLED


async def test_cancel_means_the_one_that_is_in_doubt_if_none_runs(harness: ChannelHarness) -> None:
    row = await unknown(harness)
    await whole(harness)
    assert (await only(harness, "!cancel")).startswith(f"🛑 `{row.code}` is cancelled")


async def test_cancel_asks_which_of_several(harness: ChannelHarness) -> None:
    first, second = await queued(harness, prompt="a cat"), await queued(harness, prompt="a dog")
    question, *lines = (await only(harness, "!cancel")).splitlines()
    assert question == (
        f"Which one? Add its code, or reply to its message: `!cancel {second.code}`"
    )
    assert [line.split(" · ")[0] for line in lines] == [f"`{second.code}`", f"`{first.code}`"]
    assert [line.split(" · ")[-1] for line in lines] == ["a dog", "a cat"]
    assert {row.status for row in await harness.rows()} <= {Status.QUEUED, Status.SUBMITTING}


async def test_cancel_without_anything_to_cancel_names_the_latest(harness: ChannelHarness) -> None:
    row = await whole(harness)
    assert await only(harness, "!cancel") == (
        f"There's nothing to cancel: `{row.code}` has ended (done)."
    )


async def test_retry_means_the_latest_that_can_be_retried(harness: ChannelHarness) -> None:
    await failed(harness, ProblemKind.NOT_SENT)
    latest = await without_fourth(harness)
    await failed(harness)
    await whole(harness)
    assert (await only(harness, "!retry")).startswith(f"🔁 `{latest.code}` · picking it up again")


async def test_retry_says_of_the_latest_why_none_can_be(harness: ChannelHarness) -> None:
    row = await unknown(harness)
    await whole(harness)
    assert (await only(harness, "!retry")).startswith(
        f"Midjourney may already have accepted `{row.code}`."
    )


@pytest.mark.parametrize("command", ["retry again", "delete", "delete yes", "delete it"])
async def test_what_costs_or_destroys_needs_a_code(harness: ChannelHarness, command: str) -> None:
    row = await unknown(harness)
    question, line = (await only(harness, f"!{command}")).splitlines()
    name = command.partition(" ")[0]
    assert question == f"Which one? Add its code, or reply to its message: `!{name} {row.code}`"
    assert line.startswith(f"`{row.code}` · needs your attention")
    assert await harness.rows() == [row]


async def test_reply_stands_for_the_code_where_one_is_needed(harness: ChannelHarness) -> None:
    row = await unknown(harness)
    row = await changed(harness, row, status_message_id=harness.unheard("🎨", harness.account))
    assert row.status_message_id is not None
    (answer,) = await harness.reply("!retry again", row.status_message_id)
    _, child = await harness.rows()
    assert answer.text == f"🎨 `{child.code}` · starting"


async def test_reply_that_means_nothing_is_not_taken_for_none(harness: ChannelHarness) -> None:
    row = await queued(harness)
    (answer,) = await harness.reply("!cancel", harness.unheard("hello", BEN))
    assert answer.text.startswith("Which one?")
    assert f"`{row.code}`" in answer.text
    (answer,) = await harness.reply("!cancel", harness.unheard("hello", BEN), BEN)
    assert answer.text == "Which one? Add its code, or reply to its message: `!cancel k7m2qx`"


@pytest.mark.parametrize("words", ["{} 2", "2 {}", "u2 `{}`", "V2 {}", "#2 {}"])
async def test_code_and_number_come_in_either_order(harness: ChannelHarness, words: str) -> None:
    row, _ = await whole(harness), await whole(harness)
    for name in (row.code, row.code.upper(), row.id):
        text = await only(harness, f"!upscale {words.format(name)}")
        assert text.startswith(f"U2 of `{row.code}` is already saved.")


@pytest.mark.parametrize("words", ["yes {}", "{} yes"])
async def test_confirmation_comes_before_or_after_the_code(
    harness: ChannelHarness, words: str
) -> None:
    row = await whole(harness)
    text = await only(harness, f"!delete {words.format(row.code)}")
    assert text.startswith(f"🗑️ The pictures and the prompt of `{row.code}` are deleted")


@pytest.mark.parametrize("words", ["it", "Last", "the latest one", "mine", "la dernière"])
async def test_words_for_the_latest_are_no_code(harness: ChannelHarness, words: str) -> None:
    await whole(harness)
    latest = await whole(harness)
    assert (await only(harness, f"!show {words}")).startswith(f"🖼️ `{latest.code}`")
    assert (await only(harness, f"!upscale {words} 2")).startswith(f"U2 of `{latest.code}`")


async def test_what_was_made_in_another_channel_is_not_meant(harness: ChannelHarness) -> None:
    await whole(harness, channel_id=ELSEWHERE)
    assert (await only(harness, "!show")).startswith("You haven't made anything yet.")
