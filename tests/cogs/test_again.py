"""`!again`: a prompt sent once more, changed as said, and checked like `!imagine`."""

from __future__ import annotations

import pytest

from domain.generation import Generation, Origin, OriginKind
from tests.cogs.channel_harness import ANN, BEN, ELSEWHERE, ChannelHarness
from tests.cogs.recording_http import history
from tests.cogs.stored_rows import changed, painted, queued

CAT = "a cat --ar 3:2"


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def newest(harness: ChannelHarness) -> Generation:
    return (await harness.rows())[-1]


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ("", CAT),
        (" at night", "a cat at night --ar 3:2"),
        (" --ar 9:16", "a cat --ar 9:16"),
        (" --aspect 9:16", "a cat --aspect 9:16"),
        ("\nat night\n—ar 9:16", "a cat at night --ar 9:16"),
    ],
)
async def test_prompt_is_sent_again_changed_as_said(
    harness: ChannelHarness, more: str, sent: str
) -> None:
    row = await painted(harness, prompt=CAT, wanted=())
    answer = await only(harness, f"!again {row.code}{more}")
    new = await newest(harness)
    assert new.prompt == sent
    assert new.origin == Origin(kind=OriginKind.IMAGINE, parent_id=row.id)
    assert answer == f"🎨 `{new.code}` · starting · `{row.code}` again"
    assert new.code != row.code


async def test_without_a_code_it_is_ones_latest_and_the_answer_names_it(
    harness: ChannelHarness,
) -> None:
    row = await queued(harness, prompt=CAT)
    await queued(harness, prompt="a dog", author_id=BEN)
    assert f"`{row.code}` again" in await only(harness, "!again at night")
    assert (await newest(harness)).prompt == "a cat at night --ar 3:2"
    await only(harness, "!again --ar 1:1")  # of that one, in its turn
    assert (await newest(harness)).prompt == "a cat at night --ar 1:1"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("it", CAT),
        ("the last one", CAT),
        ("my latest --ar 1:1", "a cat --ar 1:1"),
        ("the sea behind it", "a cat the sea behind it --ar 3:2"),
        ("in my garden", "a cat in my garden --ar 3:2"),
    ],
)
async def test_words_for_the_latest_are_no_part_of_the_prompt(
    harness: ChannelHarness, typed: str, sent: str
) -> None:
    await queued(harness, prompt=CAT)
    await only(harness, f"!again {typed}")
    assert (await newest(harness)).prompt == sent


async def test_latest_is_one_whose_prompt_is_left(harness: ChannelHarness) -> None:
    row = await painted(harness, prompt=CAT, wanted=())
    gone = await painted(harness, wanted=())
    await harness.say(f"!delete {gone.code} yes")
    assert f"`{row.code}` again" in await only(harness, "!again")


@pytest.mark.parametrize("word", ["redo", "rerun", "encore", "Refais"])
async def test_it_is_understood_in_other_words(harness: ChannelHarness, word: str) -> None:
    row = await queued(harness, prompt=CAT)
    assert f"`{row.code}` again" in await only(harness, f"!{word} at night")


async def test_what_cost_more_when_that_was_allowed_is_not_sent_again(
    harness: ChannelHarness,
) -> None:
    row = await queued(harness, prompt="a cat --hd")
    assert (await only(harness, "!again")).startswith(f"`{row.code}` asks for `--hd`")
    assert "is off here" in await only(harness, "!again at night")
    await only(harness, "!again --sd")
    assert (await newest(harness)).prompt == "a cat --sd"


async def test_whoever_has_none_yet_is_told_how_to_begin(harness: ChannelHarness) -> None:
    await queued(harness, author_id=BEN)
    assert await only(harness, "!again") == ("You haven't made anything yet. Try `!imagine a cat`.")


@pytest.mark.parametrize("form", ["{0.code}", "`{0.code}`", "{0.id}"])
async def test_anybodys_becomes_ones_own(harness: ChannelHarness, form: str) -> None:
    row = await queued(harness, prompt=CAT)
    await only(harness, f"!again {form.format(row)}", BEN)
    new = await newest(harness)
    assert (new.prompt, new.author_id, new.author_name) == (CAT, BEN, "Ben")


