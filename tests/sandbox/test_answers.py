"""Each way in which the answer to an interaction goes wrong, and whether the job runs anyway."""

import asyncio

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client, is_grid


@pytest.mark.parametrize("how", ["502", "504"])
async def test_a_gateway_error_comes_after_acceptance(
    client: Client, sandbox: Sandbox, how: str
) -> None:
    sandbox.switches.answer_interaction.arm(how)  # pyright: ignore[reportArgumentType] - of the list above
    grid = asyncio.create_task(sandbox.wait_for(is_grid))
    with pytest.raises(ValueError, match="Expecting value"):  # Cloudflare's answer is not JSON
        await client.interact(client.command("a cat"))
    await grid
    assert [(each.accepted, each.status) for each in sandbox.interactions] == [(True, int(how))]


@pytest.mark.parametrize("how", ["reset", "close"])
async def test_a_broken_connection_comes_after_acceptance(
    client: Client, sandbox: Sandbox, how: str
) -> None:
    sandbox.switches.answer_interaction.arm(how)  # pyright: ignore[reportArgumentType] - of the list above
    grid = asyncio.create_task(sandbox.wait_for(is_grid))
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.interact(client.command("a cat"))
    await grid
    assert [(each.accepted, each.status) for each in sandbox.interactions] == [(True, 0)]


async def test_silence_comes_after_acceptance(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.answer_interaction.arm("stall")
    grid = asyncio.create_task(sandbox.wait_for(is_grid))
    post = asyncio.create_task(client.interact(client.command("a cat")))
    await grid
    assert not post.done()
    post.cancel()


async def test_a_late_answer_comes_when_the_job_runs(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.answer_interaction.arm("late")
    post = asyncio.create_task(client.interact(client.command("a cat")))
    await client.event("MESSAGE_UPDATE")
    assert not post.done()
    assert (await post)[0] == 204


@pytest.mark.parametrize(("how", "status"), [("429", 429), ("403", 403), ("500", 500)])
async def test_a_refusal_accepts_nothing(
    client: Client, sandbox: Sandbox, how: str, status: int
) -> None:
    sandbox.switches.answer_interaction.arm(how)  # pyright: ignore[reportArgumentType] - of the list above
    assert (await client.interact(client.command("a cat")))[0] == status
    assert [each.accepted for each in sandbox.interactions] == [False]
    assert (await client.interact(client.command("a cat")))[0] == 204


async def test_a_rate_limit_says_how_long(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.answer_interaction.arm("429")
    sandbox.switches.retry_after.set(60.0)
    _, body = await client.interact(client.command("a cat"))
    assert body["retry_after"] == 60.0


async def test_a_captcha_is_a_400_with_its_key(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.answer_interaction.arm("captcha")
    status, body = await client.interact(client.command("a cat"))
    assert (status, body["captcha_key"]) == (400, ["captcha-required"])


async def test_the_armed_stale_version_is_a_true_one(client: Client, sandbox: Sandbox) -> None:
    """A retry with the same version is refused again; the new version must be looked up."""
    sandbox.switches.answer_interaction.arm("stale version", only="imagine")
    assert (await client.interact(client.command("a cat")))[0] == 400
    assert (await client.interact(client.command("a cat")))[0] == 400


async def test_a_repeated_nonce_is_a_second_job(client: Client, sandbox: Sandbox) -> None:
    payload = client.command("a cat")
    await client.interact(payload)
    await client.interact(payload)
    assert [each.accepted for each in sandbox.interactions] == [True, True]
    await sandbox.wait_until(lambda: len(sandbox.messages) == 2)


async def test_a_switch_waits_for_its_kind(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.answer_interaction.arm("500", only="press")
    assert (await client.interact(client.command("a cat")))[0] == 204
    sandbox.switches.reset()
    assert sandbox.switches.answer_interaction.take("press") == "normal"
