"""What buttons make from a picture: new grids, larger pictures, videos, or the prompt again."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from sandbox import Sandbox
from tests.sandbox.clients import NAMED, Client, Json, button, grid_of, labels_of, solo_of


async def course(client: Client, message: Json, label: str) -> list[Json]:
    """Press a button; return every state of the answer, with the finished message last."""
    seen: list[Json] = []

    def is_final(event: str, state: Json) -> bool:
        if state["id"] != message["id"] and event != "MESSAGE_DELETE":
            seen.append(state)
        created = event == "MESSAGE_CREATE" and bool(state["attachments"])
        return created and state["message_reference"]["message_id"] == message["id"]

    finished = asyncio.create_task(client.sandbox.wait_for(is_final))
    custom_id = button(message, label)["custom_id"]
    assert (await client.interact(client.press(message, custom_id)))[0] == 204
    await finished
    return seen


def words(message: Json) -> str:
    """Return the text between the prompt and the person."""
    return message["content"].rpartition("** - ")[2].partition("<@")[0]


GRID, SOLO = ["U1", "U2", "U3", "U4", ""], ["Upscale (Subtle)", "Upscale (Creative)"]
WORKS = {
    # label: before the prompt; the words while it runs, and of the final; the prompt; the buttons
    "Pan left": ("", "Pan Left by ", "Pan Left by ", f"a cat {NAMED} --ar 3:2", GRID),
    "Pan up": ("", "Pan Up by ", "Pan Up by ", f"a cat {NAMED} --ar 2:3", GRID),
    "Zoom Out 1.5x": ("", "Zoom Out by ", "Zoom Out by ", f"a cat --ar 1:1 {NAMED}", GRID),
    "Vary (Subtle)": (
        "",
        "Variations (Subtle) by ",
        "Variations (Subtle) by ",
        f"a cat --ar 1:1 {NAMED}",
        GRID,
    ),
    "Upscale (Creative)": (
        "",
        "Upscaling (Creative) by ",
        "Upscaled (Creative) by ",
        f"a cat --ar 1:1 {NAMED}",
        SOLO,
    ),
    "Animate (Low motion)": (
        "Creating video with prompt ",
        "",
        "",
        "a cat --motion low --video 1 --aspect 1:1",
        GRID,
    ),
}


@pytest.mark.parametrize("label", WORKS)
async def test_every_work_has_its_own_words(client: Client, sandbox: Sandbox, label: str) -> None:
    sandbox.switches.solo_buttons.set("with upscales")
    solo = await solo_of(client, await grid_of(client, "a cat --ar 1:1"))
    waiting, *running, final = await course(client, solo, label)
    before, meanwhile, by, prompt, labels = WORKS[label]
    assert waiting["content"].startswith(f"{before}**{prompt}** - <@")
    assert waiting["content"].endswith("(Waiting to start)")
    assert {words(each) for each in running} == {meanwhile}
    assert words(final) == by
    assert final["content"].startswith(f"**{prompt}** - ")
    assert [each["label"] for each in final["components"][0]["components"]][: len(labels)] == labels
    pressed = sandbox.message(int(solo["id"]))
    assert pressed is not None
    assert button(pressed, label)["style"] == 1


async def picture(client: Client, message: Json) -> Image.Image:
    """Return the picture of a message."""
    return Image.open(BytesIO((await client.download(message["attachments"][0]["url"]))[2]))


async def test_a_larger_picture_is_larger_and_a_film_moves(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.switches.solo_buttons.set("with upscales")
    solo = await solo_of(client, await grid_of(client))
    larger = await picture(client, (await course(client, solo, "Upscale (Subtle)"))[-1])
    film = await picture(client, (await course(client, solo, "Animate (High motion)"))[-1])
    assert larger.size == (64, 64)
    assert larger.format == "PNG"
    assert getattr(film, "n_frames", 1) > 1


async def test_a_film_cannot_be_cancelled_and_its_clips_are_taken_like_upscales(
    client: Client,
) -> None:
    solo = await solo_of(client, await grid_of(client))
    *running, film = await course(client, solo, "Animate (Low motion)")
    assert not any(each["components"] for each in running)
    assert film["attachments"][0]["content_type"] == "image/webp"
    clip = (await course(client, film, "U2"))[-1]
    assert clip["content"] == film["content"].partition("[")[0] + "(fast)"
    assert clip["attachments"][0]["filename"].endswith("_1_720_N.mp4")
    status, kind, content = await client.download(clip["attachments"][0]["url"])
    assert (status, kind, content[4:8]) == (200, "video/mp4", b"ftyp")
    assert labels_of(clip) == ["Extend (High motion)", "Extend (Low motion)"]


async def test_imagine_itself_makes_a_film_for_the_parameter(
    client: Client, sandbox: Sandbox
) -> None:
    finished = asyncio.create_task(
        sandbox.wait_for(lambda _, message: labels_of(message)[:1] == ["U1"])
    )
    await client.interact(client.command("a cat --video --motion low"))
    waiting, film = await client.event("MESSAGE_CREATE"), await finished
    assert waiting["content"].startswith("Creating video with prompt **a cat --video --motion low ")
    assert film["message_reference"]["message_id"] == waiting["id"]
    assert getattr(await picture(client, film), "n_frames", 1) > 1
    assert "video_virtual_upscale" in button(film, "U1")["custom_id"]


async def test_a_favourite_is_only_confirmed(client: Client, sandbox: Sandbox) -> None:
    solo = await solo_of(client, await grid_of(client))
    await client.interact(client.press(solo, button(solo, "Favorite")["custom_id"]))
    await sandbox.wait_until(lambda: "rated" in sandbox.messages[-1]["content"])
    said = sandbox.messages[-1]
    place = f"{sandbox.guild_id}/{sandbox.channel_id}/{solo['id']}"
    assert f"[this job](https://discord.com/channels/{place})" in said["content"]
    assert (said["attachments"], said["components"]) == ([], [])


async def test_a_reroll_of_a_variation_is_one(client: Client) -> None:
    varied = (await course(client, await grid_of(client), "V1"))[-1]
    waiting, *_, final = await course(client, varied, "")
    assert waiting["content"].startswith("**a cat")
    assert words(final) == "Variations (Strong) by "