async def test_reply_stands_for_the_code_and_all_words_are_new_ones(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined(CAT)
    await queued(harness, prompt="a dog")
    assert row.status_message_id is not None
    await harness.reply("!again sunset", row.status_message_id, BEN)
    assert (await newest(harness)).prompt == "a cat sunset --ar 3:2"


async def test_its_answer_can_be_replied_to_itself(harness: ChannelHarness) -> None:
    """The code of the other one is no code that the answer stands for."""
    row = await queued(harness, prompt=CAT)
    (answer,) = await harness.say(f"!again {row.code}")
    (cancelled,) = await harness.reply("!cancel", answer.id)
    assert (await newest(harness)).code in cancelled.text


async def test_word_that_could_be_a_code_is_one_if_there_is_such_a_generation(
    harness: ChannelHarness,
) -> None:
    row = await queued(harness, prompt=CAT)
    await only(harness, "!again sunset")
    assert (await newest(harness)).prompt == "a cat sunset --ar 3:2"
    await queued(harness, prompt="a dog", code="sunset", author_id=BEN)
    await only(harness, f"!cancel {row.code}")  # she may have three waiting
    await only(harness, "!again sunset")
    assert (await newest(harness)).prompt == "a dog"


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_unknown_code_costs_nothing(harness: ChannelHarness, elsewhere: bool) -> None:
    await queued(harness, prompt=CAT)
    if elsewhere:
        await queued(harness, code="k7m2qx", channel_id=ELSEWHERE)
    before = len(await harness.rows())
    assert await only(harness, "!again k7m2qx at night") == (
        "There's no generation `k7m2qx`. `!history` lists yours."
    )
    assert len(await harness.rows()) == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("--ar 3:2,", "`--ar 3:2,` doesn't work"),
        ("-ar 9:16", "Midjourney doesn't read `-ar 9:16` as a parameter."),
        ("--hd", "`--hd` costs as much as 1.6 ordinary grids and is off here"),
        ("{red, blue}", "One prompt makes one grid"),
        ("at night\n!again at noon", "One prompt makes one grid"),
        ("<@1>", "A prompt can't mention anybody"),
    ],
)
async def test_it_is_checked_like_any_prompt(harness: ChannelHarness, more: str, told: str) -> None:
    row = await queued(harness, prompt=CAT)
    assert (await only(harness, f"!again {row.code} {more}")).startswith(told)
    assert await harness.rows() == [row]


async def test_command_on_the_line_below_is_no_word_of_it(harness: ChannelHarness) -> None:
    row = await queued(harness, prompt=CAT)
    assert await only(harness, "!again\n!queue") == "One prompt makes one grid: leave out `!queue`."
    assert await harness.rows() == [row]


async def test_limits_hold_for_it(harness: ChannelHarness) -> None:
    for _ in range(3):
        await queued(harness)
    assert "which is the limit" in await only(harness, "!again")


async def test_deleted_prompt_is_not_sent(harness: ChannelHarness) -> None:
    row = await changed(harness, await queued(harness), prompt="")
    assert await only(harness, f"!again {row.code} at night", BEN) == (
        f"The prompt of `{row.code}` was deleted, so I can't send it again."
    )
    assert len(await harness.rows()) == 1


async def test_message_that_was_accepted_before_is_not_accepted_twice(
    harness: ChannelHarness,
) -> None:
    """As after a kill: its row is there, and the message comes once more."""
    harness.unheard("!again at night")
    message = history(harness.channel.id)[-1]
    done = await queued(harness, prompt=CAT, command_message_id=message["id"])
    assert await harness.receive(message) == []
    assert [row.id for row in await harness.rows()] == [done.id]


async def test_missed_one_is_run_later_once(harness: ChannelHarness) -> None:
    await painted(harness, prompt=CAT, wanted=())
    harness.unheard("!again at night")
    (answer,) = await harness.back()
    assert answer.text.endswith(" again")
    assert await harness.back() == []
    assert [row.prompt for row in await harness.rows()] == [CAT, "a cat at night --ar 3:2"]
