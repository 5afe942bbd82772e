"""The guard of conftest.py does what it says."""

import asyncio
import contextlib
import socket
import subprocess
import sys

import aiohttp
import pytest
from curl_cffi import CurlError, requests

from tests.loopback.sitecustomize import RefusedError, is_this_machine
from tools import npm

# Addresses that are set apart for documentation: nobody is there, even if the guard fails.
ELSEWHERE = ("192.0.2.1", 80)
ELSEWHERE_6 = ("2001:db8::1", 80, 0, 0)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.8.7", "::1", "::1%lo", "::ffff:127.0.0.1", "localhost", "", None),
        *(b"localhost", ("127.0.0.1", 80), ("::1", 80, 0, 0)),
    ],
    ids=repr,
)
def test_this_machine_is_recognised(address: str | bytes | tuple[object, ...] | None) -> None:
    assert is_this_machine(address)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "192.0.2.1", "10.0.0.1", "::", "localhost.example", b"a.example", ELSEWHERE_6],  # noqa: S104 -- not bound to
)
def test_what_is_elsewhere_is_recognised(address: str | bytes | tuple[object, ...]) -> None:
    assert not is_this_machine(address)


def test_a_connection_elsewhere_is_refused(way_out: list[str]) -> None:
    with socket.socket() as plain, pytest.raises(RefusedError):
        plain.connect(ELSEWHERE)
    with socket.socket() as plain, pytest.raises(RefusedError):
        plain.connect_ex(ELSEWHERE)
    with socket.socket(socket.AF_INET6) as plain, pytest.raises(RefusedError):
        plain.connect(ELSEWHERE_6)
    assert len(way_out) == 3
    way_out.clear()


def test_a_datagram_elsewhere_is_refused(way_out: list[str]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plain, pytest.raises(RefusedError):
        plain.sendto(b"", ELSEWHERE)
    way_out.clear()


def test_a_name_elsewhere_is_not_looked_up(way_out: list[str]) -> None:
    with pytest.raises(RefusedError):
        socket.getaddrinfo("a.example", 80)
    with pytest.raises(RefusedError):
        socket.gethostbyname("a.example")
    way_out.clear()


async def test_asyncio_is_refused(way_out: list[str]) -> None:
    loop = asyncio.get_running_loop()
    with pytest.raises(RefusedError):
        await loop.getaddrinfo("a.example", 80)
    plain = socket.socket()
    plain.setblocking(False)
    with plain, pytest.raises(RefusedError):
        await loop.sock_connect(plain, ELSEWHERE)
    with pytest.raises(OSError, match="this machine only"):
        await asyncio.open_connection(*ELSEWHERE)
    way_out.clear()


async def test_aiohttp_is_refused(way_out: list[str]) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("http://a.example/")
    way_out.clear()


def test_curl_is_sent_to_a_closed_port() -> None:
    with pytest.raises(CurlError, match=r"over proxy 127\.0\.0\.1"):
        requests.get("http://192.0.2.1/", timeout=5)
    with pytest.raises(CurlError, match=r"over proxy 127\.0\.0\.1"):
        requests.get("https://a.example/", timeout=5)


def test_a_python_started_by_a_test_is_refused() -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "Tests reach this machine only" in child.stderr


ELSEWHERE_IN_NODE = (
    "fetch('http://192.0.2.1/').catch(() => {})",
    "new WebSocket('ws://192.0.2.1/')",
    "require('node:tls').connect(443, 'a.example')",
    "require('node:http').get('http://[2001:db8::1]/')",
    "require('node:net').connect(80, '192.0.2.1')",
    "new (require('node:net').Socket)().connect({ port: 80, host: '::ffff:192.0.2.1' })",
)


@pytest.mark.parametrize("script", ELSEWHERE_IN_NODE)
def test_a_node_started_by_a_test_is_refused(script: str) -> None:
    child = subprocess.run(
        [npm.node(), "--eval", script], capture_output=True, text=True, check=False
    )
    assert "Tests reach this machine only" in child.stderr


def test_an_attempt_fails_the_test_even_if_its_error_is_swallowed(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import contextlib, socket
        from tests.conftest import way_out

        def test_swallows():
            with contextlib.suppress(OSError):
                socket.getaddrinfo("a.example", 80)
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:asyncio")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*This test wanted to reach a.example.*"])


async def test_loopback_is_open() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nhello")
        await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with aiohttp.ClientSession() as session:
            response = await session.get(f"http://localhost:{port}/")
            assert await response.text() == "hello"
        fetched = await asyncio.to_thread(requests.get, f"http://127.0.0.1:{port}/", timeout=5)
        assert fetched.text == "hello"
