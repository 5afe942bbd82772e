"""Commands about stored results: show, history, delete, and more from a stored grid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from domain.generation import OriginKind
from domain.slots import Slot
from services.retention import remove
from tests.builders import u_buttons
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness, open_channel
from tests.cogs.recording_http import refused
from tests.cogs.stored_rows import failed, now, painted, queued
from tests.dpytest_shim import backend


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def test_show_brings_what_is_stored(harness: ChannelHarness) -> None:
    row = await painted(harness, 2)
    at = f"<t:{int(harness.clock.now().timestamp())}:t>"
    (shown,) = await harness.say(f"!show {row.code}", BEN)
    assert shown.text == f"🖼️ `{row.code}` · a cat · by Ann · asked {at}, took 0:00"
    assert shown.files == (f"{row.code}_grid.png", f"{row.code}_upscale_2.png")


async def test_show_names_the_pictures_where_discord_will_not_take_them(
    harness: ChannelHarness,
) -> None:
    row = await painted(harness, 2)
    harness.http.no_files = refused(discord.HTTPException, 413)
    (shown,) = await harness.say(f"!show {row.code}", BEN)
    paths = [harness.atelier.images.path(f"{row.id}/{n}.png") for n in ("grid", "upscale_2")]
    assert shown.text.splitlines()[1:] == [f"Grid: <{paths[0]}>", f"U2: <{paths[1]}>"]


def no_path(_: str) -> None:
    """Return that there is no file to attach."""


async def test_show_gives_quiet_links_where_everybody_can_open_them(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await painted(harness, 2)
    monkeypatch.setattr(harness.atelier.images, "path", no_path)
    urls = [await harness.atelier.images.url(f"{row.id}/{n}.png") for n in ("grid", "upscale_2")]
    (shown,) = await harness.say(f"!show {row.code}", BEN)
    assert shown.text.splitlines()[1:] == [f"Grid: <{urls[0]}>", f"U2: <{urls[1]}>"]
    assert shown.files == ()


async def test_show_of_what_has_no_pictures_yet_says_how_it_stands(harness: ChannelHarness) -> None:
    row = await queued(harness)
    assert await only(harness, f"!get {row.code}") == (
        f"`{row.code}` has no pictures yet: waiting for its turn."
    )


async def test_history_lists_ones_own_newest_first(harness: ChannelHarness) -> None:
    rows = [await queued(harness, prompt=f"cat {number}") for number in range(7)]
    await queued(harness, author_id=BEN)
    lines = (await only(harness, "!history")).splitlines()
    at = f"<t:{int(harness.clock.now().timestamp())}:R>"
    assert lines[0] == f"`{rows[6].code}` · waiting for its turn · {at} · cat 6"
    assert [line.split("`")[1] for line in lines[:5]] == [row.code for row in rows[:1:-1]]
    assert lines[5] == "More: `!history 5 2`"


async def test_history_takes_a_number_a_person_and_a_page_in_any_order(
    harness: ChannelHarness,
) -> None:
    ann = [await queued(harness, prompt=f"cat {number}") for number in range(5)]
    ben = await queued(harness, author_id=BEN, author_name="Ben")

    async def codes(words: str) -> list[str]:
        text = await only(harness, f"!history {words}")
        return [line.split("`")[1] for line in text.splitlines() if line.startswith("`")]

    newest = [row.code for row in (ben, *ann[::-1])]
    assert await codes("2") == newest[1:3]
    assert await codes("2 2") == newest[3:5]
    assert await codes("2 3") == newest[5:]
    assert await codes("2 all") == await codes("ALL 2") == newest[:2]
    assert await codes("all 4 2") == newest[4:]
    assert await codes(f"<@{BEN}>") == await codes(f"3 <@!{BEN}>") == [ben.code]


async def test_next_page_that_is_offered_can_be_typed(harness: ChannelHarness) -> None:
    for number in range(5):
        await queued(harness, prompt=f"cat {number}")
    text = await only(harness, "!history 2 all")
    for seen in ("cat 4", "cat 2", "cat 0"):
        assert seen in text
        *_, last = text.splitlines()
        if last.startswith("More: "):
            text = await only(harness, last.split("`")[1])
    assert "More" not in text


async def test_next_page_of_a_person_names_the_person_alone(harness: ChannelHarness) -> None:
    for _ in range(2):
        await queued(harness)
    for typed in (f"<@{ANN}>", f"<@!{ANN}>", str(ANN)):
        text = await only(harness, f"!history 1 {typed}", BEN)
        assert text.splitlines()[1] == f"More: `!history 1 <@{ANN}> 2`"
    (_, found) = (await only(harness, f"!history 1 <@{ANN}>" + "x" * 1900, BEN)).split(", not ")
    assert len(found) < 210


async def test_history_of_others_says_whose_each_is(harness: ChannelHarness) -> None:
    await queued(harness)
    await queued(harness, author_id=BEN, author_name="Ben")
    first, second = (await only(harness, "!list all")).splitlines()
    assert first.endswith(" · by Ben")
    assert second.endswith(" · **yours**")


@pytest.mark.parametrize(
    ("words", "found", "limit"),
    [
        ("0", "0", 20),
        ("21", "21", 20),
        ("-1", "-1", 20),
        ("²", "²", 20),
        ("2 0", "0", 50),
        ("2 51", "51", 50),
        ("many", "many", 20),
        ("@Ann", "@Ann", 20),
        (f"<@{ANN}>`x", f"<@\u200b{ANN}>'x", 20),
        (f"x<@{ANN}>", f"x<@\u200b{ANN}>", 20),
        ("2 2 x", "x", 50),
    ],
)
async def test_history_says_which_numbers_it_takes(
    harness: ChannelHarness, words: str, found: str, limit: int
) -> None:
    await queued(harness)
    assert await only(harness, f"!history {words}") == (
        f"I need a number from 1 to {limit}, not `{found}`."
    )


async def test_empty_history_says_so(harness: ChannelHarness) -> None:
    await queued(harness)
    assert await only(harness, "!history", BEN) == "Nothing here yet."
    assert await only(harness, "!history 5 2") == "Nothing here yet."


async def test_longest_history_fits_one_message(harness: ChannelHarness) -> None:
    for _ in range(25):
        await queued(harness, prompt="*cat " * 300, author_name="n" * 32)
    text = await only(harness, "!history 20 all", BEN)
    assert len(text) <= 2000
    assert text.splitlines()[-2:] == ["…", "More: `!history 20 all 2`"]


async def test_history_of_twenty_ordinary_lines_is_whole(harness: ChannelHarness) -> None:
    for _ in range(25):
        await queued(
            harness, prompt="a lighthouse at dusk in the style of a woodcut --ar 3:2 --v 7"
        )
    lines = (await only(harness, "!history 20 all")).splitlines()
    assert len(lines) == 21
    assert "…" not in lines


async def test_delete_asks_first(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, 3, 4)
    for words in ("", " no", " yes please"):
        assert await only(harness, f"!delete {row.code}{words}") == (
            f"This deletes the pictures and the prompt of `{row.code}` for good. Sure? "
            f"Then type `!delete {row.code} yes`."
        )
    assert await now(harness, row) == row


@pytest.mark.parametrize("yes", ["yes", "YES"])
@pytest.mark.parametrize("person", [ANN, OLGA])
async def test_delete_removes_pictures_and_prompt_and_keeps_the_dates(
    harness: ChannelHarness, yes: str, person: int
) -> None:
    row = await painted(harness, 1, 2, 3, 4)
    files = [harness.atelier.images.path(f"{row.id}/{slot.title}.png") for slot in Slot]
    assert all(file is not None and file.exists() for file in files)
    assert await only(harness, f"!delete {row.code} {yes}", person) == (
        f"🗑️ The pictures and the prompt of `{row.code}` are deleted; its dates are kept. "
        "Discord and browsers may still show copies of the pictures."
    )
    after = await now(harness, row)
    assert (after.prompt, after.archived, after.completed_at) == ("", True, row.completed_at)
    assert not any(file is not None and file.exists() for file in files)
    gone = f"The pictures of `{row.code}` were deleted; only its details are kept."
    for command in ("show {}", "retry {}", "upscale {} 1", "delete {} yes"):
        text = await only(harness, "!" + command.format(row.code))
        assert (text == gone) == (not command.startswith("delete"))
    (line,) = (await only(harness, "!history")).splitlines()
    assert line.endswith(" · (deleted) · its pictures were deleted")


async def test_delete_asks_nothing_of_one_that_is_deleted(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, 3, 4)
    gone = await only(harness, f"!delete {row.code} yes")
    assert await only(harness, f"!delete {row.code}") == gone


@pytest.mark.parametrize("word", ["", " yes"])
async def test_running_one_is_not_deleted(harness: ChannelHarness, word: str) -> None:
    row = await queued(harness)
    assert await only(harness, f"!delete {row.code}{word}") == (
        f"`{row.code}` is still in progress: waiting for its turn. Type `!cancel {row.code}` first."
    )


async def test_what_the_clean_up_took_has_words_to_delete_still(harness: ChannelHarness) -> None:
    row = await painted(harness, 1, 2, 3, 4)
    archive = harness.atelier.store
    await remove([row.id], archive, harness.atelier.images, unchanged_since=row.updated_at)
    assert "Sure?" in await only(harness, f"!delete {row.code}")
    assert (await now(harness, row)).prompt == row.prompt


async def test_variation_is_a_new_generation_of_its_parents_prompt(harness: ChannelHarness) -> None:
    parent = await painted(harness, 1, 2, 3, 4)
    text = await only(harness, f"!vary {parent.code} 3", BEN)
    _, child = await harness.rows()
    assert text == f"🎨 `{child.code}` · starting · V3 of `{parent.code}`"
    assert (child.prompt, child.author_id) == (parent.prompt, BEN)
    assert (child.origin.kind, child.origin.parent_id) == (OriginKind.VARIATION, parent.id)
    assert child.origin.index == 3


async def test_reroll_is_a_new_generation_of_its_parents_prompt(harness: ChannelHarness) -> None:
    parent = await painted(harness, 1, 2, 3, 4)
    text = await only(harness, f"!reroll {parent.code}")
    _, child = await harness.rows()
    assert text == f"🎨 `{child.code}` · starting · another grid of `{parent.code}`"
    assert (child.prompt, child.origin.parent_id) == (parent.prompt, parent.id)
    assert child.origin.kind == OriginKind.REROLL


@pytest.mark.parametrize("command", ["vary {} 1", "reroll {}"])
async def test_more_of_a_costly_grid_needs_the_same_permission_as_the_first(
    harness: ChannelHarness, tmp_path: Path, command: str
) -> None:
    """It may have been made by hand, or been allowed before."""
    parent = await painted(harness, 1, 2, 3, 4, prompt="a cat --ar 3:2 --hd")
    assert await only(harness, "!" + command.format(parent.code)) == (
        f"`{parent.code}` asks for `--hd`, which costs as much as 1.6 ordinary grids and is off "
        "here. (An owner can allow it: `ALLOW_COSTLY=hd`.)"
    )
    assert len(await harness.rows()) == 1
    (folder := tmp_path / "allowed").mkdir()
    async with open_channel(folder, allow_costly="hd") as allowed:
        parent = await painted(allowed, 1, 2, 3, 4, prompt="a cat --ar 3:2 --hd")
        text = await only(allowed, "!" + command.format(parent.code))
        assert " · starting · costs as much as 1.6 ordinary grids · " in text
        assert len(await allowed.rows()) == 2


@pytest.mark.parametrize("command", ["vary {} 1", "reroll {}"])
async def test_more_of_a_grid_needs_the_grid_and_its_button(
    harness: ChannelHarness, command: str
) -> None:
    row = await queued(harness)
    assert await only(harness, "!" + command.format(row.code)) == (
        f"`{row.code}` isn't ready yet: waiting for its turn. Try again when its grid is here."
    )
    row = await failed(harness)
    assert await only(harness, "!" + command.format(row.code)) == (
        f"The grid of `{row.code}` isn't saved, so there's no button to press. "
        f"`!status {row.code}` says why."
    )
    row = await painted(harness, buttons=u_buttons())
    assert await only(harness, "!" + command.format(row.code)) == (
        f"The grid of `{row.code}` has no button for that. Send its prompt again with `!imagine`."
    )


async def test_more_of_a_grid_is_held_by_the_limits(tmp_path: Path) -> None:
    async with open_channel(tmp_path, daily_per_person=1) as harness:
        parent = await painted(harness, 1, 2, 3, 4)
        for command in (f"!vary {parent.code} 1", f"!reroll {parent.code}"):
            assert (await only(harness, command)).startswith("You've asked for 1 in 24 hours")


def attachment(folder: Path) -> Any:
    path = folder / "my_cat.png"
    path.write_bytes(b"a cat")
    return backend.make_attachment(path)


async def test_attached_picture_is_part_of_the_prompt_where_that_is_allowed(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allow_image_prompts=True) as harness:
        picture = attachment(tmp_path)
        (answer,) = await harness.say("!imagine in oil --ar 3:2", attachments=[picture])
        (row,) = await harness.rows()
        assert answer.text == f"🎨 `{row.code}` · starting"
        assert row.prompt == f"{picture.url} in oil --ar 3:2"


async def test_a_pasted_command_is_no_part_of_the_prompt_behind_a_picture(tmp_path: Path) -> None:
    async with open_channel(tmp_path, allow_image_prompts=True) as harness:
        picture = attachment(tmp_path)
        await harness.say("!imagine /imagine prompt: in oil", attachments=[picture])
        (row,) = await harness.rows()
        assert row.prompt == f"{picture.url} in oil"


async def test_failed_one_keeps_its_place_in_the_history(harness: ChannelHarness) -> None:
    row = await failed(harness)
    assert f"`{row.code}` · failed" in await only(harness, "!history")
