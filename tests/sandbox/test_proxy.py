"""The proxy that ends TLS: whom it lets through, and how it changes the answers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.proxy import TlsProxy


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=200, seed=7, picture_size=64, public=True) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def proxy(sandbox: Sandbox) -> AsyncIterator[TlsProxy]:
    async with TlsProxy(sandbox) as proxy:
        yield proxy


@pytest.fixture
async def http(sandbox: Sandbox, proxy: TlsProxy) -> AsyncIterator[aiohttp.ClientSession]:
    """Give ann a client that trusts nobody but the proxy, and goes through it."""
    trust = ssl.create_default_context(cafile=proxy.ca_file)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trust),
        headers={"Authorization": sandbox.people["ann"].token},
        proxy=proxy.url,
    ) as http:
        yield http


async def test_discords_hosts_are_the_sandbox(http: aiohttp.ClientSession, proxy: TlsProxy) -> None:
    async with http.get("https://discord.com/api/v9/users/@me") as response:
        assert (await response.json())["username"] == "ann"
    async with http.ws_connect("wss://gateway.discord.gg/?v=9&encoding=json") as gateway:
        assert (await gateway.receive_json())["op"] == 10
    assert proxy.hosts == {"discord.com": 1, "gateway.discord.gg": 1}
    assert proxy.refused == []


async def test_links_and_the_gateway_to_resume_at_are_public(
    sandbox: Sandbox,
    http: aiohttp.ClientSession,
) -> None:
    message = await sandbox.say("ann", "look", attachments=(("a.txt", b"hello"),))
    [attachment] = message["attachments"]
    assert attachment["url"].startswith("https://cdn.discordapp.com/attachments/")
    assert attachment["proxy_url"].startswith("https://media.discordapp.net/attachments/")
    assert sandbox.gateway.url.startswith("wss://")
    async with http.get(attachment["url"]) as response:
        assert await response.read() == b"hello"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://discord.com.example/", "discord.com.example:443"),
        ("https://media.discordapp.net/", "media.discordapp.net:443"),
        ("https://discord.com:444/", "discord.com:444"),
        ("http://discord.com/", "http://discord.com/"),
    ],
)
async def test_anything_else_is_refused_and_noted(
    http: aiohttp.ClientSession,
    proxy: TlsProxy,
    url: str,
    target: str,
) -> None:
    try:
        async with http.get(url) as response:
            status = response.status
    except aiohttp.ClientHttpProxyError as error:
        status = error.status
    assert (status, proxy.refused, dict(proxy.hosts)) == (403, [target], {})


async def test_a_reset_behind_the_proxy_is_none_the_less_a_broken_connection(
    sandbox: Sandbox,
    http: aiohttp.ClientSession,
) -> None:
    sandbox.switches.answer_request.set("reset")
    with pytest.raises(aiohttp.ClientError):
        await http.get("https://discord.com/api/v9/users/@me")


@pytest.mark.parametrize("said", ["", "CONNECT disc", "CONNECT discord.com:443 HTTP/1.1\r\n\r\nhi"])
async def test_a_client_that_leaves_early_is_no_failure(proxy: TlsProxy, said: str) -> None:
    """An error in the proxy would be raised when the sandbox closes."""
    host, port = proxy.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(said.encode())
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()
