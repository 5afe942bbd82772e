"""What buttons make from a picture: new grids, larger pictures, videos, or the prompt again."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from sandbox import Sandbox
from tests.sandbox.clients import Client, Json, button, grid_of, solo_of


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
    "Pan left": ("", "Pan Left by ", "Pan Left by ", "a cat --v 7.0 --ar 3:2", GRID),
    "Pan up": ("", "Pan Up by ", "Pan Up by ", "a cat --v 7.0 --ar 2:3", GRID),
    "Zoom Out 1.5x": ("", "Zoom Out by ", "Zoom Out by ", "a cat --ar 1:1 --v 7.0", GRID),
    "Vary (Subtle)": (
        "",
        "Variations (Subtle) by ",
        "Variations (Subtle) by ",
        "a cat --ar 1:1 --v 7.0",
        GRID,
    ),
    "Upscale (Creative)": (
        "",
        "Upscaling (Creative) by ",
        "Upscaled (Creative) by ",
        "a cat --ar 1:1 --v 7.0",
        SOLO,
    ),
    "Animate (Low motion)": (
        "Creating video with prompt ",
        "",
        "",
        "a cat --motion low --video 1 --aspect 1:1",
        ["U1", "U2", "U3", "U4"],
    ),
}


@pytest.mark.parametrize("label", WORKS)
async def test_every_work_has_its_own_words(client: Client, sandbox: Sandbox, label: str) -> None:
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


async def test_a_larger_picture_is_larger_and_a_video_moves(client: Client) -> None:
    solo = await solo_of(client, await grid_of(client))
    larger = await picture(client, (await course(client, solo, "Upscale (Subtle)"))[-1])
    video = await picture(client, (await course(client, solo, "Animate (High motion)"))[-1])
    assert larger.size == (64, 64)
    assert larger.format == "PNG"
    assert getattr(video, "n_frames", 1) > 1


async def test_a_reroll_of_a_variation_is_one(client: Client) -> None:
    varied = (await course(client, await grid_of(client), "V1"))[-1]
    waiting, *_, final = await course(client, varied, "")
    assert waiting["content"].startswith("**a cat")
    assert words(final) == "Variations (Strong) by "
