"""`!imagine`: what is accepted, what is not, and how the bot answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from domain.generation import Status
from domain.parameter_table import DEFAULT_MODEL
from domain.slots import UPSCALES, Slot
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, GUILD, OLGA, ChannelHarness, open_channel
from tests.cogs.recording_http import refused
from tests.dpytest_shim import backend

NO_PICTURES = "Prompts can't have pictures or links here: leave out"


async def test_accepted_prompt_is_answered_with_its_code(harness: ChannelHarness) -> None:
    (reply,) = await harness.say("!imagine a lighthouse at dusk --ar 3:2")
    (row,) = await harness.rows()
    assert reply.text == f"🎨 `{row.code}` · starting"
    assert reply.reference is not None
    assert reply.reference["message_id"] == row.command_message_id


async def test_accepted_prompt_is_a_row_that_knows_who_asked_for_what(
    harness: ChannelHarness,
) -> None:
    await harness.say("!imagine  a lighthouse\n at dusk —ar 3:2")
    (row,) = await harness.rows()
    assert row.prompt == "a lighthouse at dusk --ar 3:2"
    assert (row.author_id, row.author_name) == (ANN, "Ann")
    assert (row.guild_id, row.channel_id) == (GUILD, CHANNEL)
    assert row.wanted == UPSCALES
    assert row.created_at == harness.clock.now()


@pytest.mark.parametrize(("setting", "wanted"), [("2,4", (2, 4)), ("", ())])
async def test_wanted_upscales_are_those_of_the_settings(
    tmp_path: Path, setting: str, wanted: tuple[int, ...]
) -> None:
    async with open_channel(tmp_path, auto_upscale=setting) as harness:
        assert (await harness.imagined()).wanted == tuple(Slot(number) for number in wanted)


async def test_answer_waits_for_the_database_once(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits, the row and its place: somebody waits for the answer."""
    store, log = harness.atelier.store, list[str]()

    def watch(name: str) -> None:
        call = getattr(store, name)

        async def and_note(*args: Any, **more: Any) -> Any:
            log.append(f"{name}?")
            answer = await call(*args, **more)
            log.append("answered")
            return answer

        monkeypatch.setattr(store, name, and_note)

    for name in ("get_load", "list_generations", "create_generation", "place_in_queue"):
        watch(name)
    (reply,) = await harness.say("!imagine a cat")
    assert log == ["create_generation?", "answered"]
    assert "starting" in reply.text


async def test_reply_becomes_the_status_message_of_the_row(harness: ChannelHarness) -> None:
    (reply,) = await harness.say("!imagine a cat")
    (row,) = await harness.rows()
    assert row.status_message_id == reply.id


async def test_first_is_claimed_and_the_others_are_told_their_place(
    harness: ChannelHarness,
) -> None:
    places: list[str] = []
    for person in (ANN, BEN, OLGA):
        (reply,) = await harness.say("!imagine a cat", person)
        places.append(reply.text.partition(" · ")[2])
    assert places == ["starting", "queued, 1 ahead", "queued, 2 ahead"]
    assert [row.status for row in await harness.rows()] == [
        Status.SUBMITTING,
        Status.QUEUED,
        Status.QUEUED,
    ]


async def test_told_place_stays_readable_while_the_prompt_waits(harness: ChannelHarness) -> None:
    first = await harness.imagined()
    await harness.imagined(by=BEN)
    await harness.clock.advance(10)
    edits = [harness.http.edits.get_nowait() for _ in range(harness.http.edits.qsize())]
    assert {edit.message_id for edit in edits} == {first.status_message_id}


@pytest.mark.parametrize("word", ["i", "im", "imagine", "I", "Im", "IMAGINE"])
async def test_short_names_and_any_case_will_do(harness: ChannelHarness, word: str) -> None:
    await harness.say(f"!{word} a cat")
    assert [row.prompt for row in await harness.rows()] == ["a cat"]


