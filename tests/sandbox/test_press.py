"""Presses: upscales, second presses, variations, cancelling, and what Discord checks."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from sandbox import Sandbox
from tests.sandbox.clients import NAMED, Client, Json, button, is_grid, is_solo


@pytest.fixture
async def grid(client: Client) -> Json:
    finished = asyncio.create_task(client.sandbox.wait_for(is_grid))
    await client.interact(client.command("a cat"))
    return await finished


async def press(client: Client, message: Json, label: str) -> Json:
    """Press the button of that label and return the message that answers it."""
    payload = client.press(message, button(message, label)["custom_id"])

    def answers(event: str, seen: Json) -> bool:
        return event == "MESSAGE_CREATE" and seen["nonce"] == payload["nonce"]

    answer = asyncio.create_task(client.sandbox.wait_for(answers))
    assert await client.interact(payload) == (204, None)
    return await answer


async def test_an_upscale_is_a_job_of_its_own(client: Client, sandbox: Sandbox, grid: Json) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_solo))
    waiting = await press(client, grid, "U2")
    assert waiting["content"].startswith(f"Upscaling image #2 with **a cat {NAMED}** - ")
    solo = await finished
    assert solo["content"] == f"**a cat {NAMED}** - Image #2 {client.person.mention}"
    assert waiting["message_reference"] == solo["message_reference"]
    assert solo["message_reference"]["message_id"] == grid["id"]
    job = button(waiting, "Cancel Job")["custom_id"].split("::")[-1]
    buttons = [each for row in solo["components"] for each in row["components"]]
    assert all(job in each.get("custom_id", each.get("url")) for each in buttons)
    assert job not in button(grid, "U2")["custom_id"]


async def test_the_solo_is_the_cell_of_the_grid(
    client: Client, sandbox: Sandbox, grid: Json
) -> None:
    """So a person or a test can see that nothing was swapped."""
    finished = asyncio.create_task(sandbox.wait_for(is_solo))
    await press(client, grid, "U3")
    _, kind, body = await client.download((await finished)["attachments"][0]["url"])
    assert kind == "image/png"
    solo = Image.open(BytesIO(body))
    whole = Image.open(BytesIO((await client.download(grid["attachments"][0]["url"]))[2]))
    corners = {1: (0, 0), 2: (32, 0), 3: (0, 32), 4: (32, 32)}
    cells = {cell: whole.crop((x, y, x + 32, y + 32)) for cell, (x, y) in corners.items()}
    assert min(cells, key=lambda cell: far(cells[cell], solo)) == 3


def far(one: Image.Image, other: Image.Image) -> float:
    """Return how different two pictures are, 0 being equal."""
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other)).mean)


async def test_the_grid_shows_which_buttons_were_pressed(
    client: Client, sandbox: Sandbox, grid: Json
) -> None:
    for label in ("U4", "U1"):
        coloured = asyncio.create_task(
            sandbox.wait_for(
                lambda event, seen: (event, seen["id"]) == ("MESSAGE_UPDATE", grid["id"])
            )
        )
        await press(client, grid, label)
        await coloured
    seen = sandbox.message(int(grid["id"]))
    assert seen is not None
    styles = {each["label"]: each["style"] for each in seen["components"][0]["components"]}
    assert styles == {"U1": 1, "U2": 2, "U3": 2, "U4": 1, "": 2}


async def test_a_second_press_of_the_same_button_makes_no_second_picture(
    client: Client, sandbox: Sandbox, grid: Json
) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_solo))
    await press(client, grid, "U1")
    refusal = await press(client, grid, "U1")
    assert refusal["embeds"][0]["title"] == "Job action restricted"
    assert refusal["flags"] & 64
    assert refusal["message_reference"]["message_id"] == grid["id"]
    solo = await finished
    assert [each["id"] for each in sandbox.messages] == [grid["id"], solo["id"]]


async def test_nobody_else_hears_an_ephemeral_answer(
    client: Client, sandbox: Sandbox, grid: Json
) -> None:
    await press(client, grid, "U1")
    async with Client(sandbox, "ann") as ann:
        await ann.connect()
        refusal = await press(client, grid, "U1")
        await sandbox.say("ben", "hello")
        contents = [(await ann.event("MESSAGE_CREATE"))["content"]]
        while contents[-1] != "hello":
            contents.append((await ann.event("MESSAGE_CREATE"))["content"])
        assert refusal["content"] not in contents
        _, history = await ann.rest("GET", ann.messages)
        assert refusal["id"] not in {each["id"] for each in history}


async def test_a_variation_is_a_grid_of_the_grid(
    client: Client, sandbox: Sandbox, grid: Json
) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_grid))
    waiting = await press(client, grid, "V2")
    assert waiting["content"].startswith("Making variations for image #2 with prompt **a cat")
    varied = await finished
    assert " - Variations (Strong) by <@" in varied["content"]
    assert varied["message_reference"]["message_id"] == grid["id"]
    assert button(varied, "U1")["custom_id"] != button(grid, "U1")["custom_id"]


async def test_a_cancelled_job_stops(client: Client, sandbox: Sandbox, grid: Json) -> None:
    waiting = await press(client, grid, "V1")
    stopped = asyncio.create_task(
        sandbox.wait_for(lambda _, seen: seen["content"].endswith("(Stopped)"))
    )
    cancel = client.press(waiting, button(waiting, "Cancel Job")["custom_id"])
    assert (await client.interact(cancel))[0] == 204
    assert (await stopped)["id"] == waiting["id"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"message_id": "1"}, 404),
        ({"message_flags": 64}, 400),
        ({"data": {"component_type": 2, "custom_id": "MJ::JOB::upsample::1::made-up"}}, 400),
    ],
)
async def test_discord_refuses_a_wrong_press(
    client: Client, grid: Json, changes: Json, status: int
) -> None:
    payload = client.press(grid, button(grid, "U1")["custom_id"], **changes)
    assert (await client.interact(payload))[0] == status
