"""A server that closes its HTTP/2 connection in every way: an outage, and never a wrong key."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import stamina
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded
from hyperframe.frame import (
    Frame,
    GoAwayFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from domain.errors import StoreUnavailable
from services import supabase as supabase_module
from services.database.supabase.functions import TRIES, Functions
from services.supabase import Supabase

GOAWAY = GoAwayFrame(0, last_stream_id=0, error_code=0)
CLOSINGS: dict[str, list[Frame]] = {
    "nothing": [],
    "GOAWAY": [GOAWAY],
    "GOAWAY and WINDOW_UPDATE": [GOAWAY, WindowUpdateFrame(0, window_increment=9)],
    "GOAWAY and PING": [GOAWAY, PingFrame(0, opaque_data=b"12345678")],
    "GOAWAY and SETTINGS": [GOAWAY, SettingsFrame(0, settings={3: 100})],
    "GOAWAY of this stream": [GoAwayFrame(0, last_stream_id=1, error_code=2)],
    "RST_STREAM": [RstStreamFrame(1, error_code=7)],
    "RST_STREAM and GOAWAY": [RstStreamFrame(1, error_code=2), GOAWAY],
}


@pytest.fixture(autouse=True)
def without_waiting() -> Generator[None]:
    with stamina.set_testing(testing=True, attempts=TRIES):
        yield


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Give the certificate of a server that is trusted here."""
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)  # pyright: ignore[reportUnknownMemberType] -- it also takes a class of pyOpenSSL
    monkeypatch.setattr(supabase_module, "_certificates", lambda: trusting)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType] -- the same
    context.set_alpn_protocols(["h2"])
    return context


@asynccontextmanager
async def closing(
    tls: ssl.SSLContext, frames: list[Frame], *, when: type[Any]
) -> AsyncGenerator[str]:
    """Serve HTTP/2; when a request has come so far, send these frames in one piece, and close."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        h2 = H2Connection(H2Configuration(client_side=False))
        h2.initiate_connection()
        writer.write(h2.data_to_send())
        with suppress(OSError):
            while data := await reader.read(65536):
                events = h2.receive_data(data)
                writer.write(h2.data_to_send())
                if any(isinstance(event, when) for event in events):
                    writer.write(b"".join(frame.serialize() for frame in frames))
                    await writer.drain()
                    break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


@pytest.mark.parametrize("when", [RequestReceived, StreamEnded], ids=["midway", "at its end"])
@pytest.mark.parametrize("frames", CLOSINGS.values(), ids=CLOSINGS)
async def test_a_connection_that_is_closed_is_an_outage(
    tls: ssl.SSLContext, frames: list[Frame], when: type[Any]
) -> None:
    async with closing(tls, frames, when=when) as url:
        supabase = await Supabase.connect(url, "sb_secret_abcdef")
        with pytest.raises(StoreUnavailable, match="Supabase does not answer"):
            await Functions(supabase).call("get_pause", text="x" * 30_000)
        await supabase.close()
