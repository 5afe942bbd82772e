"""`!preset` and `!presets`: words of the channel under a name, used as `+name`."""

from __future__ import annotations

import pytest

from domain.prompt_parts import PRESETS
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness
from tests.cogs.stored_rows import painted

FORM = (
    "Write it like this: `!preset noir = film noir, rain`. The name is one word of up to 20 "
    "letters and digits."
)
NONE_YET = "No presets yet. `!preset noir = film noir, rain` adds one."


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def newest(harness: ChannelHarness) -> str:
    """Return the prompt of the newest row."""
    return (await harness.rows())[-1].prompt


@pytest.mark.parametrize(
    "typed", ["noir = film *noir*, rain", "+Noir=film *noir*, rain", "NOIR =\nfilm  *noir*, rain"]
)
async def test_preset_is_kept_for_everybody(harness: ChannelHarness, typed: str) -> None:
    assert await only(harness, f"!preset {typed}") == (
        r"`+noir` now means: film \*noir\*, rain. Use it like this: `!imagine a cat +noir`"
    )
    told = r"`+noir` · film \*noir\*, rain"
    assert await only(harness, "!presets", BEN) == told
    assert await only(harness, "!preset noir", BEN) == f"{told} · by Ann"
    await harness.imagined("a cat +noir --ar 3:2", by=BEN)
    assert await newest(harness) == "a cat film *noir*, rain --ar 3:2"


async def test_preset_is_used_where_a_prompt_is_sent_again(harness: ChannelHarness) -> None:
    row = await painted(harness, prompt="a dog --ar 3:2 --s 50", wanted=())
    await only(harness, "!preset wide = at sea --ar 21:9")
    await only(harness, f"!again {row.code} +wide")
    assert await newest(harness) == "a dog at sea --s 50 --ar 21:9"


async def test_prompt_counts_more_than_presets_and_these_more_than_what_one_prefers(
    harness: ChannelHarness,
) -> None:
    await only(harness, "!preset wide = --ar 21:9 --s 50")
    await only(harness, "!prefer --ar 1:1 --s 10 --chaos 5")
    assert (await only(harness, "!imagine a cat +wide --s 99")).endswith("with your `--chaos 5`")
    assert await newest(harness) == "a cat --s 99 --ar 21:9 --chaos 5"


async def test_preset_may_be_made_of_others(harness: ChannelHarness) -> None:
    await only(harness, "!preset noir = film noir")
    await only(harness, "!preset storm = +noir, rain")
    await only(harness, "!preset noir = black and white")
    assert await only(harness, "!preset storm") == "`+storm` · film noir, rain · by Ann"


@pytest.mark.parametrize("command", ["imagine a cat +noire", "again +noire", "preset x = +noire"])
async def test_unknown_preset_is_asked_about_and_nothing_is_sent(
    harness: ChannelHarness, command: str
) -> None:
    await painted(harness, wanted=())
    assert await only(harness, f"!{command}") == (
        "There's no preset `+noire`. `!presets` lists them all."
    )
    await only(harness, "!preset noir = film noir")
    assert await only(harness, f"!{command}") == (
        "There's no preset `+noire`. Did you mean `+noir`?"
    )
    assert len(await harness.rows()) == 1


@pytest.mark.parametrize("prompt", ["1+1 = 2", "a C++ logo", "a cat + a dog", "a+b", "+18 sign"])
async def test_other_words_with_a_plus_stay(harness: ChannelHarness, prompt: str) -> None:
    await only(harness, "!preset b = x")
    await harness.imagined(prompt)
    assert await newest(harness) == prompt


@pytest.mark.parametrize("gone", ["noir =", "noir none", "+noir = None", "noir="])
async def test_preset_is_removed(harness: ChannelHarness, gone: str) -> None:
    await only(harness, "!preset noir = film noir")
    assert await only(harness, f"!preset {gone}") == "`+noir` is gone."
    assert await only(harness, "!presets") == NONE_YET
    assert await only(harness, f"!preset {gone}") == (
        "There's no preset `+noir`. `!presets` lists them all."
    )


async def test_only_whoever_made_it_and_owners_change_it(harness: ChannelHarness) -> None:
    await only(harness, "!preset noir = film noir")
    for typed in ("noir = fog", "noir ="):
        assert await only(harness, f"!preset {typed}", BEN) == (
            "`+noir` was made by Ann; only Ann or an owner can change it."
        )
    assert "now means: fog" in await only(harness, "!preset noir = fog", OLGA)
    assert "now means: rain" in await only(harness, "!preset noir = rain", ANN)
    assert await only(harness, "!preset noir none", OLGA) == "`+noir` is gone."
    assert "now means: snow" in await only(harness, "!preset noir = snow", BEN)
    assert await only(harness, "!preset noir") == "`+noir` · snow · by Ben"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "=",
        "= fog",
        "2d = fog",
        "film noir = fog",
        "noir fog",
        "x" * 21 + " = fog",
        "<@1> = fog",
    ],
)
async def test_other_forms_are_explained(harness: ChannelHarness, typed: str) -> None:
    assert await only(harness, f"!preset {typed}") == FORM
    assert await only(harness, "!presets") == NONE_YET


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("film --s 5000", "`--s 5000` doesn't work"),
        ("film --hd", "`--hd` costs as much as"),
        ("a <@1>", "A prompt can't mention anybody"),
        ("a" * 501, "That's 501 characters; the limit is 500."),
        ("\u200b", "Describe the picture first"),
    ],
)
async def test_words_are_checked_like_a_prompt(
    harness: ChannelHarness, words: str, told: str
) -> None:
    assert (await only(harness, f"!preset x = {words}")).startswith(told)
    assert await only(harness, "!presets") == NONE_YET


async def test_there_are_only_so_many_and_all_are_listed_in_one_message(
    harness: ChannelHarness,
) -> None:
    parts = harness.atelier.prompt_parts
    names = [f"name-of-preset-{'abcdefgh'[n // 5]}-{'abcde'[n % 5]}" for n in range(PRESETS)]
    for name in names:
        await parts.set_preset(name, "a" * 60, by=ANN, by_name="Ann", command=1)
    assert await only(harness, "!preset more = fog") == (
        "There are 30 presets, which is the limit. Remove one first: `!preset noir none`"
    )
    assert "now means: fog" in await only(harness, f"!preset {names[0]} = fog")
    text = await only(harness, "!presets")
    assert [line.split("`")[1] for line in text.splitlines()] == [f"+{name}" for name in names]
    assert len(text) <= 2000


async def test_missed_one_is_kept_later(harness: ChannelHarness) -> None:
    harness.unheard("!preset noir = film noir")
    harness.unheard("!imagine a cat +noir")
    first, second = await harness.back()
    assert first.text.startswith("`+noir` now means")
    assert second.text.endswith("starting")
    assert await newest(harness) == "a cat film noir"
