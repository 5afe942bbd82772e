"""`!random`, `!search` and `!stats`: what the channel has, and what a month was like."""

from __future__ import annotations

import discord
import pytest

from domain.generation import ProblemKind
from services.retention import remove
from tests.cogs.channel_harness import ANN, BEN, ELSEWHERE, ChannelHarness
from tests.cogs.recording_http import refused
from tests.cogs.stored_rows import changed, failed, painted, queued, unknown


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


# ------------------------------------------------------------------------------------- at random


async def test_random_shows_a_finished_one_as_show_does(harness: ChannelHarness) -> None:
    await failed(harness)
    await painted(harness, wanted=(), channel_id=ELSEWHERE)
    row = await painted(harness, wanted=())
    await painted(harness)
    (shown,) = await harness.say(f"!show {row.code}", BEN)
    (drawn,) = await harness.say("!random", BEN)
    assert (drawn.text, drawn.files) == (shown.text, shown.files)
    assert drawn.files == (f"{row.code}_grid.png",)


async def test_random_draws_each_sooner_or_later(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [await painted(harness, wanted=()) for _ in range(3)]
    for place, row in enumerate(rows):
        monkeypatch.setattr("random.random", lambda at=(place + 0.5) / 3: at)
        assert f"`{row.code}`" in await only(harness, "!random")


async def test_random_without_any_says_so(harness: ChannelHarness) -> None:
    row = await painted(harness, wanted=())
    atelier = harness.atelier
    await remove([row.id], atelier.store, atelier.images, unchanged_since=row.updated_at)
    assert await only(harness, "!random") == "Nothing here yet."


async def test_random_gives_places_where_discord_will_not_take_the_files(
    harness: ChannelHarness,
) -> None:
    row = await painted(harness, wanted=())
    harness.http.no_files = refused(discord.HTTPException, 413)
    assert f"Grid: <{harness.atelier.images.path(f'{row.id}/grid.png')}>" in await only(
        harness, "!random"
    )


# ------------------------------------------------------------------------------------- searching


@pytest.mark.parametrize("command", ["search", "find"])
async def test_search_lists_prompts_with_the_words(harness: ChannelHarness, command: str) -> None:
    row = await queued(harness, prompt="a lighthouse at dusk --ar 3:2")
    await queued(harness, prompt="a lighthouse in a storm", author_id=BEN)
    at = f"<t:{int(row.created_at.timestamp())}:R>"
    assert await only(harness, f"!{command} DUSK, light", BEN) == (
        f"`{row.code}` \u00b7 waiting for its turn \u00b7 {at} \u00b7 "
        "a lighthouse at dusk --ar 3:2 \u00b7 by Ann"
    )
    assert len((await only(harness, f"!{command} lighthouse")).splitlines()) == 2
    assert await only(harness, f"!{command} owl") == "No prompt here has that in it."


async def test_next_page_that_is_offered_can_be_typed(harness: ChannelHarness) -> None:
    rows = [await queued(harness, prompt=f'cat {number} of "page 2"') for number in range(21)]
    seen: list[str] = []
    typed = '!search "Page 2" cat'
    while typed:
        lines = (await only(harness, typed)).splitlines()
        seen += [line.split("`")[1] for line in lines if not line.startswith("More: ")]
        typed = lines[-1].split("`")[1] if lines[-1].startswith("More: ") else ""
    assert seen == [row.code for row in rows[::-1]]


@pytest.mark.parametrize("typed", ["", " --", " page 2", ' "'])
async def test_search_for_nothing_is_explained(harness: ChannelHarness, typed: str) -> None:
    assert await only(harness, f"!search{typed}") == (
        "Search for what? Add words from the prompt: `!search lighthouse dusk`"
    )


async def test_page_is_a_number(harness: ChannelHarness) -> None:
    assert await only(harness, "!search cat page 51") == "I need a number from 1 to 50, not `51`."


async def test_words_that_are_repeated_fit_the_message(harness: ChannelHarness) -> None:
    prompt = " ".join(letter * 150 for letter in "abcdefghij")
    for _ in range(11):
        await queued(harness, prompt=prompt)
    text = await only(harness, f"!search {prompt}")
    assert len(text) <= 2000
    assert text.splitlines()[-1].endswith("page 2`")


# ------------------------------------------------------------------------------------ statistics


async def test_month_is_told_in_plain_words(harness: ChannelHarness) -> None:
    for kind in (ProblemKind.REFUSED, ProblemKind.REFUSED, ProblemKind.NO_ANSWER):
        await failed(harness, kind, author_id=BEN, author_name="Ben")
    await painted(harness, wanted=())
    row = await painted(harness)
    await changed(harness, row, submitted_at=row.created_at)
    await queued(harness, channel_id=ELSEWHERE)
    this = f"{harness.clock.now():%Y-%m}"
    told = [
        f"\U0001f4ca **{this}** \u00b7 5 in total",
        "done: 1 \u00b7 failed: 3 \u00b7 in progress: 1",
        "Waiting for Midjourney to accept: 0:00 on average, 0:00 at most.",
        "Why some failed: refused by Midjourney (2) \u00b7 no answer from Midjourney (1)",
        "By: Ben (3) \u00b7 Ann (2)",
    ]
    for typed in ("!stats", f"!stats {this}", f"!stats {this[-2:]}"):
        assert (await only(harness, typed, BEN)).splitlines() == told


async def test_other_months_are_told_apart(harness: ChannelHarness) -> None:
    await queued(harness)
    assert await only(harness, "!stats 2024-02") == "Nothing was asked for in 2024-02."


async def test_what_is_no_month_is_explained(harness: ChannelHarness) -> None:
    assert await only(harness, "!stats `soon`") == (
        "I need a month, not `'soon'`. Write it like `!stats 2026-10`."
    )


async def test_why_some_need_attention_is_told_as_well(harness: ChannelHarness) -> None:
    await unknown(harness)
    lines = (await only(harness, "!stats")).splitlines()
    assert lines[1:3] == [
        "needs your attention: 1",
        "Why some failed: no answer from Midjourney (1)",
    ]