async def test_quotes_are_part_of_a_prompt(harness: ChannelHarness) -> None:
    row = await harness.imagined('"a cat\'s" dream, 5" tall')
    assert row.prompt == '"a cat\'s" dream, 5" tall'


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        (
            "--ar 3:2 --v 7",
            "Describe the picture first, then add parameters: `!imagine a cat --ar 16:9`",
        ),
        ("a" * 1812, "That's 1,812 characters; the limit is 1,500. Cut 312."),
        ("cats for @everyone", "A prompt can't mention anybody: leave out `@\u200beveryone`."),
        (f"<@{BEN}> as king", f"A prompt can't mention anybody: leave out `<@\u200b{BEN}>`."),
        ("a {red, blue} cat", "One prompt makes one grid: leave out `{red, blue}`."),
        ("a cat --repeat 3", "One prompt makes one grid: leave out `--repeat 3`."),
        ("a cat\n!imagine a dog", "One prompt makes one grid: leave out `!imagine a dog`."),
        (
            "a cat\n\n /imagine a dog\n!queue",
            "One prompt makes one grid: leave out `/imagine a dog`.",
        ),
        ("a cat\n! status", "One prompt makes one grid: leave out `! status`."),
        (
            "https://e.test/a_b_c.png in oil",
            f"{NO_PICTURES} `https://e.test/a_b_c.png`.",
        ),
        (
            "a cat --turbo",
            (
                "`--turbo` costs as much as 2 ordinary grids and is off here: leave it out. "
                "(An owner can allow it: `ALLOW_COSTLY=turbo`.)"
            ),
        ),
        (
            "a cat --video",
            (
                "`--video` costs as much as 2-26 ordinary grids and is off here: leave it out. "
                "(An owner can allow it: `ALLOW_COSTLY=video`.)"
            ),
        ),
        (
            "a cat --hd",
            (
                "`--hd` costs as much as 1.6 ordinary grids and is off here: leave it out. "
                "(An owner can allow it: `ALLOW_COSTLY=hd`.)"
            ),
        ),
        (
            "a cat --s 5000",
            "`--s 5000` doesn't work: Midjourney takes 0-1000. Try `--s 1000`.",
        ),
        ("a cat --v", f"`--v` doesn't work: Midjourney takes {DEFAULT_MODEL[1:]}, 7, 6.1 …."),
        (
            "a cat --tile 3",
            (
                "`--tile 3` doesn't work: `--tile` takes no value. "
                "Put other words before the parameters."
            ),
        ),
        ("a cat --no", "`--no` needs a value: add one after it, or leave `--no` out."),
        (
            "a cat --ar 3:2,",
            "`--ar 3:2,` doesn't work: Midjourney takes W:H (16:9). Try `--ar 3:2`.",
        ),
        (
            "a cat --ar `1:1`",
            "`--ar '1:1'` doesn't work: Midjourney takes W:H (16:9). Try `--ar 1:1`.",
        ),
        (
            "a cat --ar16:9",
            "Midjourney doesn't read `--ar16:9` as a parameter. Try `--ar 16:9`.",
        ),
        ("a cat -tile", "Midjourney doesn't read `-tile` as a parameter. Try `--tile`."),
        ("a cat --stop 80 --v 7", "`--stop 80` doesn't work with `--v 7`: leave it out."),
        ("a cat --bs 2", "`--bs 2` only works with `--video`: leave it out."),
    ],
)
async def test_prompt_that_will_not_do_gets_its_reason_and_no_row(
    harness: ChannelHarness, prompt: str, answer: str
) -> None:
    assert [reply.text for reply in await harness.say(f"!imagine {prompt}")] == [answer]
    assert await harness.rows() == []


async def test_attached_picture_is_never_silently_ignored(
    harness: ChannelHarness, tmp_path: Path
) -> None:
    """Otherwise people would pay for the wrong picture."""
    path = tmp_path / "my_cat.png"
    path.write_bytes(b"a cat")
    (reply,) = await harness.say(
        "!imagine this in oil", attachments=[backend.make_attachment(path)]
    )
    assert reply.text == f"{NO_PICTURES} `my_cat.png`."
    assert await harness.rows() == []


async def test_message_that_is_delivered_twice_makes_one_row_and_one_reply(
    harness: ChannelHarness,
) -> None:
    message = harness.typed("!imagine a cat")
    backend.get_state().parse_message_create(dict(message))
    assert len(await harness.receive(dict(message))) == 1
    assert await harness.receive(dict(message)) == []
    assert len(await harness.rows()) == 1


