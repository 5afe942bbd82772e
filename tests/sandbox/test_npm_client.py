"""The npm client `midjourney`, which nobody here wrote, works with the sandbox as it is."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tools import midjourney_client, npm

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not npm.is_installed(midjourney_client.KIT),
        reason="The npm client is not installed: `python3 dev.py test --all` does it.",
    ),
]

SCRIPT = Path(__file__).with_name("npm_client.mjs")
BUILT_IN = "8bb7f5b79c7a49f7d0824ab4b8773a81"
"""The session id that the client sends, wherever it runs."""
BUTTONS = {
    "upscale": "MJ::JOB::upsample::2::{grid}",
    "variation": "MJ::JOB::variation::3::{grid}",
    "reroll": "MJ::JOB::reroll::0::{grid}::SOLO",
    "zoom": "MJ::Outpaint::50::1::{solo}::SOLO",
    "subtle": "MJ::JOB::low_variation::1::{solo}::SOLO",
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Serve no answer before the client waits for it, which it does only after its request."""
    async with Sandbox(speed=20, seed=7, picture_size=64) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


async def run(sandbox: Sandbox, session: str) -> dict[str, Any]:
    """Let the client have a grid and a job of each button, and return what the script prints.

    `session` is "real", "made up", or "none", for a client without a gateway: of the buttons, it
    presses only the first.
    """
    asked = {
        "packages": str(npm.folder(midjourney_client.KIT)),
        "session": session,
        "SalaiToken": sandbox.token,
        "ServerId": str(sandbox.guild_id),
        "ChannelId": str(sandbox.channel_id),
        "DiscordBaseUrl": sandbox.cdn_base,
        "WsBaseUrl": f"{sandbox.gateway_url}?encoding=json&v=9",
    }
    process = await asyncio.create_subprocess_exec(
        npm.node(), SCRIPT, json.dumps(asked), stdout=PIPE, stderr=PIPE
    )
    try:
        printed, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    assert process.returncode == 0, said.decode()
    assert b"this machine only" not in said  # by tests/loopback/loopback.cjs
    return json.loads(printed)


@pytest.mark.parametrize(
    ("session", "events"),
    [
        ("real", ["INTERACTION_CREATE", "INTERACTION_SUCCESS"] * 6),
        ("made up", []),
        ("none", []),
    ],
)
async def test_it_gets_every_picture(sandbox: Sandbox, session: str, events: list[str]) -> None:
    printed = await run(sandbox, session)
    jobs: dict[str, Any] = printed["jobs"]
    assert [job["hash"] for job in jobs.values()] == [job.id for job in sandbox.jobs]
    assert {job["progress"] for job in jobs.values()} == {"done"}
    asked, *pressed = sandbox.interactions
    ids = {"grid": jobs["imagine"]["hash"], "solo": jobs["upscale"]["hash"]}
    assert "a cat" in asked.prompt
    wanted = [button.format(**ids) for name, button in BUTTONS.items() if name in jobs]
    assert [each.custom_id for each in pressed] == wanted
    assert len(pressed) == (1 if session == "none" else len(BUTTONS))
    known = {each.id for each in sandbox.gateway.sessions}
    assert {each.session for each in (asked, *pressed)} == (known if events else {BUILT_IN})
    assert printed["events"] == events
