"""Each switch does what its text says. Midjourney's failures are tested in test_refusals.py."""

import asyncio
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.switch import Switch
from tests.integration.quick_time import passing
from tests.sandbox.clients import NAMED, Client, Json, button, grid_of, is_grid, is_solo, solo_of


async def heard(client: Client, until: str) -> list[str]:
    """Return the names of the events up to the first of that name."""
    names: list[str] = []
    while until not in names:
        names.append((await client.receive())["t"])
    return names


def test_every_switch_says_what_it_does_and_what_comes_of_it() -> None:
    for name, switch in Sandbox().switches.all().items():
        assert switch.what.endswith("."), name
        assert switch.outcome.endswith("."), name


def test_an_armed_value_is_used_up() -> None:
    switch = Switch("usual", "What.", "Outcome.", ("grid", "solo"))
    switch.arm("once", only="solo")
    switch.arm("twice", times=2)
    assert [switch.take("grid") for _ in range(3)] == ["twice", "twice", "usual"]
    assert switch.take("solo") == "once"
    switch.set("standing")
    assert switch.take() == "standing"
    switch.reset()
    assert switch.take() == "usual"


def test_what_is_armed_is_counted_until_it_is_used_up() -> None:
    switch = Switch("usual", "", "")
    switch.arm("other", times=2)
    switch.arm("third")
    pending = [switch.pending]
    for _ in range(3):
        switch.take()
        pending.append(switch.pending)
    assert pending == [3, 2, 1, 0]


def test_a_kind_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="none of grid, solo"):
        Switch("usual", "What.", "Outcome.", ("grid", "solo")).arm("x", only="gird")


