"""A connection that fails at each stage: only what was on its way may have been accepted."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from discord.http import Route

from domain.reasons import Reason
from domain.sender import Answer, Postponed, Press, Taken, Unknown
from domain.slots import Slot
from services.discord import midjourney
from services.discord.midjourney import MidjourneyClient
from tests.builders import generation
from tests.fakes import FakeClock

HOST = "discord.com"
HEAD_END = b"\r\n\r\n"
CONNECTED = b"HTTP/1.1 200 Connection established" + HEAD_END
ACCEPTED = b"HTTP/1.1 204 No Content" + HEAD_END
SECONDS = 0.4
"""How long Discord may take here."""

Serve = Callable[[Reader, Writer, ssl.SSLContext], Awaitable[None]]


async def close_at_once(_reader: Reader, _writer: Writer, _tls: ssl.SSLContext) -> None:
    """Close before anything is said."""


async def close_when_asked(reader: Reader, _writer: Writer, _tls: ssl.SSLContext) -> None:
    """As a proxy: take `CONNECT`, and close."""
    await reader.readuntil(HEAD_END)


async def say_nothing(reader: Reader, _writer: Writer, _tls: ssl.SSLContext) -> None:
    """As a proxy: never answer `CONNECT`."""
    await reader.read()


async def close_before_tls(reader: Reader, writer: Writer, _tls: ssl.SSLContext) -> None:
    await connect(reader, writer)


async def close_in_handshake(reader: Reader, writer: Writer, _tls: ssl.SSLContext) -> None:
    await connect(reader, writer)
    await reader.read(64)


async def hang_in_handshake(reader: Reader, writer: Writer, _tls: ssl.SSLContext) -> None:
    await connect(reader, writer)
    while await reader.read(64):
        pass


async def be_somebody_else(reader: Reader, writer: Writer, _tls: ssl.SSLContext) -> None:
    stranger = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert(HOST).configure_cert(stranger)  # pyright: ignore[reportUnknownMemberType] -- it also takes a class of pyOpenSSL
    await connect(reader, writer)
    await writer.start_tls(stranger)


async def close_after_handshake(reader: Reader, writer: Writer, tls: ssl.SSLContext) -> None:
    await connect(reader, writer)
    await writer.start_tls(tls)


async def close_after_request(reader: Reader, writer: Writer, tls: ssl.SSLContext) -> None:
    await close_after_handshake(reader, writer, tls)
    await reader.readuntil(HEAD_END)


async def hang_after_request(reader: Reader, writer: Writer, tls: ssl.SSLContext) -> None:
    await close_after_request(reader, writer, tls)
    await reader.read()
    await asyncio.sleep(2 * SECONDS)


async def accept(reader: Reader, writer: Writer, tls: ssl.SSLContext) -> None:
    await close_after_request(reader, writer, tls)
    writer.write(ACCEPTED)
    await writer.drain()


async def connect(reader: Reader, writer: Writer) -> None:
    await reader.readuntil(HEAD_END)
    writer.write(CONNECTED)
    await writer.drain()


@contextlib.asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext) -> AsyncGenerator[str]:
    """Serve a proxy that behaves so, and give its address."""

    async def served(reader: Reader, writer: Writer) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await serve(reader, writer, tls)
        writer.transport.abort()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Give a certificate of Discord's that is trusted here."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)  # pyright: ignore[reportUnknownMemberType] -- the same
    context.set_alpn_protocols(["http/1.1"])
    return context


class LastingLease:
    def lasts(self) -> bool:
        return True


async def press(proxy: str | None) -> Answer:
    headers = SimpleNamespace(client_hints={}, user_agent="test", encoded_super_properties="")
    http = SimpleNamespace(headers=headers, token="token", get_locale=lambda: "en-US")
    bot: Any = SimpleNamespace(http=http, ws=SimpleNamespace(session_id=None))
    lease: Any = LastingLease()
    connection: Any = None
    client = MidjourneyClient(
        bot, connection, lease, press_interval=0, clock=FakeClock(), proxy=proxy
    )
    button = Press(message_id=1, flags=0, custom_id="MJ::JOB::upsample::1")
    return await client.send(generation(), Slot.UPSCALE_1, button, lambda: True)


@pytest.mark.parametrize(
    "serve",
    [
        close_at_once,
        close_when_asked,
        say_nothing,
        close_before_tls,
        close_in_handshake,
        hang_in_handshake,
        be_somebody_else,
    ],
)
async def test_what_never_was_on_its_way_is_sent_later(
    serve: Serve, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(midjourney, "ANSWER_SECONDS", SECONDS)
    async with serving(serve, tls) as proxy:
        assert await press(proxy) == Postponed(Reason.UNREACHABLE)


async def test_where_nobody_listens_nothing_was_sent(unused_tcp_port: int) -> None:
    assert await press(f"http://127.0.0.1:{unused_tcp_port}") == Postponed(Reason.UNREACHABLE)


@pytest.mark.fault(name="F07")
@pytest.mark.parametrize("serve", [close_after_handshake, close_after_request, hang_after_request])
async def test_what_may_have_been_read_may_have_been_accepted(
    serve: Serve, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(midjourney, "ANSWER_SECONDS", SECONDS)
    async with serving(serve, tls) as proxy:
        assert isinstance(await press(proxy), Unknown)


async def drop_request(reader: Reader, _writer: Writer, _tls: ssl.SSLContext) -> None:
    await reader.readuntil(HEAD_END)


@pytest.mark.parametrize("serve", [drop_request, close_at_once])
async def test_without_tls_a_connection_is_enough_for_it_to_have_been_read(
    serve: Serve, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(serve, tls) as address:
        monkeypatch.setattr(Route, "BASE", address)
        assert isinstance(await press(None), Unknown)


async def test_without_tls_nothing_was_sent_where_nobody_listens(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{unused_tcp_port}")
    assert await press(None) == Postponed(Reason.UNREACHABLE)


async def test_what_is_answered_is_taken(tls: ssl.SSLContext) -> None:
    """So the other tests end where they say, and not before."""
    async with serving(accept, tls) as proxy:
        assert await press(proxy) == Taken()