async def test_same_words_in_a_second_message_are_a_second_generation(
    harness: ChannelHarness,
) -> None:
    await harness.say("!imagine a cat")
    await harness.say("!imagine a cat")
    assert len(await harness.rows()) == 2


async def test_edited_command_is_ignored(harness: ChannelHarness) -> None:
    message = harness.typed("hello")
    assert await harness.receive(message) == []
    del message["member"]  # dpytest's is not a valid member
    edited = message | {
        "content": "!imagine a cat",
        "edited_timestamp": "2026-11-22T12:00:00+00:00",
    }
    assert await harness.receive(edited, "message_update") == []
    assert await harness.rows() == []


@pytest.mark.parametrize("words", ["", " ", " help", " ?", " aide", " HELP", " --help"])
async def test_imagine_without_a_prompt_explains_and_costs_nothing(
    harness: ChannelHarness, words: str
) -> None:
    (reply,) = await harness.say(f"!imagine{words}")
    assert reply.text.startswith("`!imagine <prompt>` Make a grid and its upscales.")
    assert "`--ar W:H (16:9)`" in reply.text
    assert await harness.rows() == []


async def test_help_may_be_part_of_a_prompt(harness: ChannelHarness) -> None:
    await harness.say("!imagine help is on its way")
    assert [row.prompt for row in await harness.rows()] == ["help is on its way"]


async def test_command_whose_message_is_gone_is_answered_all_the_same(
    harness: ChannelHarness,
) -> None:
    """Discord refuses a reply to a deleted message unless told that this does not matter."""
    for command in ("!imagine a cat", "!imagine", "!status", "!help"):
        (reply,) = await harness.say(command)
        assert reply.reference is not None
        assert reply.reference["fail_if_not_exists"] is False


async def test_reply_that_discord_refuses_does_not_undo_the_acceptance(
    harness: ChannelHarness,
) -> None:
    harness.http.refusal = refused(discord.Forbidden, 403)
    assert await harness.say("!imagine a cat") == []
    harness.http.refusal = None
    (row,) = await harness.rows()
    assert row.status_message_id is None


async def test_prompt_is_as_long_as_the_settings_say(tmp_path: Path) -> None:
    async with open_channel(tmp_path, prompt_limit=5) as harness:
        assert (await harness.imagined("a cat")).prompt == "a cat"
        (refusal,) = await harness.say("!imagine a cats")
        assert refusal.text == "That's 6 characters; the limit is 5. Cut 1."


async def test_link_is_part_of_a_prompt_where_that_is_allowed(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allow_image_prompts=True) as harness:
        assert (await harness.imagined("https://e.test/a.png in oil")).prompt.startswith("https://")


async def test_what_costs_more_is_allowed_by_name_and_its_cost_is_said(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allow_costly="hd,turbo") as harness:
        (answer,) = await harness.say("!imagine a cat --turbo --hd")
        (row,) = await harness.rows()
        assert row.prompt == "a cat --turbo --hd"
        assert answer.text == (f"🎨 `{row.code}` · starting · costs as much as 3.2 ordinary grids")
        (refusal,) = await harness.say("!imagine a cat --q 4")
        assert refusal.text.startswith("`--q 4` costs as much as 4 ordinary")


async def test_turbo_is_allowed_by_its_older_name_too(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allow_turbo=True) as harness:
        assert (await harness.imagined("a cat --turbo")).prompt == "a cat --turbo"


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a cat --sd --hd", "`--hd` and `--sd` don't go together: leave out `--hd`."),
        (
            "a cat --hd --ar 6:1",
            "`--ar 6:1` doesn't work with `--hd`, which takes up to 4:1. Try `--ar 4:1`.",
        ),
    ],
)
async def test_what_may_cost_more_still_has_to_fit(tmp_path: Path, prompt: str, told: str) -> None:
    async with open_channel(tmp_path, allow_costly="all") as harness:
        assert [reply.text for reply in await harness.say(f"!imagine {prompt}")] == [told]
