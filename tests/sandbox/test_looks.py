"""The different looks of Midjourney's messages, by date or by account."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sandbox import Sandbox
from tests.sandbox.clients import NAMED, Client, button, grid_of, labels_of, solo_of


@pytest.mark.parametrize("mode", ["relaxed", "turbo", "fast, stealth"])
async def test_the_mode_is_at_the_end(sandbox: Sandbox, mode: str) -> None:
    async with Sandbox(speed=5000, picture_size=64) as quick, Client(quick) as client:
        await client.connect()
        quick.switches.mode.arm(mode)
        contents: list[str] = []
        quick.watch(lambda _, message: contents.append(message["content"]))
        assert (await grid_of(client))["content"].endswith(f" ({mode})")
        assert contents[1].endswith("(paused) (relaxed)") is (mode == "relaxed")


async def test_percents_of_2023(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.percents.arm("2023")
    await client.interact(client.command("a cat"))
    edits = [(await client.event("MESSAGE_UPDATE"))["content"] for _ in range(7)]
    percents = [content.partition("%")[0].rpartition("(")[2] for content in edits]
    assert percents == ["0", "15", "31", "46", "62", "78", "93"]


@pytest.mark.parametrize("course", ["back", "repeated"])
async def test_percents_need_not_rise(client: Client, sandbox: Sandbox, course: Any) -> None:
    sandbox.switches.percents.arm(course)
    await client.interact(client.command("a cat"))
    edits = [(await client.event("MESSAGE_UPDATE"))["content"] for _ in range(6)]
    percents = [int(content.partition("%")[0].rpartition("(")[2]) for content in edits]
    assert percents != sorted(set(percents))


@pytest.mark.parametrize(
    ("when", "events"),
    [
        ("before", ["MESSAGE_DELETE", "MESSAGE_CREATE"]),
        ("after", ["MESSAGE_CREATE", "MESSAGE_DELETE"]),
        ("never", ["MESSAGE_CREATE"]),
    ],
)
async def test_the_progress_message_goes(
    client: Client, sandbox: Sandbox, when: Any, events: list[str]
) -> None:
    sandbox.switches.progress_deleted.set(when)
    seen: list[str] = []
    sandbox.watch(lambda event, _: seen.append(event))
    await grid_of(client)
    await solo_of(client, (sandbox.messages)[-1])
    assert [event for event in seen if event != "MESSAGE_UPDATE"][1 : 1 + len(events)] == events


@pytest.mark.parametrize(
    ("which", "present"),
    [
        ("interaction", {"interaction"}),
        ("metadata", {"interaction_metadata"}),
        ("neither", set[str]()),
    ],
)
async def test_the_interaction_is_named_or_not(
    client: Client, sandbox: Sandbox, which: Any, present: set[str]
) -> None:
    sandbox.switches.interaction_fields.set(which)
    await client.interact(client.command("a cat"))
    message = await client.event("MESSAGE_CREATE")
    assert {"interaction", "interaction_metadata"} & message.keys() == present


async def test_a_final_of_2023(client: Client, sandbox: Sandbox) -> None:
    """No reference, a nonce, another type, PNG, a plain link, small print."""
    switches = sandbox.switches
    switches.reference_on_final.set(False)
    switches.nonce_on_final.set(True)
    switches.grid_format.set("png")
    switches.website_link.set("plain")
    switches.small_print.set("plain")
    grid = await grid_of(client)
    assert "message_reference" not in grid
    assert grid["type"] == 0
    assert grid["nonce"] == sandbox.interactions[0].nonce
    assert grid["attachments"][0]["content_type"] == "image/png"
    assert "(Open on website for full quality) (fast)\n-# " in grid["content"]


@pytest.mark.parametrize(
    ("prompt", "by_default", "side"),
    [
        ("a cat --hd", False, 64),
        ("a cat", True, 64),
        ("a cat --sd", True, 32),
        ("a cat", False, 32),
    ],
)
async def test_pictures_in_hd(
    client: Client, sandbox: Sandbox, prompt: str, by_default: bool, side: int
) -> None:
    """The sandbox's ordinary grids have 64 x 64 pixels here. The words stay as they were typed."""
    sandbox.switches.hd_by_default.set(by_default)
    grid = await grid_of(client, prompt)
    solo = await solo_of(client, grid)
    for message, expected in ((grid, 2 * side), (solo, side)):
        (picture,) = message["attachments"]
        assert (picture["width"], picture["height"]) == (expected, expected)
        with Image.open(BytesIO((await client.download(picture["url"]))[2])) as image:
            assert image.size == (expected, expected)
    assert grid["content"].startswith(f"**{prompt} {NAMED}** - ")


