"""Each refusal of Midjourney appears where its row says."""

import asyncio

import pytest

from sandbox import Sandbox
from sandbox.refusals import REFUSALS
from tests.sandbox.clients import Client, Json, button, grid_of, is_grid, is_solo


def titles(place: str) -> list[str]:
    """Return the titles of the rows with that place."""
    return [title for title, failure in REFUSALS.items() if failure.place == place]


async def ask(client: Client, title: str) -> Json:
    """Run /imagine, to be refused with this title, and return the first message."""
    client.sandbox.switches.refusal.arm(title, only="imagine")
    await client.interact(client.command("a cat"))
    return await client.event("MESSAGE_CREATE")


@pytest.mark.parametrize("title", titles("answer"))
async def test_a_refusal_answers_the_interaction(
    client: Client, sandbox: Sandbox, title: str
) -> None:
    message = await ask(client, title)
    shown = message["content"] or message["embeds"][0]["title"]
    assert shown == title
    assert message["nonce"] == sandbox.interactions[0].nonce
    assert message["flags"] == 64
    assert bool(message["components"]) is bool(REFUSALS[title].button)
    assert sandbox.messages == ()


async def test_a_refusal_can_be_seen_by_all(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.refusal_ephemeral.set(False)
    message = await ask(client, "Banned prompt")
    assert message["flags"] == 0
    assert message["embeds"][0]["footer"]["text"] == "/imagine a cat"
    assert [each["id"] for each in sandbox.messages] == [message["id"]]


async def test_a_refusal_that_nobody_knows(client: Client) -> None:
    message = await ask(client, "Something new")
    assert (message["embeds"][0]["title"], message["embeds"][0]["color"]) == (
        "Something new",
        16711680,
    )


@pytest.mark.parametrize("title", titles("edit"))
async def test_a_job_can_be_blocked_in_the_middle(
    client: Client, sandbox: Sandbox, title: str
) -> None:
    """By then, previews have been shown."""
    started = await ask(client, title)
    edit = await client.event("MESSAGE_UPDATE")
    while not edit["embeds"]:
        assert edit["id"] == started["id"]
        edit = await client.event("MESSAGE_UPDATE")
    assert (edit["id"], edit["embeds"][0]["title"]) == (started["id"], title)
    assert edit["attachments"]
    assert len(sandbox.messages) == 1


async def test_plain_words_can_take_the_place_of_the_progress(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.switches.refusal_place.arm("edit", only="imagine")
    started = await ask(client, "Failed to process your command :c")
    edits = [await client.event("MESSAGE_UPDATE") for _ in range(4)]
    assert [each["id"] for each in edits] == [started["id"]] * 4
    assert edits[-1]["content"] == "Failed to process your command :c"
    assert edits[-1]["embeds"] == []


async def test_a_press_that_is_blocked_in_the_middle_cannot_be_cancelled_any_more(
    client: Client, sandbox: Sandbox
) -> None:
    """The button below the refusal takes the place of the one that cancels."""
    grid = await grid_of(client)
    sandbox.switches.refusal_place.arm("edit", only="press")
    sandbox.switches.refusal.arm("Credits exhausted", only="press")
    blocked = asyncio.create_task(sandbox.wait_for(lambda _, seen: bool(seen["embeds"])))
    await client.interact(client.press(grid, button(grid, "U1")["custom_id"]))
    [row] = (await blocked)["components"]
    assert [each["label"] for each in row["components"]] == ["Buy Fast Hours"]


@pytest.mark.parametrize("title", titles("reply"))
async def test_a_job_can_fail_in_a_new_message(client: Client, title: str) -> None:
    started = await ask(client, title)
    reply = await client.event("MESSAGE_CREATE")
    assert reply["message_reference"]["message_id"] == started["id"]
    assert reply["embeds"][0]["title"] == title
    assert "nonce" not in reply


@pytest.mark.parametrize("title", titles("notice"))
async def test_after_a_notice_the_job_goes_on(client: Client, sandbox: Sandbox, title: str) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_grid))
    notice = await ask(client, title)
    assert notice["embeds"][0]["title"] == title
    await finished


async def test_a_queued_job_begins_later_without_the_nonce(
    client: Client, sandbox: Sandbox
) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_grid))
    queued = await ask(client, "Job queued")
    progress = await client.event("MESSAGE_CREATE")
    assert queued["nonce"] == sandbox.interactions[0].nonce
    assert "nonce" not in progress
    assert (await finished)["message_reference"]["message_id"] == progress["id"]


@pytest.mark.parametrize("title", ["Queue full", "Sorry! Could not complete the job!"])
async def test_a_press_can_fail_too(client: Client, sandbox: Sandbox, title: str) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_grid))
    await client.interact(client.command("a cat"))
    grid = await finished
    refusal = asyncio.create_task(sandbox.wait_for(lambda _, seen: bool(seen["embeds"])))
    sandbox.switches.refusal.arm(title, only="press")
    await client.interact(client.press(grid, button(grid, "U1")["custom_id"]))
    assert (await refusal)["message_reference"]["message_id"] == grid["id"]


async def test_a_press_that_came_to_nothing_may_be_repeated(
    client: Client, sandbox: Sandbox
) -> None:
    finished = asyncio.create_task(sandbox.wait_for(is_grid))
    await client.interact(client.command("a cat"))
    grid = await finished
    press = client.press(grid, button(grid, "U1")["custom_id"])
    refused = asyncio.create_task(sandbox.wait_for(lambda _, seen: bool(seen["embeds"])))
    sandbox.switches.refusal.arm("Queue full", only="press")
    await client.interact(press)
    await refused
    vanished = asyncio.create_task(sandbox.wait_for(lambda event, _: event == "MESSAGE_DELETE"))
    sandbox.switches.job.arm("vanished", only="press")
    await client.interact(press)
    await vanished
    solo = asyncio.create_task(sandbox.wait_for(is_solo))
    await client.interact(press)
    await solo
