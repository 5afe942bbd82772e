"""Commands about work that waits, runs, or failed: cancel, retry, upscale, queue."""

from __future__ import annotations

import pytest

from domain.events import Intended
from domain.generation import Origin, OriginKind, ProblemKind, Status
from domain.slots import Slot
from tests.builders import u_buttons
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness
from tests.cogs.stored_rows import changed, failed, now, painted, queued, unknown


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def test_waiting_one_is_cancelled_before_it_began(harness: ChannelHarness) -> None:
    row = await queued(harness)
    assert await only(harness, f"!cancel {row.code}") == (
        f"🛑 `{row.code}` is cancelled; it hadn't started."
    )
    assert (await now(harness, row)).status == Status.CANCELLED


async def test_running_one_is_followed_no_longer(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    await harness.atelier.orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    assert await only(harness, f"!cancel {row.code}") == (
        f"🛑 `{row.code}` is cancelled: I've stopped following it. Midjourney may still finish it."
    )


async def test_ended_one_cannot_be_cancelled(harness: ChannelHarness) -> None:
    row = await failed(harness)
    assert await only(harness, f"!cancel {row.code}") == (
        f"There's nothing to cancel: `{row.code}` has ended (failed)."
    )


@pytest.mark.parametrize("kind", [ProblemKind.NOT_SENT, ProblemKind.ACCOUNT, ProblemKind.FORM])
async def test_retry_sends_again_what_was_never_accepted(
    harness: ChannelHarness, kind: ProblemKind
) -> None:
    row = await failed(harness, kind)
    assert await only(harness, f"!retry {row.code}") == (
        f"🔁 `{row.code}` · picking it up again, starting now"
    )
    assert (await now(harness, row)).problem is None


async def test_retry_presses_only_what_is_missing(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2)
    row = await changed(harness, row, status=Status.FAILED)
    assert "picking it up again" in await only(harness, f"!r {row.code}")
    after = await now(harness, row)
    assert after.stored == (Slot.GRID, Slot.UPSCALE_1, Slot.UPSCALE_2)
    assert after.status in {Status.QUEUED, Status.VARIATIONS_IN_PROGRESS}


async def test_retry_of_a_refused_prompt_is_refused(harness: ChannelHarness) -> None:
    row = await failed(harness)
    for words in ("", " again"):
        assert (await only(harness, f"!retry {row.code}{words}")).startswith(
            f"Midjourney refused the prompt of `{row.code}` and would refuse it again."
        )


async def test_retry_of_what_has_everything_says_so(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, 3, 4)
    assert await only(harness, f"!retry {row.code}") == (
        f"`{row.code}` already has all its pictures. `!show {row.code}` shows them."
    )


async def test_retry_of_what_waits_says_so(harness: ChannelHarness) -> None:
    row = await queued(harness)
    assert await only(harness, f"!retry {row.code}") == (
        f"`{row.code}` is still in progress: waiting for its turn. "
        f"`!status {row.code}` shows how far it is."
    )


async def test_what_may_cost_twice_is_asked_about_first(harness: ChannelHarness) -> None:
    row = await unknown(harness)
    for words in ("", " please"):
        text = await only(harness, f"!retry {row.code}{words}")
        assert text.startswith(f"Midjourney may already have accepted `{row.code}`.")
        assert f"`!retry {row.code} again`" in text
        assert f"`!adopt {row.code}`" in text
        assert f"`!cancel {row.code}`" in text
    assert [each.id for each in await harness.rows()] == [row.id]


async def test_what_is_sent_again_costs_no_more_than_is_allowed(harness: ChannelHarness) -> None:
    row = await unknown(harness, prompt="a cat --q 4")
    assert "`ALLOW_COSTLY=quality`" in await only(harness, f"!retry {row.code} again")
    assert len(await harness.rows()) == 1


async def test_retry_of_what_was_cancelled_after_it_was_sent_does_not_offer_to_cancel_it(
    harness: ChannelHarness,
) -> None:
    row = await unknown(harness)
    await only(harness, f"!cancel {row.code}")
    text = await only(harness, f"!retry {row.code}")
    assert text.startswith(f"`{row.code}` was cancelled after it was sent")
    assert "!cancel" not in text
    await only(harness, f"!retry {row.code} again")
    assert len(await harness.rows()) == 2


@pytest.mark.parametrize("again", ["again", "AGAIN"])
async def test_again_makes_a_new_generation_that_names_the_old_one(
    harness: ChannelHarness, again: str
) -> None:
    row = await unknown(harness)
    text = await only(harness, f"!retry {row.code} {again}")
    _, child = await harness.rows()
    assert text == f"🎨 `{child.code}` · starting"
    assert (child.prompt, child.origin.parent_id) == (row.prompt, row.id)
    assert child.origin.kind == OriginKind.IMAGINE
    assert (await now(harness, row)).status == Status.NEEDS_ATTENTION


async def test_what_ended_at_midjourney_is_made_anew_only_when_asked_for_twice(
    harness: ChannelHarness,
) -> None:
    row = await failed(harness, ProblemKind.STOPPED)
    text = await only(harness, f"!retry {row.code}")
    assert text == (
        f"Midjourney already had `{row.code}`, and may have charged for it. "
        f"`!retry {row.code} again` sends it again, which costs once more."
    )
    await only(harness, f"!retry {row.code} again")
    assert [each.prompt for each in await harness.rows()] == [row.prompt] * 2


async def test_again_presses_the_same_button_where_one_made_it(harness: ChannelHarness) -> None:
    parent = await painted(harness, 1)
    origin = Origin(kind=OriginKind.VARIATION, parent_id=parent.id, index=2)
    row = await unknown(harness, origin=origin)
    await only(harness, f"!retry {row.code} again")
    assert (await harness.rows())[-1].origin == origin


async def test_again_is_held_by_the_limits_as_well(harness: ChannelHarness) -> None:
    row = await unknown(harness)
    for _ in range(4):
        await harness.say("!imagine a cat")
    before = await harness.rows()
    assert (await only(harness, f"!retry {row.code} again")).startswith(
        "You already have 3 waiting"
    )
    assert len(await harness.rows()) == len(before)


async def test_upscale_of_a_stored_grid_is_fetched(harness: ChannelHarness) -> None:
    row = await painted(harness, wanted=())
    assert row.status == Status.COMPLETED
    assert await only(harness, f"!upscale {row.code} 2") == (
        f"🔍 `{row.code}` · fetching U2, starting now"
    )
    assert (await now(harness, row)).wanted == (Slot.UPSCALE_2,)


@pytest.mark.parametrize("number", ["U3", "u3", "3"])
async def test_upscale_is_named_as_on_the_button(harness: ChannelHarness, number: str) -> None:
    row = await painted(harness, wanted=())
    assert "fetching U3" in await only(harness, f"!u {row.code} {number}")


@pytest.mark.parametrize("number", ["", "0", "5", "UU1", "12", "one", "²", "1 2"])
async def test_upscale_needs_a_number_from_one_to_four(
    harness: ChannelHarness, number: str
) -> None:
    row = await painted(harness, wanted=())
    assert await only(harness, f"!upscale {row.code} {number}") == (
        f"Which picture? Add a number from 1 to 4: `!upscale {row.code} 2`"
    )


async def test_upscale_that_is_there_is_not_fetched_again(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, 3, 4)
    assert await only(harness, f"!upscale {row.code} 1") == (
        f"U1 of `{row.code}` is already saved. `!show {row.code}` shows it."
    )


async def test_upscale_needs_a_grid_and_its_button(harness: ChannelHarness) -> None:
    row = await queued(harness)
    assert await only(harness, f"!upscale {row.code} 1") == (
        f"`{row.code}` isn't ready yet: waiting for its turn. Try again when its grid is here."
    )
    row = await painted(harness, wanted=(), buttons=u_buttons()[:2])
    assert await only(harness, f"!upscale {row.code} 4") == (
        f"The grid of `{row.code}` has no button for that. Send its prompt again with `!imagine`."
    )


async def test_empty_queue_tells_how_to_begin(harness: ChannelHarness) -> None:
    assert await only(harness, "!queue") == "The queue is empty. Try `!imagine a cat`."


async def test_queue_shows_what_is_made_and_what_waits_and_marks_ones_own(
    harness: ChannelHarness,
) -> None:
    first = await harness.imagined("a cat", BEN)
    second = await harness.imagined("a dog")
    third = await harness.imagined("a *horse*", OLGA)
    at = f"<t:{int(harness.clock.now().timestamp())}:R>"
    assert await only(harness, "!q") == (
        f"🎨 `{first.code}` · asking Midjourney · {at} · a cat · by Ben\n"
        "2 waiting\n"
        f"1. `{second.code}` · waiting for its turn · {at} · a dog · **yours**\n"
        f"2. `{third.code}` · waiting for its turn · {at} · a \\*horse\\* · by Olga"
    )


async def test_long_queue_is_cut_and_counted(harness: ChannelHarness) -> None:
    for _ in range(13):
        await queued(harness, prompt="cat " * 300, author_name="n" * 32)
    text = await only(harness, "!queue")
    assert text.splitlines()[-1] == "+3 more"
    assert "13 waiting" in text
    assert len(text) <= 2000


async def test_longest_queue_fits_one_message(harness: ChannelHarness) -> None:
    for _ in range(13):
        await queued(harness, prompt="*" * 300, author_name="_" * 32, author_id=BEN)
    text = await only(harness, "!queue")
    assert len(text) <= 2000
    assert text.splitlines()[-2:] == ["…", "+3 more"]


async def test_queue_says_that_it_is_paused(harness: ChannelHarness) -> None:
    await harness.say("!pause back at noon", OLGA)
    assert await only(harness, "!queue") == (
        "⏸️ paused (back at noon)\nThe queue is empty. Try `!imagine a cat`."
    )


async def test_gone_on_with_in_a_pause_is_said_to_wait_for_its_end(harness: ChannelHarness) -> None:
    row = await painted(harness, wanted=())
    await harness.say("!pause", OLGA)
    assert (await only(harness, f"!upscale {row.code} 1")).endswith(
        "· fetching U1, up next · paused (no reason given)"
    )
