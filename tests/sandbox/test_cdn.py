"""Links are signed, expire, and can be renewed; downloads fail in every known way."""

import asyncio

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client

GONE = b"This content is no longer available."


@pytest.fixture
async def url(sandbox: Sandbox) -> str:
    message = await sandbox.say("ann", "look", attachments=(("a cat.png", b"a picture" * 100),))
    return message["attachments"][0]["url"]


async def test_a_link_gives_the_file(client: Client, url: str) -> None:
    assert (await client.download(url))[::2] == (200, b"a picture" * 100)


@pytest.mark.parametrize(
    ("old", "new"), [("?ex=", "?x="), ("&is=", "&is=f"), ("&hm=", "&hm=0"), ("a_cat", "b_cat")]
)
async def test_a_changed_link_gives_nothing(client: Client, url: str, old: str, new: str) -> None:
    assert (await client.download(url.replace(old, new)))[::2] == (404, GONE)


async def test_a_link_without_its_query_gives_nothing(client: Client, url: str) -> None:
    assert (await client.download(url.partition("?")[0]))[0] == 404


async def test_a_link_expires_and_history_has_a_fresh_one(
    client: Client, sandbox: Sandbox, url: str
) -> None:
    sandbox.clock.shift(86_401)
    assert (await client.download(url))[::2] == (404, GONE)
    _, history = await client.rest("GET", client.messages)
    assert (await client.download(history[0]["attachments"][0]["url"]))[0] == 200


async def test_links_can_be_refreshed(client: Client, sandbox: Sandbox, url: str) -> None:
    sandbox.clock.shift(86_401)
    wanted = {"attachment_urls": [url, "https://example.org/x/1/y.png"]}
    _, body = await client.rest("POST", "/attachments/refresh-urls", json=wanted)
    ours, theirs = body["refreshed_urls"]
    assert ours["original"] == url
    assert (await client.download(ours["refreshed"]))[0] == 200
    assert theirs["original"] == theirs["refreshed"]


async def test_a_deleted_message_takes_its_file_along(
    client: Client, sandbox: Sandbox, url: str
) -> None:
    sandbox.delete_message(int(sandbox.messages[0]["id"]))
    assert (await client.download(url))[0] == 404


@pytest.mark.parametrize(
    ("how", "status", "kind"),
    [
        ("html", 200, "text/html"),
        ("404", 404, "text/plain"),
        ("expired", 404, "text/plain"),
        ("403", 403, "text/plain"),
        ("redirect", 302, "application/octet-stream"),
        ("empty", 200, "image/png"),
        ("wrong kind", 200, "image/png"),
        ("no length", 200, "application/octet-stream"),
    ],
)
async def test_a_download_is_answered_wrongly_once(
    client: Client, sandbox: Sandbox, url: str, how: str, status: int, kind: str
) -> None:
    sandbox.switches.answer_download.arm(how)  # pyright: ignore[reportArgumentType] - of the list above
    assert (await client.download(url))[:2] == (status, kind)
    assert (await client.download(url))[::2] == (200, b"a picture" * 100)


@pytest.mark.parametrize("how", ["truncated", "reset"])
async def test_a_download_breaks_off(client: Client, sandbox: Sandbox, url: str, how: str) -> None:
    # For good: aiohttp by itself asks a second time when a connection is reset.
    sandbox.switches.answer_download.set(how)  # pyright: ignore[reportArgumentType] - of the list above
    with pytest.raises(aiohttp.ClientError):
        await client.download(url)


@pytest.mark.parametrize("how", ["stall", "slow"])
async def test_a_download_does_not_end(
    client: Client, sandbox: Sandbox, url: str, how: str
) -> None:
    """The client gives up; the sandbox closes without waiting for the rest."""
    sandbox.switches.answer_download.arm(how)  # pyright: ignore[reportArgumentType] - of the list above
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.download(url)


async def test_an_oversize_body_is_announced_as_such(sandbox: Sandbox, url: str) -> None:
    sandbox.switches.answer_download.arm("oversize")
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        assert response.content_length == 300 * 1024 * 1024
        assert (await response.content.readexactly(9)) == b"a picture"
