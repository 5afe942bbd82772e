"""`!prefer`: parameters that are added to a person's own prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.prompt_parts import PromptParts
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, ChannelHarness, open_channel
from tests.cogs.stored_rows import painted

OFF = "I send your prompts as you type them. `!prefer --ar 3:2` adds that to each of them."


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def newest(harness: ChannelHarness) -> str:
    """Return the prompt of the newest row."""
    return (await harness.rows())[-1].prompt


async def test_preferences_are_added_and_the_answer_says_which(harness: ChannelHarness) -> None:
    told = (
        "I add `--ar 3:2 --v 7` to your prompts where they don't say otherwise. "
        "`!prefer none` turns that off."
    )
    assert await only(harness, "!prefer --ar 3:2 —v 7") == told
    assert await only(harness, "!prefer") == told
    assert (await only(harness, "!imagine a cat")).endswith(
        "` · starting · with your `--ar 3:2 --v 7`"
    )
    assert await newest(harness) == "a cat --ar 3:2 --v 7"
    assert (await only(harness, "!imagine a cat --niji 7")).endswith(" · with your `--ar 3:2`")
    assert await newest(harness) == "a cat --niji 7 --ar 3:2"
    assert (await only(harness, "!imagine a cat --v 6 --aspect 1:1")).endswith(" ahead")
    assert await newest(harness) == "a cat --v 6 --aspect 1:1"


async def test_they_are_added_to_what_is_sent_again(harness: ChannelHarness) -> None:
    row = await painted(harness, prompt="a dog --s 50", wanted=())
    await only(harness, "!prefer --ar 3:2 --s 100", BEN)
    assert (await only(harness, f"!again {row.code} at night", BEN)).endswith(
        f" · `{row.code}` again · with your `--ar 3:2`"
    )
    assert await newest(harness) == "a dog at night --s 50 --ar 3:2"


async def test_they_are_ones_own(harness: ChannelHarness) -> None:
    await only(harness, "!prefer --ar 3:2")
    assert await only(harness, "!prefer", BEN) == OFF
    await harness.imagined("a cat", by=BEN)
    assert await newest(harness) == "a cat"


@pytest.mark.parametrize("none", ["none", "None", " none "])
async def test_they_are_turned_off(harness: ChannelHarness, none: str) -> None:
    assert await only(harness, "!prefer none") == OFF
    await only(harness, "!prefer --ar 3:2")
    await only(harness, "!prefer --s 50")  # in the place of the others
    await harness.imagined("a cat")
    assert await newest(harness) == "a cat --s 50"
    assert await only(harness, f"!prefer {none}") == OFF
    await harness.imagined("a dog")
    assert await newest(harness) == "a dog"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("--ar 3:2,", "`--ar 3:2,` doesn't work: Midjourney takes W:H (16:9). Try `--ar 3:2`."),
        ("--turbo", "`--turbo` costs as much as 2 ordinary grids and is off here"),
        ("--repeat 4", "One prompt makes one grid"),
        ("--no " + "a" * 200, "That's 205 characters; the limit is 200. Cut 5."),
        ("ar 3:2", "I can only add parameters to your prompts: `!prefer --ar 3:2 --s 200`."),
        ("in the rain --ar 3:2", "I can only add parameters to your prompts"),
    ],
)
async def test_what_would_be_refused_later_is_refused_at_once(
    harness: ChannelHarness, typed: str, told: str
) -> None:
    assert (await only(harness, f"!prefer {typed}")).startswith(told)
    assert await only(harness, "!prefer") == OFF


async def test_what_costs_more_is_added_where_it_is_allowed_and_its_price_is_told(
    tmp_path: Path,
) -> None:
    async with open_channel(tmp_path, allow_costly="hd") as harness:
        await only(harness, "!prefer --hd")
        assert (await only(harness, "!imagine a cat")).endswith(
            " · costs as much as 1.6 ordinary grids · with your `--hd`"
        )
        assert (await only(harness, "!imagine a cat --sd")).endswith(" ahead")


async def test_fault_of_the_prompt_itself_is_told(harness: ChannelHarness) -> None:
    await only(harness, "!prefer --ar 3:2")
    assert (await only(harness, "!imagine --s 50")).startswith("Describe the picture first")
    assert (await only(harness, "!imagine a cat --s 5000")).startswith("`--s 5000` doesn't work")
    assert await harness.rows() == []


async def test_next_process_knows_them(harness: ChannelHarness) -> None:
    await only(harness, "!prefer --ar 3:2")
    await only(harness, "!preset noir = film noir")
    atelier = harness.atelier
    parts = PromptParts(atelier.store.parts, atelier.lease_keeper.lease, CHANNEL)
    await parts.load()
    assert parts.preferred_by(ANN) == "--ar 3:2"
    assert [preset.words for preset in parts.presets.values()] == ["film noir"]


async def test_missed_one_is_kept_later(harness: ChannelHarness) -> None:
    harness.unheard("!prefer --ar 3:2")
    (answer,) = await harness.back()
    assert answer.text.startswith("I add `--ar 3:2`")
    assert await harness.back() == []