async def test_a_final_may_be_plain_and_still_refer(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.final_type.set(0)
    sandbox.switches.website_link.set("none")
    grid = await grid_of(client)
    assert grid["type"] == 0
    assert "message_reference" in grid
    assert grid["content"].endswith(f"- {client.person.mention} (fast)")


async def test_a_solo_may_come_without_warning(client: Client, sandbox: Sandbox) -> None:
    grid = await grid_of(client)
    sandbox.switches.waiting_message.set(False)
    seen: list[str] = []
    sandbox.watch(lambda event, _: seen.append(event))
    await solo_of(client, grid)
    assert seen.count("MESSAGE_CREATE") == 1


async def test_an_ephemeral_result_is_not_in_history_and_can_be_pressed(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.switches.ephemeral_result.arm(True, only="grid")
    grid = await grid_of(client)
    assert grid["flags"] == 64
    assert (await client.rest("GET", client.messages))[1] == []
    url = grid["attachments"][0]["url"]
    assert "/ephemeral-attachments/" in url
    assert (await client.download(url))[0] == 200
    await solo_of(client, grid)


async def test_links_of_an_echo_may_change(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.echo_changes.set(True)
    await client.interact(client.command("https://example.org/a.png a cat"))
    progress = await client.event("MESSAGE_CREATE")
    final = await client.event("MESSAGE_CREATE")
    assert progress["content"].partition(">")[0] != final["content"].partition(">")[0]
    assert f"> a cat {NAMED}**" in final["content"]


@pytest.mark.parametrize(
    ("which", "labels"),
    [
        ("all", ["U1", "U2", "U3", "U4", "", "V1", "V2", "V3", "V4", "\u200b"]),
        ("2023", ["U1", "U2", "U3", "U4", "", "V1", "V2", "V3", "V4"]),
        ("without U3", ["U1", "U2", "U4", "", "V1", "V2", "V3", "V4", "\u200b"]),
        ("without U", ["", "V1", "V2", "V3", "V4", "\u200b"]),
    ],
)
async def test_a_grid_may_lack_buttons(
    client: Client, sandbox: Sandbox, which: Any, labels: list[str]
) -> None:
    sandbox.switches.grid_buttons.set(which)
    grid = await grid_of(client)
    assert labels_of(grid) == labels


VARY = ["Vary (Subtle)", "Vary (Strong)"]
ZOOM_AND_PAN = ["Zoom Out 2x", "Zoom Out 1.5x", "Pan left", "Pan right", "Pan up", "Pan down"]
REST = ["Animate (High motion)", "Animate (Low motion)", "Favorite", "Web"]
LARGER = ["Upscale (Subtle)", "Upscale (Creative)"]
OF_V8 = [*VARY, *ZOOM_AND_PAN, *REST]
OF_V7 = [
    *LARGER,
    *VARY,
    "Vary (Region)",
    *ZOOM_AND_PAN[:2],
    "Custom Zoom",
    *ZOOM_AND_PAN[2:],
    *REST,
]


@pytest.mark.parametrize(
    ("version", "prompt", "echo", "labels"),
    [
        ("8.2", "a cat", "a cat --v 8.2", OF_V8),
        ("8.1", "a cat", "a cat --v 8.1", OF_V8),
        ("7", "a cat", "a cat --v 7.0", OF_V7),
        ("6.1", "a cat", "a cat --v 6.1", OF_V7),
        ("niji 7", "a cat", "a cat --niji 7", OF_V7),
        ("unnamed", "a cat", "a cat", OF_V8),
        ("7", "a cat --v 8.1", "a cat --v 8.1", OF_V8),
        ("8.2", "a cat --niji 6", "a cat --niji 6", OF_V7),
    ],
)
async def test_the_version_is_echoed_and_decides_the_buttons_of_a_solo(
    client: Client, sandbox: Sandbox, version: Any, prompt: str, echo: str, labels: list[str]
) -> None:
    """The account's own counts where the prompt names none."""
    sandbox.switches.default_version.set(version)
    solo = await solo_of(client, await grid_of(client, prompt))
    assert solo["content"].startswith(f"**{echo}** - ")
    assert labels_of(solo) == labels


@pytest.mark.parametrize(
    ("which", "labels"),
    [
        ("with upscales", [*LARGER, *OF_V8]),
        ("without zoom and pan", [*VARY, *REST]),
        ("2023", ["Make Variations", "Web"]),
    ],
)
async def test_the_sources_contradict_each_other_about_the_buttons_of_v8(
    client: Client, sandbox: Sandbox, which: Any, labels: list[str]
) -> None:
    sandbox.switches.solo_buttons.set(which)
    assert labels_of(await solo_of(client, await grid_of(client))) == labels


@pytest.mark.parametrize(
    ("version", "upscale"), [("7", "upsample_v7_2x"), ("6.1", "upsample_v6r1_2x")]
)
async def test_the_upscales_of_a_version_name_it(
    client: Client, sandbox: Sandbox, version: Any, upscale: str
) -> None:
    sandbox.switches.default_version.set(version)
    solo = await solo_of(client, await grid_of(client))
    custom_id = button(solo, "Upscale (Subtle)")["custom_id"]
    assert custom_id.startswith(f"MJ::JOB::{upscale}_subtle::1::")
