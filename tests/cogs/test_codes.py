"""Which generation a command means (by code, id, or a reply), and whose it is."""

from __future__ import annotations

import uuid

import pytest

from domain.generation import Generation, Status
from tests.cogs.channel_harness import ANN, BEN, ELSEWHERE, OLGA, ChannelHarness
from tests.cogs.stored_rows import now, painted, queued

WITH_A_CODE = ("cancel", "retry", "show", "delete", "reroll", "upscale", "vary", "status")
OWN_ONLY = ("cancel {}", "retry {}", "delete {} yes", "upscale {} 2")


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


def forms(row: Generation) -> tuple[str, ...]:
    return row.code, row.code.upper(), f"`{row.code}`", row.id, row.id.upper()


async def test_code_in_any_case_and_id_will_do_for_every_command(harness: ChannelHarness) -> None:
    row = await painted(harness)
    for form in forms(row):
        for command in ("show", "status"):
            assert row.code in await only(harness, f"!{command} {form}")
        assert "still in progress" in await only(harness, f"!delete {form}")
        assert "Which picture?" in await only(harness, f"!upscale {form} 7")
        assert "Which picture?" in await only(harness, f"!vary {form}")


@pytest.mark.parametrize("command", WITH_A_CODE)
async def test_unknown_code_is_said_to_be_unknown(harness: ChannelHarness, command: str) -> None:
    for code in ("zzzzzz", "k7m2qxx", str(uuid.uuid4())):
        assert await only(harness, f"!{command} {code}") == (
            f"There's no generation `{code}`. `!history` lists yours."
        )


@pytest.mark.parametrize("between", [" ", "\n", "\t", " \n  "])
async def test_code_ends_where_a_space_or_a_line_ends(
    harness: ChannelHarness, between: str
) -> None:
    row = await painted(harness, wanted=())
    for command in ("vary", "upscale"):
        text = await only(harness, f"!{command} {row.code}{between}7")
        assert text.endswith(f"`!{command} {row.code} 2`")
    assert "are deleted" in await only(harness, f"!delete {row.code}{between}yes")


@pytest.mark.parametrize("rest", [" please", " 2", "\n2"])
async def test_what_follows_a_code_is_ignored_where_a_code_is_all(
    harness: ChannelHarness, rest: str
) -> None:
    row = await painted(harness)
    for command in ("show", "status", "reroll", "cancel"):
        for form in (row.code, f"`{row.code}`"):
            assert "no generation" not in await only(harness, f"!{command} {form}{rest}")
    assert (await now(harness, row)).status == Status.CANCELLED


@pytest.mark.parametrize("number", ["2", "u2", "V2", "v2", "#2"])
async def test_number_may_have_the_letter_of_its_button(
    harness: ChannelHarness, number: str
) -> None:
    row = await painted(harness)
    assert (await only(harness, f"!vary {row.code} {number}")).endswith(f"V2 of `{row.code}`")
    assert "Which picture?" not in await only(harness, f"!upscale {row.code} {number}")
    for wrong in ("uv2", "2u", "v5", "v"):
        assert "Which picture?" in await only(harness, f"!vary {row.code} {wrong}")


@pytest.mark.parametrize("command", WITH_A_CODE)
async def test_generation_of_another_channel_is_unknown(
    harness: ChannelHarness, command: str
) -> None:
    row = await queued(harness, channel_id=ELSEWHERE)
    assert (await only(harness, f"!{command} {row.code}")).startswith("There's no generation")


@pytest.mark.parametrize("command", WITH_A_CODE)
async def test_whoever_has_none_is_told_how_to_begin(harness: ChannelHarness, command: str) -> None:
    await painted(harness)
    assert await only(harness, f"!{command}", BEN) == (
        "You haven't made anything yet. Try `!imagine a cat`."
    )


async def test_reply_to_the_bots_message_stands_for_the_code(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    (answer,) = await harness.reply("!status", row.status_message_id)
    assert answer.text.startswith(f"🎨 `{row.code}` · a lighthouse")
    (answer,) = await harness.reply("!cancel", row.status_message_id)
    assert answer.text.startswith(f"🛑 `{row.code}`")
    assert (await now(harness, row)).status == Status.CANCELLED


async def test_reply_can_stand_for_the_code_before_a_number(harness: ChannelHarness) -> None:
    row = await painted(harness)
    answer = (await harness.say(f"!show {row.code}"))[0]
    (answer,) = await harness.reply("!upscale 7", answer.id)
    assert answer.text == f"Which picture? Add a number from 1 to 4: `!upscale {row.code} 2`"


async def test_reply_to_a_list_is_asked_which_one_is_meant(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    (one,) = await harness.say("!queue")
    await queued(harness)
    (several,) = await harness.say("!queue")
    (answer,) = await harness.reply("!cancel", several.id)
    assert answer.text.startswith("Which one?")
    (answer,) = await harness.reply("!cancel", one.id)
    assert answer.text.startswith(f"🛑 `{row.code}`")


async def test_reply_to_somebody_elses_message_means_nothing(harness: ChannelHarness) -> None:
    """Anybody can put a code into a message."""
    row = await harness.imagined()
    await harness.say(f"look at `{row.code}`", BEN)
    message = harness.unheard(f"look at `{row.code}`", BEN)
    for gone in (message, 5):
        (answer,) = await harness.reply("!cancel", gone)
        assert answer.text.startswith("Which one?")


@pytest.mark.parametrize("command", OWN_ONLY)
async def test_somebody_elses_is_left_alone(harness: ChannelHarness, command: str) -> None:
    row = await painted(harness)
    assert await only(harness, "!" + command.format(row.code), BEN) == (
        f"`{row.code}` belongs to Ann; only Ann or an owner can do that."
    )
    assert await now(harness, row) == row


async def test_name_in_not_yours_has_no_effect(harness: ChannelHarness) -> None:
    row = await queued(harness, author_name="**@everyone**")
    text = await only(harness, f"!cancel {row.code}", BEN)
    assert "@everyone" not in text
    assert r"\*\*" in text


async def test_owner_may_change_everybodys(harness: ChannelHarness) -> None:
    row = await queued(harness)
    assert await only(harness, f"!cancel {row.code}", OLGA) == (
        f"🛑 `{row.code}` is cancelled; it hadn't started."
    )


@pytest.mark.parametrize("command", ["show {}", "status {}", "vary {} 7"])
async def test_everybody_may_look_at_everybodys(harness: ChannelHarness, command: str) -> None:
    row = await painted(harness)
    assert "belongs to" not in await only(harness, "!" + command.format(row.code), BEN)


@pytest.mark.parametrize("alias", ["c", "r", "get", "remove", "u", "v", "s"])
async def test_short_names_are_the_same_commands(harness: ChannelHarness, alias: str) -> None:
    assert (await only(harness, f"!{alias} zzzzzz 1")).startswith("There's no generation")
    assert (await only(harness, f"!{alias.upper()} zzzzzz 1")).startswith("There's no generation")