async def test_an_event_can_be_told_twice(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.deliver_event.arm("twice", only="waiting")
    await client.interact(client.command("a cat"))
    first = await client.event("MESSAGE_CREATE")
    assert await client.event("MESSAGE_CREATE") == first


async def test_a_lost_event_is_still_in_history(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.deliver_event.arm("lost", only="grid")
    grid = await grid_of(client)
    assert (await heard(client, "MESSAGE_DELETE")).count("MESSAGE_CREATE") == 1
    _, history = await client.rest("GET", client.messages)
    assert history[0]["id"] == grid["id"]


async def test_an_event_can_come_after_the_next(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.deliver_event.arm("late", only="grid")
    await grid_of(client)
    names = await heard(client, "MESSAGE_DELETE")
    assert (await client.receive())["t"] == "MESSAGE_CREATE"
    assert names.count("MESSAGE_CREATE") == 1


async def test_an_edit_can_lack_its_author(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.deliver_event.arm("no author", only="progress")
    await client.interact(client.command("a cat"))
    assert "author" not in await client.event("MESSAGE_UPDATE")
    assert "author" in await client.event("MESSAGE_UPDATE")


@pytest.mark.parametrize(("state", "replayed"), [("resume", True), ("fresh", False)])
async def test_the_gateway_drops_before_a_result(
    client: Client, sandbox: Sandbox, state: Any, replayed: bool
) -> None:
    sandbox.switches.gateway_at_result.arm(state, only="grid")
    grid = await grid_of(client)
    while "close" not in await client.receive():
        pass
    await client.connect(resume=replayed)
    if replayed:
        assert (await client.event("MESSAGE_CREATE"))["id"] == grid["id"]
    assert [each["id"] for each in sandbox.messages] == [grid["id"]]
    assert sandbox.gateway.counts["identify"] == (1 if replayed else 2)


@pytest.mark.parametrize(
    ("how", "event"),
    [("success", "INTERACTION_SUCCESS"), ("failure", "INTERACTION_FAILURE")],
)
async def test_the_job_runs_whatever_the_acknowledgement(
    client: Client, sandbox: Sandbox, how: Any, event: str
) -> None:
    sandbox.switches.acknowledge.arm(how)
    await client.interact(client.command("a cat"))
    assert event in await heard(client, "MESSAGE_CREATE")


async def test_the_acknowledgement_can_be_late_or_missing(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.acknowledge.arm("late")
    sandbox.switches.acknowledge.arm("nothing")
    with passing(sandbox):
        await client.interact(client.command("a cat"))
        assert await heard(client, "MESSAGE_CREATE") == ["INTERACTION_CREATE", "MESSAGE_CREATE"]
        await client.event("INTERACTION_SUCCESS")
        await client.event("MESSAGE_DELETE")
        await client.interact(client.command("a cat"))
        assert "INTERACTION_SUCCESS" not in await heard(client, "MESSAGE_DELETE")


async def test_silence_after_acceptance(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.job.arm("silence")
    await client.interact(client.command("a cat"))
    await client.event("INTERACTION_SUCCESS")
    await grid_of(client, "the next one")
    assert len(sandbox.messages) == 1


@pytest.mark.parametrize("fate", ["stopped", "stalled", "vanished"])
async def test_a_job_comes_to_a_bad_end(client: Client, sandbox: Sandbox, fate: Any) -> None:
    sandbox.switches.job.arm(fate)
    await client.interact(client.command("a cat"))
    seen = await client.event("MESSAGE_CREATE")
    if fate == "vanished":
        await client.event("MESSAGE_DELETE")
        assert sandbox.messages == ()
        return
    while not seen["content"].endswith(("(Stopped)", "(79%) (fast)", "(75%) (fast)")):
        seen = await client.event("MESSAGE_UPDATE")
    assert [each["content"] for each in sandbox.messages] == [seen["content"]]
    assert seen["attachments"]


@pytest.mark.parametrize("fate", ["stopped", "stalled", "vanished"])
async def test_an_upscale_comes_to_a_bad_end(client: Client, sandbox: Sandbox, fate: Any) -> None:
    grid = await grid_of(client)
    sandbox.switches.job.arm(fate, only="press")
    await client.interact(client.press(grid, button(grid, "U1")["custom_id"]))
    await solo_of(client, grid, "U2")
    solos = [each for each in sandbox.messages if "Image #" in each["content"]]
    assert len(solos) == 1


async def test_a_human_check_stands_before_the_job(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.job.arm("captcha")
    await client.interact(client.command("a cat"))
    event = await client.event("INTERACTION_IFRAME_MODAL_CREATE")
    assert event["title"] == "Action required to continue"
    assert event["custom_id"].startswith("MJ::iframe::")


async def test_a_form_stands_before_the_job(client: Client, sandbox: Sandbox) -> None:
    grid = await grid_of(client)
    sandbox.switches.job.arm("modal", only="press")
    await client.interact(client.press(grid, button(grid, "V1")["custom_id"]))
    form = await client.event("INTERACTION_MODAL_CREATE")
    field = form["components"][0]["components"][0] | {"value": "a dog"}
    data = {"id": form["id"], "custom_id": form["custom_id"]}
    data["components"] = [{"type": 1, "components": [field]}]
    finished = asyncio.create_task(sandbox.wait_for(is_grid))
    status, _ = await client.interact(client.command("") | {"type": 5, "data": data})
    assert status == 204
    varied = await finished
    assert varied["content"].startswith(f"**a dog {NAMED}** - Remix (Strong) by <@")
    assert varied["message_reference"]["message_id"] == grid["id"]
    solo = await solo_of(client, varied)
    assert solo["content"].startswith(f"**a dog {NAMED}** - Image #1 ")


@pytest.mark.parametrize("what", ["own account", "own account, same prompt", "somebody else"])
async def test_a_foreign_job_runs_beside(client: Client, sandbox: Sandbox, what: Any) -> None:
    sandbox.switches.foreign_job.arm(what)
    sandbox.switches.finish_after_next.arm(True, only="grid")
    grids: list[Json] = []
    sandbox.watch(lambda event, seen: grids.append(seen) if is_grid(event, seen) else None)
    await client.interact(client.command("a cat"))
    await sandbox.wait_until(lambda: len(grids) == 2)
    theirs, ours = grids
    same = theirs["content"].partition(" [")[0] == ours["content"].partition(" [")[0]
    assert same is (what == "own account, same prompt")
    assert (sandbox.people["ben"].mention in theirs["content"]) is (what == "somebody else")


async def test_two_solos_are_swapped(client: Client, sandbox: Sandbox) -> None:
    grid = await grid_of(client)
    sandbox.switches.finish_after_next.arm(True, only="solo")
    await client.interact(client.press(grid, button(grid, "U1")["custom_id"]))
    first = await solo_of(client, grid, "U2")
    assert "Image #2" in first["content"]
    await sandbox.wait_until(lambda: "Image #1" in sandbox.messages[-1]["content"])


async def test_a_step_can_take_longer(client: Client, sandbox: Sandbox) -> None:
    grid = await grid_of(client)
    sandbox.switches.extra_delay.arm(20.0, only="solo")
    pressed = client.press(grid, button(grid, "U1")["custom_id"])
    await client.interact(pressed)
    assert "Image #2" in (await solo_of(client, grid, "U2"))["content"]


async def test_somebody_else_presses_first(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.somebody_presses.arm(3)
    solo = asyncio.create_task(sandbox.wait_for(is_solo))
    grid = await grid_of(client)
    theirs = await solo
    assert theirs["content"].endswith(f"Image #3 {sandbox.people['ben'].mention}")
    await client.interact(client.press(grid, button(grid, "U3")["custom_id"]))
    refusal = asyncio.create_task(sandbox.wait_for(lambda _, seen: bool(seen["embeds"])))
    assert (await refusal)["embeds"][0]["title"] == "Job action restricted"
