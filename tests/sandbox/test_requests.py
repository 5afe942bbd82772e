"""Each way in which a REST call or a link can fail."""

from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client, grid_of


async def test_links_may_live_shortly(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.link_life.set(60)
    grid = await grid_of(client)
    sandbox.clock.shift(61)
    assert (await client.download(grid["attachments"][0]["url"]))[0] == 404


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("401", 401),
        ("403", 403),
        ("404", 404),
        ("429", 429),
        ("429 global", 429),
        ("500", 500),
        ("503", 503),
        ("blocked", 403),
        ("captcha", 400),
    ],
)
async def test_any_request_can_be_denied(
    client: Client, sandbox: Sandbox, how: Any, status: int
) -> None:
    sandbox.switches.answer_request.arm(how, only="POST /channels/{channel}/messages")
    assert (await client.rest("GET", client.messages))[0] == 200
    assert (await client.rest("POST", client.messages, json={"content": "x"}))[0] == status
    assert sandbox.messages == ()
    assert (await client.rest("POST", client.messages, json={"content": "x"}))[0] == 200


@pytest.mark.parametrize(("how", "left"), [("502", 0), ("504", 0), ("504 done", 1)])
async def test_a_request_can_be_lost_before_or_after_the_work(
    client: Client, sandbox: Sandbox, how: Any, left: int
) -> None:
    sandbox.switches.answer_request.arm(how)
    with pytest.raises(ValueError, match="Expecting value"):
        await client.rest("POST", client.messages, json={"content": "x"})
    assert len(sandbox.messages) == left


async def test_cloudflare_answers_in_html(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.answer_request.arm("cloudflare")
    with pytest.raises(ValueError, match="Expecting value"):
        await client.rest("GET", client.messages)
